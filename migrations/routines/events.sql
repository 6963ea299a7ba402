CREATE OR REPLACE FUNCTION agentctl.events(conversation text, after bigint DEFAULT 0, maximum integer DEFAULT 1000)
RETURNS TABLE (number bigint, seq bigint, type text, data jsonb, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    started timestamptz;
    -- The last number of the page, unless some before it are pruned.
    last bigint;
BEGIN
    events.conversation := agentctl.readable_conversation(events.conversation);
    SELECT v.created_at INTO started FROM conversation AS v WHERE v.id = events.conversation;
    IF maximum IS NULL OR maximum NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'events returns 1 to 10000 events at a time' USING ERRCODE = 'AC001';
    END IF;
    events.after := greatest(events.after, 0);
    SELECT least(c.last_event, events.after + events.maximum) INTO last
    FROM conversation_control AS c WHERE c.conversation_id = events.conversation;
    -- Older partitions need not be looked into, unless the clock was set back after the conversation had begun, or the
    -- server that it began on was ahead: then some of the numbers are missing.
    IF last - events.after > (
        SELECT count(*) FROM (
            SELECT FROM unpacked_events AS s
            WHERE s.conversation_id = events.conversation AND s.last_number > events.after AND s.number > events.after
              AND s.number <= last AND s.at >= started
            ORDER BY s.last_number, s.number LIMIT events.maximum) AS s)
    THEN
        started := '-infinity';
    END IF;
    RETURN QUERY
    SELECT e.number, e.seq, e.type,
           CASE WHEN m.number IS NULL THEN e.data
                ELSE e.data || jsonb_strip_nulls(jsonb_build_object(
                    'role', m.role, 'content', m.content, 'tool_calls', agentctl.shown_calls(m.tool_calls),
                    'tool_call_id', m.tool_call_id)) END,
           e.at
    FROM (
        SELECT s.* FROM unpacked_events AS s
        WHERE s.conversation_id = events.conversation AND s.last_number > events.after AND s.number > events.after
          AND s.at >= started
        ORDER BY s.last_number, s.number LIMIT events.maximum
    ) AS e
    LEFT JOIN message AS m ON m.conversation_id = e.conversation_id
        AND m.number = CASE jsonb_typeof(e.data -> 'message') WHEN 'number' THEN (e.data ->> 'message')::bigint END
    ORDER BY e.number;
END $$;
COMMENT ON FUNCTION agentctl.events(text, bigint, integer) IS
    'The events of a conversation after the given number, in order and without gaps, each with the message that it is '
    'about. Whoever remembers the last number that it has seen misses nothing and sees nothing twice.';
REVOKE ALL ON FUNCTION agentctl.events(text, bigint, integer) FROM PUBLIC;
