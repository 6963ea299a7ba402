CREATE OR REPLACE FUNCTION agentctl.revoke_use(kind text, name text, role text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF revoke_use.kind = 'agent' THEN
        revoke_use.kind := coalesce(agentctl.responder_kind(revoke_use.name), revoke_use.kind);
    END IF;
    PERFORM agentctl.require_grantable(revoke_use.kind, revoke_use.name);
    -- By its name of today, or by that of a role that is no more.
    DELETE FROM use_grant AS g USING pg_control_system() AS c
    WHERE g.kind = revoke_use.kind AND g.name = revoke_use.name AND revoke_use.role = coalesce((
        SELECT r.rolname::text FROM pg_roles AS r
        WHERE r.oid = g.role AND g.cluster = c.system_identifier::text), g.role_name);
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.revoke_use(text, text, text) IS
    'Takes back what grant_use() has granted; false when there was no such grant. What is open to everyone stays so. '
    'What was submitted before is still processed. For owners.';
REVOKE ALL ON FUNCTION agentctl.revoke_use(text, text, text) FROM PUBLIC;
