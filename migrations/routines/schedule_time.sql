CREATE OR REPLACE FUNCTION agentctl.schedule_time(written text, time_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO' AS $$
DECLARE
    given text[] := regexp_match(written, '^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)'
        '(Z|[+-][0-9]{2}:?[0-9]{2})?)?$');
BEGIN
    IF given IS NULL THEN
        RETURN NULL;
    ELSIF given[3] IS NOT NULL THEN
        RETURN written::timestamptz;
    END IF;
    RETURN (given[1]::date + coalesce(given[2], '00:00')::time) AT TIME ZONE time_zone;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.schedule_time(text, text) IS
    'The moment that a document writes as 2026-12-01, 2026-12-01T08:00 (both by the clocks of the time zone) or '
    '2026-12-01T08:00Z; NULL when it is none. Internal.';
REVOKE ALL ON FUNCTION agentctl.schedule_time(text, text) FROM PUBLIC;
