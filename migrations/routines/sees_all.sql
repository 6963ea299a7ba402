CREATE OR REPLACE FUNCTION agentctl.sees_all(who name) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    role regrole := to_regrole(quote_ident(who));
BEGIN
    RETURN coalesce(
        pg_has_role(role, (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'agentctl'), 'MEMBER')
            OR coalesce(pg_has_role(role, to_regrole('agentctl_owner'), 'MEMBER'), false)
            OR coalesce(pg_has_role(role, to_regrole('agentctl_worker'), 'MEMBER'), false), false);
END $$;
COMMENT ON FUNCTION agentctl.sees_all(name) IS
    'Whether a role may act on conversations that others started; false for one that does not exist. Internal.';
REVOKE ALL ON FUNCTION agentctl.sees_all(name) FROM PUBLIC;
