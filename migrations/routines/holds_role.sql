CREATE OR REPLACE FUNCTION agentctl.holds_role(who name, role text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN coalesce(pg_has_role(to_regrole(quote_ident(who)), to_regrole(quote_ident(role)), 'USAGE'), false);
END $$;
COMMENT ON FUNCTION agentctl.holds_role(name, text) IS
    'Whether a role has the rights of another without SET ROLE; false where one of them does not exist. Internal.';
REVOKE ALL ON FUNCTION agentctl.holds_role(name, text) FROM PUBLIC;
