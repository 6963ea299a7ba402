CREATE OR REPLACE FUNCTION agentctl.sees_all(who name) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN agentctl.holds_role(sees_all.who, 'agentctl_worker') OR agentctl.is_owner(sees_all.who);
END $$;
COMMENT ON FUNCTION agentctl.sees_all(name) IS
    'Whether a role may act on conversations that others started; false for one that does not exist. What it would '
    'have only after SET ROLE does not count. Internal.';
REVOKE ALL ON FUNCTION agentctl.sees_all(name) FROM PUBLIC;
