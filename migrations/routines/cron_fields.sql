CREATE OR REPLACE FUNCTION agentctl.cron_fields(
    cron text, OUT minutes integer[], OUT hours integer[], OUT days integer[], OUT months integer[],
    OUT weekdays integer[], OUT is_fixed boolean, OUT is_any_day boolean, OUT is_any_weekday boolean
)
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    written text := lower(btrim(cron));
    fields text[];
BEGIN
    written := CASE written
        WHEN '@hourly' THEN '0 * * * *'
        WHEN '@daily' THEN '0 0 * * *'
        WHEN '@midnight' THEN '0 0 * * *'
        WHEN '@weekly' THEN '0 0 * * 0'
        WHEN '@monthly' THEN '0 0 1 * *'
        WHEN '@yearly' THEN '0 0 1 1 *'
        WHEN '@annually' THEN '0 0 1 1 *'
        ELSE written END;
    IF octet_length(written) <= 256 THEN
        fields := regexp_split_to_array(written, '[[:space:]]+');
    END IF;
    IF coalesce(cardinality(fields), 0) <> 5 THEN
        RAISE EXCEPTION '%', CASE
                WHEN cron IS NULL THEN 'is missing'
                WHEN fields IS NULL THEN format('has %s bytes', octet_length(cron))
                WHEN left(written, 1) = '@' THEN format('is "%s"', left(cron, 64))
                WHEN written = '' THEN 'is empty'
                ELSE format('has %s field%s', cardinality(fields), CASE cardinality(fields) WHEN 1 THEN '' ELSE 's' END)
            END
            USING ERRCODE = '22023', HINT = 'five fields: minute hour day month weekday, in at most 256 bytes, as in '
                '"30 8 * * MON-FRI"; or @hourly, @daily, @weekly, @monthly, @yearly';
    END IF;
    minutes := agentctl.cron_field(fields[1], 'minute', 0, 59);
    hours := agentctl.cron_field(fields[2], 'hour', 0, 23);
    days := agentctl.cron_field(fields[3], 'day', 1, 31);
    months := agentctl.cron_field(fields[4], 'month', 1, 12, '{JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC}');
    weekdays := agentctl.cron_field(fields[5], 'weekday', 0, 7, '{SUN,MON,TUE,WED,THU,FRI,SAT}');
    is_fixed := left(fields[2], 1) <> '*';
    is_any_day := fields[3] = '*';
    is_any_weekday := fields[5] = '*';
END $$;
COMMENT ON FUNCTION agentctl.cron_fields(text) IS
    'A cron text, taken apart. Fails with 22023: the message says what is wrong with it, HINT what was expected. '
    'Internal: next_time() calls it.';
REVOKE ALL ON FUNCTION agentctl.cron_fields(text) FROM PUBLIC;
