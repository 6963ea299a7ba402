CREATE OR REPLACE VIEW agentctl.agents AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'system_prompt' AS system_prompt,
       v.document ->> 'model' AS model,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'tools')) AS tools,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'capabilities')) AS capabilities,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'examples')) AS examples,
       v.document -> 'input_schema' AS input_schema,
       v.document -> 'output_schema' AS output_schema,
       (v.document ->> 'output_retries')::integer AS output_retries,
       (v.document ->> 'max_chain_depth')::integer AS max_chain_depth,
       v.document ->> 'chain_strategy' AS chain_strategy,
       v.document ->> 'strategy' AS strategy,
       (v.document ->> 'temperature')::double precision AS temperature,
       (v.document ->> 'top_p')::double precision AS top_p,
       (v.document ->> 'presence_penalty')::double precision AS presence_penalty,
       (v.document ->> 'frequency_penalty')::double precision AS frequency_penalty,
       (v.document ->> 'max_output_tokens')::integer AS max_output_tokens,
       (v.document ->> 'max_iterations')::integer AS max_iterations,
       (v.document ->> 'max_turn_tokens')::integer AS max_turn_tokens,
       (v.document ->> 'history_limit')::integer AS history_limit,
       (v.document ->> 'timeout')::double precision AS timeout,
       v.version, v.id AS version_id, v.created_at, v.created_by,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'functions')) AS functions,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'policies')) AS policies,
       (v.document ->> 'compact_at')::double precision AS compact_at,
       v.document ->> 'when_busy' AS when_busy,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'guardrails')) AS guardrails,
       (v.document ->> 'routable')::boolean AS routable,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'delegates')) AS delegates,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'delegate_capabilities')) AS delegate_capabilities,
       v.document ->> 'access' AS access,
       d.access AS open_to,
       coalesce(v.document ->> 'queue', 'default') AS queue,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'needs')) AS needs,
       v.document -> 'memory' AS memory
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'agent';
COMMENT ON VIEW agentctl.agents IS 'The agents in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.agents.open_to IS
    'Who may use it: everyone, or granted: the roles of agentctl.grants. Not a field: access is.';
COMMENT ON COLUMN agentctl.agents.when_busy IS
    'What becomes of a message that arrives while a turn is in progress: it waits (queue), the turn takes it up '
    '(steer), it is refused (reject), or the turn is stopped for it (interrupt).';
COMMENT ON COLUMN agentctl.agents.compact_at IS
    'Share of the model''s context window from which on a turn begins with a summary of the oldest messages.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.agents
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('agent', 'open_to');
