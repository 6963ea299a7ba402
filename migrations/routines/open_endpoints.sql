CREATE OR REPLACE FUNCTION agentctl.open_endpoints() RETURNS TABLE (endpoint text, wait double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT e.endpoint, agentctl.endpoint_wait(e.endpoint) FROM agentctl.endpoint_state AS e
    WHERE e.opened_at IS NOT NULL
$$;
COMMENT ON FUNCTION agentctl.open_endpoints() IS
    'The endpoints that workers do not ask, and the seconds until it makes sense to ask for a probe of each.';
REVOKE ALL ON FUNCTION agentctl.open_endpoints() FROM PUBLIC;
