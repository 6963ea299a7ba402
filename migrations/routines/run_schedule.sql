CREATE OR REPLACE FUNCTION agentctl.run_schedule(
    name text, at timestamptz DEFAULT clock_timestamp(),
    OUT conversation_id text, OUT seq bigint, OUT task_id bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state := agentctl.require_schedule(run_schedule.name);
    is_begun boolean := agentctl.begin_schedule_run(state, run_schedule.at, run_schedule.at,
        requested_by => agentctl.caller());
BEGIN
    IF is_begun IS NULL THEN
        RAISE EXCEPTION 'schedule "%" could not be run now', run_schedule.name USING ERRCODE = '55P03',
            HINT = 'Another session holds its conversation; try again.';
    ELSIF NOT is_begun THEN
        RAISE EXCEPTION 'schedule "%" has had its run of %', run_schedule.name, run_schedule.at
            USING ERRCODE = 'AC003';
    END IF;
    SELECT r.conversation_id, r.seq, r.task_id
    INTO run_schedule.conversation_id, run_schedule.seq, run_schedule.task_id
    FROM schedule_run AS r WHERE r.name = run_schedule.name AND r.due_at = run_schedule.at;
END $$;
COMMENT ON FUNCTION agentctl.run_schedule(text, timestamptz) IS
    'Runs a schedule now, whatever is due, paused or in progress; returns the submission or the task. Its other runs '
    'stay as they are.';
REVOKE ALL ON FUNCTION agentctl.run_schedule(text, timestamptz) FROM PUBLIC;
