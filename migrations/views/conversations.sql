CREATE OR REPLACE VIEW agentctl.conversations AS
SELECT v.id AS conversation_id,
       v.agent,
       c.state::text AS state,
       c.head_seq AS finished,
       c.tail_seq - c.head_seq AS pending,
       c.last_message AS messages,
       v.created_at,
       v.created_by
FROM agentctl.conversation AS v
JOIN agentctl.conversation_control AS c ON c.conversation_id = v.id;
COMMENT ON VIEW agentctl.conversations IS 'The conversations and how they stand.';
COMMENT ON COLUMN agentctl.conversations.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversations.agent IS 'The agent that answers unless a submission names another.';
COMMENT ON COLUMN agentctl.conversations.state IS 'idle, ready, running, waiting or parked.';
COMMENT ON COLUMN agentctl.conversations.finished IS 'Submissions that are finished.';
COMMENT ON COLUMN agentctl.conversations.pending IS 'Submissions that wait or are being processed.';
COMMENT ON COLUMN agentctl.conversations.messages IS 'Messages in the transcript.';
COMMENT ON COLUMN agentctl.conversations.created_at IS 'When the first submission came.';
COMMENT ON COLUMN agentctl.conversations.created_by IS 'Database user who started it.';
