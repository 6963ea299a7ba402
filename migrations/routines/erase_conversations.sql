-- All of it, and the row of the conversation last: refuse_deletion() knows by that order that nothing is left behind.
CREATE OR REPLACE FUNCTION agentctl.erase_conversations(conversations text[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    ids CONSTANT text[] := conversations;
    deleted jsonb := '{}';
    below bigint[];
    open bigint;
    part text;
    rows bigint;
BEGIN
    -- Two that delete forks of each other's take these rows in one order.
    PERFORM FROM conversation AS v
    WHERE v.id = ANY (ARRAY(
        SELECT g.id FROM unnest(ids) AS g (id)
        UNION
        SELECT f.id FROM conversation AS f WHERE f.forked_from = ANY (ids)))
    ORDER BY v.id FOR NO KEY UPDATE;
    below := ARRAY(
        SELECT t.id FROM task AS t WHERE t.parent_conversation_id = ANY (ids)
        UNION
        SELECT t.id FROM task AS t WHERE t.conversation_id = ANY (ids));
    -- What it cost stays known.
    PERFORM agentctl.roll_up_conversations(ids, below);
    -- What waits for a task that is given up is told before the task is gone.
    FOR open IN
        UPDATE task AS t
        SET state = CASE WHEN t.finished_at IS NULL THEN 'cancelled' ELSE t.state END,
            error_code = CASE WHEN t.finished_at IS NULL THEN 'interrupted' ELSE t.error_code END,
            finished_at = coalesce(t.finished_at, clock_timestamp())
        WHERE t.id = ANY (below) AND NOT t.told AND t.parent_conversation_id IS NULL
        RETURNING t.id
    LOOP
        PERFORM agentctl.release_dependents(open);
    END LOOP;
    UPDATE conversation AS v SET forked_from = NULL, forked_message = NULL
    WHERE v.forked_from = ANY (ids) AND v.id <> ALL (ids);

    DELETE FROM turn_progress AS p WHERE p.conversation_id = ANY (ids);
    DELETE FROM memory_block_shown AS b WHERE b.conversation_id = ANY (ids);
    DELETE FROM delta AS d WHERE d.conversation_id = ANY (ids);
    FOREACH part IN ARRAY '{approval,compaction,submission,message,turn,step,tool_call,event,function_call,'
        'security_event,node_run,plan,memory_block}'::text[]
    LOOP
        EXECUTE format('DELETE FROM agentctl.%I WHERE conversation_id = ANY ($1)', part) USING ids;
        GET DIAGNOSTICS rows = ROW_COUNT;
        deleted := deleted || jsonb_build_object(part || 's', rows);
    END LOOP;
    -- What was learned in them stays without the source; what is part of the transcript, and what only they saw, goes.
    DELETE FROM shown AS h WHERE h.conversation_id = ANY (ids);
    DELETE FROM memory AS m WHERE m.kind = 'interaction' AND m.source_conversation = ANY (ids)
        OR m.scope_id = ANY (ARRAY(SELECT s.id FROM memory_scope AS s WHERE s.conversation_id = ANY (ids)));
    GET DIAGNOSTICS rows = ROW_COUNT;
    deleted := deleted || jsonb_build_object('memories', rows);
    DELETE FROM memory_scope AS s WHERE s.conversation_id = ANY (ids);
    UPDATE memory AS m SET source_conversation = NULL, source_seq = NULL, source_call = NULL
    WHERE m.source_conversation = ANY (ids);
    UPDATE memory_block_version AS v SET conversation_id = NULL, seq = NULL WHERE v.conversation_id = ANY (ids);
    DELETE FROM schedule_run AS r WHERE r.conversation_id = ANY (ids) OR r.task_id = ANY (below);
    GET DIAGNOSTICS rows = ROW_COUNT;
    deleted := deleted || jsonb_build_object('schedule_runs', rows);
    DELETE FROM task AS t WHERE t.id = ANY (below);
    GET DIAGNOSTICS rows = ROW_COUNT;
    deleted := deleted || jsonb_build_object('tasks', rows);
    DELETE FROM conversation_control AS c WHERE c.conversation_id = ANY (ids);
    DELETE FROM conversation AS v WHERE v.id = ANY (ids);
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN jsonb_build_object('conversations', rows) || deleted;
END $$;
COMMENT ON FUNCTION agentctl.erase_conversations(text[]) IS
    'Deletes conversations whose rows the caller has locked, with everything that belongs to them; returns how many '
    'rows of each kind. Forks stay and stand alone then. Internal: what deletes conversations calls it.';
REVOKE ALL ON FUNCTION agentctl.erase_conversations(text[]) FROM PUBLIC;
