CREATE OR REPLACE FUNCTION agentctl.is_pruned(conversation text, seq bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- Operations, and what another turn took up, have no turn of their own.
    RETURN EXISTS (
            SELECT FROM conversation_control AS c
            JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = is_pruned.seq
            WHERE c.conversation_id = is_pruned.conversation AND c.head_seq >= is_pruned.seq
              AND s.operation IN ('user_input', 'steer') AND s.taken_by IS NULL)
        AND NOT EXISTS (
            SELECT FROM turn AS t WHERE t.conversation_id = is_pruned.conversation AND t.seq = is_pruned.seq);
END $$;
COMMENT ON FUNCTION agentctl.is_pruned(text, bigint) IS
    'Whether the turn of a submission has ended and its records are no longer kept. Internal.';
REVOKE ALL ON FUNCTION agentctl.is_pruned(text, bigint) FROM PUBLIC;
