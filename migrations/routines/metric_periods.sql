CREATE OR REPLACE FUNCTION agentctl.metric_periods(
    by text, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    most CONSTANT integer := 1000;
    step interval;
    first timestamptz := coalesce(metric_periods.since, least(
        (SELECT min(t.started_at) FROM turn AS t),
        (SELECT min(r.first_at) FROM turn_rollup AS r WHERE r.grain = 'day' AND r.starts_at = (
            SELECT min(d.starts_at) FROM turn_rollup AS d WHERE d.grain = 'day'))));
    last timestamptz := coalesce(metric_periods.until, clock_timestamp());
BEGIN
    IF metric_periods.by IS NULL OR metric_periods.by NOT IN ('hour', 'day', 'week', 'month') THEN
        RAISE EXCEPTION 'metrics are by hour, day, week or month, and not by "%"', coalesce(metric_periods.by, 'null')
            USING ERRCODE = 'AC001';
    END IF;
    step := ('1 ' || metric_periods.by)::interval;
    IF metric_periods.since IS NULL THEN
        first := date_trunc(metric_periods.by, first);
    END IF;
    IF NOT isfinite(first) OR NOT isfinite(last) OR first + most * step < last THEN
        RAISE EXCEPTION 'these are more than % periods of a %', most, metric_periods.by
            USING ERRCODE = 'AC001', HINT = 'Give since and until, or longer periods.';
    END IF;
    RETURN QUERY
    SELECT greatest(p.at, first), least(p.at + step, last)
    FROM generate_series(date_trunc(metric_periods.by, first), last, step) AS p (at)
    WHERE p.at < last;
END $$;
COMMENT ON FUNCTION agentctl.metric_periods(text, timestamptz, timestamptz) IS
    'The hours, days, weeks (from Monday) or months between two moments, by the session''s time zone; the first and '
    'the last are cut at since and until. Without since from the period of the first turn that is known, without until '
    'to now. agent_metrics_by() and the like have metrics of each.';
REVOKE ALL ON FUNCTION agentctl.metric_periods(text, timestamptz, timestamptz) FROM PUBLIC;
