CREATE OR REPLACE FUNCTION agentctl.activity(
    conversation text DEFAULT NULL, since timestamptz DEFAULT NULL, maximum integer DEFAULT 100
) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    reads_all boolean := agentctl.may_read_all();
    account text := agentctl.account_name();
BEGIN
    IF activity.conversation IS NOT NULL THEN
        activity.conversation := agentctl.readable_conversation(activity.conversation);
    END IF;
    RETURN json_build_object(
        'time', extract(epoch FROM statement_timestamp())::double precision,
        'in_progress', ARRAY(
            SELECT json_build_object('conversation_id', c.conversation_id, 'seq', c.head_seq + 1)
            FROM conversation_control AS c
            WHERE c.tail_seq > c.head_seq
              AND c.conversation_id = ANY (CASE WHEN activity.conversation IS NOT NULL THEN ARRAY[activity.conversation]
                  ELSE agentctl.under_way() END)
              AND (activity.conversation IS NOT NULL OR c.depth = 0 AND (reads_all OR EXISTS (
                  SELECT FROM conversation AS v WHERE v.id = c.conversation_id AND v.created_by = account)))
            ORDER BY c.state <> 'running', c.claimed_at DESC NULLS LAST, c.conversation_id LIMIT activity.maximum),
        'ended', ARRAY(
            SELECT json_build_object('conversation_id', t.conversation_id, 'seq', t.seq)
            FROM turn AS t
            WHERE t.started_at >= activity.since AND t.depth = 0
              AND CASE WHEN activity.conversation IS NOT NULL THEN t.conversation_id = activity.conversation
                  ELSE reads_all OR EXISTS (
                      SELECT FROM conversation AS v WHERE v.id = t.conversation_id AND v.created_by = account) END
            ORDER BY t.started_at LIMIT activity.maximum));
END $$;
COMMENT ON FUNCTION agentctl.activity(text, timestamptz, integer) IS
    'What is going on, in all conversations that the caller may read or in one: the turns in_progress at the top of '
    'their trees, those that run first; those that have begun since a moment and ended already; and the time of the '
    'answer, in seconds since 1970. Fails with AC002 for a conversation that the caller may not read.';
REVOKE ALL ON FUNCTION agentctl.activity(text, timestamptz, integer) FROM PUBLIC;
