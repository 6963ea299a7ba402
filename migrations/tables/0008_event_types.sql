-- The types of events and of pieces are closed lists: programs know each of them (the enums Event and TurnEvent), and a
-- test compares the two.

ALTER TABLE agentctl.event ADD CONSTRAINT event_type CHECK (type IN (
    'turn_started', 'message', 'steered', 'tool_call_requested', 'approval_requested', 'guardrail_hit', 'waiting',
    'approval_decided', 'call_in_doubt', 'call_resolved', 'tool_started', 'tool_finished', 'compacted',
    'compaction_undone', 'undone', 'settings_changed', 'limit_reached', 'interrupted', 'error', 'turn_complete',
    'closed'));
COMMENT ON COLUMN agentctl.event.type IS 'What happened; docs/conversations.md has the list.';

ALTER TABLE agentctl.delta ADD CONSTRAINT delta_type CHECK (type IN (
    'text', 'reset', 'steered', 'tool_started', 'tool_output', 'tool_finished'));
COMMENT ON COLUMN agentctl.delta.type IS 'What it is a piece of.';
