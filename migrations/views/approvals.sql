-- A barrier: nothing that the caller writes is computed for the rows of others.
CREATE OR REPLACE VIEW agentctl.approvals WITH (security_barrier) AS
SELECT a.id, a.conversation_id, a.seq, a.conversation_id || '/' || a.seq AS turn, a.call_number AS call, a.agent,
       a.tool, a.subject, a.arguments, a.rule, a.place,
       CASE WHEN a.state = 'pending' AND (c.head_seq >= a.seq OR a.expires_at <= clock_timestamp())
            THEN 'expired' ELSE a.state::text END AS state,
       a.scope::text AS scope, a.reason, a.requested_at, v.created_by AS requested_by, a.expires_at, a.approvers,
       a.not_requester,
       a.state = 'pending' AND c.head_seq < a.seq
           AND agentctl.may_decide(a.approvers, a.not_requester, a.conversation_id, a.seq) AS may_decide,
       a.decided_at, a.decided_by, a.cause,
       a.state = 'pending' AND a.tool_version_id IS NOT NULL AND a.tool_version_id IS DISTINCT FROM (
           SELECT n.id FROM agentctl.definition AS d
           JOIN agentctl.definition_version AS n
               ON n.kind = d.kind AND n.name = d.name AND n.version = d.current_version
           WHERE d.kind IN ('tool', 'function') AND d.name = a.tool LIMIT 1) AS tool_changed
FROM agentctl.approval AS a
JOIN agentctl.conversation AS v ON v.id = a.conversation_id
JOIN agentctl.conversation_control AS c ON c.conversation_id = a.conversation_id
WHERE (SELECT agentctl.may_read_all()) OR v.created_by = (SELECT agentctl.account_name())
   OR (a.state = 'pending' OR a.decided_by = (SELECT agentctl.account_name()))
       AND agentctl.may_decide(a.approvers, a.not_requester, a.conversation_id, a.seq);
COMMENT ON VIEW agentctl.approvals IS
    'Tool calls that wait, or waited, for an approval: for readers all, for others their own, those that they may '
    'decide about, and those that they have decided about.';
COMMENT ON COLUMN agentctl.approvals.id IS 'Identifies the request: approve(id), deny(id).';
COMMENT ON COLUMN agentctl.approvals.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.approvals.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.approvals.turn IS 'conversation/seq, as agentctl trace takes it.';
COMMENT ON COLUMN agentctl.approvals.call IS 'The tool call within the turn; 0 for the message.';
COMMENT ON COLUMN agentctl.approvals.agent IS 'The agent that asks.';
COMMENT ON COLUMN agentctl.approvals.tool IS 'The tool; for what a guardrail found, guardrail: and its name.';
COMMENT ON COLUMN agentctl.approvals.subject IS 'What is asked about, in short.';
COMMENT ON COLUMN agentctl.approvals.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.approvals.rule IS 'The policy''s rule that asks.';
COMMENT ON COLUMN agentctl.approvals.place IS
    'What is asked about: the call; or what a guardrail found in the message (input) or in the call''s result '
    '(tool_output).';
COMMENT ON COLUMN agentctl.approvals.state IS 'pending, approved, denied or expired.';
COMMENT ON COLUMN agentctl.approvals.scope IS 'What the decision covers: once, conversation or always.';
COMMENT ON COLUMN agentctl.approvals.reason IS 'Given by the account that decided.';
COMMENT ON COLUMN agentctl.approvals.requested_at IS 'When it was asked for.';
COMMENT ON COLUMN agentctl.approvals.requested_by IS 'Account whose conversation it is, of a task that of its tree.';
COMMENT ON COLUMN agentctl.approvals.expires_at IS 'When it counts as denied.';
COMMENT ON COLUMN agentctl.approvals.approvers IS
    'Roles whose members may decide, as the rule names them; NULL for agentctl_approver. Owners always may.';
COMMENT ON COLUMN agentctl.approvals.not_requester IS 'Whether those who have asked for the turn may not decide.';
COMMENT ON COLUMN agentctl.approvals.may_decide IS 'Whether it waits, and the caller may decide.';
COMMENT ON COLUMN agentctl.approvals.decided_at IS 'When it was decided.';
COMMENT ON COLUMN agentctl.approvals.decided_by IS 'Account that decided.';
COMMENT ON COLUMN agentctl.approvals.cause IS 'Why a person is asked, as the rule says; NULL where it says nothing.';
COMMENT ON COLUMN agentctl.approvals.tool_changed IS
    'Whether it waits, and the tool or function has another version by now: the call will be denied.';
