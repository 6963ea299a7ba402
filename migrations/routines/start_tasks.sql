CREATE OR REPLACE FUNCTION agentctl.start_tasks(tasks bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    -- Where the name of its conversation is taken it can never begin.
    UPDATE task AS t
    SET state = CASE WHEN t.number IS NULL THEN 'dead' ELSE 'failed' END::task_state, error_code = 'refused',
        error_message = format('there is a conversation "%s" already', v.id), finished_at = clock_timestamp()
    FROM conversation AS v
    WHERE t.id = ANY (start_tasks.tasks) AND v.id = agentctl.task_conversation_id(
        t.id, t.parent_conversation_id, t.parent_seq, t.number, t.attempt);
    UPDATE task AS t
    SET state = 'assigned', seq = 1, conversation_id = agentctl.task_conversation_id(
        t.id, t.parent_conversation_id, t.parent_seq, t.number, t.attempt)
    WHERE t.id = ANY (start_tasks.tasks) AND t.finished_at IS NULL;
    PERFORM agentctl.begin_tasks(ARRAY(
        SELECT t.id FROM task AS t WHERE t.id = ANY (start_tasks.tasks) AND t.finished_at IS NULL));
END $$;
COMMENT ON FUNCTION agentctl.start_tasks(bigint[]) IS
    'Begins tasks that were pending or held, or the next attempt at them. Internal: whoever has locked them calls it.';
REVOKE ALL ON FUNCTION agentctl.start_tasks(bigint[]) FROM PUBLIC;
