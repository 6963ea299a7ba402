-- A barrier: nothing that the caller writes is computed for what it may not see.
CREATE OR REPLACE VIEW agentctl.usable WITH (security_barrier) AS
SELECT d.kind, d.name, d.current_version AS version, v.document ->> 'description' AS description, d.access,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'capabilities')) AS capabilities,
       v.document -> 'input_schema' AS input_schema, v.document -> 'output_schema' AS output_schema
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind IN ('agent', 'chain', 'function') AND NOT (d.kind = 'chain' AND v.document ? 'from')
  AND (d.access = 'everyone' OR d.kind || ' ' || d.name = ANY ((SELECT agentctl.usable_names())::text[]));
COMMENT ON VIEW agentctl.usable IS
    'The agents, chains and functions in force that the caller may use; what they are made of is for readers.';
COMMENT ON COLUMN agentctl.usable.kind IS 'agent, chain or function.';
COMMENT ON COLUMN agentctl.usable.name IS 'Its name.';
COMMENT ON COLUMN agentctl.usable.version IS 'The version in force.';
COMMENT ON COLUMN agentctl.usable.description IS 'What it is for.';
COMMENT ON COLUMN agentctl.usable.access IS 'everyone, or granted: to a role whose rights the caller has.';
COMMENT ON COLUMN agentctl.usable.capabilities IS 'What it can be asked for.';
COMMENT ON COLUMN agentctl.usable.input_schema IS 'JSON Schema of its input; NULL for text.';
COMMENT ON COLUMN agentctl.usable.output_schema IS 'JSON Schema of its answer; NULL for text.';
