CREATE OR REPLACE FUNCTION agentctl.close_endpoint(endpoint text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE endpoint_state AS e
    SET opened_at = NULL, reason = NULL, openings = 0, probe_at = NULL, probe = NULL, probe_until = NULL, calls = 0,
        failures = 0, window_start = clock_timestamp(), changed_at = clock_timestamp()
    WHERE e.endpoint = close_endpoint.endpoint AND e.opened_at IS NOT NULL;
    IF NOT FOUND THEN
        IF NOT EXISTS (SELECT FROM endpoints AS e WHERE e.endpoint = close_endpoint.endpoint) THEN
            RAISE EXCEPTION 'there is no endpoint "%"', close_endpoint.endpoint USING ERRCODE = 'AC002',
                HINT = 'See: agentctl endpoints list';
        END IF;
        RETURN false;
    END IF;
    PERFORM pg_notify('agentctl_endpoints', '');
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.close_endpoint(text) IS
    'Has an open endpoint asked again by all workers. False: it is. Fails with AC002 when '
    'nothing is known of it.';
REVOKE ALL ON FUNCTION agentctl.close_endpoint(text) FROM PUBLIC;
