CREATE OR REPLACE VIEW agentctl.routings AS
SELECT r.conversation_id, r.seq, r.agent, r.is_default, r.score, r.threshold, r.candidates, r.epoch, r.decided_at
FROM agentctl.routing AS r;
COMMENT ON VIEW agentctl.routings IS 'Why messages that named no agent went to the agent that they went to.';
COMMENT ON COLUMN agentctl.routings.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.routings.seq IS 'The submission.';
COMMENT ON COLUMN agentctl.routings.agent IS 'The agent that was chosen.';
COMMENT ON COLUMN agentctl.routings.is_default IS
    'No agent reached the threshold: the default agent was chosen, or the conversation''s own.';
COMMENT ON COLUMN agentctl.routings.score IS 'Score of the best candidate, from 0 to 1; 0 when there was none.';
COMMENT ON COLUMN agentctl.routings.threshold IS 'The setting route_threshold at that time.';
COMMENT ON COLUMN agentctl.routings.candidates IS
    'The best agents, at most five, best first: [{agent, score, words, success_rate, turns, open}].';
COMMENT ON COLUMN agentctl.routings.epoch IS 'The epoch of the definitions that the decision was made with.';
COMMENT ON COLUMN agentctl.routings.decided_at IS 'When it was decided.';
