CREATE OR REPLACE FUNCTION agentctl.close_schedule_runs(name text) RETURNS boolean
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    UPDATE schedule_run AS r SET is_open = false
    WHERE r.name = close_schedule_runs.name AND r.is_open AND CASE
        WHEN r.task_id IS NOT NULL THEN NOT EXISTS (
            SELECT FROM task AS t WHERE t.id = r.task_id AND t.finished_at IS NULL)
        ELSE NOT EXISTS (
            SELECT FROM conversation_control AS c WHERE c.conversation_id = r.conversation_id AND c.head_seq < r.seq)
        END;
    RETURN EXISTS (SELECT FROM schedule_run AS r WHERE r.name = close_schedule_runs.name AND r.is_open);
END $$;
COMMENT ON FUNCTION agentctl.close_schedule_runs(text) IS
    'Notes which runs of a schedule have ended; returns whether one is in progress. Internal.';
REVOKE ALL ON FUNCTION agentctl.close_schedule_runs(text) FROM PUBLIC;
