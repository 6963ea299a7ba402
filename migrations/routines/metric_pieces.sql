-- Days where whole days are asked for, hours beside them, and rows where an hour is cut. Of an hour whose details were
-- dropped there are no rows: it counts for whom its beginning is.
CREATE OR REPLACE FUNCTION agentctl.metric_pieces(starts timestamptz[], ends timestamptz[])
RETURNS TABLE (period integer, grain agentctl.rollup_grain, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET timezone = 'UTC' AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH asked AS (
        -- Nothing has begun later than now.
        SELECT p.number::integer AS number, p.since,
               CASE WHEN p.until >= statement_timestamp() THEN 'infinity' ELSE p.until END AS until
        FROM unnest(metric_pieces.starts, metric_pieces.ends) WITH ORDINALITY AS p (since, until, number)
        WHERE p.since < p.until
    ), cut AS (
        SELECT a.*, h.first < a.since AS cuts_first, h.last < a.until AS cuts_last,
               CASE WHEN h.first < a.since THEN h.first + interval '1 hour' ELSE a.since END AS first_hour,
               CASE WHEN h.last < a.until AND agentctl.is_dropped(h.last) THEN h.last + interval '1 hour' ELSE h.last END
                   AS last_hour
        FROM asked AS a
        CROSS JOIN LATERAL (SELECT date_trunc('hour', a.since), date_trunc('hour', a.until)) AS h (first, last)
    ), whole AS (
        SELECT c.*, d.first + CASE WHEN d.first < c.first_hour THEN interval '1 day' ELSE interval '0' END AS first_day,
               d.last AS last_day
        FROM cut AS c
        CROSS JOIN LATERAL (
            SELECT date_trunc('day', c.first_hour), date_trunc('day', c.last_hour)) AS d (first, last)
    )
    SELECT w.number, p.grain, p.starts_at, p.ends_at
    FROM whole AS w
    CROSS JOIN LATERAL (VALUES
        (NULL::rollup_grain, w.since, least(w.first_hour, w.until), w.cuts_first OR w.last_hour < w.first_hour),
        ('hour', w.first_hour, least(w.first_day, w.last_hour), true),
        ('day', w.first_day, w.last_day, true),
        ('hour', greatest(w.last_day, w.first_day), w.last_hour, w.first_day <= w.last_day),
        (NULL, w.last_hour, w.until, w.last_hour >= w.first_hour)) AS p (grain, starts_at, ends_at, is_part)
    WHERE p.is_part AND p.starts_at < p.ends_at;
END $$;
COMMENT ON FUNCTION agentctl.metric_pieces(timestamptz[], timestamptz[]) IS
    'What periods are put together from: days and hours of the rollup, and, without a grain, parts of hours, whose rows '
    'are read. period is the place of the period in the arrays. Internal.';
REVOKE ALL ON FUNCTION agentctl.metric_pieces(timestamptz[], timestamptz[]) FROM PUBLIC;
