-- Deletion and retention: what an idempotency key stands for, and by what forks and runs of schedules are found.

ALTER TABLE agentctl.submission ADD COLUMN request bytea;
COMMENT ON COLUMN agentctl.submission.request IS
    'Digest of what was submitted with the idempotency key: body, agent and priority. NULL without a key, and once a '
    'guardrail has taken something out of the body.';

CREATE INDEX conversation_fork ON agentctl.conversation (forked_from) WHERE forked_from IS NOT NULL;
CREATE INDEX schedule_run_conversation ON agentctl.schedule_run (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX schedule_run_task ON agentctl.schedule_run (task_id) WHERE task_id IS NOT NULL;
