CREATE OR REPLACE VIEW agentctl.grants AS
SELECT d.kind, d.name, d.access, coalesce(r.rolname::text, g.role_name) AS role,
       CASE WHEN g.role IS NOT NULL THEN r.oid IS NOT NULL END AS is_in_force, g.granted_at, g.granted_by
FROM agentctl.definition AS d
CROSS JOIN pg_control_system() AS c
LEFT JOIN agentctl.use_grant AS g ON g.kind = d.kind AND g.name = d.name
LEFT JOIN pg_roles AS r ON r.oid = CASE WHEN g.cluster = c.system_identifier::text THEN g.role
    ELSE to_regrole(quote_ident(g.role_name))::oid END
WHERE d.kind IN ('agent', 'chain', 'function') AND d.current_version IS NOT NULL;
COMMENT ON VIEW agentctl.grants IS
    'Who may use which agents, chains and functions: a row for each grant, and one for what is granted to nobody. '
    'Owners and workers may use all of them.';
COMMENT ON COLUMN agentctl.grants.kind IS 'agent, chain or function.';
COMMENT ON COLUMN agentctl.grants.name IS 'Its name.';
COMMENT ON COLUMN agentctl.grants.access IS 'everyone, or granted: only the roles that it is granted to.';
COMMENT ON COLUMN agentctl.grants.role IS 'The role whose members may use it; NULL when it is granted to none.';
COMMENT ON COLUMN agentctl.grants.is_in_force IS 'Whether there is that role; NULL without one.';
COMMENT ON COLUMN agentctl.grants.granted_at IS 'When it was granted.';
COMMENT ON COLUMN agentctl.grants.granted_by IS 'Account that granted it.';
