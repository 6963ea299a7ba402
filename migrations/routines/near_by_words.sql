CREATE OR REPLACE FUNCTION agentctl.near_by_words(
    terms integer[], scopes integer[], visible bigint, filter jsonb, maximum integer
) RETURNS TABLE (memory_id bigint, term integer)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    few bigint[];
BEGIN
    IF filter IS NOT NULL THEN
        few := ARRAY(SELECT m.id FROM memory AS m
            WHERE m.scope_id = ANY (scopes) AND m.metadata @> near_by_words.filter LIMIT 20000);
        RETURN QUERY SELECT m.id, t.term FROM memory AS m, unnest(near_by_words.terms) AS t (term)
            WHERE m.id = ANY (few) AND t.term = ANY (m.terms);
    ELSIF visible > 2000
        AND visible > 0.25 * (SELECT c.reltuples FROM pg_class AS c WHERE c.oid = 'agentctl.memory'::regclass) THEN
        -- Most of all is visible: the scope's term would only be more to read.
        RETURN QUERY SELECT h.id, t.term FROM unnest(near_by_words.terms) AS t (term)
            CROSS JOIN LATERAL (SELECT m.id FROM memory AS m
                WHERE m.terms @> ARRAY[t.term] AND m.scope_id = ANY (scopes) LIMIT near_by_words.maximum) AS h;
    ELSE
        RETURN QUERY SELECT h.id, t.term FROM unnest(near_by_words.terms) AS t (term), unnest(scopes) AS s (id)
            CROSS JOIN LATERAL (SELECT m.id FROM memory AS m
                WHERE m.terms @> ARRAY[t.term, agentctl.scope_term(s.id)] LIMIT near_by_words.maximum) AS h;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.near_by_words(integer[], integer[], bigint, jsonb, integer) IS
    'The memories of the scopes that have a term, at most maximum of a term. Internal: find_memories() calls it.';
REVOKE ALL ON FUNCTION agentctl.near_by_words(integer[], integer[], bigint, jsonb, integer) FROM PUBLIC;
