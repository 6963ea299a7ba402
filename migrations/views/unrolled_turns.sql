CREATE OR REPLACE VIEW agentctl.unrolled_turns AS
SELECT t.conversation_id, t.seq, t.started_at, t.agent, true AS has_ended,
       t.started_at - interval '1 day' AS calls_from, t.finished_at + interval '1 day' AS calls_until
FROM agentctl.rollup_mark AS m
JOIN agentctl.turn AS t ON t.recorded_by >= m.recorded_before AND t.recorded_by > 0
UNION ALL
SELECT t.conversation_id, t.seq, t.started_at, t.agent, true, t.started_at - interval '1 day',
       t.finished_at + interval '1 day'
FROM agentctl.rollup_mark AS m
JOIN agentctl.turn AS t ON t.started_at >= m.backlog_from AND t.recorded_by = 0
UNION ALL
SELECT p.conversation_id, p.seq, p.started_at, p.agent, false, p.started_at - interval '1 day', 'infinity'
FROM agentctl.turn_progress AS p;
COMMENT ON VIEW agentctl.unrolled_turns IS
    'Turns that are not in the rollup, with all their calls: new ones, those from before there was a rollup, and those '
    'in progress that have stored something. Internal.';
COMMENT ON COLUMN agentctl.unrolled_turns.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.unrolled_turns.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.unrolled_turns.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.unrolled_turns.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.unrolled_turns.has_ended IS 'False for one in progress.';
COMMENT ON COLUMN agentctl.unrolled_turns.calls_from IS 'None of its calls began earlier, whatever clocks do.';
COMMENT ON COLUMN agentctl.unrolled_turns.calls_until IS 'All of its calls began earlier; infinity while it is in progress.';
