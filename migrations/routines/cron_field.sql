CREATE OR REPLACE FUNCTION agentctl.cron_field(
    field text, name text, low integer, high integer, names text[] DEFAULT '{}'
) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    part text;
    given text[];
    least integer;
    greatest integer;
    step integer;
    found integer[] := '{}';
    written text := upper(field);
BEGIN
    FOR i IN 1 .. cardinality(names) LOOP
        written := regexp_replace(written, '(?<![A-Z])' || names[i] || '(?![A-KM-Z])', (i - 1 + low)::text, 'g');
    END LOOP;
    FOREACH part IN ARRAY string_to_array(written, ',') LOOP
        given := regexp_match(part, '^(?:([*])|([0-9]{1,4})(?:-([0-9]{1,4}))?)(?:/([0-9]{1,4}))?$');
        IF given IS NOT NULL THEN
            least := coalesce(given[2]::integer, low);
            step := coalesce(given[4]::integer, 1);
            greatest := coalesce(given[3]::integer,
                CASE WHEN given[1] IS NOT NULL OR given[4] IS NOT NULL THEN high ELSE least END);
            -- Sunday is the first and the last day of a week: FRI-SUN.
            IF name = 'weekday' AND given[3]::integer = 0 THEN
                greatest := 7;
            END IF;
            IF least < low OR greatest > high OR least > greatest OR step < 1 THEN
                given := NULL;
            ELSE
                found := found || ARRAY(SELECT CASE name WHEN 'weekday' THEN g.number % 7 ELSE g.number END
                                        FROM generate_series(least, greatest, step) AS g (number));
            END IF;
        ELSIF name = 'day' AND part = 'L' THEN
            given := '{L}';
            found := found || 100;
        ELSIF name = 'weekday' AND part ~ '^[0-7]L$' THEN
            given := '{L}';
            found := found || 100 + left(part, 1)::integer % 7;
        ELSIF name = 'weekday' AND part ~ '^[0-7]#[1-5]$' THEN
            given := '{#}';
            found := found || 100 * (1 + right(part, 1)::integer) + left(part, 1)::integer % 7;
        END IF;
        IF given IS NULL THEN
            RAISE EXCEPTION 'has the % "%"', name, left(field, 64) USING ERRCODE = '22023', HINT = format(
                '%s to %s%s; lists 1,2, ranges 1-5, steps */2%s', low, high,
                CASE name WHEN 'month' THEN ' or JAN to DEC' WHEN 'weekday' THEN ' or SUN to SAT' ELSE '' END,
                CASE name WHEN 'day' THEN ', and L for the last day of the month'
                    WHEN 'weekday' THEN ', and FRIL for the last, FRI#2 for the second Friday of the month'
                    ELSE '' END);
        END IF;
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT f.number FROM unnest(found) AS f (number) ORDER BY f.number);
END $$;
COMMENT ON FUNCTION agentctl.cron_field(text, text, integer, integer, text[]) IS
    'The numbers that a field of a cron text stands for. 100: the last day of the month; 100 + weekday: the last of '
    'them in the month; 100 * (1 + n) + weekday: the nth. Fails with 22023, whose HINT is what was expected. '
    'Internal: cron_fields() calls it.';
REVOKE ALL ON FUNCTION agentctl.cron_field(text, text, integer, integer, text[]) FROM PUBLIC;
