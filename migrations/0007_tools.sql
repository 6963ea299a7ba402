-- Tools that write files, speak HTTP, run code and statements, or run other tools one after the other.

UPDATE agentctl.document_field SET allowed =
    '{calculator,current_time,file_edit,file_read,file_write,http_api,http_request,list_directory,pipeline,run_python,run_tests,search,shell,sql_query}'
WHERE kind = 'tool' AND path = 'implementation';

-- What running a tool twice would do depends on what it is: without a word in the row, the implementation's own counts.
UPDATE agentctl.document_field
SET default_value = NULL, description = 'What running it twice would do; without it, what the implementation says of itself.'
WHERE kind = 'tool' AND path = 'effect';

-- The steps of a pipeline stand at the top of the document and not in its configuration, so that the tools they name
-- are references: they have to exist, cannot be removed, and travel with the agent.
INSERT INTO agentctl.document_field
    (kind, path, type, required, default_value, allowed, pattern, minimum, maximum, reference_kind, description) VALUES
    ('tool', 'steps', 'array', false, NULL, NULL, NULL, 1, 32, NULL, 'Steps of a pipeline, run in order until one fails.'),
    ('tool', 'steps[]', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'One step.'),
    ('tool', 'steps[].tool', 'string', false, NULL, NULL, NULL, 1, 64, 'tool', 'Name of the tool that the step calls.'),
    ('tool', 'steps[].function', 'string', false, NULL, NULL, NULL, 1, 64, 'function', 'Name of the function that the step calls, instead of a tool.'),
    ('tool', 'steps[].name', 'string', false, NULL, NULL, '^[A-Za-z_][A-Za-z0-9_]{0,63}$', NULL, NULL, NULL, 'Name by which later steps refer to the result.'),
    ('tool', 'steps[].arguments', 'map', false, NULL, NULL, NULL, NULL, 65536, NULL, 'Its arguments; {{input.x}}, {{steps.name.y}} and {{previous}} stand for values.'),
    ('tool', 'steps[].when', 'string', false, NULL, NULL, NULL, 1, 1024, NULL, 'The step is left out unless this is true: {{steps.name.found}}, or not {{input.x}}.'),
    ('tool', 'steps[].select', 'string', false, NULL, NULL, '^(/.*)?$', NULL, 1024, NULL, 'JSON Pointer to the part of the result that later steps see.');

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
       v.document -> 'steps' AS steps
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'tool';
COMMENT ON COLUMN agentctl.tools.effect IS 'What running it twice would do; without it, what the implementation says of itself.';
COMMENT ON COLUMN agentctl.tools.steps IS 'Steps of a pipeline, run in order until one fails.';

CREATE FUNCTION agentctl.tool_rules(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT 'steps', 'is missing', 'needed by implementation pipeline'
    WHERE document ->> 'implementation' = 'pipeline' AND NOT document ? 'steps'
    UNION ALL
    SELECT 'steps', 'is for pipelines only', 'implementation: pipeline, or no steps'
    WHERE document ->> 'implementation' <> 'pipeline' AND document ? 'steps'
    UNION ALL
    SELECT format('steps[%s].tool', step.ordinality - 1), 'is the pipeline itself', 'another tool'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'steps') WHEN 'array' THEN document -> 'steps' ELSE '[]' END)
        WITH ORDINALITY AS step
    WHERE jsonb_typeof(step.value) = 'object' AND step.value -> 'tool' = document -> 'name'
    UNION ALL
    SELECT format('steps[%s]', step.ordinality - 1),
           CASE WHEN step.value ? 'tool' THEN 'has both tool and function' ELSE 'has neither tool nor function' END, 'one of them'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'steps') WHEN 'array' THEN document -> 'steps' ELSE '[]' END)
        WITH ORDINALITY AS step
    WHERE jsonb_typeof(step.value) = 'object' AND step.value ? 'tool' = (step.value ? 'function')
$$;
COMMENT ON FUNCTION agentctl.tool_rules(jsonb) IS 'What one field of a document of kind tool asks of another.';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA agentctl FROM PUBLIC;
SELECT agentctl.grant_roles();
