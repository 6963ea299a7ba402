CREATE OR REPLACE FUNCTION agentctl.take_due_run(
    state agentctl.schedule_state, overlap text, due_at timestamptz, at timestamptz, is_late boolean
) RETURNS boolean
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    most CONSTANT integer := 100;
    queued integer;
    is_full boolean;
BEGIN
    SELECT count(*) INTO queued
    FROM (SELECT FROM schedule_run AS r WHERE r.name = (state).name AND r.outcome = 'queued' LIMIT most) AS q;
    IF overlap = 'allow'
        OR queued = 0 AND NOT EXISTS (SELECT FROM schedule_run AS r WHERE r.name = (state).name AND r.is_open)
    THEN
        RETURN agentctl.begin_schedule_run(state, due_at, at, is_late);
    ELSIF overlap = 'interrupt' THEN
        BEGIN
            PERFORM agentctl.stop_schedule_runs((state).name);
        EXCEPTION WHEN lock_not_available THEN
            RETURN NULL;  -- A client holds the conversation of one: other schedules go on.
        END;
        RETURN agentctl.begin_schedule_run(state, due_at, at, is_late);
    END IF;
    is_full := overlap = 'queue' AND queued = most;
    INSERT INTO schedule_run (name, due_at, version_id, outcome, is_late, ran_at, error_message)
    VALUES ((state).name, take_due_run.due_at, (state).version_id,
            CASE WHEN overlap = 'queue' AND NOT is_full THEN 'queued' ELSE 'skipped' END, take_due_run.is_late,
            take_due_run.at, CASE WHEN is_full THEN format('%s runs are queued', most) END)
    ON CONFLICT (name, due_at) DO NOTHING;
    RETURN false;
END $$;
COMMENT ON FUNCTION agentctl.take_due_run(agentctl.schedule_state, text, timestamptz, timestamptz, boolean) IS
    'Begins a run that is due, or what its overlap says while another is in progress. Returns as begin_schedule_run() '
    'does. Internal: run_due_schedule() calls it.';
REVOKE ALL ON FUNCTION agentctl.take_due_run(agentctl.schedule_state, text, timestamptz, timestamptz, boolean)
    FROM PUBLIC;
