-- What nothing reads goes, types say what they are, and what an id may be is for new conversations only.

ALTER TABLE agentctl.turn DROP COLUMN recorded_by;
ALTER TABLE agentctl.worker DROP COLUMN instance;

-- The rest of the rule is conversation_id_problem()'s. A check would hold for changes of rows that were made before it.
ALTER TABLE agentctl.conversation DROP CONSTRAINT conversation_id_check;
ALTER TABLE agentctl.conversation ADD CONSTRAINT conversation_id_check CHECK (octet_length(id) BETWEEN 1 AND 200)
    NOT VALID;
COMMENT ON COLUMN agentctl.conversation.id IS
    'Chosen by the caller: up to 200 bytes, nothing that cannot be seen. Of a client, its account and a slash come first.';

-- What is stored fits: the table need not be read for that.
ALTER TABLE agentctl.event DROP CONSTRAINT event_type;
ALTER TABLE agentctl.event ADD CONSTRAINT event_type CHECK (type IN (
    'turn_started', 'message', 'steered', 'tool_call_requested', 'approval_requested', 'guardrail_hit', 'waiting',
    'approval_decided', 'call_in_doubt', 'call_resolved', 'tool_started', 'tool_finished', 'compacted',
    'compaction_undone', 'undone', 'settings_changed', 'limit_reached', 'interrupted', 'error', 'turn_complete',
    'closed', 'task_assigned', 'task_finished', 'node_finished', 'handed_over', 'plan_updated', 'cancelled')) NOT VALID;

COMMENT ON TYPE agentctl.approval_scope IS
    'What a decision covers: the call (once), the like in the conversation, or the like always.';
COMMENT ON TYPE agentctl.approval_state IS 'A request for approval: pending, or how it ended.';
COMMENT ON TYPE agentctl.conversation_state IS
    'idle: nothing to do; ready: to be claimed; running: a worker holds the lease; waiting: for tasks or an approval; '
    'parked: for an operator, about a call in doubt.';
COMMENT ON TYPE agentctl.exit_reason IS
    'How a call of a function or of code ended: by itself (ok, error), at a limit (timeout, memory, output), or because '
    'it was denied something or was killed.';
COMMENT ON TYPE agentctl.message_role IS 'Who says a message: the user, the model (assistant) or a tool.';
COMMENT ON TYPE agentctl.node_status IS 'How a visit of a node of a chain ended.';
COMMENT ON TYPE agentctl.operation IS
    'What a submission asks for: a message (user_input, steer), undo, compact, set or shutdown; interrupt is a message '
    'that was cancelled before it began. approval, fork and resolve act at once and are no submissions.';
COMMENT ON TYPE agentctl.plan_state IS
    'A plan: to be approved (draft), to be run (approved), running, or how it ended.';
COMMENT ON TYPE agentctl.plan_step_status IS 'A step of a plan: to be done (pending), running, or how it ended.';
COMMENT ON TYPE agentctl.step_kind IS
    'What a step of a turn was: a call of a model, a round of tools, a check of the answer (validation), a summary '
    '(compaction), the end of tasks (delegation), or a check by a guardrail.';
COMMENT ON TYPE agentctl.task_state IS
    'A task: waits for others (pending) or for its turn (held), is an agent''s (assigned), or how it ended: done, '
    'failed, cancelled, or dead after its last attempt.';
COMMENT ON TYPE agentctl.tool_call_state IS
    'A call of a tool: planned; started; succeeded; failed; denied by a policy, a person or a limit; in_doubt: a crash '
    'cut it off.';
COMMENT ON TYPE agentctl.tool_effect IS
    'What running a call twice would do: nothing (pure), the same (idempotent), the same as once by a transaction '
    '(sql), or something else (unsafe).';
COMMENT ON TYPE agentctl.turn_status IS
    'How a turn ended: succeeded, failed, at a limit (limited) or interrupted. running and waiting are not stored.';
COMMENT ON TYPE agentctl.worker_state IS
    'A worker: active; draining, takes nothing new; stopped; lost, without a heartbeat for its time to live.';
