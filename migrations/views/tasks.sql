CREATE OR REPLACE VIEW agentctl.tasks AS
SELECT t.id,
       t.parent_conversation_id, t.parent_seq, t.number, nullif(t.group_key, '') AS group_key,
       t.root_conversation_id, t.root_seq, t.depth, t.depth_left, t.path,
       t.description, t.input, t.capabilities, t.agent, t.is_routed, t.priority, t.deadline, t.budget_tokens,
       t.budget_usd,
       CASE WHEN t.state <> 'assigned' THEN t.state::text
            WHEN c.state = 'running' THEN 'running'
            WHEN c.state IN ('waiting', 'parked') THEN 'waiting'
            ELSE 'assigned' END AS state,
       t.attempt, t.max_attempts, t.tried,
       ARRAY(SELECT d.depends_on FROM agentctl.task_dependency AS d
             WHERE d.task_id = t.id ORDER BY d.depends_on) AS depends_on,
       t.conversation_id, t.seq, t.error_code, t.error_message, t.effects, t.tokens, t.cost_usd, t.created_by,
       t.created_at, t.finished_at
FROM agentctl.task AS t
LEFT JOIN agentctl.conversation_control AS c
    ON c.conversation_id = t.conversation_id AND t.state = 'assigned' AND c.head_seq = t.seq - 1;
COMMENT ON VIEW agentctl.tasks IS
    'The tasks: work that a turn delegates, or that was submitted with submit_task(). INSERT submits one.';
COMMENT ON COLUMN agentctl.tasks.id IS 'Identifies the task.';
COMMENT ON COLUMN agentctl.tasks.parent_conversation_id IS
    'Conversation of the turn that delegated it; NULL for a task of submit_task().';
COMMENT ON COLUMN agentctl.tasks.parent_seq IS 'Submission of the turn that delegated it.';
COMMENT ON COLUMN agentctl.tasks.number IS 'Counts from 1 within that turn.';
COMMENT ON COLUMN agentctl.tasks.group_key IS 'Which tasks of the turn share a limit of how many run at once.';
COMMENT ON COLUMN agentctl.tasks.root_conversation_id IS
    'Conversation of the turn at the top of the tree; NULL for a task of submit_task().';
COMMENT ON COLUMN agentctl.tasks.root_seq IS 'Submission of the turn at the top of the tree.';
COMMENT ON COLUMN agentctl.tasks.depth IS 'Turns above it.';
COMMENT ON COLUMN agentctl.tasks.depth_left IS 'Levels that may still follow below it.';
COMMENT ON COLUMN agentctl.tasks.path IS 'The agents from the root to the task''s own.';
COMMENT ON COLUMN agentctl.tasks.description IS 'What is to be done, in words.';
COMMENT ON COLUMN agentctl.tasks.input IS 'Structured input.';
COMMENT ON COLUMN agentctl.tasks.capabilities IS 'What the agent must be able to do.';
COMMENT ON COLUMN agentctl.tasks.agent IS 'The agent of the present attempt.';
COMMENT ON COLUMN agentctl.tasks.is_routed IS 'Whether the agent was chosen by capability.';
COMMENT ON COLUMN agentctl.tasks.priority IS 'Lower is claimed first.';
COMMENT ON COLUMN agentctl.tasks.deadline IS 'When its turn is ended as limited; NULL for never.';
COMMENT ON COLUMN agentctl.tasks.budget_tokens IS 'Most tokens that it and the tasks below it may take.';
COMMENT ON COLUMN agentctl.tasks.budget_usd IS 'Most that it and the tasks below it may cost, in USD.';
COMMENT ON COLUMN agentctl.tasks.state IS
    'pending: waits for other tasks; held: waits for a place in its group; assigned: waits for a worker; running; '
    'waiting: for tasks below it, or for a person; done; failed; cancelled; dead: given up, without a parent that '
    'could react.';
COMMENT ON COLUMN agentctl.tasks.attempt IS 'Counts from 1; each has another agent and a conversation of its own.';
COMMENT ON COLUMN agentctl.tasks.max_attempts IS 'Most attempts of a task whose agent was chosen.';
COMMENT ON COLUMN agentctl.tasks.tried IS 'The agents of earlier attempts.';
COMMENT ON COLUMN agentctl.tasks.depends_on IS 'The tasks that have to be done first.';
COMMENT ON COLUMN agentctl.tasks.conversation_id IS 'Conversation of the present attempt.';
COMMENT ON COLUMN agentctl.tasks.seq IS 'Submission of the present attempt.';
COMMENT ON COLUMN agentctl.tasks.error_code IS 'Class of the error that ended it.';
COMMENT ON COLUMN agentctl.tasks.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.tasks.effects IS
    'Effects of a failed attempt, for which it was not tried again: [{turn, call, tool, state}].';
COMMENT ON COLUMN agentctl.tasks.tokens IS 'Tokens of attempts that have ended, and of all tasks below them.';
COMMENT ON COLUMN agentctl.tasks.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.tasks.created_by IS 'Database user who submitted it, or whose conversation delegated it.';
COMMENT ON COLUMN agentctl.tasks.created_at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.tasks.finished_at IS 'When it ended.';

CREATE OR REPLACE TRIGGER insert_task_row INSTEAD OF INSERT ON agentctl.tasks
    FOR EACH ROW EXECUTE FUNCTION agentctl.insert_task_row();
