CREATE OR REPLACE FUNCTION agentctl.granted_names(kinds text[], who name) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    acting oid := to_regrole(quote_ident(granted_names.who));
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT g.name
        FROM use_grant AS g CROSS JOIN pg_control_system() AS c
        WHERE g.kind = ANY (granted_names.kinds)
          AND pg_has_role(acting, CASE WHEN g.cluster = c.system_identifier::text THEN g.role
              ELSE to_regrole(quote_ident(g.role_name))::oid END, 'USAGE'));
END $$;
COMMENT ON FUNCTION agentctl.granted_names(text[], name) IS
    'What of these kinds was granted to a role or to one whose rights it has. Internal.';
REVOKE ALL ON FUNCTION agentctl.granted_names(text[], name) FROM PUBLIC;
