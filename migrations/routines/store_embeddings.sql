-- What was changed or forgotten while it was embedded is not stored: its vector would be found for other words.
CREATE OR REPLACE FUNCTION agentctl.store_embeddings(space integer, vectors jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    filled vector_space;
    stored integer;
BEGIN
    SELECT p.* INTO filled FROM vector_space AS p WHERE p.id = store_embeddings.space AND p.state <> 'retired'
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    IF EXISTS (
        SELECT FROM jsonb_to_recordset(vectors) AS g (embedding real[], signs bit varying, levels bit varying)
        WHERE cardinality(g.embedding) <> filled.dimensions OR length(g.signs) <> filled.dimensions
           OR length(g.levels) <> 15 * filled.dimensions) THEN
        RAISE EXCEPTION 'a vector has not the % dimensions of its space', filled.dimensions USING ERRCODE = 'AC003';
    END IF;
    WITH given AS MATERIALIZED (
        SELECT m.id, m.scope_id, m.content_hash, g.embedding, g.signs, g.levels
        FROM jsonb_to_recordset(vectors) AS g (
            memory bigint, hash text, embedding real[], signs bit varying, levels bit varying)
        JOIN memory AS m ON m.id = g.memory AND m.content_hash = decode(g.hash, 'hex')
        ORDER BY m.id FOR KEY SHARE OF m
    ), kept AS (
        INSERT INTO memory_vector AS v (memory_id, space_id, content_hash, embedding, levels)
        SELECT g.id, filled.id, g.content_hash, g.embedding, g.levels FROM given AS g
        ON CONFLICT (memory_id, space_id) DO UPDATE
        SET content_hash = excluded.content_hash, embedding = excluded.embedding, levels = excluded.levels
        RETURNING v.memory_id
    ), signed AS (
        INSERT INTO memory_signature AS s (space_id, scope_id, memory_id, signs)
        SELECT filled.id, g.scope_id, g.id, g.signs FROM given AS g JOIN kept AS k ON k.memory_id = g.id
        ON CONFLICT (space_id, scope_id, memory_id) DO UPDATE SET signs = excluded.signs
        RETURNING s.memory_id
    ), done AS (
        DELETE FROM embedding_job AS j USING signed AS s
        WHERE j.space_id = filled.id AND j.memory_id = s.memory_id
    )
    SELECT count(*) INTO stored FROM signed;
    IF filled.problem IS NOT NULL AND stored > 0 THEN
        UPDATE vector_space AS p SET problem = NULL WHERE p.id = filled.id;
        -- It answers again: what waited because of it waits no longer.
        UPDATE embedding_job AS j SET not_before = '-infinity'
        WHERE j.space_id = filled.id AND j.error = filled.problem AND j.attempt <= 6;
    END IF;
    RETURN stored;
END $$;
COMMENT ON FUNCTION agentctl.store_embeddings(integer, jsonb) IS
    'Stores vectors of memories in a space: [{memory, hash (hex), embedding, signs, levels}]. What has another content '
    'by now, or was forgotten, is left out. Returns how many were stored. Internal: workers.';
REVOKE ALL ON FUNCTION agentctl.store_embeddings(integer, jsonb) FROM PUBLIC;
