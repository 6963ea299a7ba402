-- Stored, asked for and undone in one call: nobody sees any of it.
CREATE OR REPLACE FUNCTION agentctl.evaluate_memories(
    document jsonb, k integer DEFAULT 5, minimum_relevance double precision DEFAULT 0.15
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    scope integer;
    result jsonb;
BEGIN
    IF jsonb_typeof(document -> 'memories') IS DISTINCT FROM 'array'
        OR jsonb_typeof(document -> 'queries') IS DISTINCT FROM 'array'
        OR jsonb_array_length(document -> 'queries') = 0 THEN
        RAISE EXCEPTION 'a labelled set has memories and queries' USING ERRCODE = 'AC001',
            HINT = '{"memories": [{"id": "a", "text": "…"}], "queries": [{"text": "…", "answers": ["a"]}]}';
    END IF;
    IF k IS NULL OR k NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'recall returns 1 to 100 memories' USING ERRCODE = 'AC001';
    END IF;
    BEGIN
        scope := agentctl.keep_scope('default', 'evaluation-' || gen_random_uuid(), NULL, NULL, NULL, NULL);
        PERFORM agentctl.check_memory(m ->> 'text', '{}', coalesce(m ->> 'id', ''), 0.5)
        FROM jsonb_array_elements(document -> 'memories') AS m;
        PERFORM agentctl.write_memory(scope, m ->> 'text', 'owner', key => m ->> 'id')
        FROM jsonb_array_elements(document -> 'memories') AS m;
        WITH query AS MATERIALIZED (
            SELECT q.number, q.value ->> 'text' AS text, coalesce(q.value ->> 'category', '') AS category,
                   ARRAY(SELECT jsonb_array_elements_text(coalesce(q.value -> 'answers', '[]'))) AS answers
            FROM jsonb_array_elements(document -> 'queries') WITH ORDINALITY AS q (value, number)
        ), asked AS MATERIALIZED (
            SELECT q.*, q.answers <> '{}' AS has_answer,
                   ARRAY(SELECT m.key::text FROM agentctl.find_memories(q.text, ARRAY[scope],
                             evaluate_memories.k) AS f JOIN memory AS m ON m.id = f.memory_id) && q.answers AS is_hit,
                   EXISTS (SELECT FROM agentctl.find_memories(q.text, ARRAY[scope], 1,
                       minimum_relevance => evaluate_memories.minimum_relevance)) AS is_shown
            FROM query AS q
        )
        SELECT jsonb_build_object(
            'memories', jsonb_array_length(document -> 'memories'), 'k', k,
            'answerable', count(*) FILTER (WHERE has_answer), 'hits', count(*) FILTER (WHERE has_answer AND is_hit),
            'hit_rate', (count(*) FILTER (WHERE has_answer AND is_hit))::double precision
                / nullif(count(*) FILTER (WHERE has_answer), 0),
            'unanswerable', count(*) FILTER (WHERE NOT has_answer),
            'unanswerable_found', count(*) FILTER (WHERE NOT has_answer AND is_shown),
            'minimum_relevance', minimum_relevance, 'by', 'words',
            'categories', (SELECT jsonb_object_agg(c.category, c.counts) FROM (
                SELECT a.category, jsonb_build_object('queries', count(*), 'hits', count(*) FILTER (WHERE a.is_hit))
                    AS counts FROM asked AS a WHERE a.has_answer GROUP BY a.category) AS c),
            'missed', (SELECT coalesce(jsonb_agg(a.text ORDER BY a.number), '[]') FROM asked AS a
                       WHERE a.has_answer AND NOT a.is_hit))
        INTO result FROM asked;
        RAISE EXCEPTION USING ERRCODE = 'AC006', MESSAGE = result::text;
    EXCEPTION WHEN SQLSTATE 'AC006' THEN
        RETURN SQLERRM::jsonb;
    END;
END $$;
COMMENT ON FUNCTION agentctl.evaluate_memories(jsonb, integer, double precision) IS
    'How well a labelled set {memories: [{id, text}], queries: [{text, answers, category}]} is searched: {hit_rate: '
    'queries with an answer among the k best, unanswerable_found: queries without answers for which something of '
    'minimum_relevance is found, categories, missed, …}. Nothing of it is kept. For owners.';
REVOKE ALL ON FUNCTION agentctl.evaluate_memories(jsonb, integer, double precision) FROM PUBLIC;
