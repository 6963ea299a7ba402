CREATE OR REPLACE FUNCTION agentctl.settle_spaces() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    filled integer;
BEGIN
    SELECT p.id INTO filled FROM vector_space AS p
    WHERE p.state = 'building' AND (SELECT count(*) FROM embedding_job AS j WHERE j.space_id = p.id AND j.attempt < 8)
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
    'Puts a space in force that has the vectors of 99 of 100 memories, and deletes the one before; returns whether it '
    'did. Internal: workers call it when they have nothing to embed.';
REVOKE ALL ON FUNCTION agentctl.settle_spaces() FROM PUBLIC;
