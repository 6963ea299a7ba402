-- All that a follower of one turn needs, in one round trip: new durable events, and pieces while it runs.
CREATE OR REPLACE FUNCTION agentctl.follow(conversation text, seq bigint, after_event bigint, after_attempt integer,
    after_delta integer)
RETURNS TABLE (source text, number bigint, attempt integer, type text, data jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    follow.conversation := agentctl.readable_conversation(follow.conversation);
    RETURN QUERY
    (SELECT 'delta', d.number::bigint, d.attempt::integer, d.type, d.data FROM delta AS d
     WHERE d.conversation_id = follow.conversation AND d.seq = follow.seq
       AND (d.attempt, d.number) > (follow.after_attempt, follow.after_delta)
     ORDER BY d.attempt, d.number LIMIT 1000)
    UNION ALL
    (SELECT 'event', e.number, 0, e.type,
            CASE e.type
                WHEN 'message' THEN (
                    SELECT jsonb_build_object('role', m.role, 'content', m.content,
                        'tool_calls', agentctl.shown_calls(m.tool_calls))
                    FROM message AS m WHERE m.conversation_id = e.conversation_id
                        AND m.number = (e.data ->> 'message')::bigint)
                WHEN 'tool_finished' THEN e.data || (
                    SELECT jsonb_build_object('id', m.tool_call_id, 'output', left(m.content, 2000))
                    FROM message AS m WHERE m.conversation_id = e.conversation_id
                        AND m.number = (e.data ->> 'message')::bigint)
                ELSE e.data END
     FROM unpacked_events AS e
     WHERE e.conversation_id = follow.conversation AND e.last_number > follow.after_event
       AND e.number > follow.after_event AND e.seq = follow.seq
     ORDER BY e.number LIMIT 1000);
END $$;
COMMENT ON FUNCTION agentctl.follow(text, bigint, bigint, integer, integer) IS
    'What is new of a turn after the given event and piece: first pieces, then durable events.';
REVOKE ALL ON FUNCTION agentctl.follow(text, bigint, bigint, integer, integer) FROM PUBLIC;
