CREATE OR REPLACE FUNCTION agentctl.resume_schedule(name text, at timestamptz DEFAULT now()) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state := agentctl.require_schedule(resume_schedule.name);
    schedule jsonb := (SELECT v.document FROM definition_version AS v WHERE v.id = state.version_id);
BEGIN
    IF state.paused_at IS NOT NULL THEN
        IF schedule -> 'enabled' <> 'false' THEN
            state.due_at := agentctl.next_due(schedule, resume_schedule.at);
        END IF;
        UPDATE schedule_state AS s
        SET paused_at = NULL, paused_by = NULL, due_at = state.due_at, look_at = CASE
            WHEN EXISTS (SELECT FROM schedule_run AS r WHERE r.name = state.name AND r.outcome = 'queued')
            THEN resume_schedule.at
            ELSE agentctl.schedule_look(state.name, state.due_at, (schedule ->> 'jitter')::double precision) END
        WHERE s.name = state.name;
        -- Workers sleep until the next time that they know of.
        PERFORM pg_notify('agentctl_definitions', '');
    END IF;
    RETURN state.due_at;
END $$;
COMMENT ON FUNCTION agentctl.resume_schedule(text, timestamptz) IS
    'Ends a pause; returns when the schedule is due next, counted from now: what was due meanwhile is not made up '
    'for. Changes nothing when it was not paused.';
REVOKE ALL ON FUNCTION agentctl.resume_schedule(text, timestamptz) FROM PUBLIC;
