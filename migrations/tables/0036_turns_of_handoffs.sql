-- What a handoff's metrics read of turns in progress: its own.
CREATE INDEX turn_progress_of_chain ON agentctl.turn_progress (chain_version_id) WHERE chain_version_id IS NOT NULL;
