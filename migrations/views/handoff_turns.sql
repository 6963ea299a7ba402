-- Few turns are of handoffs, and few ask for their numbers: their rows are read, and are in no rollup of their own.
CREATE OR REPLACE VIEW agentctl.handoff_turns AS
SELECT v.name AS chain, v.version, t.conversation_id, t.seq, t.started_at, true AS has_ended,
       t.started_at - interval '1 day' AS calls_from, t.finished_at + interval '1 day' AS calls_until
FROM agentctl.definition_version AS v
JOIN agentctl.turn AS t ON t.chain_version_id = v.id
WHERE v.kind = 'chain' AND t.chain_version_id IS NOT NULL
UNION ALL
SELECT v.name, v.version, p.conversation_id, p.seq, p.started_at, false, p.started_at - interval '1 day', 'infinity'
FROM agentctl.definition_version AS v
JOIN agentctl.turn_progress AS p ON p.chain_version_id = v.id
WHERE v.kind = 'chain' AND p.chain_version_id IS NOT NULL;
COMMENT ON VIEW agentctl.handoff_turns IS
    'Turns that an agent answered for a handoff, which is a chain: those that have ended and are kept, and those in '
    'progress that have stored something. Internal.';
COMMENT ON COLUMN agentctl.handoff_turns.chain IS 'Name of the handoff.';
COMMENT ON COLUMN agentctl.handoff_turns.version IS 'Its version.';
COMMENT ON COLUMN agentctl.handoff_turns.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.handoff_turns.seq IS 'The submission that was processed.';
COMMENT ON COLUMN agentctl.handoff_turns.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.handoff_turns.has_ended IS 'Whether it has ended.';
COMMENT ON COLUMN agentctl.handoff_turns.calls_from IS 'Before its first call.';
COMMENT ON COLUMN agentctl.handoff_turns.calls_until IS 'After its last call.';
