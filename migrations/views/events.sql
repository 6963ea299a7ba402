-- after: unpacked_events
-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.events WITH (security_barrier) AS
SELECT e.conversation_id, e.number, e.seq, e.type,
       CASE WHEN m.number IS NULL THEN e.data
            ELSE e.data || jsonb_strip_nulls(jsonb_build_object(
                'role', m.role, 'content', m.content, 'tool_call_id', m.tool_call_id,
                -- As shown_calls() shows them, which those who read the view may not call.
                'tool_calls', CASE jsonb_typeof(m.tool_calls) WHEN 'array' THEN (
                    SELECT coalesce(jsonb_agg(c.value - '{origin,native}'::text[] ORDER BY c.ordinality), '[]')
                    FROM jsonb_array_elements(m.tool_calls) WITH ORDINALITY AS c) END)) END
           AS data,
       e.at
FROM agentctl.unpacked_events AS e
JOIN agentctl.conversation AS v ON v.id = e.conversation_id
LEFT JOIN agentctl.message AS m ON m.conversation_id = e.conversation_id
    AND m.number = CASE jsonb_typeof(e.data -> 'message') WHEN 'number' THEN (e.data ->> 'message')::bigint END
WHERE (SELECT agentctl.may_read_all()) OR v.created_by = (SELECT agentctl.account_name());
COMMENT ON VIEW agentctl.events IS
    'What happened: one row an event, as events() returns them; for readers of all conversations, for others of their '
    'own. Narrow it by conversation_id, or by at, by which the table is divided; events() goes on after a number.';
COMMENT ON COLUMN agentctl.events.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.events.number IS 'Counts from 1 within the conversation, without gaps.';
COMMENT ON COLUMN agentctl.events.seq IS 'The submission that it is of.';
COMMENT ON COLUMN agentctl.events.type IS 'What happened: docs/conversations.md has the list.';
COMMENT ON COLUMN agentctl.events.data IS 'What the type says, with the message that it is about.';
COMMENT ON COLUMN agentctl.events.at IS 'When it was stored.';
