CREATE OR REPLACE VIEW agentctl.conversations AS
SELECT v.id AS conversation_id,
       v.agent,
       c.state::text AS state,
       c.head_seq AS finished,
       c.tail_seq - c.head_seq AS pending,
       c.last_message AS messages,
       v.created_at,
       v.created_by,
       v.forked_from,
       v.forked_message,
       v.settings,
       c.closed_seq IS NOT NULL AS closed,
       c.priority::integer AS priority,
       CASE c.state WHEN 'running' THEN agentctl.worker_loss(c.worker_id) END AS worker_lost,
       v.user_id
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
COMMENT ON COLUMN agentctl.conversations.forked_from IS
    'The conversation that it went on from; NULL if it began by itself.';
COMMENT ON COLUMN agentctl.conversations.forked_message IS 'The last message of that conversation that it has.';
COMMENT ON COLUMN agentctl.conversations.settings IS
    'What set() has changed for the conversation: the model, and limits in place of the agent''s.';
COMMENT ON COLUMN agentctl.conversations.closed IS 'Whether shutdown() has closed it: nothing more is accepted.';
COMMENT ON COLUMN agentctl.conversations.priority IS 'Lower is claimed first.';
COMMENT ON COLUMN agentctl.conversations.worker_lost IS
    'Of one that is running: that its worker is lost, and who takes over; NULL while the worker lives.';
COMMENT ON COLUMN agentctl.conversations.user_id IS
    'The end user of the application that it is held with; NULL when none was named.';
