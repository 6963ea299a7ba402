-- A worker is not sent the messages that it knows.
ALTER TABLE agentctl.conversation_control ADD COLUMN known_by bigint;
COMMENT ON COLUMN agentctl.conversation_control.known_by IS
    'The worker that ended the last turn and still knows its messages and those before it; NULL when there is none, and '
    'from the next claim on; 0 when messages were changed by hand: then none knows them after the turn that runs.';
