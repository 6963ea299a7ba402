-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.pending_approvals WITH (security_barrier) AS
SELECT a.id, a.conversation_id, a.seq, a.call_number, a.tool, a.arguments, a.requested_at, a.expires_at, a.agent,
       a.subject, a.rule, a.place, coalesce(t.root_conversation_id, a.conversation_id) AS root_conversation_id,
       coalesce(t.root_seq, a.seq) AS root_seq, a.approvers, a.not_requester, a.cause
FROM agentctl.approval AS a
JOIN agentctl.conversation AS v ON v.id = a.conversation_id
JOIN agentctl.conversation_control AS c ON c.conversation_id = a.conversation_id AND c.head_seq < a.seq
LEFT JOIN agentctl.submission AS s ON s.conversation_id = a.conversation_id AND s.seq = a.seq
LEFT JOIN agentctl.task AS t ON t.id = s.task_id
WHERE a.state = 'pending'
  AND ((SELECT agentctl.may_read_all()) OR v.created_by = (SELECT agentctl.account_name())
      OR agentctl.may_decide(a.approvers, a.not_requester, a.conversation_id, a.seq));
COMMENT ON VIEW agentctl.pending_approvals IS
    'Tool calls that wait for an approval: for readers all, for others their own and those that they may decide about.';
COMMENT ON COLUMN agentctl.pending_approvals.id IS 'Identifies the request.';
COMMENT ON COLUMN agentctl.pending_approvals.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.pending_approvals.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.pending_approvals.call_number IS 'The tool call within the turn.';
COMMENT ON COLUMN agentctl.pending_approvals.tool IS 'The tool.';
COMMENT ON COLUMN agentctl.pending_approvals.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.pending_approvals.requested_at IS 'When it was asked for.';
COMMENT ON COLUMN agentctl.pending_approvals.expires_at IS 'When it counts as denied.';
COMMENT ON COLUMN agentctl.pending_approvals.agent IS 'The agent that asks.';
COMMENT ON COLUMN agentctl.pending_approvals.subject IS 'What is asked about, in short.';
COMMENT ON COLUMN agentctl.pending_approvals.rule IS 'The policy''s rule that asks.';
COMMENT ON COLUMN agentctl.pending_approvals.place IS
    'What is asked about: the call; or what a guardrail found in the message (input) or in the call''s result '
    '(tool_output).';
COMMENT ON COLUMN agentctl.pending_approvals.root_conversation_id IS
    'Conversation at the top of the tree of tasks: its own, for a user''s own turn.';
COMMENT ON COLUMN agentctl.pending_approvals.root_seq IS 'Turn at the top of the tree of tasks.';
COMMENT ON COLUMN agentctl.pending_approvals.approvers IS
    'Roles whose members may decide, as the rule names them; NULL for agentctl_approver. Owners always may.';
COMMENT ON COLUMN agentctl.pending_approvals.not_requester IS
    'Whether those who have asked for the turn may not decide.';
COMMENT ON COLUMN agentctl.pending_approvals.cause IS
    'Why a person is asked, as the rule says; NULL where it says nothing.';
