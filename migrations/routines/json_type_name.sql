CREATE OR REPLACE FUNCTION agentctl.json_type_name(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT CASE jsonb_typeof(value)
        WHEN 'object' THEN 'an object' WHEN 'array' THEN 'a list' WHEN 'string' THEN 'a string'
        WHEN 'number' THEN 'the number ' || left(value::text, 40) WHEN 'boolean' THEN 'the boolean ' || value::text
        ELSE 'null' END
$$;
COMMENT ON FUNCTION agentctl.json_type_name(jsonb) IS 'The type of a JSON value, as a message says it.';
REVOKE ALL ON FUNCTION agentctl.json_type_name(jsonb) FROM PUBLIC;
