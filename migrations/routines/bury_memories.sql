-- What cascades: versions, vectors, signatures, jobs and what turns were shown.
CREATE OR REPLACE FUNCTION agentctl.bury_memories(memories bigint[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    gone bigint;
BEGIN
    -- In one order, so that two that forget the same do not wait for each other.
    PERFORM FROM memory AS m WHERE m.id = ANY (memories) ORDER BY m.id FOR UPDATE;
    INSERT INTO memory_tombstone (scope_id, content_key)
    SELECT DISTINCT m.scope_id, agentctl.tombstone_key(c.content)
    FROM memory AS m
    CROSS JOIN LATERAL (
        SELECT m.content UNION SELECT v.content FROM memory_version AS v WHERE v.memory_id = m.id) AS c
    WHERE m.id = ANY (memories)
    ON CONFLICT DO NOTHING;
    DELETE FROM memory AS m WHERE m.id = ANY (memories);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
COMMENT ON FUNCTION agentctl.bury_memories(bigint[]) IS
    'Deletes memories with all that is made of them, and leaves tombstones; returns how many. Internal: forget() and '
    'clear_memories() call it.';
REVOKE ALL ON FUNCTION agentctl.bury_memories(bigint[]) FROM PUBLIC;
