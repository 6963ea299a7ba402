CREATE OR REPLACE FUNCTION agentctl.metric_bounds(
    by text, since timestamptz, until timestamptz, OUT starts timestamptz[], OUT ends timestamptz[],
    OUT labels timestamptz[]
)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF metric_bounds.by IS NULL THEN
        starts := ARRAY[coalesce(since, '-infinity')];
        ends := ARRAY[coalesce(until, 'infinity')];
        labels := starts;
    ELSE
        SELECT array_agg(p.starts_at ORDER BY p.starts_at), array_agg(p.ends_at ORDER BY p.starts_at),
               array_agg(date_trunc(by, p.starts_at) ORDER BY p.starts_at)
        INTO starts, ends, labels
        FROM agentctl.metric_periods(by, since, until) AS p;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.metric_bounds(text, timestamptz, timestamptz) IS
    'The periods of metric_periods() as arrays, labels with the beginnings of periods that since cuts; without by the '
    'whole time as one period. Internal.';
REVOKE ALL ON FUNCTION agentctl.metric_bounds(text, timestamptz, timestamptz) FROM PUBLIC;
