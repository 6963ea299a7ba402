CREATE OR REPLACE VIEW agentctl.plan_steps AS
SELECT s.plan_id, s.number,
       CASE WHEN s.status IN ('pending', 'running') AND p.state = 'running' AND c.head_seq >= p.seq
            THEN CASE s.status WHEN 'running' THEN 'failed' ELSE 'skipped' END
            ELSE s.status::text END AS status,
       s.tool, s.function, s.agent, s.capabilities, s.arguments, s.description, s.after, s.find, s.recovers, s.result,
       s.error_code, s.started_at, s.finished_at
FROM agentctl.plan_step AS s
JOIN agentctl.plan AS p ON p.id = s.plan_id
LEFT JOIN agentctl.conversation_control AS c ON c.conversation_id = p.conversation_id;
COMMENT ON VIEW agentctl.plan_steps IS 'The steps of plans.';
COMMENT ON COLUMN agentctl.plan_steps.plan_id IS 'The plan.';
COMMENT ON COLUMN agentctl.plan_steps.number IS 'Counts from 1 within the plan.';
COMMENT ON COLUMN agentctl.plan_steps.status IS 'pending, running, completed, failed or skipped.';
COMMENT ON COLUMN agentctl.plan_steps.tool IS 'The tool that it calls.';
COMMENT ON COLUMN agentctl.plan_steps.function IS 'The function that it calls.';
COMMENT ON COLUMN agentctl.plan_steps.agent IS 'The agent that it delegates to.';
COMMENT ON COLUMN agentctl.plan_steps.capabilities IS 'What the agent must be able to do that it delegates to.';
COMMENT ON COLUMN agentctl.plan_steps.arguments IS 'The arguments, with {{step_N}} for results of earlier steps.';
COMMENT ON COLUMN agentctl.plan_steps.description IS 'What it does, in words.';
COMMENT ON COLUMN agentctl.plan_steps.after IS 'Steps that have to be completed first.';
COMMENT ON COLUMN agentctl.plan_steps.find IS 'Regular expression that its result must contain.';
COMMENT ON COLUMN agentctl.plan_steps.recovers IS 'The failed step in whose place it stands.';
COMMENT ON COLUMN agentctl.plan_steps.result IS 'Beginning of its result, or of its error.';
COMMENT ON COLUMN agentctl.plan_steps.error_code IS 'Class of the error that ended it, or why it was skipped.';
COMMENT ON COLUMN agentctl.plan_steps.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.plan_steps.finished_at IS 'When it ended.';
