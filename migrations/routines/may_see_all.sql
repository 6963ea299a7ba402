CREATE OR REPLACE FUNCTION agentctl.may_see_all() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT pg_has_role(agentctl.caller(), n.nspowner, 'MEMBER')
        OR coalesce(pg_has_role(agentctl.caller(), to_regrole('agentctl_owner'), 'MEMBER'), false)
        OR coalesce(pg_has_role(agentctl.caller(), to_regrole('agentctl_worker'), 'MEMBER'), false)
    FROM pg_namespace AS n WHERE n.nspname = 'agentctl'
$$;
COMMENT ON FUNCTION agentctl.may_see_all() IS
    'Whether the role that acts may act on conversations that others started.';
REVOKE ALL ON FUNCTION agentctl.may_see_all() FROM PUBLIC;
