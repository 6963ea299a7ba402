-- The definitions in force with a typed column a field. INSERT and UPDATE register a new version.
CREATE OR REPLACE VIEW agentctl.models AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'provider' AS provider,
       v.document ->> 'base_url' AS base_url,
       v.document ->> 'model' AS model,
       v.document ->> 'api_key_env' AS api_key_env,
       (v.document ->> 'context_window')::integer AS context_window,
       v.document ->> 'max_tokens_field' AS max_tokens_field,
       v.document ->> 'structured_output' AS structured_output,
       v.document ->> 'tool_calling' AS tool_calling,
       v.document -> 'options' AS options,
       v.document -> 'omit' AS omit,
       (v.document ->> 'max_tool_calls')::integer AS max_tool_calls,
       (v.document ->> 'max_response_bytes')::integer AS max_response_bytes,
       (v.document ->> 'timeout')::double precision AS timeout,
       (v.document ->> 'idle_timeout')::double precision AS idle_timeout,
       v.document -> 'retry' AS retry,
       v.document -> 'fallback' AS fallback,
       v.document -> 'prices' AS prices,
       v.document -> 'rules' AS rules,
       v.version, v.id AS version_id, v.created_at, v.created_by,
       (v.document ->> 'first_token_timeout')::double precision AS first_token_timeout,
       v.document ->> 'endpoint' AS endpoint,
       v.document ->> 'purpose' AS purpose,
       (v.document ->> 'dimensions')::integer AS dimensions,
       (v.document ->> 'send_dimensions')::boolean AS send_dimensions,
       (v.document ->> 'batch')::integer AS batch,
       (v.document ->> 'max_input_bytes')::integer AS max_input_bytes,
       v.document ->> 'document_prefix' AS document_prefix,
       v.document ->> 'question_prefix' AS question_prefix,
       (v.document ->> 'question_timeout')::double precision AS question_timeout
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'model';
COMMENT ON VIEW agentctl.models IS 'The models in force. INSERT and UPDATE register a new version.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.models
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('model');
