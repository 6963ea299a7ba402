-- replaces: tell_parent(text)
-- Never waits for the parent's row: whoever holds it tells of these tasks as well, or the worker whose turn has ended
-- does a little later (tell_parents). Waiting would have the children of one parent end one after the other.
CREATE OR REPLACE FUNCTION agentctl.tell_parent(parent text, ended bigint DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    held record;
    news bigint[];
    freed bigint[];
BEGIN
    SELECT c.head_seq + 1 AS seq, c.last_event, c.cancel_seq > c.head_seq AS is_stopped INTO held
    FROM conversation_control AS c WHERE c.conversation_id = tell_parent.parent FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Who changes what has ended and is not told holds the row as well.
    news := ARRAY(
        SELECT t.id FROM task AS t
        WHERE t.parent_conversation_id = tell_parent.parent AND t.parent_seq = held.seq
          AND NOT t.told AND t.finished_at IS NOT NULL);
    IF news <> '{}' THEN
        UPDATE task AS t SET told = true WHERE t.id = ANY (news);
    END IF;
    IF ended IS NOT NULL THEN
        news := news || ended;
    ELSIF news = '{}' THEN
        RETURN true;
    END IF;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT tell_parent.parent, held.last_event + row_number() OVER (ORDER BY n.number), held.seq, 'task_finished',
           jsonb_strip_nulls(jsonb_build_object('task', n.id, 'number', n.number, 'agent', n.agent,
               'state', n.state, 'conversation', n.conversation_id, 'code', n.error_code))
    FROM task AS n WHERE n.id = ANY (news);
    UPDATE conversation_control AS c
    SET last_event = c.last_event + n.told, told = c.told + n.told, awaited = greatest(c.awaited - n.told, 0),
        state = CASE WHEN c.state = 'waiting' AND c.awaited <= n.told THEN 'ready' ELSE c.state END,
        ready_at = CASE WHEN c.state = 'waiting' AND c.awaited <= n.told THEN clock_timestamp() ELSE c.ready_at END,
        wake_at = CASE WHEN c.state = 'waiting' AND c.awaited <= n.told THEN NULL ELSE c.wake_at END
    FROM (SELECT cardinality(news) AS told) AS n
    WHERE c.conversation_id = tell_parent.parent;
    -- Of a turn that is being stopped nothing more begins.
    IF NOT held.is_stopped AND (
        SELECT true FROM task AS t
        WHERE t.parent_conversation_id = tell_parent.parent AND t.parent_seq = held.seq AND t.state = 'held' LIMIT 1)
    THEN
        freed := ARRAY(
            SELECT h.id
            FROM (
                -- What never began had no place that another could get.
                SELECT n.group_key, count(*) AS free FROM task AS n
                WHERE n.id = ANY (news) AND n.conversation_id IS NOT NULL GROUP BY 1
            ) AS p
            CROSS JOIN LATERAL (
                SELECT t.id FROM task AS t
                WHERE t.parent_conversation_id = tell_parent.parent AND t.parent_seq = held.seq
                  AND t.group_key = p.group_key AND t.state = 'held'
                ORDER BY t.number LIMIT p.free FOR NO KEY UPDATE SKIP LOCKED
            ) AS h);
        IF freed <> '{}' THEN
            PERFORM agentctl.start_tasks(freed);
        END IF;
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.tell_parent(text, bigint) IS
    'Tells a turn of its tasks that have ended, and of ended, which is marked as told already: an event each, held '
    'ones begin in their places, and the turn is ready when it has what it waits for. False when another session holds its '
    'row. Internal: settle_task(), claim() and save_progress() call it.';
REVOKE ALL ON FUNCTION agentctl.tell_parent(text, bigint) FROM PUBLIC;
