-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.calls_in_doubt WITH (security_barrier) AS
SELECT t.conversation_id, t.seq, t.number AS call, t.tool, t.arguments, t.started_at,
       coalesce(k.root_conversation_id, t.conversation_id) AS root_conversation_id,
       coalesce(k.root_seq, t.seq) AS root_seq, c.head_seq < t.seq AS waits
FROM agentctl.tool_call AS t
JOIN agentctl.conversation AS v ON v.id = t.conversation_id
JOIN agentctl.conversation_control AS c ON c.conversation_id = t.conversation_id 
    -- A turn that was stopped has ended, and what its calls have done is as unknown.
    AND (c.state = 'parked' AND c.head_seq = t.seq - 1 OR c.head_seq >= t.seq)
LEFT JOIN agentctl.submission AS s ON s.conversation_id = t.conversation_id AND s.seq = t.seq
LEFT JOIN agentctl.task AS k ON k.id = s.task_id
WHERE t.state = 'in_doubt'
  AND ((SELECT agentctl.may_read_all()) OR v.created_by = (SELECT agentctl.account_name())
      OR agentctl.may_resolve(t.conversation_id, t.seq, t.number, t.rule));
COMMENT ON VIEW agentctl.calls_in_doubt IS
    'Tool calls whose outcome a crash or an interrupt left unknown and that an operator has to resolve with '
    'resolve_tool_call(): for readers all, for others their own and those that they may resolve.';
COMMENT ON COLUMN agentctl.calls_in_doubt.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.calls_in_doubt.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.calls_in_doubt.call IS 'The call within the turn.';
COMMENT ON COLUMN agentctl.calls_in_doubt.tool IS 'The tool.';
COMMENT ON COLUMN agentctl.calls_in_doubt.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.calls_in_doubt.started_at IS 'When the call was to begin.';
COMMENT ON COLUMN agentctl.calls_in_doubt.root_conversation_id IS
    'Conversation at the top of the tree of tasks: its own, for a user''s own turn.';
COMMENT ON COLUMN agentctl.calls_in_doubt.root_seq IS 'Turn at the top of the tree of tasks.';
COMMENT ON COLUMN agentctl.calls_in_doubt.waits IS
    'Whether the turn waits for it, and resumes then, its conversation being parked; false where the turn has ended, and '
    'only its record is completed.';
