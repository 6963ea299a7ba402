-- While a probe is on its way nobody else asks: it may end at any moment.
CREATE OR REPLACE FUNCTION agentctl.endpoint_wait(endpoint text) RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT greatest(0, extract(epoch FROM e.probe_at - clock_timestamp()),
        CASE WHEN e.probe_until > clock_timestamp() THEN 1 END)::double precision
    FROM agentctl.endpoint_state AS e WHERE e.endpoint = endpoint_wait.endpoint AND e.opened_at IS NOT NULL
$$;
COMMENT ON FUNCTION agentctl.endpoint_wait(text) IS
    'Seconds until it makes sense to ask for a probe of an endpoint; NULL while it is asked. Internal.';
REVOKE ALL ON FUNCTION agentctl.endpoint_wait(text) FROM PUBLIC;
