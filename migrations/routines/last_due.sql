-- By halves, as next_due() only goes forward: schedules that were not looked at for a year cost some twenty steps.
CREATE OR REPLACE FUNCTION agentctl.last_due(schedule jsonb, first timestamptz, until timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    last timestamptz := first;
    stop timestamptz := until;
    middle timestamptz;
    due timestamptz;
BEGIN
    WHILE stop - last > interval '1 minute' LOOP
        middle := last + (stop - last) / 2;
        due := agentctl.next_due(schedule, middle);
        IF due <= until THEN
            last := due;
        ELSE
            stop := middle;
        END IF;
    END LOOP;
    due := agentctl.next_due(schedule, last);
    RETURN CASE WHEN due <= until THEN due ELSE last END;
END $$;
COMMENT ON FUNCTION agentctl.last_due(jsonb, timestamptz, timestamptz) IS
    'The last time, from first on and up to until, at which a schedule is due; first is such a time. Internal.';
REVOKE ALL ON FUNCTION agentctl.last_due(jsonb, timestamptz, timestamptz) FROM PUBLIC;
