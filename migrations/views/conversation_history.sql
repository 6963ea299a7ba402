CREATE OR REPLACE VIEW agentctl.conversation_history AS
SELECT m.conversation_id,
       m.number,
       m.seq,
       m.role::text AS role,
       m.content,
       CASE jsonb_typeof(m.tool_calls) WHEN 'array' THEN (
           SELECT coalesce(jsonb_agg(c.value - '{origin,native}'::text[] ORDER BY c.i), '[]')
           FROM jsonb_array_elements(m.tool_calls) WITH ORDINALITY AS c (value, i)) END AS tool_calls,
       m.tool_call_id,
       t.agent,
       t.agent_version,
       t.status::text AS turn_status,
       m.created_at,
       m.undone_by,
       CASE WHEN NOT EXISTS (SELECT FROM agentctl.submission AS s
                             WHERE s.conversation_id = m.conversation_id AND s.seq = m.seq)
           THEN (SELECT v.forked_from FROM agentctl.conversation AS v WHERE v.id = m.conversation_id) END AS copied_from
FROM agentctl.message AS m
LEFT JOIN agentctl.turn AS t ON t.conversation_id = m.conversation_id AND t.seq = m.seq;
COMMENT ON VIEW agentctl.conversation_history IS
    'The transcripts. Order by number. What was undone is part of them, and the model is not shown it: see undone_by.';
COMMENT ON COLUMN agentctl.conversation_history.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversation_history.number IS 'Number of the message, from 1.';
COMMENT ON COLUMN agentctl.conversation_history.seq IS 'The turn that wrote it.';
COMMENT ON COLUMN agentctl.conversation_history.role IS 'user, assistant or tool.';
COMMENT ON COLUMN agentctl.conversation_history.content IS 'The text.';
COMMENT ON COLUMN agentctl.conversation_history.tool_calls IS
    'Calls that the assistant asks for: [{id, name, arguments}].';
COMMENT ON COLUMN agentctl.conversation_history.tool_call_id IS 'Of a result: the call that it answers.';
COMMENT ON COLUMN agentctl.conversation_history.agent IS 'Agent of the turn.';
COMMENT ON COLUMN agentctl.conversation_history.agent_version IS 'Its version.';
COMMENT ON COLUMN agentctl.conversation_history.turn_status IS 'How the turn ended.';
COMMENT ON COLUMN agentctl.conversation_history.created_at IS 'When the message was stored.';
COMMENT ON COLUMN agentctl.conversation_history.undone_by IS
    'Number of the operation that took the message out of what the model is shown; NULL while it is shown.';
COMMENT ON COLUMN agentctl.conversation_history.copied_from IS
    'Of a message that a fork copied: the conversation that it was forked from, whose turn wrote it.';
