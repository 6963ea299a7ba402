CREATE OR REPLACE FUNCTION agentctl.clock_change(
    time_zone text, day date, OUT change timestamptz, OUT before interval, OUT since interval
)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    -- Whatever the zone, the local day lies between them.
    first timestamptz := (day - 1)::timestamp AT TIME ZONE 'UTC';
    last timestamptz := (day + 2)::timestamp AT TIME ZONE 'UTC';
    middle timestamptz;
BEGIN
    before := (first AT TIME ZONE time_zone) - (first AT TIME ZONE 'UTC');
    since := (last AT TIME ZONE time_zone) - (last AT TIME ZONE 'UTC');
    IF before = since THEN
        change := 'infinity';
        RETURN;
    END IF;
    WHILE last - first > interval '1 minute' LOOP
        middle := date_trunc('minute', first + (last - first) / 2);
        IF (middle AT TIME ZONE time_zone) - (middle AT TIME ZONE 'UTC') = before THEN
            first := middle;
        ELSE
            last := middle;
        END IF;
    END LOOP;
    change := last;
END $$;
COMMENT ON FUNCTION agentctl.clock_change(text, date) IS
    'When the clocks of a time zone are changed about a day, and by how much they are ahead of UTC before and since; '
    'infinity when they are not changed. Internal: next_time() calls it.';
REVOKE ALL ON FUNCTION agentctl.clock_change(text, date) FROM PUBLIC;
