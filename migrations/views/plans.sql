CREATE OR REPLACE VIEW agentctl.plans AS
SELECT p.id, p.task,
       -- A turn that ended before its plan took it along.
       CASE WHEN p.state = 'running' AND c.head_seq >= p.seq THEN CASE (
               SELECT t.status FROM agentctl.turn AS t WHERE t.conversation_id = p.conversation_id AND t.seq = p.seq)
               WHEN 'failed' THEN 'failed' WHEN 'limited' THEN 'failed' ELSE 'cancelled' END
            WHEN p.state = 'running' AND c.state IN ('waiting', 'parked') THEN 'waiting'
            ELSE p.state::text END AS state,
       p.mode, p.max_steps, p.max_replans, p.context, p.recover, p.revision,
       steps.total AS steps, steps.completed, p.made_by, p.agent, p.conversation_id, p.seq, p.created_by, p.created_at,
       p.approved_by, p.approved_at, p.started_at, p.finished_at
FROM agentctl.plan AS p
LEFT JOIN agentctl.conversation_control AS c ON c.conversation_id = p.conversation_id
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS total, (count(*) FILTER (WHERE s.status = 'completed'))::integer AS completed
    FROM agentctl.plan_step AS s WHERE s.plan_id = p.id OFFSET 0) AS steps;
COMMENT ON VIEW agentctl.plans IS 'The plans: of store_plan(), and those that agents keep of their turns.';
COMMENT ON COLUMN agentctl.plans.id IS 'Identifies the plan.';
COMMENT ON COLUMN agentctl.plans.task IS 'The task in words.';
COMMENT ON COLUMN agentctl.plans.state IS
    'draft: not approved; approved: may run; running; waiting: for tasks, or for a person; completed; failed; '
    'cancelled: its turn ended before it.';
COMMENT ON COLUMN agentctl.plans.mode IS 'sequential, parallel or interactive.';
COMMENT ON COLUMN agentctl.plans.max_steps IS 'Most steps that a run takes.';
COMMENT ON COLUMN agentctl.plans.max_replans IS 'Most recoveries in a run.';
COMMENT ON COLUMN agentctl.plans.context IS 'Values that it was made with, by name.';
COMMENT ON COLUMN agentctl.plans.recover IS 'What is done when a step fails.';
COMMENT ON COLUMN agentctl.plans.revision IS 'Counts from 1; each change of its steps is one.';
COMMENT ON COLUMN agentctl.plans.steps IS 'How many steps it has.';
COMMENT ON COLUMN agentctl.plans.completed IS 'How many of them are completed.';
COMMENT ON COLUMN agentctl.plans.made_by IS 'templates, user, or the name of the agent that made it.';
COMMENT ON COLUMN agentctl.plans.agent IS 'The agent that runs it.';
COMMENT ON COLUMN agentctl.plans.conversation_id IS 'Conversation of the turn that runs it.';
COMMENT ON COLUMN agentctl.plans.seq IS 'Submission of the turn that runs it.';
COMMENT ON COLUMN agentctl.plans.created_by IS 'Database user who made it.';
COMMENT ON COLUMN agentctl.plans.created_at IS 'When it was made.';
COMMENT ON COLUMN agentctl.plans.approved_by IS 'Database user who approved it.';
COMMENT ON COLUMN agentctl.plans.approved_at IS 'When it was approved.';
COMMENT ON COLUMN agentctl.plans.started_at IS 'When it was given to a turn.';
COMMENT ON COLUMN agentctl.plans.finished_at IS 'When its last step ended.';
