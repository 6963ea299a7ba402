CREATE OR REPLACE VIEW agentctl.functions AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'language' AS language,
       v.document ->> 'source' AS source,
       v.document -> 'input_schema' AS input_schema,
       v.document -> 'output_schema' AS output_schema,
       (v.document ->> 'is_async')::boolean AS is_async,
       (v.document ->> 'requires_context')::boolean AS requires_context,
       (v.document ->> 'timeout')::double precision AS timeout,
       (v.document ->> 'memory_limit')::integer AS memory_limit,
       (v.document ->> 'safe_mode')::boolean AS safe_mode,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'allowed_imports')) AS allowed_imports,
       v.document ->> 'effect' AS effect,
       v.document ->> 'workspace' AS workspace,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'secrets')) AS secrets,
       (v.document ->> 'read_only')::boolean AS read_only,
       (v.document ->> 'output_limit')::integer AS output_limit,
       v.document -> 'examples' AS examples,
       v.version, v.id AS version_id, v.created_at, v.created_by,
       v.document ->> 'access' AS access,
       d.access AS open_to
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'function';
COMMENT ON VIEW agentctl.functions IS 'The stored functions in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.functions.open_to IS
    'Who may use it: everyone, or granted: the roles of agentctl.grants. Not a field: access is.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.functions
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('function', 'open_to');
