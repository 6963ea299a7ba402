CREATE OR REPLACE FUNCTION agentctl.end_probe(endpoint text, probe uuid, succeeded boolean) RETURNS double precision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    held endpoint_state;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    -- Where it took too long another one may have begun: then that one says how the endpoint is now.
    SELECT e.* INTO held FROM endpoint_state AS e
    WHERE e.endpoint = end_probe.endpoint AND e.probe = end_probe.probe FOR NO KEY UPDATE;
    IF FOUND AND end_probe.succeeded THEN
        PERFORM agentctl.close_endpoint(end_probe.endpoint);
    ELSIF FOUND AND end_probe.succeeded IS NOT NULL THEN
        PERFORM agentctl.open_endpoint(end_probe.endpoint, held.reason);
    ELSIF FOUND THEN
        UPDATE endpoint_state AS e SET probe = NULL, probe_until = NULL, changed_at = clock_timestamp()
        WHERE e.endpoint = end_probe.endpoint;
    END IF;
    RETURN agentctl.endpoint_wait(end_probe.endpoint);
END $$;
COMMENT ON FUNCTION agentctl.end_probe(text, uuid, boolean) IS
    'Says how a probe ended; NULL: it was stopped before that. Returns the seconds until it makes sense to ask for '
    'another one; NULL while the endpoint is asked.';
REVOKE ALL ON FUNCTION agentctl.end_probe(text, uuid, boolean) FROM PUBLIC;
