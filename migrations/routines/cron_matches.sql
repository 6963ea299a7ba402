CREATE OR REPLACE FUNCTION agentctl.cron_matches(
    day date, days integer[], weekdays integer[], is_any_day boolean, is_any_weekday boolean
) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    number integer := extract(day FROM day);
    weekday integer := extract(dow FROM day);
BEGIN
    IF is_any_day AND is_any_weekday THEN
        RETURN true;
    END IF;
    RETURN NOT is_any_day AND (number = ANY (days) OR 100 = ANY (days) AND extract(day FROM day + 1) = 1)
        OR NOT is_any_weekday AND (weekday = ANY (weekdays)
            OR 100 + weekday = ANY (weekdays) AND extract(day FROM day + 7) <= 7
            OR 100 * (2 + (number - 1) / 7) + weekday = ANY (weekdays));
END $$;
COMMENT ON FUNCTION agentctl.cron_matches(date, integer[], integer[], boolean, boolean) IS
    'Whether a day is one that the fields of a cron text name, as cron_fields() has them. Internal: next_time() calls '
    'it.';
REVOKE ALL ON FUNCTION agentctl.cron_matches(date, integer[], integer[], boolean, boolean) FROM PUBLIC;
