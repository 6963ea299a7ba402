CREATE OR REPLACE FUNCTION agentctl.has_service() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM worker AS w
        WHERE w.kind = 'service' AND w.state = 'active'
          AND w.heartbeat_at > clock_timestamp() - make_interval(secs => w.time_to_live));
END $$;
COMMENT ON FUNCTION agentctl.has_service() IS 'Whether a worker lives that processes what others submit.';
REVOKE ALL ON FUNCTION agentctl.has_service() FROM PUBLIC;
