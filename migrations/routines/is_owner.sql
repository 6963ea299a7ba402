CREATE OR REPLACE FUNCTION agentctl.is_owner(who name DEFAULT agentctl.caller()) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN agentctl.holds_role(is_owner.who, 'agentctl_owner') OR coalesce(pg_has_role(
        to_regrole(quote_ident(is_owner.who)),
        (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'agentctl'), 'USAGE'), false);
END $$;
COMMENT ON FUNCTION agentctl.is_owner(name) IS
    'Whether a role has the rights of agentctl_owner or of the schema''s owner. Internal.';
REVOKE ALL ON FUNCTION agentctl.is_owner(name) FROM PUBLIC;
