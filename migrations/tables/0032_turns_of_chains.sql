-- Few turns are of handoffs: their runs and numbers are found without reading the others.
CREATE INDEX turn_by_chain ON agentctl.turn (conversation_id, seq) WHERE chain_version_id IS NOT NULL;
