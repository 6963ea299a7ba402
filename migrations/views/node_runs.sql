CREATE OR REPLACE VIEW agentctl.node_runs AS
SELECT n.conversation_id, n.seq, n.number, n.node, n.visit, n.level, n.position, n.after, n.status, n.attempt, n.input,
       n.output, n.writes, n.choices, n.task, n.error_code, n.error_message, n.copied_from, n.started_at, n.finished_at,
       extract(epoch FROM n.finished_at - n.started_at)::double precision * 1000 AS duration_ms
FROM agentctl.node_run AS n;
COMMENT ON VIEW agentctl.node_runs IS 'The visits of nodes that have ended, in runs of chains.';
COMMENT ON COLUMN agentctl.node_runs.conversation_id IS 'Conversation of the run.';
COMMENT ON COLUMN agentctl.node_runs.seq IS 'Submission of the run.';
COMMENT ON COLUMN agentctl.node_runs.number IS 'Counts from 1 within the run, in the order in which they ended.';
COMMENT ON COLUMN agentctl.node_runs.node IS 'Name of the node.';
COMMENT ON COLUMN agentctl.node_runs.visit IS 'Counts from 1: nodes of a loop are visited several times.';
COMMENT ON COLUMN agentctl.node_runs.level IS 'The longest way of visits to it, from 1.';
COMMENT ON COLUMN agentctl.node_runs.position IS 'The node''s place in the order of the chain.';
COMMENT ON COLUMN agentctl.node_runs.after IS 'The visits that led to it, as node#visit.';
COMMENT ON COLUMN agentctl.node_runs.status IS 'succeeded or failed.';
COMMENT ON COLUMN agentctl.node_runs.attempt IS 'The attempt that ended it, from 1.';
COMMENT ON COLUMN agentctl.node_runs.input IS 'What it was sent.';
COMMENT ON COLUMN agentctl.node_runs.output IS 'What it gave.';
COMMENT ON COLUMN agentctl.node_runs.writes IS 'What it wrote, by key of the state.';
COMMENT ON COLUMN agentctl.node_runs.choices IS 'The nodes that its agent chose to go to.';
COMMENT ON COLUMN agentctl.node_runs.task IS
    'The number of its first task within the run; NULL for none. The group_key of all begins with node#visit.';
COMMENT ON COLUMN agentctl.node_runs.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.node_runs.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.node_runs.copied_from IS
    'The run that it was copied from, as conversation/seq; NULL for one of this run.';
COMMENT ON COLUMN agentctl.node_runs.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.node_runs.finished_at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.node_runs.duration_ms IS 'Milliseconds from its beginning to its end.';
