CREATE OR REPLACE VIEW agentctl.memory_block_versions AS
SELECT b.label, b.account, b.user_id, b.conversation_id, h.version, h.edit, length(h.value) AS characters, h.value, h.agent,
       h.conversation_id || '/' || h.seq AS turn, h.created_by, h.created_at
FROM agentctl.memory_block_version AS h
JOIN agentctl.memory_block AS b ON b.id = h.block_id;
COMMENT ON VIEW agentctl.memory_block_versions IS 'What stood in blocks, the last 1,000 versions of each.';
COMMENT ON COLUMN agentctl.memory_block_versions.label IS 'Name of the block.';
COMMENT ON COLUMN agentctl.memory_block_versions.account IS
    'The database user whose end user''s block it is; NULL of every other.';
COMMENT ON COLUMN agentctl.memory_block_versions.user_id IS 'The end user whose block it is; NULL of every other.';
COMMENT ON COLUMN agentctl.memory_block_versions.conversation_id IS
    'The conversation whose block it is; NULL of every other.';
COMMENT ON COLUMN agentctl.memory_block_versions.version IS 'Counts from 1 within the block.';
COMMENT ON COLUMN agentctl.memory_block_versions.edit IS
    'What made it: start (the definition''s value), insert, replace, rethink or undo.';
COMMENT ON COLUMN agentctl.memory_block_versions.characters IS 'Characters that stood in it.';
COMMENT ON COLUMN agentctl.memory_block_versions.value IS 'What stood in it.';
COMMENT ON COLUMN agentctl.memory_block_versions.agent IS 'The agent that made it; NULL for a database user.';
COMMENT ON COLUMN agentctl.memory_block_versions.turn IS
    'The turn that made it, as CONVERSATION/SEQ; NULL for a database user.';
COMMENT ON COLUMN agentctl.memory_block_versions.created_by IS
    'Database user who made it; of an agent, who began the conversation.';
COMMENT ON COLUMN agentctl.memory_block_versions.created_at IS 'When it was made.';
