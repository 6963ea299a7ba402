CREATE OR REPLACE FUNCTION agentctl.settle_spaces() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wanted integer := (SELECT e.space_id FROM agentctl.embedder_in_force() AS e);
    filled integer;
BEGIN
    -- Named again is the embedder before: what was filled for the other one is not needed.
    DELETE FROM vector_space AS p WHERE p.state = 'building' AND p.id <> wanted;
    SELECT p.id INTO filled FROM vector_space AS p
    WHERE p.id = wanted AND p.state = 'building' AND (SELECT count(*) FROM embedding_job AS j WHERE j.space_id = p.id AND j.attempt < 8)
        <= 0.01 * (SELECT count(*) FROM memory)
    FOR NO KEY UPDATE SKIP LOCKED LIMIT 1;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- With the vectors and signatures in it.
    DELETE FROM vector_space AS p WHERE p.state = 'in_force';
    UPDATE vector_space AS p SET state = 'in_force' WHERE p.id = filled;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.settle_spaces() IS
    'Puts the space of the embedder in force that has the vectors of 99 of 100 memories, and deletes the one before; '
    'returns whether it did. One that is filled for an embedder that is named no more is deleted. Internal: workers call it when they have nothing to embed.';
REVOKE ALL ON FUNCTION agentctl.settle_spaces() FROM PUBLIC;
