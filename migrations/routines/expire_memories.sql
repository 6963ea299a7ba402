CREATE OR REPLACE FUNCTION agentctl.expire_memories(maximum integer DEFAULT 1000) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    gone bigint;
BEGIN
    DELETE FROM memory AS m WHERE m.id = ANY (ARRAY(
        SELECT e.id FROM memory AS e WHERE e.expires_at <= clock_timestamp()
        ORDER BY e.expires_at LIMIT expire_memories.maximum FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
COMMENT ON FUNCTION agentctl.expire_memories(integer) IS
    'Deletes memories that have expired, the oldest first, maximum at a time; returns how many. They leave no '
    'tombstones. Workers call it.';
REVOKE ALL ON FUNCTION agentctl.expire_memories(integer) FROM PUBLIC;
