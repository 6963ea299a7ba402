-- Words by rarity, meaning by bits, and one relevance of both.
CREATE OR REPLACE FUNCTION agentctl.find_memories(
    question text, scopes integer[], k integer DEFAULT 5, filter jsonb DEFAULT NULL,
    vector agentctl.vector_query DEFAULT NULL, minimum_relevance double precision DEFAULT 0,
    minimum_trust agentctl.memory_trust DEFAULT 'untrusted', half_life interval DEFAULT '30 days'
) RETURNS TABLE (memory_id bigint, relevance double precision, score double precision)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    visible bigint := agentctl.visible_memories(scopes);
    has_vector boolean := (vector).levels IS NOT NULL;
    near bigint[] := agentctl.near_by_meaning(vector, scopes, visible, find_memories.filter);
    asked integer[] := agentctl.question_terms(question);
    rare integer[];
    -- Levels that differ between vectors that have nothing in common: the unit of their distance.
    span double precision := 4.05554 / 15 * length((vector).levels);
    candidate record;
    taken integer := 0;
    taken_levels bit varying[] := '{}';
    taken_hashes bytea[] := '{}';
BEGIN
    -- What very many have weighs, and finds nothing, unless there is nothing else.
    rare := ARRAY(SELECT t FROM unnest(asked) AS t
        WHERE visible <= 2000 OR NOT EXISTS (SELECT FROM common_term AS o WHERE o.term = t));
    IF rare = '{}' THEN
        rare := ARRAY(SELECT o.term FROM common_term AS o WHERE o.term = ANY (asked) ORDER BY o.memories LIMIT 2);
    END IF;
    FOR candidate IN
        WITH hit AS MATERIALIZED (
            SELECT h.memory_id, h.term FROM agentctl.near_by_words(rare, scopes, visible, find_memories.filter, 501) AS h
        ), weight AS MATERIALIZED (
            SELECT t.term, ln(1 + (greatest(visible, t.memories, 1) - t.memories + 0.5) / (t.memories + 0.5)) AS weight
            FROM (
                SELECT a.term, CASE WHEN a.term = ANY (rare) THEN coalesce(h.memories, 0)
                    ELSE least(visible, o.memories) END AS memories
                FROM unnest(asked) AS a (term)
                LEFT JOIN (SELECT h.term, count(*) AS memories FROM hit AS h GROUP BY h.term) AS h ON h.term = a.term
                LEFT JOIN common_term AS o ON o.term = a.term) AS t
        ), candidate AS (
            (SELECT h.memory_id AS id FROM hit AS h JOIN weight AS w ON w.term = h.term
             GROUP BY h.memory_id ORDER BY sum(w.weight) DESC, h.memory_id DESC LIMIT 100)
            UNION SELECT unnest(near)
        ), scored AS (
            SELECT m.id, m.content_hash, m.trust, m.created_at, m.importance, m.expires_at, x.levels, p.coverage,
                   -- The cosine of normally distributed coordinates, which centered ones about are, from the levels
                   -- by which they differ.
                   d.x * (1.9533 + d.x * (-0.9259 + d.x * (0.0055 - 0.033 * d.x))) AS similarity
            FROM candidate AS c
            JOIN memory AS m ON m.id = c.id
            LEFT JOIN memory_vector AS x ON has_vector AND x.memory_id = c.id AND x.space_id = (vector).space_id
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(w.weight) FILTER (WHERE w.term = ANY (m.terms)) / nullif(sum(w.weight), 0), 0)
                    AS coverage FROM weight AS w) AS p
            CROSS JOIN LATERAL (
                SELECT 1 - bit_count(x.levels # (vector).levels) / span AS x OFFSET 0) AS d
        ), ranked AS (
            SELECT s.*, CASE WHEN has_vector THEN 0.4 * s.coverage + 0.6 * greatest(coalesce(s.similarity, 0), 0)
                ELSE s.coverage END AS relevance
            FROM scored AS s
        )
        SELECT r.id, r.content_hash, r.levels, least(r.relevance, 1) AS relevance,
               -- Between what is about equally relevant, importance and age decide; they bury nothing.
               r.relevance * (0.85 + 0.3 * r.importance) * (0.9 + 0.1 * power(0.5::double precision, (
                   extract(epoch FROM clock_timestamp() - r.created_at) / extract(epoch FROM half_life)
                   )::double precision)) AS score
        FROM ranked AS r
        WHERE r.relevance > 0 AND r.relevance >= find_memories.minimum_relevance
          AND r.trust >= find_memories.minimum_trust AND (r.expires_at IS NULL OR r.expires_at > clock_timestamp())
        ORDER BY score DESC, r.id DESC LIMIT 8 * find_memories.k
    LOOP
        -- What says almost the same as one that is returned is left out: a similarity above 0.9.
        CONTINUE WHEN candidate.content_hash = ANY (taken_hashes)
            OR EXISTS (SELECT FROM unnest(taken_levels) AS o WHERE bit_count(o # candidate.levels) < 0.316 * span);
        taken_levels := taken_levels || candidate.levels;
        taken_hashes := taken_hashes || candidate.content_hash;
        taken := taken + 1;
        memory_id := candidate.id;
        relevance := candidate.relevance;
        score := candidate.score;
        RETURN NEXT;
        EXIT WHEN taken = find_memories.k;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.find_memories(text, integer[], integer, jsonb, agentctl.vector_query, double precision,
    agentctl.memory_trust, interval) IS
    'The memories of the scopes that answer a question best, k at most. Relevance is from 0 to 1: the share of the '
    'question''s words that a memory has, weighted by rarity, and with a vector 0.4 of that and 0.6 of the similarity. '
    'The order also regards importance and age. Internal: who may see the scopes is decided before.';
REVOKE ALL ON FUNCTION agentctl.find_memories(text, integer[], integer, jsonb, agentctl.vector_query, double precision,
    agentctl.memory_trust, interval) FROM PUBLIC;
