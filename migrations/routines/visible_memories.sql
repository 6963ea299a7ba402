CREATE OR REPLACE FUNCTION agentctl.visible_memories(scopes integer[]) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    counted bigint;
BEGIN
    SELECT count(*) INTO counted FROM (SELECT FROM memory AS m WHERE m.scope_id = ANY (scopes) LIMIT 2001) AS m;
    RETURN CASE WHEN counted <= 2000 THEN counted
        ELSE greatest(counted, (SELECT sum(s.memories) FROM memory_scope AS s WHERE s.id = ANY (scopes))) END;
END $$;
COMMENT ON FUNCTION agentctl.visible_memories(integer[]) IS
    'How many memories the scopes have: exact up to 2,000, beyond that as count_memories() counted. Internal.';
REVOKE ALL ON FUNCTION agentctl.visible_memories(integer[]) FROM PUBLIC;
