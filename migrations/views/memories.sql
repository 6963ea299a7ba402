CREATE OR REPLACE VIEW agentctl.memories AS
SELECT m.id, s.collection, m.kind, m.content, m.key, m.metadata, m.importance::double precision AS importance,
       m.trust::text AS trust, s.account, s.agent, s.user_id, s.conversation_id, m.source_conversation, m.source_seq,
       m.source_call, m.written_by, m.version, m.times_stored, m.created_at, m.updated_at, m.expires_at
FROM agentctl.memory AS m
JOIN agentctl.memory_scope AS s ON s.id = m.scope_id
WHERE m.expires_at IS NULL OR m.expires_at > clock_timestamp();
COMMENT ON VIEW agentctl.memories IS 'What is remembered, and who sees it: what is NULL there stands for all.';
COMMENT ON COLUMN agentctl.memories.id IS 'Identifies the memory.';
COMMENT ON COLUMN agentctl.memories.collection IS 'The collection that it is in.';
COMMENT ON COLUMN agentctl.memories.kind IS 'fact, interaction, extracted or episode.';
COMMENT ON COLUMN agentctl.memories.content IS 'What is remembered.';
COMMENT ON COLUMN agentctl.memories.key IS 'The caller''s own id; NULL: known by its content.';
COMMENT ON COLUMN agentctl.memories.metadata IS 'What it can be filtered by.';
COMMENT ON COLUMN agentctl.memories.importance IS 'From 0 to 1.';
COMMENT ON COLUMN agentctl.memories.trust IS 'owner, user, agent or untrusted: where it comes from.';
COMMENT ON COLUMN agentctl.memories.account IS 'The database user whose conversations see it; NULL: those of all.';
COMMENT ON COLUMN agentctl.memories.agent IS 'The agent that sees it; NULL: all.';
COMMENT ON COLUMN agentctl.memories.user_id IS 'The end user for whom it is seen; NULL: for all.';
COMMENT ON COLUMN agentctl.memories.conversation_id IS 'The conversation in which it is seen; NULL: in all.';
COMMENT ON COLUMN agentctl.memories.source_conversation IS 'Where it was learned; NULL: in none.';
COMMENT ON COLUMN agentctl.memories.source_seq IS 'The turn in which it was learned.';
COMMENT ON COLUMN agentctl.memories.source_call IS 'The place of the tool call in that turn.';
COMMENT ON COLUMN agentctl.memories.written_by IS 'The database user, or the agent, that wrote it first.';
COMMENT ON COLUMN agentctl.memories.version IS 'How often it has changed, counted from 1.';
COMMENT ON COLUMN agentctl.memories.times_stored IS 'How often the same was stored.';
COMMENT ON COLUMN agentctl.memories.created_at IS 'When it was stored first.';
COMMENT ON COLUMN agentctl.memories.updated_at IS 'When it was stored or changed last.';
COMMENT ON COLUMN agentctl.memories.expires_at IS 'When it is no longer found; NULL: never.';
