-- Conversations: who takes part, what is submitted to them and what was said.
--
-- One narrow control row per conversation makes order and mutual exclusion a state rather than a search: workers claim
-- conversations, never messages. Whoever holds the row's lease may write to the conversation, and nobody else can:
-- every write takes the control row WHERE lease = … and holds it to its commit.

CREATE TYPE agentctl.conversation_state AS ENUM ('idle', 'ready', 'running', 'waiting', 'parked');
CREATE TYPE agentctl.operation AS ENUM ('user_input', 'approval', 'interrupt', 'steer', 'undo', 'compact', 'fork',
    'set', 'resolve', 'shutdown');
CREATE TYPE agentctl.message_role AS ENUM ('user', 'assistant', 'tool');

CREATE TABLE agentctl.conversation (
    id text COLLATE "C" PRIMARY KEY
        CHECK (octet_length(id) BETWEEN 1 AND 200 AND id !~ '[[:cntrl:]]' AND id = btrim(id)),
    tenant text COLLATE "C" NOT NULL DEFAULT 'default',
    agent_kind text COLLATE "C" NOT NULL GENERATED ALWAYS AS ('agent') STORED,
    agent text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL DEFAULT agentctl.caller(),
    forked_from text COLLATE "C",
    forked_message bigint,
    settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
    FOREIGN KEY (agent_kind, agent) REFERENCES agentctl.definition (kind, name)
);
COMMENT ON TABLE agentctl.conversation IS 'A conversation: what does not change while it goes on.';
COMMENT ON COLUMN agentctl.conversation.id IS 'Chosen by the caller: up to 200 bytes, no control characters.';
COMMENT ON COLUMN agentctl.conversation.tenant IS 'Whose it is.';
COMMENT ON COLUMN agentctl.conversation.agent_kind IS 'Always agent: lets agent be a foreign key.';
COMMENT ON COLUMN agentctl.conversation.agent IS
    'The agent that answers unless a submission names another; an operation can change it for what follows.';
COMMENT ON COLUMN agentctl.conversation.created_at IS 'When the first submission came.';
COMMENT ON COLUMN agentctl.conversation.created_by IS
    'Database user who started it; agentctl_client users see only their own.';
COMMENT ON COLUMN agentctl.conversation.forked_from IS
    'The conversation that it went on from; NULL if it began by itself.';
COMMENT ON COLUMN agentctl.conversation.forked_message IS 'The last message of that conversation that it has.';
COMMENT ON COLUMN agentctl.conversation.settings IS
    'What set() has changed for the conversation: the model, and limits in place of the agent''s.';

CREATE TABLE agentctl.conversation_control (
    conversation_id text COLLATE "C" PRIMARY KEY REFERENCES agentctl.conversation ON DELETE CASCADE,
    bucket smallint NOT NULL GENERATED ALWAYS AS ((hashtextextended(conversation_id, 0) & 1023)::smallint) STORED,
    state agentctl.conversation_state NOT NULL DEFAULT 'idle',
    priority smallint NOT NULL DEFAULT 0,
    attempt smallint NOT NULL DEFAULT 0,
    ready_at timestamptz,
    wake_at timestamptz,
    head_seq bigint NOT NULL DEFAULT 0 CHECK (head_seq >= 0),
    tail_seq bigint NOT NULL DEFAULT 0 CHECK (tail_seq >= head_seq),
    cancel_seq bigint NOT NULL DEFAULT 0,
    last_message bigint NOT NULL DEFAULT 0,
    last_event bigint NOT NULL DEFAULT 0,
    lease uuid,
    worker_id bigint,
    has_progress boolean NOT NULL DEFAULT false,
    generation smallint NOT NULL DEFAULT 0,
    steer_seq bigint NOT NULL DEFAULT 0,
    closed_seq bigint,
    -- A worker that was lost may believe for one more time to live that it holds its conversations: its last sign of
    -- life that was answered came before it was counted as lost, whatever has become of heartbeat_at.
    lease_until timestamptz,
    CHECK ((state = 'running') = (lease IS NOT NULL)),
    CHECK ((state = 'running') = (worker_id IS NOT NULL)),
    CHECK ((state = 'ready') = (ready_at IS NOT NULL)),
    CHECK (state <> 'idle' OR head_seq = tail_seq)
) WITH (
    fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX conversation_ready ON agentctl.conversation_control (priority, ready_at, conversation_id)
    WHERE state = 'ready';
CREATE INDEX conversation_running ON agentctl.conversation_control (worker_id) WHERE state = 'running';
CREATE INDEX conversation_waiting ON agentctl.conversation_control (wake_at) WHERE state = 'waiting';
COMMENT ON TABLE agentctl.conversation_control IS
    'The state of each conversation: the one row that is locked to write to it. It holds no wide column.';
COMMENT ON COLUMN agentctl.conversation_control.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversation_control.bucket IS
    'Hash of the id, 0 to 1023: lets workers share conversations out among them.';
COMMENT ON COLUMN agentctl.conversation_control.state IS
    'idle: nothing to do; ready: to be claimed; running: a worker holds the lease; waiting: until wake_at; parked: '
    'for a person.';
COMMENT ON COLUMN agentctl.conversation_control.priority IS 'Lower is claimed first.';
COMMENT ON COLUMN agentctl.conversation_control.attempt IS 'Times the next submission has been claimed.';
COMMENT ON COLUMN agentctl.conversation_control.ready_at IS 'Since when it is ready.';
COMMENT ON COLUMN agentctl.conversation_control.wake_at IS 'When a waiting conversation becomes ready.';
COMMENT ON COLUMN agentctl.conversation_control.head_seq IS 'Last submission that is finished.';
COMMENT ON COLUMN agentctl.conversation_control.tail_seq IS 'Last submission that has come.';
COMMENT ON COLUMN agentctl.conversation_control.cancel_seq IS 'Submissions up to this one are to be interrupted.';
COMMENT ON COLUMN agentctl.conversation_control.last_message IS 'Number of the last message.';
COMMENT ON COLUMN agentctl.conversation_control.last_event IS 'Number of the last event.';
COMMENT ON COLUMN agentctl.conversation_control.lease IS 'Random, new with each claim; a writer must know it.';
COMMENT ON COLUMN agentctl.conversation_control.worker_id IS 'The worker that holds the lease.';
COMMENT ON COLUMN agentctl.conversation_control.has_progress IS
    'The next submission''s turn has stored something already: see turn_progress.';
COMMENT ON COLUMN agentctl.conversation_control.generation IS
    'Counts claims of the next submission, also those that were given back: pieces of answers are told apart by it.';
COMMENT ON COLUMN agentctl.conversation_control.steer_seq IS
    'The last message that is for the turn in progress and not for one of its own.';
COMMENT ON COLUMN agentctl.conversation_control.closed_seq IS
    'The shutdown after which nothing more is accepted; NULL while the conversation is open.';
COMMENT ON COLUMN agentctl.conversation_control.lease_until IS
    'Until when the worker that was lost while it held the conversation may believe that it still does; NULL when '
    'none was.';

CREATE TABLE agentctl.submission (
    conversation_id text COLLATE "C" NOT NULL REFERENCES agentctl.conversation_control ON DELETE CASCADE,
    seq bigint NOT NULL CHECK (seq > 0),
    operation agentctl.operation NOT NULL DEFAULT 'user_input',
    agent text COLLATE "C",
    body jsonb NOT NULL,
    idempotency_key text COLLATE "C" CHECK (octet_length(idempotency_key) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL DEFAULT agentctl.caller(),
    taken_by bigint,
    PRIMARY KEY (conversation_id, seq)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
CREATE UNIQUE INDEX submission_idempotency_key ON agentctl.submission (conversation_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX submission_steering ON agentctl.submission (conversation_id, seq) WHERE operation = 'steer'
    AND taken_by IS NULL;
COMMENT ON TABLE agentctl.submission IS 'What was sent in: one operation each, worked off in order of seq.';
COMMENT ON COLUMN agentctl.submission.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.submission.seq IS 'Counts from 1 within the conversation, in order of commit.';
COMMENT ON COLUMN agentctl.submission.operation IS 'What is asked for.';
COMMENT ON COLUMN agentctl.submission.agent IS 'Agent for this submission, when it is not the conversation''s own.';
COMMENT ON COLUMN agentctl.submission.body IS '{"message": text}, {"input": value}, or what belongs to the operation.';
COMMENT ON COLUMN agentctl.submission.idempotency_key IS
    'Given by the client: the same key in a conversation is the same submission.';
COMMENT ON COLUMN agentctl.submission.created_at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.submission.created_by IS 'Database user who sent it.';
COMMENT ON COLUMN agentctl.submission.taken_by IS
    'The turn that took it up while it ran; NULL for what is worked off by itself.';

-- The tables below are written only by finish(), under the lock on the control row; that row's existence and lease are
-- checked in the same statement, which is why they carry no foreign keys: a key on a version would make every
-- commit of a popular agent lock one and the same row.
CREATE TABLE agentctl.message (
    conversation_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    seq bigint NOT NULL,
    role agentctl.message_role NOT NULL,
    content text NOT NULL,
    tool_calls jsonb,
    tool_call_id text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    undone_by bigint,
    PRIMARY KEY (conversation_id, number)
);
COMMENT ON TABLE agentctl.message IS 'The transcript. Each message is stored once; turns refer to ranges of numbers.';
COMMENT ON COLUMN agentctl.message.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.message.number IS 'Counts from 1 within the conversation, without gaps.';
COMMENT ON COLUMN agentctl.message.seq IS 'The submission whose turn wrote it.';
COMMENT ON COLUMN agentctl.message.role IS 'Who speaks: user, assistant, or tool (a result).';
COMMENT ON COLUMN agentctl.message.content IS 'The text.';
COMMENT ON COLUMN agentctl.message.tool_calls IS 'Calls that the assistant asks for: [{id, name, arguments}].';
COMMENT ON COLUMN agentctl.message.tool_call_id IS 'Of a result: the call that it answers.';
COMMENT ON COLUMN agentctl.message.created_at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.message.undone_by IS
    'The submission that took it out of the context; NULL while the model is shown it.';

CREATE TABLE agentctl.compaction (
    conversation_id text COLLATE "C" NOT NULL REFERENCES agentctl.conversation ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    first_message bigint NOT NULL CHECK (first_message > 0),
    last_message bigint NOT NULL CHECK (last_message >= first_message),
    summary text NOT NULL CHECK (summary <> ''),
    made_by text NOT NULL CHECK (made_by IN ('model', 'extraction')),
    before_tokens bigint NOT NULL,
    after_tokens bigint NOT NULL,
    model text COLLATE "C",
    model_version_id bigint,
    provider text,
    input_tokens bigint NOT NULL DEFAULT 0,
    cached_input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    usage_estimated boolean NOT NULL DEFAULT false,
    cost_usd numeric(20, 10) NOT NULL DEFAULT 0,
    duration_ms double precision NOT NULL DEFAULT 0,
    error_code text,
    error_message text,
    created_by bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    undone_by bigint,
    PRIMARY KEY (conversation_id, number)
);
COMMENT ON TABLE agentctl.compaction IS
    'Summaries that stand for the oldest messages of conversations. In force is the last that is not undone; each '
    'tells also what the one before it told.';
COMMENT ON COLUMN agentctl.compaction.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.compaction.number IS 'Counts from 1 within the conversation.';
COMMENT ON COLUMN agentctl.compaction.first_message IS 'Number of the first message that it stands for.';
COMMENT ON COLUMN agentctl.compaction.last_message IS
    'Number of the last message that it stands for; the model is shown those after it.';
COMMENT ON COLUMN agentctl.compaction.summary IS 'What the model is shown instead of them.';
COMMENT ON COLUMN agentctl.compaction.made_by IS 'model, or extraction: put together from the messages without one.';
COMMENT ON COLUMN agentctl.compaction.before_tokens IS 'Tokens of what it stands for, by estimate.';
COMMENT ON COLUMN agentctl.compaction.after_tokens IS 'Tokens of the summary, by estimate.';
COMMENT ON COLUMN agentctl.compaction.model IS 'Name of the model row that was asked; NULL if none was.';
COMMENT ON COLUMN agentctl.compaction.model_version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.compaction.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.compaction.input_tokens IS 'Input tokens of the call.';
COMMENT ON COLUMN agentctl.compaction.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.compaction.output_tokens IS 'Output tokens of the call.';
COMMENT ON COLUMN agentctl.compaction.usage_estimated IS 'The provider told no usage: the tokens are an estimate.';
COMMENT ON COLUMN agentctl.compaction.cost_usd IS
    'Cost of the call by the model''s prices, in USD. Of a compaction that a turn began with it is part of the '
    'turn''s cost as well.';
COMMENT ON COLUMN agentctl.compaction.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.compaction.error_code IS 'Why the model gave no summary, when it was asked and failed.';
COMMENT ON COLUMN agentctl.compaction.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.compaction.created_by IS
    'The submission that made it: an operation compact, or the message whose turn began with it.';
COMMENT ON COLUMN agentctl.compaction.created_at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.compaction.undone_by IS 'The submission that took it back; NULL while it stands.';

CREATE TABLE agentctl.event (
    conversation_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (conversation_id, number, at)
) PARTITION BY RANGE (at);
COMMENT ON TABLE agentctl.event IS
    'What happened in a conversation, as a stream that a client can resume. Partitioned by month.';
COMMENT ON COLUMN agentctl.event.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.event.number IS 'Counts from 1 within the conversation, without gaps.';
COMMENT ON COLUMN agentctl.event.seq IS 'The turn it belongs to.';
COMMENT ON COLUMN agentctl.event.type IS
    'turn_started, message, steered, tool_call_requested, tool_started, tool_finished, call_in_doubt, '
    'approval_requested, approval_decided, waiting, call_resolved, limit_reached, interrupted, error, turn_complete, '
    'undone, settings_changed, compacted, compaction_undone, guardrail_hit, closed.';
COMMENT ON COLUMN agentctl.event.data IS 'What belongs to the type.';
COMMENT ON COLUMN agentctl.event.at IS 'When it was stored.';

CREATE UNLOGGED TABLE agentctl.delta (
    conversation_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    attempt smallint NOT NULL,
    number integer NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (conversation_id, seq, attempt, number)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
CREATE INDEX delta_by_time ON agentctl.delta (at);
COMMENT ON TABLE agentctl.delta IS
    'Pieces of answers while they are written, for live display. Unlogged: lost on a crash of the database, '
    'superseded by the message.';
COMMENT ON COLUMN agentctl.delta.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.delta.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.delta.attempt IS 'The generation of the claim; a higher one begins the answer anew.';
COMMENT ON COLUMN agentctl.delta.number IS 'Counts from 1 within the attempt.';
COMMENT ON COLUMN agentctl.delta.type IS 'text, tool_started or tool_finished.';
COMMENT ON COLUMN agentctl.delta.data IS 'What belongs to the type.';
COMMENT ON COLUMN agentctl.delta.at IS 'When it was stored.';
