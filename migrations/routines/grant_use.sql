CREATE OR REPLACE FUNCTION agentctl.grant_use(kind text, name text, role text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    granted oid := to_regrole(quote_ident(grant_use.role));
    is_new boolean;
BEGIN
    -- Who may not see whether a name is an agent's or a chain's is told to ask for an agent.
    IF grant_use.kind = 'agent' THEN
        grant_use.kind := coalesce(agentctl.responder_kind(grant_use.name), grant_use.kind);
    END IF;
    PERFORM agentctl.require_grantable(grant_use.kind, grant_use.name);
    IF granted IS NULL THEN
        RAISE EXCEPTION 'there is no role "%"', coalesce(grant_use.role, 'null') USING ERRCODE = 'AC002',
            HINT = format('CREATE ROLE %I; for everybody, say access: everyone in the document.',
                coalesce(grant_use.role, 'name'));
    END IF;
    -- One that another role of this name had, or this role in a database that came from another cluster.
    DELETE FROM use_grant AS g USING pg_control_system() AS c
    WHERE g.kind = grant_use.kind AND g.name = grant_use.name AND g.cluster <> c.system_identifier::text
      AND g.role_name = grant_use.role;
    INSERT INTO use_grant AS g (kind, name, cluster, role, role_name)
    SELECT grant_use.kind, grant_use.name, c.system_identifier::text, granted, grant_use.role
    FROM pg_control_system() AS c
    ON CONFLICT (kind, name, cluster, role) DO NOTHING;
    is_new := FOUND;
    RETURN is_new;
END $$;
COMMENT ON FUNCTION agentctl.grant_use(text, text, text) IS
    'Lets the members of a role use an agent, a chain (with all agents inside it) or a function; false when they could '
    'already. Fails with AC002 for unknown names. For owners.';
REVOKE ALL ON FUNCTION agentctl.grant_use(text, text, text) FROM PUBLIC;
