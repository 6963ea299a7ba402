CREATE OR REPLACE FUNCTION agentctl.fail_embeddings(
    space integer, memories bigint[], message text, is_space boolean
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE embedding_job AS j
    -- What fails with the server is tried for as long as it fails, at last once an hour.
    SET error = left(message, 500), attempt = CASE WHEN is_space THEN least(j.attempt, 6) ELSE j.attempt END
    WHERE j.space_id = fail_embeddings.space AND j.memory_id = ANY (memories);
    IF is_space THEN
        UPDATE vector_space AS p SET problem = left(message, 500) WHERE p.id = fail_embeddings.space;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.fail_embeddings(integer, bigint[], text, boolean) IS
    'Notes why memories have no vector; is_space: the embedder answers wrongly or not at all, which doctor and memory '
    'stats report. Internal: workers.';
REVOKE ALL ON FUNCTION agentctl.fail_embeddings(integer, bigint[], text, boolean) FROM PUBLIC;
