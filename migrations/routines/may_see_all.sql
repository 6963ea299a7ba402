CREATE OR REPLACE FUNCTION agentctl.may_see_all() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    caller name := agentctl.caller();
BEGIN
    RETURN pg_has_role(caller, (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'agentctl'), 'MEMBER')
        OR coalesce(pg_has_role(caller, to_regrole('agentctl_owner'), 'MEMBER'), false)
        OR coalesce(pg_has_role(caller, to_regrole('agentctl_worker'), 'MEMBER'), false);
END $$;
COMMENT ON FUNCTION agentctl.may_see_all() IS
    'Whether the role that acts may act on conversations that others started.';
REVOKE ALL ON FUNCTION agentctl.may_see_all() FROM PUBLIC;
