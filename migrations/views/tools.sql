-- A view's columns are what its rows are registered from, so a new field has a column.
CREATE OR REPLACE VIEW agentctl.tools AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'implementation' AS implementation,
       v.document -> 'input_schema' AS input_schema,
       v.document -> 'configuration' AS configuration,
       v.document ->> 'effect' AS effect,
       (v.document ->> 'timeout')::double precision AS timeout,
       (v.document ->> 'output_limit')::integer AS output_limit,
       v.version, v.id AS version_id, v.created_at, v.created_by,
       v.document -> 'steps' AS steps,
       v.document ->> 'output_trust' AS output_trust
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'tool';
COMMENT ON VIEW agentctl.tools IS 'The tools in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.tools.effect IS
    'What running it twice would do; without it, what the implementation says of itself.';
COMMENT ON COLUMN agentctl.tools.output_trust IS
    'external: what it returns comes from outside, and what an agent writes after it is not trusted.';
COMMENT ON COLUMN agentctl.tools.steps IS 'Steps of a pipeline, run in order until one fails.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.tools
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('tool');
