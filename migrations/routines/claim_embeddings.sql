-- A claim holds a job by its time: nobody else takes it before that, and a worker that is lost lets it go by itself.
-- What is most important, and newest, comes first.
CREATE OR REPLACE FUNCTION agentctl.claim_embeddings(space integer, maximum integer)
RETURNS TABLE (memory_id bigint, content text, content_hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    most_attempts CONSTANT integer := 8;
BEGIN
    RETURN QUERY
    WITH taken AS MATERIALIZED (
        SELECT j.memory_id FROM embedding_job AS j
        WHERE j.space_id = claim_embeddings.space AND j.not_before <= clock_timestamp() AND j.attempt < most_attempts
        ORDER BY j.memory_id DESC LIMIT claim_embeddings.maximum
        FOR NO KEY UPDATE SKIP LOCKED
    ), held AS (
        UPDATE embedding_job AS j
        SET attempt = j.attempt + 1, not_before = clock_timestamp() + interval '60 s' * power(2, j.attempt)
        FROM taken AS t WHERE j.space_id = claim_embeddings.space AND j.memory_id = t.memory_id
        RETURNING j.memory_id
    )
    SELECT m.id, m.content, m.content_hash FROM held AS h JOIN memory AS m ON m.id = h.memory_id
    ORDER BY m.id DESC;
END $$;
COMMENT ON FUNCTION agentctl.claim_embeddings(integer, integer) IS
    'Takes up to maximum memories that wait for a vector in a space, the newest first. They are taken again a minute '
    'later, and each time after twice as long, until store_embeddings() has their vectors; eight times at most.';
REVOKE ALL ON FUNCTION agentctl.claim_embeddings(integer, integer) FROM PUBLIC;
