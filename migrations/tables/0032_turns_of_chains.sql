-- Few turns are of handoffs: their runs and numbers are found without reading the others.
CREATE INDEX turn_by_chain ON agentctl.turn (chain_version_id, started_at) WHERE chain_version_id IS NOT NULL;
