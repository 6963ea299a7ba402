-- after: conversations
-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.own_conversations WITH (security_barrier) AS
SELECT o.* FROM agentctl.conversations AS o
JOIN agentctl.conversation AS v ON v.id = o.conversation_id
WHERE v.created_by = (SELECT agentctl.account_name());
COMMENT ON VIEW agentctl.own_conversations IS 'The caller''s own conversations, as agentctl.conversations has them.';
