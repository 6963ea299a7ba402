-- Tasks: work that a turn delegates, or that anybody submits with submit_task().
--
-- A task is done by an ordinary turn of a conversation of its own. A turn that delegates parks, and the end of a task
-- wakes it. A turn never ends before its tasks, so there are no orphans, and the cost of a tree always adds up.

CREATE TYPE agentctl.task_state AS ENUM ('pending', 'held', 'assigned', 'done', 'failed', 'cancelled', 'dead');

CREATE TABLE agentctl.task (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL DEFAULT 'default',
    parent_conversation_id text COLLATE "C",
    parent_seq bigint,
    number integer,
    group_key text COLLATE "C" NOT NULL DEFAULT '',
    root_conversation_id text COLLATE "C",
    root_seq bigint,
    depth smallint NOT NULL DEFAULT 0,
    depth_left smallint NOT NULL DEFAULT 0,
    path text[] COLLATE "C" NOT NULL DEFAULT '{}',
    description text NOT NULL,
    input jsonb,
    capabilities text[] COLLATE "C" NOT NULL DEFAULT '{}',
    agent text COLLATE "C",
    is_routed boolean NOT NULL DEFAULT false,
    priority smallint NOT NULL DEFAULT 10,
    deadline timestamptz,
    budget_tokens bigint,
    budget_usd numeric(20, 10),
    state agentctl.task_state NOT NULL DEFAULT 'assigned',
    attempt smallint NOT NULL DEFAULT 1,
    max_attempts smallint NOT NULL DEFAULT 1,
    tried text[] COLLATE "C" NOT NULL DEFAULT '{}',
    conversation_id text COLLATE "C",
    seq bigint,
    told boolean NOT NULL DEFAULT false,
    error_code text,
    error_message text,
    effects jsonb,
    tokens bigint NOT NULL DEFAULT 0,
    cost_usd numeric(20, 10) NOT NULL DEFAULT 0,
    created_by text NOT NULL DEFAULT agentctl.caller(),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    -- Each constraint is read again by each statement that writes: so there are two.
    CHECK ((number IS NULL) = (parent_conversation_id IS NULL) AND (number IS NULL) = (parent_seq IS NULL)
        AND (conversation_id IS NULL) = (seq IS NULL) AND number >= 1 AND attempt BETWEEN 1 AND max_attempts
        AND budget_tokens >= 0 AND budget_usd BETWEEN 0 AND 1e9 AND isfinite(deadline)
        AND cardinality(capabilities) <= 128 AND octet_length(agent) <= 200),
    CHECK ((finished_at IS NULL) = (state IN ('pending', 'held', 'assigned'))
        AND CASE WHEN number IS NULL THEN state NOT IN ('held', 'failed') ELSE state NOT IN ('pending', 'dead') END)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE UNIQUE INDEX task_of_turn ON agentctl.task (parent_conversation_id, parent_seq, number)
    WHERE parent_conversation_id IS NOT NULL;
CREATE UNIQUE INDEX task_by_turn ON agentctl.task (conversation_id, seq) WHERE conversation_id IS NOT NULL;
CREATE INDEX task_untold ON agentctl.task (parent_conversation_id, parent_seq)
    WHERE NOT told AND finished_at IS NOT NULL AND parent_conversation_id IS NOT NULL;
CREATE INDEX task_unseen ON agentctl.task (id)
    WHERE NOT told AND finished_at IS NOT NULL AND parent_conversation_id IS NULL;
CREATE INDEX task_pending ON agentctl.task (id) WHERE state = 'pending';
CREATE INDEX task_held ON agentctl.task (parent_conversation_id, parent_seq, group_key, number) WHERE state = 'held';
CREATE INDEX task_of_root ON agentctl.task (root_conversation_id, root_seq) WHERE root_conversation_id IS NOT NULL;
COMMENT ON TABLE agentctl.task IS
    'Work that a turn delegates, or that submit_task() was given. The state of the turn that does it is that of its '
    'conversation: see the view tasks.';
COMMENT ON COLUMN agentctl.task.id IS 'Identifies the task.';
COMMENT ON COLUMN agentctl.task.tenant IS 'Whose it is: the parent''s.';
COMMENT ON COLUMN agentctl.task.parent_conversation_id IS
    'Conversation of the turn that delegated it; NULL for a task of submit_task().';
COMMENT ON COLUMN agentctl.task.parent_seq IS 'Submission of the turn that delegated it.';
COMMENT ON COLUMN agentctl.task.number IS 'Counts from 1 within that turn: the same number is the same task.';
COMMENT ON COLUMN agentctl.task.group_key IS
    'Which tasks of the turn belong together: they share a limit of how many run at once.';
COMMENT ON COLUMN agentctl.task.root_conversation_id IS
    'Conversation of the turn at the top of the tree; NULL for a task of submit_task().';
COMMENT ON COLUMN agentctl.task.root_seq IS 'Submission of the turn at the top of the tree.';
COMMENT ON COLUMN agentctl.task.depth IS 'Turns above it.';
COMMENT ON COLUMN agentctl.task.depth_left IS
    'Levels that may still follow below it: the least that max_chain_depth of the agents on the path leaves.';
COMMENT ON COLUMN agentctl.task.path IS 'The agents from the root to the task''s own. None stands on it twice.';
COMMENT ON COLUMN agentctl.task.description IS 'What is to be done, in words: what the agent is sent.';
COMMENT ON COLUMN agentctl.task.input IS
    'Structured input. An agent with an input_schema is sent it alone, any other the description and it.';
COMMENT ON COLUMN agentctl.task.capabilities IS 'What the agent must be able to do.';
COMMENT ON COLUMN agentctl.task.agent IS
    'The agent of the present attempt; NULL in a refused task for which there is none.';
COMMENT ON COLUMN agentctl.task.is_routed IS
    'Whether the agent was chosen by capability: then another one may try again.';
COMMENT ON COLUMN agentctl.task.priority IS 'Lower is claimed first: the parent''s.';
COMMENT ON COLUMN agentctl.task.deadline IS
    'When its turn is ended as limited: the earliest of its own and those above; NULL for never.';
COMMENT ON COLUMN agentctl.task.budget_tokens IS
    'Most tokens that it and the tasks below it may take; NULL for no limit.';
COMMENT ON COLUMN agentctl.task.budget_usd IS
    'Most that it and the tasks below it may cost, in USD; NULL for no limit.';
COMMENT ON COLUMN agentctl.task.state IS
    'pending: waits for other tasks; held: waits for a place in its group; assigned: its conversation has it; done; '
    'failed; cancelled; dead: failed without a parent that could react.';
COMMENT ON COLUMN agentctl.task.attempt IS 'Counts from 1; each has another agent and a conversation of its own.';
COMMENT ON COLUMN agentctl.task.max_attempts IS 'Most attempts of a task that was routed.';
COMMENT ON COLUMN agentctl.task.tried IS 'The agents of earlier attempts.';
COMMENT ON COLUMN agentctl.task.conversation_id IS 'Conversation of the present attempt; NULL before the first.';
COMMENT ON COLUMN agentctl.task.seq IS 'Submission of the present attempt.';
COMMENT ON COLUMN agentctl.task.told IS
    'Whether the parent''s events tell that it has ended; without a parent, whether what depends on it was seen to.';
COMMENT ON COLUMN agentctl.task.error_code IS 'Class of the error that ended it.';
COMMENT ON COLUMN agentctl.task.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.task.effects IS
    'Effects of a failed attempt, for which it was not tried again: [{turn, call, tool, state}].';
COMMENT ON COLUMN agentctl.task.tokens IS 'Tokens of attempts that have ended, and of all tasks below them.';
COMMENT ON COLUMN agentctl.task.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.task.created_by IS 'Database user who submitted it, or whose conversation delegated it.';
COMMENT ON COLUMN agentctl.task.created_at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.task.finished_at IS 'When it ended.';

-- A task depends on earlier tasks only, so that a cycle cannot be written down.
CREATE TABLE agentctl.task_dependency (
    task_id bigint NOT NULL REFERENCES agentctl.task ON DELETE CASCADE,
    depends_on bigint NOT NULL REFERENCES agentctl.task ON DELETE CASCADE,
    PRIMARY KEY (task_id, depends_on),
    CHECK (depends_on < task_id)
);
CREATE INDEX task_dependency_reverse ON agentctl.task_dependency (depends_on, task_id);
COMMENT ON TABLE agentctl.task_dependency IS 'Which tasks without a parent wait for which others.';
COMMENT ON COLUMN agentctl.task_dependency.task_id IS 'The task that waits.';
COMMENT ON COLUMN agentctl.task_dependency.depends_on IS 'The task that has to be done first; an earlier one.';

ALTER TABLE agentctl.submission ADD COLUMN task_id bigint;
COMMENT ON COLUMN agentctl.submission.task_id IS 'The task that it is an attempt at; NULL for a user''s own.';

ALTER TABLE agentctl.conversation_control
    ADD COLUMN depth smallint NOT NULL DEFAULT 0,
    ADD COLUMN awaited integer NOT NULL DEFAULT 0,
    ADD COLUMN told integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN agentctl.conversation_control.depth IS
    'Turns above its own: the deepest are claimed first, so that a tree is finished before another is begun.';
COMMENT ON COLUMN agentctl.conversation_control.awaited IS 'Endings of tasks that the turn still waits for.';
COMMENT ON COLUMN agentctl.conversation_control.told IS 'Endings of its tasks that the turn in progress was told.';

DROP INDEX agentctl.conversation_ready;
CREATE INDEX conversation_ready
    ON agentctl.conversation_control (priority, depth DESC, has_progress DESC, ready_at, conversation_id)
    WHERE state = 'ready';

-- A turn in doubt that does a task is woken by the task's deadline.
DROP INDEX agentctl.conversation_waiting;
CREATE INDEX conversation_waiting ON agentctl.conversation_control (wake_at)
    WHERE state IN ('waiting', 'parked') AND wake_at IS NOT NULL;
COMMENT ON COLUMN agentctl.conversation_control.wake_at IS
    'When a turn that waits goes on at the latest; NULL for never.';
COMMENT ON COLUMN agentctl.conversation_control.state IS
    'idle: nothing to do; ready: to be claimed; running: a worker holds the lease; waiting: for tasks, or until '
    'wake_at; parked: for a person.';

ALTER TABLE agentctl.event DROP CONSTRAINT event_type;
ALTER TABLE agentctl.event ADD CONSTRAINT event_type CHECK (type IN (
    'turn_started', 'message', 'steered', 'tool_call_requested', 'approval_requested', 'guardrail_hit', 'waiting',
    'approval_decided', 'call_in_doubt', 'call_resolved', 'tool_started', 'tool_finished', 'compacted',
    'compaction_undone', 'undone', 'settings_changed', 'limit_reached', 'interrupted', 'error', 'turn_complete',
    'closed', 'task_assigned', 'task_finished'));
