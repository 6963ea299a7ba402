CREATE OR REPLACE FUNCTION agentctl.shown_calls(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF jsonb_typeof(calls) IS DISTINCT FROM 'array' THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(c.value - '{origin,native}'::text[] ORDER BY c.i), '[]')
        FROM jsonb_array_elements(calls) WITH ORDINALITY AS c (value, i));
END $$;
COMMENT ON FUNCTION agentctl.shown_calls(jsonb) IS
    'The calls of a message as readers are shown them: without what only the model''s own server is sent back.';
REVOKE ALL ON FUNCTION agentctl.shown_calls(jsonb) FROM PUBLIC;
