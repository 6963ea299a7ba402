-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.conversation_grants WITH (security_barrier) AS
SELECT g.conversation_id, coalesce(r.rolname::text, g.role_name) AS role, r.oid IS NOT NULL AS is_in_force,
       g.granted_at, g.granted_by
FROM agentctl.conversation_grant AS g
JOIN agentctl.conversation AS v ON v.id = g.conversation_id
CROSS JOIN pg_control_system() AS c
LEFT JOIN pg_roles AS r ON r.oid = CASE WHEN g.cluster = c.system_identifier::text THEN g.role
    ELSE to_regrole(quote_ident(g.role_name))::oid END
WHERE (SELECT agentctl.may_read_all()) OR v.created_by = (SELECT agentctl.account_name())
   OR pg_has_role(r.oid, 'USAGE');
COMMENT ON VIEW agentctl.conversation_grants IS
    'Which roles may read which conversations, by grant_conversation(), beside who began them: for readers all, for '
    'others those of their own conversations, and what was granted to their roles.';
COMMENT ON COLUMN agentctl.conversation_grants.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversation_grants.role IS 'The role whose members may read it.';
COMMENT ON COLUMN agentctl.conversation_grants.is_in_force IS 'Whether there is that role.';
COMMENT ON COLUMN agentctl.conversation_grants.granted_at IS 'When it was granted.';
COMMENT ON COLUMN agentctl.conversation_grants.granted_by IS 'Account that granted it.';
