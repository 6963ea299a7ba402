CREATE OR REPLACE FUNCTION agentctl.stop_schedule_runs(name text) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    run record;
BEGIN
    FOR run IN SELECT r.* FROM schedule_run AS r WHERE r.name = stop_schedule_runs.name AND r.is_open LOOP
        IF run.task_id IS NOT NULL THEN
            BEGIN
                PERFORM agentctl.cancel_task(run.task_id);
            EXCEPTION WHEN SQLSTATE 'AC002' OR SQLSTATE 'AC003' THEN
                NULL;  -- It has ended meanwhile.
            END;
        ELSE
            PERFORM agentctl.stop_children(c.conversation_id, run.seq)
            FROM conversation_control AS c
            WHERE c.conversation_id = run.conversation_id AND c.head_seq = run.seq - 1 AND c.has_progress;
            UPDATE conversation_control AS c
            SET cancel_seq = c.head_seq + 1,
                state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
                ready_at = CASE c.state WHEN 'running' THEN NULL ELSE coalesce(c.ready_at, clock_timestamp()) END,
                wake_at = NULL
            WHERE c.conversation_id = run.conversation_id AND c.head_seq = run.seq - 1;
            PERFORM pg_notify('agentctl_signal', '');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.stop_schedule_runs(text) IS
    'Has the runs of a schedule stopped that are in progress. Internal: take_due_run() calls it.';
REVOKE ALL ON FUNCTION agentctl.stop_schedule_runs(text) FROM PUBLIC;
