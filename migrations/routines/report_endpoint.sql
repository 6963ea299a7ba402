-- replaces: report_endpoint(text, integer, double precision, text, text, boolean)
-- What is known of an endpoint need not survive a crash of the database: it costs no flush, as heartbeats do not.
CREATE OR REPLACE FUNCTION agentctl.report_endpoint(
    endpoint text, calls integer, seconds double precision, error_code text, error_message text,
    exhausted boolean DEFAULT false, took double precision DEFAULT 0
) RETURNS double precision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    limits record;
    state endpoint_state;
    span double precision;
    recent integer;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT b.* INTO limits FROM agentctl.endpoint_breaker(report_endpoint.endpoint) AS b;
    -- A server that hangs is asked by one call after the other, each of which takes so long: also these are counted
    -- together.
    span := limits.counted + limits.failures * least(greatest(report_endpoint.took, 0), 86400);
    -- Of calls that were counted for longer than that, their share.
    recent := greatest(1, ceil(report_endpoint.calls
        * least(1, span / nullif(greatest(report_endpoint.seconds, 0), 0))));
    INSERT INTO endpoint_state AS e (endpoint, calls, failures, counted_for, error_code, error_message)
    VALUES (report_endpoint.endpoint, recent, 1, span, report_endpoint.error_code,
        left(report_endpoint.error_message, 500))
    ON CONFLICT (endpoint) DO UPDATE
    SET (calls, failures, window_start, counted_for) = (
            SELECT recent + CASE WHEN w.lasts THEN e.calls ELSE 0 END,
                   1 + CASE WHEN w.lasts THEN e.failures ELSE 0 END,
                   CASE WHEN w.lasts THEN e.window_start ELSE clock_timestamp() END,
                   CASE WHEN w.lasts THEN greatest(e.counted_for, span) ELSE span END
            FROM (SELECT e.window_start BETWEEN
                clock_timestamp() - greatest(e.counted_for, span) * interval '1 s' AND clock_timestamp()) AS w (lasts)),
        error_code = excluded.error_code, error_message = excluded.error_message, changed_at = clock_timestamp()
    RETURNING e.* INTO state;
    IF state.opened_at IS NULL AND limits.failures > 0 AND (report_endpoint.exhausted
        OR state.failures >= limits.failures AND state.failures >= limits.share * state.calls) THEN
        PERFORM agentctl.open_endpoint(report_endpoint.endpoint,
            CASE WHEN report_endpoint.exhausted THEN 'exhausted' ELSE 'failures' END);
    END IF;
    RETURN agentctl.endpoint_wait(report_endpoint.endpoint);
END $$;
COMMENT ON FUNCTION agentctl.report_endpoint(text, integer, double precision, text, text, boolean, double precision) IS
    'Counts a call that failed at an endpoint after it took so many seconds, and the calls of the same worker since it '
    'reported last, seconds ago. After as many failures as endpoint_breaker() says, within its window and the time that '
    'as many such calls take one after the other, when they are such a share of the calls, or when the money is exhausted, the '
    'endpoint is open: no worker asks it. Returns the seconds until one call may probe it; NULL '
    'while it is asked.';
REVOKE ALL ON FUNCTION agentctl.report_endpoint(text, integer, double precision, text, text, boolean, double precision)
    FROM PUBLIC;
