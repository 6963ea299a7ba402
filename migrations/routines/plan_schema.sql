CREATE OR REPLACE FUNCTION agentctl.plan_schema(specialists jsonb, maximum jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT jsonb_build_object('type', 'object', 'required', '["subtasks"]'::jsonb, 'additionalProperties', false,
        'properties', jsonb_build_object('subtasks', jsonb_build_object('type', 'array', 'minItems', 1,
            'maxItems', maximum, 'items', jsonb_build_object('type', 'object',
                'required', '["name", "agent", "description"]'::jsonb, 'additionalProperties', false,
                'properties', jsonb_build_object('name',
                    '{"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"}'::jsonb,
                    'agent', jsonb_build_object('enum', specialists), 'description',
                        '{"type": "string", "minLength": 1}'::jsonb,
                    'after', '{"type": "array", "items": {"type": "string"}}'::jsonb)))))
$$;
COMMENT ON FUNCTION agentctl.plan_schema(jsonb, jsonb) IS
    'JSON Schema of the plan that the manager of a hierarchical chain makes for these specialists.';
REVOKE ALL ON FUNCTION agentctl.plan_schema(jsonb, jsonb) FROM PUBLIC;
