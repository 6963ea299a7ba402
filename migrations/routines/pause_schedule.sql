CREATE OR REPLACE FUNCTION agentctl.pause_schedule(name text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state := agentctl.require_schedule(pause_schedule.name);
BEGIN
    UPDATE schedule_state AS s
    SET paused_at = clock_timestamp(), paused_by = agentctl.caller(), due_at = NULL, look_at = NULL
    WHERE s.name = state.name AND s.paused_at IS NULL;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.pause_schedule(text) IS
    'Lets a schedule begin no run until resume_schedule(); false when it was paused already. What runs goes on.';
REVOKE ALL ON FUNCTION agentctl.pause_schedule(text) FROM PUBLIC;
