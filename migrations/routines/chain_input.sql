CREATE OR REPLACE FUNCTION agentctl.chain_input(node jsonb, input jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT CASE WHEN node ?| '{tool,function}' THEN '{"arguments": {}}' || node
        WHEN node ->> 'kind' IN ('agent', 'chain', 'map') THEN jsonb_build_object('input', input) || node
        ELSE node END
$$;
COMMENT ON FUNCTION agentctl.chain_input(jsonb, jsonb) IS
    'The node of a chain with what it is sent filled in where it does not say it. Internal: compile_chain() calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_input(jsonb, jsonb) FROM PUBLIC;
