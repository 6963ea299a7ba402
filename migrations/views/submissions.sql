-- A message that was cancelled is an interrupt by its operation.
CREATE OR REPLACE VIEW agentctl.submissions AS
SELECT s.conversation_id,
       s.seq,
       CASE WHEN s.operation IN ('user_input', 'interrupt') THEN 'message' ELSE s.operation::text END AS operation,
       CASE WHEN s.operation = 'interrupt' THEN 'cancelled'
            WHEN s.taken_by IS NOT NULL THEN 'taken_up'
            WHEN t.status IS NOT NULL THEN t.status::text
            WHEN s.seq = c.head_seq + 1 AND c.state IN ('running', 'waiting', 'parked') THEN c.state::text
            WHEN s.seq > c.head_seq THEN 'queued'
            WHEN told.type IS NULL THEN 'pruned'
            WHEN told.type = 'error' AND (is_message OR told.data ->> 'code' NOT LIKE '%\_refused') THEN 'failed'
            WHEN told.type = 'error' OR told.type = 'undone' AND told.data -> 'turns' = '[]' THEN 'refused'
            ELSE 'done' END AS status,
       s.taken_by,
       s.agent,
       s.idempotency_key,
       s.created_by AS submitted_by,
       s.created_at AS submitted_at,
       t.started_at,
       coalesce(t.finished_at, CASE s.operation WHEN 'interrupt' THEN (s.body ->> 'cancelled_at')::timestamptz END)
           AS finished_at,
       coalesce(t.error_code, t.limit_reached, CASE told.type WHEN 'error' THEN told.data ->> 'code' END,
           CASE WHEN s.operation = 'interrupt' THEN 'cancelled' WHEN held.loss IS NOT NULL THEN 'worker_lost' END)
           AS error_code,
       coalesce(t.error_message, CASE told.type WHEN 'error' THEN told.data ->> 'message' END, held.loss,
           CASE s.operation WHEN 'interrupt' THEN 'it was cancelled by ' || (s.body ->> 'cancelled_by') END)
           AS error_message
FROM agentctl.submission AS s
JOIN agentctl.conversation_control AS c ON c.conversation_id = s.conversation_id
CROSS JOIN LATERAL (SELECT s.operation IN ('user_input', 'steer') AS is_message) AS kind
LEFT JOIN agentctl.turn AS t ON t.conversation_id = s.conversation_id AND t.seq = s.seq
    AND t.started_at >= s.created_at - interval '1 day'
LEFT JOIN LATERAL (
    SELECT e.type, e.data FROM agentctl.event AS e
    -- Of an operation also why an attempt failed that another follows.
    WHERE s.seq <= c.head_seq + CASE WHEN is_message THEN 0 ELSE 1 END
      AND t.status IS NULL AND s.taken_by IS NULL AND (NOT is_message OR e.type = 'error')
      AND e.conversation_id = s.conversation_id AND e.seq = s.seq AND e.at >= s.created_at - interval '1 day'
    ORDER BY e.number DESC LIMIT 1
) AS told ON true
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.state = 'running' AND s.seq = c.head_seq + 1 THEN agentctl.worker_loss(c.worker_id) END AS loss
) AS held;
COMMENT ON VIEW agentctl.submissions IS 'What was sent in: one row an operation, and how it stands.';
COMMENT ON COLUMN agentctl.submissions.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.submissions.seq IS 'Counts from 1 within the conversation.';
COMMENT ON COLUMN agentctl.submissions.operation IS 'message, steer, undo, set, compact or shutdown.';
COMMENT ON COLUMN agentctl.submissions.status IS
    'queued; running; waiting: for an approval or for tasks; parked: for a call in doubt. Of a message that has ended '
    'succeeded, failed, limited or interrupted, and taken_up when another turn answers it, or cancelled. Of an '
    'operation that has ended done, refused or failed. pruned when its records are no longer kept.';
COMMENT ON COLUMN agentctl.submissions.taken_by IS 'The turn that took the message up.';
COMMENT ON COLUMN agentctl.submissions.agent IS 'The agent that it names; NULL for the conversation''s.';
COMMENT ON COLUMN agentctl.submissions.idempotency_key IS 'The key that the client gave.';
COMMENT ON COLUMN agentctl.submissions.submitted_by IS 'Database user who sent it.';
COMMENT ON COLUMN agentctl.submissions.submitted_at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.submissions.started_at IS 'When a worker claimed it; NULL until the turn has ended.';
COMMENT ON COLUMN agentctl.submissions.finished_at IS 'When its turn ended, or it was cancelled.';
COMMENT ON COLUMN agentctl.submissions.error_code IS
    'Class of the error, or the limit that was reached; worker_lost while the worker that runs it is lost.';
COMMENT ON COLUMN agentctl.submissions.error_message IS
    'What happened; of an operation that is tried again, why the attempt before failed.';
