CREATE OR REPLACE FUNCTION agentctl.turns_in_progress(conversation text DEFAULT NULL, maximum integer DEFAULT 100)
RETURNS TABLE (conversation_id text, seq bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    reads_all boolean := agentctl.may_read_all();
    account text := agentctl.account_name();
BEGIN
    IF turns_in_progress.conversation IS NOT NULL THEN
        RETURN QUERY
        SELECT c.conversation_id, c.finished + 1 FROM agentctl.conversation_position(turns_in_progress.conversation) AS c
        WHERE c.submitted > c.finished LIMIT turns_in_progress.maximum;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT p.conversation_id, p.seq
    FROM turn_progress AS p
    JOIN conversation_control AS c ON c.conversation_id = p.conversation_id
    WHERE c.depth = 0
      AND EXISTS (SELECT FROM task AS t
                  WHERE t.parent_conversation_id = p.conversation_id AND t.parent_seq = p.seq)
      AND (reads_all OR EXISTS (SELECT FROM conversation AS v
                                WHERE v.id = p.conversation_id AND v.created_by = account))
    ORDER BY p.started_at, p.conversation_id LIMIT turns_in_progress.maximum;
END $$;
COMMENT ON FUNCTION agentctl.turns_in_progress(text, integer) IS
    'Turns in progress at the top of their trees that have tasks, the oldest first; or the turn of one conversation, '
    'whether it has tasks or not. Those that the caller may read.';
REVOKE ALL ON FUNCTION agentctl.turns_in_progress(text, integer) FROM PUBLIC;
