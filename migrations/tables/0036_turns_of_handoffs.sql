-- What a handoff's metrics read: its own turns, by their time.
CREATE INDEX turn_of_chain ON agentctl.turn (chain_version_id, started_at) WHERE chain_version_id IS NOT NULL;
CREATE INDEX turn_progress_of_chain ON agentctl.turn_progress (chain_version_id) WHERE chain_version_id IS NOT NULL;
