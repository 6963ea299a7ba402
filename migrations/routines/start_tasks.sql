CREATE OR REPLACE FUNCTION agentctl.start_tasks(tasks bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    UPDATE task AS t
    SET state = 'assigned', seq = 1, conversation_id = agentctl.task_conversation_id(
        t.id, t.parent_conversation_id, t.parent_seq, t.number, t.attempt)
    WHERE t.id = ANY (start_tasks.tasks);
    PERFORM agentctl.begin_tasks(start_tasks.tasks);
END $$;
COMMENT ON FUNCTION agentctl.start_tasks(bigint[]) IS
    'Begins tasks that were pending or held, or the next attempt at them. Internal: whoever has locked them calls it.';
REVOKE ALL ON FUNCTION agentctl.start_tasks(bigint[]) FROM PUBLIC;
