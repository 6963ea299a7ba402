CREATE OR REPLACE FUNCTION agentctl.text_array(list jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT CASE jsonb_typeof(list) WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(list)) ELSE '{}' END
$$;
COMMENT ON FUNCTION agentctl.text_array(jsonb) IS 'The elements of a JSON array as texts; none of anything else.';
REVOKE ALL ON FUNCTION agentctl.text_array(jsonb) FROM PUBLIC;
