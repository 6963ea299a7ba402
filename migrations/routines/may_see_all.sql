CREATE OR REPLACE FUNCTION agentctl.may_see_all() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN agentctl.sees_all(agentctl.caller());
END $$;
COMMENT ON FUNCTION agentctl.may_see_all() IS
    'Whether the role that acts may act on conversations that others started.';
REVOKE ALL ON FUNCTION agentctl.may_see_all() FROM PUBLIC;
