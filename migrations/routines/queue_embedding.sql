CREATE OR REPLACE FUNCTION agentctl.queue_embedding(memory bigint) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM memory_vector AS v WHERE v.memory_id = queue_embedding.memory;
    INSERT INTO embedding_job (memory_id, space_id)
    SELECT queue_embedding.memory, v.id FROM vector_space AS v WHERE v.state IN ('in_force', 'building')
    ON CONFLICT (space_id, memory_id) DO UPDATE SET attempt = 0, not_before = '-infinity', error = NULL;
END $$;
COMMENT ON FUNCTION agentctl.queue_embedding(bigint) IS
    'Has a memory embedded whose content is new, in every space; what it was embedded as before is gone. Internal.';
REVOKE ALL ON FUNCTION agentctl.queue_embedding(bigint) FROM PUBLIC;
