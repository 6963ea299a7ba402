-- The time zone is set for the length of the call: only then to_char() knows what its clocks' time is called.
CREATE OR REPLACE FUNCTION agentctl.time_in(zone text, at timestamptz DEFAULT now())
RETURNS TABLE (name text, iso text, shown text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET "TimeZone" = 'UTC' AS $$
DECLARE
    wanted text := replace(time_in.zone, ' ', '_');
BEGIN
    IF lower(wanted) IN ('utc', 'z', 'gmt', 'etc/utc') THEN
        wanted := 'UTC';
    ELSIF wanted !~ '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$' OR length(wanted) > 64
        -- Without a slash it may be the rule of a zone (XXX5YYY), which is no name.
        OR wanted !~ '/' AND NOT EXISTS (SELECT FROM pg_timezone_names AS z WHERE lower(z.name) = lower(wanted))
    THEN
        RETURN;
    END IF;
    BEGIN
        PERFORM set_config('TimeZone', wanted, true);
    EXCEPTION WHEN invalid_parameter_value THEN
        RETURN;
    END;
    wanted := current_setting('TimeZone');
    RETURN QUERY SELECT wanted,
        to_char(time_in.at, 'YYYY-MM-DD"T"HH24:MI:SS')
            || CASE WHEN extract(timezone FROM time_in.at) = 0 THEN 'Z' ELSE to_char(time_in.at, 'TZH:TZM') END,
        to_char(time_in.at, 'FMDay, FMDD FMMonth YYYY, HH24:MI:SS ') || CASE WHEN wanted = 'UTC' THEN wanted
            ELSE to_char(time_in.at, 'TZ') || CASE WHEN to_char(time_in.at, 'TZ') = wanted THEN '' ELSE ', ' || wanted END
        END;
END $$;
COMMENT ON FUNCTION agentctl.time_in(text, timestamptz) IS
    'A moment by the clocks of a time zone: the zone''s name as it is written, the time in ISO 8601, and for people. Case '
    'and spaces in the name do not matter. No row when there is no such zone.';
REVOKE ALL ON FUNCTION agentctl.time_in(text, timestamptz) FROM PUBLIC;
