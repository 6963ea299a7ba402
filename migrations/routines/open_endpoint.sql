CREATE OR REPLACE FUNCTION agentctl.open_endpoint(endpoint text, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    waits record;
BEGIN
    SELECT b.wait AS first, b.longest INTO waits FROM agentctl.endpoint_breaker(open_endpoint.endpoint) AS b;
    UPDATE endpoint_state AS e
    SET opened_at = coalesce(e.opened_at, clock_timestamp()), reason = open_endpoint.reason,
        openings = least(e.openings, 1000) + 1, probe = NULL, probe_until = NULL, changed_at = clock_timestamp(),
        -- What is left to chance keeps the workers of several installations from asking together.
        probe_at = clock_timestamp() + (0.75 + random() / 4)
            * least(waits.longest, waits.first * 2 ^ least(e.openings, 30)) * interval '1 s'
    WHERE e.endpoint = open_endpoint.endpoint;
    PERFORM pg_notify('agentctl_endpoints', '');
END $$;
COMMENT ON FUNCTION agentctl.open_endpoint(text, text) IS
    'Has no worker ask an endpoint until a probe succeeds: the first after the wait of endpoint_breaker(), and after '
    'twice as long each time that one fails, up to its longest. Internal: report_endpoint() and end_probe() call it.';
REVOKE ALL ON FUNCTION agentctl.open_endpoint(text, text) FROM PUBLIC;
