CREATE OR REPLACE VIEW agentctl.memory_blocks AS
SELECT coalesce(b.label, d.name) AS label,
       v.document ->> 'per' AS per,
       b.account, b.user_id, b.conversation_id,
       coalesce(b.version, 1) AS version,
       length(coalesce(b.value, v.document ->> 'value')) AS characters,
       (v.document ->> 'limit')::integer AS character_limit,
       (v.document ->> 'read_only')::boolean AS read_only,
       coalesce(b.value, v.document ->> 'value') AS value,
       v.document ->> 'description' AS description,
       h.created_at AS changed_at,
       coalesce(h.agent, h.created_by) AS changed_by,
       b.id
FROM (
    SELECT d.name, d.current_version FROM agentctl.definition AS d WHERE d.kind = 'block' AND d.current_version IS NOT NULL
) AS d
JOIN agentctl.definition_version AS v ON v.kind = 'block' AND v.name = d.name AND v.version = d.current_version
FULL JOIN agentctl.memory_block AS b ON b.label = d.name
LEFT JOIN agentctl.memory_block_version AS h ON h.block_id = b.id AND h.version = b.version AND h.edit <> 'start'
WHERE b.id IS NOT NULL OR v.document ->> 'per' = 'shared';
COMMENT ON VIEW agentctl.memory_blocks IS
    'What stands in blocks: those that are shared, and of the others each that was shown or edited.';
COMMENT ON COLUMN agentctl.memory_blocks.label IS 'Name of the definition, by which agents name the block.';
COMMENT ON COLUMN agentctl.memory_blocks.per IS
    'shared, user or conversation: for whom there is one of its own; NULL when the definition is not in force.';
COMMENT ON COLUMN agentctl.memory_blocks.account IS
    'The database user whose end user''s block it is; NULL of every other.';
COMMENT ON COLUMN agentctl.memory_blocks.user_id IS 'The end user whose block it is; NULL of every other.';
COMMENT ON COLUMN agentctl.memory_blocks.conversation_id IS 'The conversation whose block it is; NULL of every other.';
COMMENT ON COLUMN agentctl.memory_blocks.version IS 'Counts from 1; each edit is one more.';
COMMENT ON COLUMN agentctl.memory_blocks.characters IS 'Characters that stand in it.';
COMMENT ON COLUMN agentctl.memory_blocks.character_limit IS 'Most characters.';
COMMENT ON COLUMN agentctl.memory_blocks.read_only IS 'Whether only people may edit it.';
COMMENT ON COLUMN agentctl.memory_blocks.value IS 'What stands in it.';
COMMENT ON COLUMN agentctl.memory_blocks.description IS 'What it is for.';
COMMENT ON COLUMN agentctl.memory_blocks.changed_at IS 'When it was edited last; NULL for never.';
COMMENT ON COLUMN agentctl.memory_blocks.changed_by IS 'The agent or database user who edited it last.';
COMMENT ON COLUMN agentctl.memory_blocks.id IS 'Identifies it; NULL of one that was neither shown nor edited.';
