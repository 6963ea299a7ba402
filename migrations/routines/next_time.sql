-- A cron text speaks of local times. Where the clocks of the zone change, the hour decides. A fixed hour stands for one
-- moment a day: a time that the clocks skip comes when they go on, one that they show twice comes once. With * or */n
-- as the hour, each real moment counts.
CREATE OR REPLACE FUNCTION agentctl.next_time(cron text, time_zone text, after timestamptz DEFAULT now())
RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    -- The 29th of February can be eight years away.
    longest CONSTANT integer := 366 * 9;
    fields record;
    today date;
    day date;
    stop date;
    change timestamptz;
    before interval;
    since interval;
    at timestamptz;
    best timestamptz;
BEGIN
    fields := agentctl.cron_fields(cron);
    IF NOT isfinite(after) OR after NOT BETWEEN '1970-01-02Z' AND '2999-12-31Z' THEN
        RETURN NULL;
    END IF;
    today := (after AT TIME ZONE time_zone)::date;
    -- Where clocks are changed about midnight, times of the day before may still come.
    day := today - 1;
    stop := today + longest;
    WHILE day < stop LOOP
        IF extract(month FROM day)::integer <> ALL (fields.months) THEN
            EXIT WHEN best IS NOT NULL;
            day := (date_trunc('month', day) + interval '1 month')::date;
            CONTINUE;
        END IF;
        change := 'infinity';
        IF agentctl.cron_matches(day, fields.days, fields.weekdays, fields.is_any_day, fields.is_any_weekday) THEN
            SELECT c.change, c.before, c.since INTO change, before, since
            FROM agentctl.clock_change(time_zone, day) AS c;
            -- Moments are the local time less the zone's offset: the one before the change or the one since then.
            IF change < 'infinity' OR day >= today THEN
                SELECT min(moment.at) INTO at
                FROM unnest(fields.hours) AS h (hour)
                CROSS JOIN unnest(fields.minutes) AS m (minute)
                CROSS JOIN LATERAL (
                    SELECT (day + make_time(h.hour, m.minute, 0) - before) AT TIME ZONE 'UTC' AS early,
                           (day + make_time(h.hour, m.minute, 0) - since) AT TIME ZONE 'UTC' AS late
                ) AS local
                CROSS JOIN LATERAL (
                    SELECT local.early AS at WHERE local.early < change
                    UNION ALL
                    SELECT local.late WHERE local.late >= change AND (NOT fields.is_fixed OR local.early >= change)
                    UNION ALL
                    SELECT change WHERE fields.is_fixed AND local.early >= change AND local.late < change
                ) AS moment
                WHERE moment.at > next_time.after;
                best := least(best, at);
            END IF;
        END IF;
        -- Where clocks go back over midnight, the next day begins before this one ends.
        EXIT WHEN best IS NOT NULL AND change = 'infinity';
        day := day + 1;
    END LOOP;
    RETURN best;
END $$;
COMMENT ON FUNCTION agentctl.next_time(text, text, timestamptz) IS
    'The first moment after the given one that a cron text names by the clocks of a time zone; NULL when there is none '
    'within nine years. Fields: minute hour day month weekday, with *, lists, ranges, steps, names, L and FRI#2; or '
    '@hourly, @daily, @weekly, @monthly, @yearly. Where both day and weekday are given, either will do. Fails with '
    '22023 for what is no cron text or no time zone.';
REVOKE ALL ON FUNCTION agentctl.next_time(text, text, timestamptz) FROM PUBLIC;
