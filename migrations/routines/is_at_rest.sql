CREATE OR REPLACE FUNCTION agentctl.is_at_rest(conversations text[], before timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN NOT EXISTS (
            SELECT FROM conversation_control AS c JOIN conversation AS v ON v.id = c.conversation_id
            LEFT JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.tail_seq
            WHERE c.conversation_id = ANY (is_at_rest.conversations)
              AND (c.state <> 'idle' OR c.has_progress OR v.created_at >= before OR s.created_at >= before))
        AND NOT EXISTS (
            SELECT FROM event AS e WHERE e.conversation_id = ANY (is_at_rest.conversations) AND e.at >= before)
        AND NOT EXISTS (
            SELECT FROM task AS t
            WHERE t.conversation_id = ANY (is_at_rest.conversations)
              AND (t.finished_at IS NULL OR t.finished_at >= before OR NOT t.told));
END $$;
COMMENT ON FUNCTION agentctl.is_at_rest(text[], timestamptz) IS
    'Whether nothing is unfinished in conversations, and nothing has happened in them since a time. Internal: '
    'prune_conversations() calls it.';
REVOKE ALL ON FUNCTION agentctl.is_at_rest(text[], timestamptz) FROM PUBLIC;
