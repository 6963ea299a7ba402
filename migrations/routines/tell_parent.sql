-- Never waits for the parent's row: whoever holds it tells of these tasks as well, or the worker whose turn has ended
-- does a little later (tell_parents). Waiting would have the children of one parent end one after the other.
CREATE OR REPLACE FUNCTION agentctl.tell_parent(parent text) RETURNS boolean
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    held record;
    news integer;
    freed bigint[];
BEGIN
    SELECT c.head_seq + 1 AS seq, c.last_event, c.cancel_seq > c.head_seq AS is_stopped INTO held
    FROM conversation_control AS c WHERE c.conversation_id = tell_parent.parent FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    WITH ended AS (
        UPDATE task AS t SET told = true
        WHERE t.parent_conversation_id = tell_parent.parent AND t.parent_seq = held.seq
          AND NOT t.told AND t.finished_at IS NOT NULL
        RETURNING t.id, t.number, t.group_key, t.state, t.agent, t.conversation_id, t.error_code
    ), written AS (
        INSERT INTO event (conversation_id, number, seq, type, data)
        SELECT tell_parent.parent, held.last_event + row_number() OVER (ORDER BY e.number), held.seq, 'task_finished',
               jsonb_strip_nulls(jsonb_build_object('task', e.id, 'number', e.number, 'agent', e.agent,
                   'state', e.state, 'conversation', e.conversation_id, 'code', e.error_code))
        FROM ended AS e
    ), places AS (
        -- What never began had no place that another could get.
        SELECT e.group_key, count(*) AS free FROM ended AS e WHERE e.conversation_id IS NOT NULL GROUP BY 1
    )
    SELECT (SELECT count(*) FROM ended), (
        SELECT array_agg(h.id) FROM places AS p CROSS JOIN LATERAL (
            SELECT t.id FROM task AS t
            WHERE t.parent_conversation_id = tell_parent.parent AND t.parent_seq = held.seq
              AND t.group_key = p.group_key AND t.state = 'held'
            ORDER BY t.number LIMIT p.free FOR NO KEY UPDATE SKIP LOCKED) AS h)
    INTO news, freed;
    IF news > 0 THEN
        -- Of a turn that is being stopped nothing more begins.
        IF freed IS NOT NULL AND NOT held.is_stopped THEN
            PERFORM agentctl.start_tasks(freed);
        END IF;
        UPDATE conversation_control AS c
        SET last_event = c.last_event + news, told = c.told + news, awaited = greatest(c.awaited - news, 0),
            state = CASE WHEN c.state = 'waiting' AND c.awaited <= news THEN 'ready' ELSE c.state END,
            ready_at = CASE WHEN c.state = 'waiting' AND c.awaited <= news THEN clock_timestamp()
                ELSE c.ready_at END,
            wake_at = CASE WHEN c.state = 'waiting' AND c.awaited <= news THEN NULL ELSE c.wake_at END
        WHERE c.conversation_id = tell_parent.parent;
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.tell_parent(text) IS
    'Tells a turn of its tasks that have ended: an event each, held ones begin in their places, and the turn is ready '
    'when it has what it waits for. False when another session holds its row. Internal: settle_task(), claim() and '
    'save_progress() call it.';
REVOKE ALL ON FUNCTION agentctl.tell_parent(text) FROM PUBLIC;
