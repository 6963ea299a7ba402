-- first: a generated column calls it
-- Without a language. Hashes only: the index holds no readable text.
CREATE OR REPLACE FUNCTION agentctl.memory_terms(content text) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    WITH word AS MATERIALIZED (
        SELECT w, w ~ E'[\\u0e00-\\u0eff\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u9fff]' AS is_dense
        FROM agentctl.memory_words(memory_terms.content) AS w
    )
    SELECT coalesce(array_agg(DISTINCT t.term), '{}') FROM (
        SELECT hashtext(CASE WHEN k.w ~ '[0-9]' THEN k.w ELSE left(k.w, 5) END) AS term FROM word AS k
        WHERE NOT k.is_dense
        UNION ALL
        SELECT hashtext(substr(k.w, i, 2)) FROM word AS k, generate_series(1, greatest(1, length(k.w) - 1)) AS i
        WHERE k.is_dense) AS t
$$;
COMMENT ON FUNCTION agentctl.memory_terms(text) IS
    'What a text is found by: hashes of the first five letters of its words, of whole words with digits, and of pairs '
    'of characters in scripts without spaces.';
REVOKE ALL ON FUNCTION agentctl.memory_terms(text) FROM PUBLIC;
