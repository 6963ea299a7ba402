CREATE OR REPLACE VIEW agentctl.hook_deliveries AS
SELECT d.id, d.webhook_id, d.hook, d.event, d.state, d.attempt, d.status, d.error_message, d.next_at, d.created_at,
       d.finished_at, d.body
FROM agentctl.hook_delivery AS d;
COMMENT ON VIEW agentctl.hook_deliveries IS 'What hooks are told, and what became of it; for 30 days after that.';
COMMENT ON COLUMN agentctl.hook_deliveries.id IS 'Identifies the delivery: see redeliver().';
COMMENT ON COLUMN agentctl.hook_deliveries.webhook_id IS
    'What the receiver knows it by, as msg_…: the same with each attempt.';
COMMENT ON COLUMN agentctl.hook_deliveries.hook IS 'Name of the hook.';
COMMENT ON COLUMN agentctl.hook_deliveries.event IS 'What has happened.';
COMMENT ON COLUMN agentctl.hook_deliveries.state IS
    'pending; delivered: the receiver has answered 2xx; dead: it is not tried again.';
COMMENT ON COLUMN agentctl.hook_deliveries.attempt IS 'Attempts that were begun.';
COMMENT ON COLUMN agentctl.hook_deliveries.status IS 'HTTP status of the last answer.';
COMMENT ON COLUMN agentctl.hook_deliveries.error_message IS 'Why the last attempt failed.';
COMMENT ON COLUMN agentctl.hook_deliveries.next_at IS
    'When the next attempt is due; while one is made, when another worker takes it over.';
COMMENT ON COLUMN agentctl.hook_deliveries.created_at IS 'When it happened.';
COMMENT ON COLUMN agentctl.hook_deliveries.finished_at IS 'When it was delivered or given up.';
COMMENT ON COLUMN agentctl.hook_deliveries.body IS 'What is sent: {type, timestamp, data}.';
