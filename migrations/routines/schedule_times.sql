CREATE OR REPLACE FUNCTION agentctl.schedule_times(
    name text, count integer DEFAULT 5, after timestamptz DEFAULT now()
) RETURNS TABLE (due_at timestamptz, local_time text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    schedule jsonb := (
        SELECT v.document FROM schedule_state AS s JOIN definition_version AS v ON v.id = s.version_id
        WHERE s.name = schedule_times.name
          AND (agentctl.may_see(v.created_by)
              OR has_table_privilege(agentctl.caller(), 'agentctl.schedules', 'SELECT')));
    due timestamptz := schedule_times.after;
BEGIN
    IF schedule IS NULL THEN
        RAISE EXCEPTION 'there is no schedule "%"', coalesce(schedule_times.name, 'null') USING ERRCODE = 'AC002',
            HINT = 'See agentctl.schedules.';
    ELSIF count NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'a count is from 1 to 1000' USING ERRCODE = 'AC001';
    END IF;
    FOR number IN 1..count LOOP
        due := agentctl.next_due(schedule, due);
        EXIT WHEN due IS NULL;
        RETURN QUERY SELECT due, t.shown FROM agentctl.time_in(schedule ->> 'time_zone', due) AS t;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.schedule_times(text, integer, timestamptz) IS
    'The next times at which a schedule is due, without jitter, also by the clocks of its time zone; whether it is '
    'paused or not.';
REVOKE ALL ON FUNCTION agentctl.schedule_times(text, integer, timestamptz) FROM PUBLIC;
