CREATE OR REPLACE FUNCTION agentctl.conversation_document_problems(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM agentctl.exchange_shape_problems(document) AS f LIMIT 100;
    IF NOT FOUND THEN
        RETURN QUERY
        SELECT s.* FROM agentctl.exchange_consistency_problems(document) AS s
        UNION ALL SELECT r.* FROM agentctl.exchange_run_problems(document) AS r
        LIMIT 100;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.conversation_document_problems(jsonb) IS
    'What is wrong with a conversation''s document, at most 100 problems: first of its form, then, if that is right, '
    'of what its parts say of each other.';
REVOKE ALL ON FUNCTION agentctl.conversation_document_problems(jsonb) FROM PUBLIC;
