-- The requesters of a task are those of the turn at the top of its tree; who steers a turn is one as well.
CREATE OR REPLACE FUNCTION agentctl.requesters(conversation text, seq bigint) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        WITH turn AS MATERIALIZED (
            SELECT requesters.conversation AS id, requesters.seq AS seq
            UNION
            SELECT t.root_conversation_id, t.root_seq
            FROM submission AS s JOIN task AS t ON t.id = s.task_id
            WHERE s.conversation_id = requesters.conversation AND s.seq = requesters.seq
              AND t.root_conversation_id IS NOT NULL
        )
        SELECT array_agg(DISTINCT b.created_by ORDER BY b.created_by)
        FROM turn AS t
        CROSS JOIN LATERAL (
            SELECT v.created_by FROM conversation AS v WHERE v.id = t.id
            UNION ALL
            SELECT s.created_by FROM submission AS s WHERE s.conversation_id = t.id AND s.seq = t.seq
            UNION ALL
            SELECT s.created_by FROM submission AS s
            WHERE s.conversation_id = t.id AND s.seq > t.seq AND s.operation = 'steer'
              AND (s.taken_by = t.seq OR s.taken_by IS NULL)
            OFFSET 0) AS b);
END $$;
COMMENT ON FUNCTION agentctl.requesters(text, bigint) IS
    'The accounts that asked for a turn: whose conversation it is, who submitted it, and who steered it; of a task '
    'those of the turn at the top of its tree. Internal.';
REVOKE ALL ON FUNCTION agentctl.requesters(text, bigint) FROM PUBLIC;
