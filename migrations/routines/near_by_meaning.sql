CREATE OR REPLACE FUNCTION agentctl.near_by_meaning(
    question agentctl.vector_query, scopes integer[], visible bigint, filter jsonb
) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF (question).signs IS NULL THEN
        RETURN '{}';
    END IF;
    IF filter IS NOT NULL THEN
        RETURN ARRAY(
            SELECT g.memory_id FROM memory AS m
            JOIN memory_signature AS g ON g.space_id = (question).space_id AND g.scope_id = m.scope_id
             AND g.memory_id = m.id
            WHERE m.scope_id = ANY (scopes) AND m.metadata @> near_by_meaning.filter
            ORDER BY bit_count(g.signs # (question).signs) LIMIT 200);
    END IF;
    RETURN ARRAY(
        SELECT g.memory_id FROM memory_signature AS g
        WHERE g.space_id = (question).space_id AND g.scope_id = ANY (scopes)
        ORDER BY bit_count(g.signs # (question).signs)
        LIMIT CASE WHEN visible <= 10000 OR length((question).signs) >= 768 THEN 100 ELSE 200 END);
END $$;
COMMENT ON FUNCTION agentctl.near_by_meaning(agentctl.vector_query, integer[], bigint, jsonb) IS
    'The memories of the scopes whose signs differ least from the question''s: candidates of find_memories(). Without '
    'a vector none. Internal.';
REVOKE ALL ON FUNCTION agentctl.near_by_meaning(agentctl.vector_query, integer[], bigint, jsonb) FROM PUBLIC;
