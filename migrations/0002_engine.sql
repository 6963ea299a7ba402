-- The engine: conversations, what is submitted to them, and what became of it.
--
-- One narrow control row per conversation makes order and mutual exclusion a state rather than a search: workers claim
-- conversations, never messages. Whoever holds the row's lease may write to the conversation, and nobody else can:
-- every write takes the control row WHERE lease = … and holds it to its commit.

CREATE TYPE agentctl.conversation_state AS ENUM ('idle', 'ready', 'running', 'waiting', 'parked');
CREATE TYPE agentctl.worker_state AS ENUM ('active', 'draining', 'stopped', 'lost');
CREATE TYPE agentctl.operation AS ENUM ('user_input', 'approval', 'interrupt', 'steer', 'undo', 'compact', 'fork', 'set', 'resolve', 'shutdown');
CREATE TYPE agentctl.turn_status AS ENUM ('running', 'waiting', 'succeeded', 'failed', 'limited', 'interrupted');
CREATE TYPE agentctl.step_kind AS ENUM ('model_call', 'tool_round', 'validation', 'compaction', 'delegation', 'guardrail');
CREATE TYPE agentctl.tool_effect AS ENUM ('pure', 'idempotent', 'sql', 'unsafe');
CREATE TYPE agentctl.tool_call_state AS ENUM ('planned', 'started', 'succeeded', 'failed', 'denied', 'in_doubt');
CREATE TYPE agentctl.message_role AS ENUM ('user', 'assistant', 'tool');
CREATE TYPE agentctl.approval_state AS ENUM ('pending', 'approved', 'denied', 'expired');
CREATE TYPE agentctl.approval_scope AS ENUM ('once', 'conversation', 'always');

CREATE TABLE agentctl.worker (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instance uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('service', 'inline')),
    host text NOT NULL,
    process_id integer NOT NULL,
    release text NOT NULL,
    slots integer NOT NULL CHECK (slots > 0),
    state agentctl.worker_state NOT NULL DEFAULT 'active',
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    stopped_at timestamptz
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
CREATE INDEX worker_alive ON agentctl.worker (heartbeat_at) WHERE state IN ('active', 'draining');
CREATE INDEX worker_gone ON agentctl.worker (id) WHERE state IN ('stopped', 'lost');
COMMENT ON TABLE agentctl.worker IS 'One row per start of a process that processes messages.';
COMMENT ON COLUMN agentctl.worker.id IS 'Identifies the start.';
COMMENT ON COLUMN agentctl.worker.instance IS 'Random name of the start.';
COMMENT ON COLUMN agentctl.worker.kind IS 'service: agentctl work; inline: a command that processes its own message.';
COMMENT ON COLUMN agentctl.worker.host IS 'Host name.';
COMMENT ON COLUMN agentctl.worker.process_id IS 'Process id on that host.';
COMMENT ON COLUMN agentctl.worker.release IS 'Release of agentctl.';
COMMENT ON COLUMN agentctl.worker.slots IS 'Conversations that it processes at once.';
COMMENT ON COLUMN agentctl.worker.state IS 'active, draining (finishes what it has), stopped, lost (no heartbeat).';
COMMENT ON COLUMN agentctl.worker.started_at IS 'When it started.';
COMMENT ON COLUMN agentctl.worker.heartbeat_at IS 'Last sign of life, by the clock of the database.';
COMMENT ON COLUMN agentctl.worker.stopped_at IS 'When it ended or was found lost.';

CREATE TABLE agentctl.conversation (
    id text COLLATE "C" PRIMARY KEY
        CHECK (octet_length(id) BETWEEN 1 AND 200 AND id !~ '[[:cntrl:]]' AND id = btrim(id)),
    tenant text COLLATE "C" NOT NULL DEFAULT 'default',
    agent_kind text COLLATE "C" NOT NULL GENERATED ALWAYS AS ('agent') STORED,
    agent text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL DEFAULT agentctl.caller(),
    FOREIGN KEY (agent_kind, agent) REFERENCES agentctl.definition (kind, name)
);
COMMENT ON TABLE agentctl.conversation IS 'A conversation: what does not change while it goes on.';
COMMENT ON COLUMN agentctl.conversation.id IS 'Chosen by the caller: up to 200 bytes, no control characters.';
COMMENT ON COLUMN agentctl.conversation.tenant IS 'Whose it is.';
COMMENT ON COLUMN agentctl.conversation.agent_kind IS 'Always agent: lets agent be a foreign key.';
COMMENT ON COLUMN agentctl.conversation.agent IS 'The agent that answers unless a submission names another.';
COMMENT ON COLUMN agentctl.conversation.created_at IS 'When the first submission came.';
COMMENT ON COLUMN agentctl.conversation.created_by IS 'Database user who started it; agentctl_client users see only their own.';

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
    CHECK ((state = 'running') = (lease IS NOT NULL)),
    CHECK ((state = 'running') = (worker_id IS NOT NULL)),
    CHECK ((state = 'ready') = (ready_at IS NOT NULL)),
    CHECK (state <> 'idle' OR head_seq = tail_seq)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX conversation_ready ON agentctl.conversation_control (priority, ready_at, conversation_id) WHERE state = 'ready';
CREATE INDEX conversation_running ON agentctl.conversation_control (worker_id) WHERE state = 'running';
CREATE INDEX conversation_waiting ON agentctl.conversation_control (wake_at) WHERE state = 'waiting';
COMMENT ON TABLE agentctl.conversation_control IS 'The state of each conversation: the one row that is locked to write to it. It holds no wide column.';
COMMENT ON COLUMN agentctl.conversation_control.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversation_control.bucket IS 'Hash of the id, 0 to 1023: lets workers share conversations out among them.';
COMMENT ON COLUMN agentctl.conversation_control.state IS 'idle: nothing to do; ready: to be claimed; running: a worker holds the lease; waiting: until wake_at; parked: for a person.';
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

CREATE TABLE agentctl.submission (
    conversation_id text COLLATE "C" NOT NULL REFERENCES agentctl.conversation_control ON DELETE CASCADE,
    seq bigint NOT NULL CHECK (seq > 0),
    operation agentctl.operation NOT NULL DEFAULT 'user_input',
    agent text COLLATE "C",
    body jsonb NOT NULL,
    idempotency_key text COLLATE "C" CHECK (octet_length(idempotency_key) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL DEFAULT agentctl.caller(),
    PRIMARY KEY (conversation_id, seq)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
CREATE UNIQUE INDEX submission_idempotency_key ON agentctl.submission (conversation_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
COMMENT ON TABLE agentctl.submission IS 'What was sent in: one operation each, worked off in order of seq.';
COMMENT ON COLUMN agentctl.submission.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.submission.seq IS 'Counts from 1 within the conversation, in order of commit.';
COMMENT ON COLUMN agentctl.submission.operation IS 'What is asked for.';
COMMENT ON COLUMN agentctl.submission.agent IS 'Agent for this submission, when it is not the conversation''s own.';
COMMENT ON COLUMN agentctl.submission.body IS '{"message": text} or {"input": value}.';
COMMENT ON COLUMN agentctl.submission.idempotency_key IS 'Given by the client: the same key in a conversation is the same submission.';
COMMENT ON COLUMN agentctl.submission.created_at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.submission.created_by IS 'Database user who sent it.';

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

CREATE TABLE agentctl.turn (
    conversation_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    status agentctl.turn_status NOT NULL,
    attempt smallint NOT NULL,
    worker_id bigint NOT NULL,
    agent text COLLATE "C" NOT NULL,
    agent_version integer,
    agent_version_id bigint,
    parent_conversation_id text COLLATE "C",
    parent_seq bigint,
    depth smallint NOT NULL DEFAULT 0,
    limit_reached text,
    error_code text,
    error_message text,
    first_message bigint NOT NULL,
    last_message bigint NOT NULL,
    model_calls integer NOT NULL,
    tool_calls integer NOT NULL,
    input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric(20, 10) NOT NULL,
    submitted_at timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    duration_ms double precision NOT NULL,
    recorded_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (conversation_id, seq, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX turn_by_version ON agentctl.turn (agent, agent_version_id, started_at);
CREATE INDEX turn_by_time ON agentctl.turn (started_at);
COMMENT ON TABLE agentctl.turn IS 'The processing of one submission: the execution. Partitioned by month.';
COMMENT ON COLUMN agentctl.turn.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.turn.seq IS 'The submission that was processed; conversation/seq names the turn.';
COMMENT ON COLUMN agentctl.turn.status IS 'How it ended: succeeded, failed (error_code), limited (limit_reached), interrupted.';
COMMENT ON COLUMN agentctl.turn.attempt IS 'Claims that it took; more than 1 after a crash.';
COMMENT ON COLUMN agentctl.turn.worker_id IS 'The worker that finished it.';
COMMENT ON COLUMN agentctl.turn.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.turn.agent_version IS 'Version of the agent that ran; NULL when the agent could not be built.';
COMMENT ON COLUMN agentctl.turn.agent_version_id IS 'The same, as an id in definition_version.';
COMMENT ON COLUMN agentctl.turn.parent_conversation_id IS 'Conversation of the turn that delegated to this one.';
COMMENT ON COLUMN agentctl.turn.parent_seq IS 'Submission of the turn that delegated to this one.';
COMMENT ON COLUMN agentctl.turn.depth IS 'How deep in a chain of delegation; 0 is a user''s own.';
COMMENT ON COLUMN agentctl.turn.limit_reached IS 'Which limit ended it: max_iterations, max_turn_tokens or timeout.';
COMMENT ON COLUMN agentctl.turn.error_code IS 'Class of the error that ended it.';
COMMENT ON COLUMN agentctl.turn.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.turn.first_message IS 'Number of its first message (the user''s).';
COMMENT ON COLUMN agentctl.turn.last_message IS 'Number of its last message.';
COMMENT ON COLUMN agentctl.turn.model_calls IS 'Calls to the model.';
COMMENT ON COLUMN agentctl.turn.tool_calls IS 'Calls to tools.';
COMMENT ON COLUMN agentctl.turn.input_tokens IS 'Input tokens of all model calls.';
COMMENT ON COLUMN agentctl.turn.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.turn.output_tokens IS 'Output tokens of all model calls.';
COMMENT ON COLUMN agentctl.turn.cost_usd IS 'Cost by the model''s prices, in USD.';
COMMENT ON COLUMN agentctl.turn.submitted_at IS 'When the submission was accepted.';
COMMENT ON COLUMN agentctl.turn.started_at IS 'When the finishing attempt claimed it.';
COMMENT ON COLUMN agentctl.turn.finished_at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.turn.duration_ms IS 'Milliseconds from claim to finish.';
COMMENT ON COLUMN agentctl.turn.recorded_by IS 'Transaction that stored it: the watermark of incremental summaries.';

CREATE TABLE agentctl.step (
    conversation_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    kind agentctl.step_kind NOT NULL,
    model text COLLATE "C",
    model_version_id bigint,
    provider text,
    attempt smallint NOT NULL DEFAULT 1,
    finish_reason text,
    input_tokens bigint NOT NULL DEFAULT 0,
    cached_input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    usage_estimated boolean NOT NULL DEFAULT false,
    cost_usd numeric(20, 10) NOT NULL DEFAULT 0,
    time_to_first_token_ms double precision,
    duration_ms double precision NOT NULL,
    started_at timestamptz NOT NULL,
    error_code text,
    error_message text,
    PRIMARY KEY (conversation_id, seq, number, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX step_by_model ON agentctl.step (model, started_at) WHERE kind = 'model_call';
COMMENT ON TABLE agentctl.step IS 'What a turn did, in order. Partitioned by month.';
COMMENT ON COLUMN agentctl.step.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.step.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.step.number IS 'Counts from 1 within the turn.';
COMMENT ON COLUMN agentctl.step.kind IS 'model_call, tool_round (the calls of one answer, at once), validation (a check that failed), …';
COMMENT ON COLUMN agentctl.step.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.step.model_version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.step.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.step.attempt IS 'Counts tries of one call from 1.';
COMMENT ON COLUMN agentctl.step.finish_reason IS 'Why the model stopped.';
COMMENT ON COLUMN agentctl.step.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.step.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.step.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.step.usage_estimated IS 'The provider told no usage: the tokens are an estimate.';
COMMENT ON COLUMN agentctl.step.cost_usd IS 'Cost by the model''s prices, in USD.';
COMMENT ON COLUMN agentctl.step.time_to_first_token_ms IS 'Milliseconds to the first piece of the answer.';
COMMENT ON COLUMN agentctl.step.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.step.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.step.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.step.error_message IS 'What happened.';

CREATE TABLE agentctl.tool_call (
    conversation_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    step_number integer NOT NULL,
    call_id text NOT NULL,
    tool text COLLATE "C" NOT NULL,
    tool_version_id bigint,
    arguments text NOT NULL,
    effect agentctl.tool_effect NOT NULL,
    idempotency_key uuid,
    state agentctl.tool_call_state NOT NULL,
    result text,
    truncated boolean NOT NULL DEFAULT false,
    error_code text,
    duration_ms double precision,
    started_at timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, seq, number, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX tool_call_by_tool ON agentctl.tool_call (tool, started_at);
COMMENT ON TABLE agentctl.tool_call IS 'Calls to tools. Partitioned by month.';
COMMENT ON COLUMN agentctl.tool_call.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.tool_call.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.tool_call.number IS 'Counts from 1 within the turn.';
COMMENT ON COLUMN agentctl.tool_call.step_number IS 'The tool round it was part of.';
COMMENT ON COLUMN agentctl.tool_call.call_id IS 'The model''s name for the call.';
COMMENT ON COLUMN agentctl.tool_call.tool IS 'Name that the model called.';
COMMENT ON COLUMN agentctl.tool_call.tool_version_id IS 'Version of the tool, an id in definition_version; NULL when there is no such tool.';
COMMENT ON COLUMN agentctl.tool_call.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.tool_call.effect IS 'What running it twice would do.';
COMMENT ON COLUMN agentctl.tool_call.idempotency_key IS 'uuid v5 of conversation/seq/number, given to tools that can use one.';
COMMENT ON COLUMN agentctl.tool_call.state IS 'How far it came; in_doubt: a crash left its outcome unknown.';
COMMENT ON COLUMN agentctl.tool_call.result IS 'What the model was told.';
COMMENT ON COLUMN agentctl.tool_call.truncated IS 'Whether the result was cut at the tool''s limit.';
COMMENT ON COLUMN agentctl.tool_call.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.tool_call.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.tool_call.started_at IS 'When it began.';

CREATE TABLE agentctl.event (
    conversation_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (conversation_id, number, at)
) PARTITION BY RANGE (at);
COMMENT ON TABLE agentctl.event IS 'What happened in a conversation, as a stream that a client can resume. Partitioned by month.';
COMMENT ON COLUMN agentctl.event.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.event.number IS 'Counts from 1 within the conversation, without gaps.';
COMMENT ON COLUMN agentctl.event.seq IS 'The turn it belongs to.';
COMMENT ON COLUMN agentctl.event.type IS 'turn_started, tool_finished, message, limit_reached, interrupted, error, turn_complete.';
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
COMMENT ON TABLE agentctl.delta IS 'Pieces of answers while they are written, for live display. Unlogged: lost on a crash of the database, superseded by the message.';
COMMENT ON COLUMN agentctl.delta.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.delta.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.delta.attempt IS 'The attempt; a higher one begins the answer anew.';
COMMENT ON COLUMN agentctl.delta.number IS 'Counts from 1 within the attempt.';
COMMENT ON COLUMN agentctl.delta.type IS 'text, tool_started or tool_finished.';
COMMENT ON COLUMN agentctl.delta.data IS 'What belongs to the type.';
COMMENT ON COLUMN agentctl.delta.at IS 'When it was stored.';

CREATE TABLE agentctl.approval (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id text COLLATE "C" NOT NULL REFERENCES agentctl.conversation ON DELETE CASCADE,
    seq bigint NOT NULL,
    call_number integer NOT NULL,
    tool text COLLATE "C" NOT NULL,
    arguments text NOT NULL,
    state agentctl.approval_state NOT NULL DEFAULT 'pending',
    scope agentctl.approval_scope NOT NULL DEFAULT 'once',
    reason text,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    decided_at timestamptz,
    decided_by text,
    UNIQUE (conversation_id, seq, call_number),
    CHECK ((state IN ('approved', 'denied')) = (decided_by IS NOT NULL))
);
CREATE INDEX approval_pending ON agentctl.approval (requested_at) WHERE state = 'pending';
COMMENT ON TABLE agentctl.approval IS 'Tool calls that wait, or waited, for a person.';
COMMENT ON COLUMN agentctl.approval.id IS 'Identifies the request.';
COMMENT ON COLUMN agentctl.approval.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.approval.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.approval.call_number IS 'The tool call within the turn.';
COMMENT ON COLUMN agentctl.approval.tool IS 'The tool.';
COMMENT ON COLUMN agentctl.approval.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.approval.state IS 'pending, approved, denied or expired.';
COMMENT ON COLUMN agentctl.approval.scope IS 'What the decision covers.';
COMMENT ON COLUMN agentctl.approval.reason IS 'Given by whoever decided.';
COMMENT ON COLUMN agentctl.approval.requested_at IS 'When it was asked for.';
COMMENT ON COLUMN agentctl.approval.expires_at IS 'When it counts as denied.';
COMMENT ON COLUMN agentctl.approval.decided_at IS 'When it was decided.';
COMMENT ON COLUMN agentctl.approval.decided_by IS 'Database user who decided.';

-- Partitions: one a month and table, made ahead by init-db and by every worker at its start and each hour.
-- A table is made first and attached then: CREATE TABLE … PARTITION OF would lock the parent against everybody, and wait
-- for every reader (a backup takes hours) with all writers queued behind it; ATTACH PARTITION lets both go on.
-- Time zone and date style are fixed, as a bound that is written in one and read in another would be a different bound.
CREATE FUNCTION agentctl.create_partitions(months_ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
DECLARE
    parent text;
    month timestamptz;
    partition text;
    made integer := 0;
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'partitions can be made for 0 to 120 months ahead' USING ERRCODE = 'AC001';
    END IF;
    FOR parent, month IN
        SELECT p, date_trunc('month', now()) + make_interval(months => m)
        FROM unnest('{turn,step,tool_call,event}'::text[]) AS p, generate_series(-1, months_ahead) AS m
    LOOP
        partition := parent || to_char(month, '_YYYY_MM');
        CONTINUE WHEN to_regclass(format('agentctl.%I', partition)) IS NOT NULL;
        PERFORM pg_advisory_xact_lock(hashtextextended('agentctl.create_partitions', 0));
        CONTINUE WHEN to_regclass(format('agentctl.%I', partition)) IS NOT NULL;
        EXECUTE format('CREATE TABLE agentctl.%I (LIKE agentctl.%I INCLUDING ALL)', partition, parent);
        EXECUTE format('ALTER TABLE agentctl.%I ATTACH PARTITION agentctl.%I FOR VALUES FROM (%L) TO (%L)',
            parent, partition, month, month + interval '1 month');
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
COMMENT ON FUNCTION agentctl.create_partitions(integer) IS 'Makes the monthly partitions from last month to that many months ahead; returns how many were missing.';
SELECT agentctl.create_partitions();

CREATE FUNCTION agentctl.setting(name text) RETURNS text
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT s.value FROM agentctl.setting AS s WHERE s.name = setting.name
$$;
COMMENT ON FUNCTION agentctl.setting(text) IS 'The value of a setting.';

CREATE FUNCTION agentctl.may_see_all() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT pg_has_role(agentctl.caller(), n.nspowner, 'MEMBER')
        OR coalesce(pg_has_role(agentctl.caller(), to_regrole('agentctl_owner'), 'MEMBER'), false)
        OR coalesce(pg_has_role(agentctl.caller(), to_regrole('agentctl_worker'), 'MEMBER'), false)
    FROM pg_namespace AS n WHERE n.nspname = 'agentctl'
$$;
COMMENT ON FUNCTION agentctl.may_see_all() IS 'Whether the role that acts may act on conversations that others started.';

CREATE FUNCTION agentctl.start_conversation(conversation text, agent text) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen text := coalesce(start_conversation.agent, agentctl.setting('default_agent'));
BEGIN
    IF NOT EXISTS (SELECT FROM definition AS d WHERE d.kind = 'agent' AND d.name = chosen) THEN
        RAISE EXCEPTION 'there is no agent "%"', chosen
            USING ERRCODE = 'AC002', HINT = coalesce(
                'Did you mean ' || agentctl.nearest(chosen, ARRAY(SELECT d.name FROM definition AS d WHERE d.kind = 'agent')) || '?',
                'Name one of the agents in agentctl.agents, or register it first.');
    END IF;
    INSERT INTO conversation (id, agent) VALUES (start_conversation.conversation, chosen) ON CONFLICT DO NOTHING;
    INSERT INTO conversation_control (conversation_id) VALUES (start_conversation.conversation) ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION agentctl.start_conversation(text, text) IS 'Makes the rows of a conversation. Internal: submit() calls it.';

CREATE FUNCTION agentctl.submit(
    conversation text, message text DEFAULT NULL, agent text DEFAULT NULL, idempotency_key text DEFAULT NULL,
    priority integer DEFAULT 0, input jsonb DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    owner text;
    accepted bigint;
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF octet_length(submit.conversation) NOT BETWEEN 1 AND 200 OR submit.conversation ~ '[[:cntrl:]]'
        OR submit.conversation <> btrim(submit.conversation) THEN
        RAISE EXCEPTION 'a conversation''s id has 1 to 200 bytes, no control characters and no spaces around it' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(submit.idempotency_key) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'an idempotency key has 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    IF (message IS NULL) = (input IS NULL) THEN
        RAISE EXCEPTION 'submit takes either a message or an input' USING ERRCODE = 'AC001';
    END IF;
    IF priority IS NULL OR priority NOT BETWEEN -32768 AND 32767 THEN
        RAISE EXCEPTION 'a priority is a number from -32768 to 32767' USING ERRCODE = 'AC001';
    END IF;
    IF greatest(octet_length(message), octet_length(input::text)) > largest THEN
        RAISE EXCEPTION 'the message has more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    -- What a worker could not read would only fail later.
    IF input @? 'strict $.**{128}' THEN
        RAISE EXCEPTION 'the input nests deeper than 127 levels' USING ERRCODE = 'AC001';
    END IF;
    IF input @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RAISE EXCEPTION 'the input holds a number beyond the range of double precision' USING ERRCODE = 'AC001';
    END IF;
    SELECT c.created_by INTO owner FROM conversation AS c WHERE c.id = submit.conversation;
    IF NOT FOUND THEN
        PERFORM agentctl.start_conversation(submit.conversation, submit.agent);
        SELECT c.created_by INTO owner FROM conversation AS c WHERE c.id = submit.conversation;
    ELSIF submit.agent IS NOT NULL AND NOT EXISTS (
        SELECT FROM definition AS d WHERE d.kind = 'agent' AND d.name = submit.agent) THEN
        RAISE EXCEPTION 'there is no agent "%"', submit.agent USING ERRCODE = 'AC002',
            HINT = coalesce('Did you mean ' || agentctl.nearest(submit.agent,
                ARRAY(SELECT d.name FROM definition AS d WHERE d.kind = 'agent')) || '?', 'See agentctl.agents.');
    END IF;
    IF owner <> agentctl.caller() AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'conversation "%" belongs to another user', submit.conversation USING ERRCODE = 'AC004';
    END IF;
    IF submit.priority < 0 AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only a worker''s or an owner''s messages may go before those of others' USING ERRCODE = 'AC004',
            HINT = 'A priority of 0 or more is free to everybody; higher waits longer.';
    END IF;

    IF submit.idempotency_key IS NOT NULL THEN
        PERFORM FROM conversation_control AS c WHERE c.conversation_id = submit.conversation FOR NO KEY UPDATE;
        SELECT s.seq INTO accepted FROM submission AS s
        WHERE s.conversation_id = submit.conversation AND s.idempotency_key = submit.idempotency_key;
        IF FOUND THEN
            RETURN accepted;
        END IF;
    END IF;
    UPDATE conversation_control AS c
    SET tail_seq = c.tail_seq + 1,
        state = CASE c.state WHEN 'idle' THEN 'ready' ELSE c.state END,
        ready_at = CASE c.state WHEN 'idle' THEN clock_timestamp() ELSE c.ready_at END,
        priority = CASE c.state WHEN 'idle' THEN submit.priority ELSE least(c.priority, submit.priority) END
    WHERE c.conversation_id = submit.conversation
    RETURNING c.tail_seq INTO accepted;
    INSERT INTO submission (conversation_id, seq, agent, body, idempotency_key)
    VALUES (submit.conversation, accepted, submit.agent,
            CASE WHEN message IS NULL THEN jsonb_build_object('input', input) ELSE jsonb_build_object('message', message) END,
            submit.idempotency_key);
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.submit(text, text, text, text, integer, jsonb) IS 'Queues a message (or a structured input) for a conversation and returns its number; works inside the caller''s transaction. The same idempotency key returns the same number. Lower priority is processed first.';

-- A turn begins after its submission came, so older partitions need not be looked into, however many there are. The day
-- is for clocks: a turn's beginning is computed from how long it took.
CREATE FUNCTION agentctl.turn_lower_bound(conversation text, seq bigint) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT s.created_at - interval '1 day' FROM agentctl.submission AS s
    WHERE s.conversation_id = turn_lower_bound.conversation AND s.seq = turn_lower_bound.seq
$$;
COMMENT ON FUNCTION agentctl.turn_lower_bound(text, bigint) IS 'A time before which the turn of a submission cannot have begun: lets the server skip older partitions.';

CREATE FUNCTION agentctl.reply(conversation text, seq bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ended record;
BEGIN
    PERFORM FROM conversation AS c
    WHERE c.id = reply.conversation AND (c.created_by = agentctl.caller() OR agentctl.may_see_all());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', reply.conversation USING ERRCODE = 'AC002';
    END IF;
    SELECT t.* INTO ended FROM turn AS t
    WHERE t.conversation_id = reply.conversation AND t.seq = reply.seq
      AND t.started_at >= (SELECT agentctl.turn_lower_bound(reply.conversation, reply.seq));
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF ended.status <> 'succeeded' THEN
        RAISE EXCEPTION 'turn %/% %: %', reply.conversation, reply.seq, ended.status, coalesce(ended.error_message, ended.limit_reached, '')
            USING ERRCODE = 'AC005';
    END IF;
    RETURN (SELECT m.content FROM message AS m
            WHERE m.conversation_id = reply.conversation AND m.number = ended.last_message AND m.role = 'assistant');
END $$;
COMMENT ON FUNCTION agentctl.reply(text, bigint) IS 'The reply to a submission; NULL while there is none. Fails with AC005 when its turn did not succeed.';

-- Claims up to that many conversations for a worker. The lock is taken in one statement and everything else is read in a
-- second, whose snapshot is newer than the lock: else a conversation that another worker finished meanwhile
-- would be read as it was before. FOR NO KEY UPDATE SKIP LOCKED with = ANY (ARRAY (…)) keeps the plan on the indexes.
CREATE FUNCTION agentctl.claim(worker bigint, maximum integer, conversation text DEFAULT NULL)
RETURNS TABLE (
    conversation_id text, seq bigint, lease uuid, attempt smallint, operation text, body jsonb, agent text, epoch bigint,
    submitted_at timestamptz, last_message bigint, history jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    claimed text[];
BEGIN
    -- A worker that was counted as lost gets no more: nobody would take over from it a second time.
    IF claim.maximum < 1 OR NOT EXISTS (SELECT FROM worker AS w WHERE w.id = claim.worker AND w.state IN ('active', 'draining')) THEN
        RETURN;
    END IF;
    IF claim.conversation IS NULL THEN
        WITH candidate AS MATERIALIZED (
            SELECT c.conversation_id FROM conversation_control AS c
            WHERE c.state = 'ready'
            ORDER BY c.priority, c.ready_at, c.conversation_id
            LIMIT claim.maximum
            FOR NO KEY UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE conversation_control AS c
            SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
                attempt = least(c.attempt, 32766) + 1
            WHERE c.conversation_id = ANY (ARRAY(SELECT candidate.conversation_id FROM candidate))
            RETURNING c.conversation_id
        )
        SELECT array_agg(taken.conversation_id) INTO claimed FROM taken;
    ELSE
        UPDATE conversation_control AS c
        SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
            attempt = least(c.attempt, 32766) + 1
        WHERE c.conversation_id = ANY (ARRAY(
            SELECT o.conversation_id FROM conversation_control AS o
            WHERE o.conversation_id = claim.conversation AND o.state = 'ready' FOR NO KEY UPDATE SKIP LOCKED));
        claimed := CASE WHEN FOUND THEN ARRAY[claim.conversation] END;
    END IF;
    IF claimed IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT c.conversation_id, s.seq, c.lease, c.attempt, s.operation::text, s.body, coalesce(s.agent, v.agent),
           (SELECT e.epoch FROM definition_epoch AS e), s.created_at, c.last_message, past.messages
    FROM conversation_control AS c
    JOIN conversation AS v ON v.id = c.conversation_id
    JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id) ORDER BY m.number) AS messages
        FROM (
            SELECT recent.*, sum(octet_length(recent.content) + coalesce(octet_length(recent.tool_calls::text), 0))
                                 OVER (ORDER BY recent.number DESC) AS bytes
            FROM message AS recent
            WHERE recent.conversation_id = c.conversation_id AND recent.number > c.last_message - 100
        ) AS m
        WHERE m.bytes <= 4194304
    ) AS past
    WHERE c.conversation_id = ANY (claimed);
END $$;
COMMENT ON FUNCTION agentctl.claim(bigint, integer, text) IS 'Takes the lease of up to maximum ready conversations (or of the given one) and returns the next submission of each, with the last 100 messages, at most 4 MiB of text, as [number, role, content, tool_calls, tool_call_id].';

-- Ends a turn: messages, turn, steps, tool calls and events in one commit, fenced by the lease. False: the lease was
-- taken away meanwhile, nothing was written, and the worker must drop the turn. Somebody's open transaction that has
-- submitted to the conversation holds its row: the worker tries again later rather than have one of its few
-- connections wait, or a client that keeps a handful of transactions open would stop it.
CREATE FUNCTION agentctl.finish(conversation text, seq bigint, lease uuid, record jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
DECLARE
    held record;
    -- The clock is the database's; the worker tells only how long things took.
    started timestamptz := clock_timestamp() - make_interval(secs => (finish.record #>> '{turn,duration_ms}')::double precision / 1000);
BEGIN
    UPDATE conversation_control AS c
    SET head_seq = finish.seq,
        state = CASE WHEN c.tail_seq > finish.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN c.tail_seq > finish.seq THEN clock_timestamp() END,
        lease = NULL, worker_id = NULL, attempt = 0,
        last_message = c.last_message + jsonb_array_length(finish.record -> 'messages'),
        last_event = c.last_event + jsonb_array_length(finish.record -> 'events')
    FROM (SELECT o.conversation_id, o.worker_id, o.attempt, o.last_message, o.last_event
          FROM conversation_control AS o
          WHERE o.conversation_id = finish.conversation AND o.lease = finish.lease AND o.state = 'running'
            AND o.head_seq = finish.seq - 1
          FOR NO KEY UPDATE) AS old
    WHERE c.conversation_id = old.conversation_id
    RETURNING old.worker_id, old.attempt, old.last_message, old.last_event, c.last_message AS new_last_message INTO held;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id)
    SELECT finish.conversation, held.last_message + m.ordinality, finish.seq, (m.value ->> 'role')::message_role,
           m.value ->> 'content', m.value -> 'tool_calls', m.value ->> 'tool_call_id'
    FROM jsonb_array_elements(finish.record -> 'messages') WITH ORDINALITY AS m;

    INSERT INTO turn (
        conversation_id, seq, attempt, worker_id, first_message, last_message, submitted_at,
        status, agent, agent_version, agent_version_id, limit_reached, error_code, error_message, model_calls, tool_calls,
        input_tokens, cached_input_tokens, output_tokens, cost_usd, started_at, duration_ms)
    SELECT finish.conversation, finish.seq, held.attempt, held.worker_id, held.last_message + 1, held.new_last_message,
           (SELECT s.created_at FROM submission AS s WHERE s.conversation_id = finish.conversation AND s.seq = finish.seq),
           t.status, t.agent, t.agent_version, t.agent_version_id, t.limit_reached, t.error_code, t.error_message, t.model_calls,
           t.tool_calls, t.input_tokens, t.cached_input_tokens, t.output_tokens, t.cost_usd, started, t.duration_ms
    FROM jsonb_to_record(finish.record -> 'turn') AS t (
        status turn_status, agent text, agent_version integer, agent_version_id bigint, limit_reached text, error_code text,
        error_message text, model_calls integer, tool_calls integer, input_tokens bigint, cached_input_tokens bigint,
        output_tokens bigint, cost_usd numeric, duration_ms double precision);

    INSERT INTO step (
        conversation_id, seq, number, kind, model, model_version_id, provider, finish_reason, input_tokens, cached_input_tokens,
        output_tokens, usage_estimated, cost_usd, time_to_first_token_ms, duration_ms, started_at, error_code, error_message)
    SELECT finish.conversation, finish.seq, s.number, s.kind, s.model, s.model_version_id, s.provider, s.finish_reason,
           coalesce(s.input_tokens, 0), coalesce(s.cached_input_tokens, 0), coalesce(s.output_tokens, 0),
           coalesce(s.usage_estimated, false), coalesce(s.cost_usd, 0), s.time_to_first_token_ms, s.duration_ms,
           started + make_interval(secs => s.offset_ms / 1000), s.error_code, s.error_message
    FROM jsonb_to_recordset(finish.record -> 'steps') AS s (
        number integer, kind step_kind, model text, model_version_id bigint, provider text, finish_reason text,
        input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, usage_estimated boolean, cost_usd numeric,
        time_to_first_token_ms double precision, duration_ms double precision, offset_ms double precision,
        error_code text, error_message text);

    IF jsonb_array_length(finish.record -> 'tool_calls') > 0 THEN
        INSERT INTO tool_call (
            conversation_id, seq, number, step_number, call_id, tool, tool_version_id, arguments, effect, state, result, truncated,
            error_code, duration_ms, started_at)
        SELECT finish.conversation, finish.seq, c.number, c.step_number, c.call_id, c.tool, c.tool_version_id, c.arguments, c.effect,
               c.state, c.result, c.truncated, c.error_code, c.duration_ms, started + make_interval(secs => c.offset_ms / 1000)
        FROM jsonb_to_recordset(finish.record -> 'tool_calls') AS c (
            number integer, step_number integer, call_id text, tool text, tool_version_id bigint, arguments text,
            effect tool_effect, state tool_call_state, result text, truncated boolean, error_code text,
            duration_ms double precision, offset_ms double precision);
    END IF;

    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT finish.conversation, held.last_event + e.ordinality, finish.seq, e.value ->> 'type',
           coalesce(e.value -> 'data', '{}') || CASE WHEN e.value ? 'message'
               THEN jsonb_build_object('message', held.last_message + (e.value ->> 'message')::bigint) ELSE '{}' END
    FROM jsonb_array_elements(finish.record -> 'events') WITH ORDINALITY AS e;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.finish(text, bigint, uuid, jsonb) IS 'Ends a turn in one commit, if the lease still holds. record: {turn, messages, steps, tool_calls, events}; an event''s message counts from 1 within the record. Fails with 55P03 when the row was locked for 250 ms: try again.';

CREATE FUNCTION agentctl.finish_and_claim(
    conversation text, seq bigint, lease uuid, record jsonb, worker bigint, maximum integer
) RETURNS TABLE (
    finished boolean, conversation_id text, next_seq bigint, next_lease uuid, attempt smallint, operation text, body jsonb,
    agent text, epoch bigint, submitted_at timestamptz, last_message bigint, history jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    done boolean := agentctl.finish(
        finish_and_claim.conversation, finish_and_claim.seq, finish_and_claim.lease, finish_and_claim.record);
BEGIN
    RETURN QUERY SELECT done, n.* FROM agentctl.claim(finish_and_claim.worker, finish_and_claim.maximum) AS n;
    IF NOT FOUND THEN
        RETURN QUERY SELECT done, NULL::text, NULL::bigint, NULL::uuid, NULL::smallint, NULL::text, NULL::jsonb, NULL::text,
            NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::jsonb;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.finish_and_claim(text, bigint, uuid, jsonb, bigint, integer) IS 'finish() and claim() in one round trip and one commit. Always returns a row; conversation_id is NULL when there was nothing to claim.';

-- Gives a claimed conversation back unprocessed: a worker that drains, or a command that was interrupted before it began.
CREATE FUNCTION agentctl.release(conversation text, lease uuid, counts boolean DEFAULT false) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c
    SET state = 'ready', ready_at = clock_timestamp(), lease = NULL, worker_id = NULL,
        attempt = c.attempt - CASE WHEN release.counts THEN 0 ELSE 1 END
    WHERE c.conversation_id = release.conversation AND c.lease = release.lease AND c.state = 'running';
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.release(text, uuid, boolean) IS 'Gives a claimed conversation back, as if it had not been claimed; with counts, the claim stays one of the max_attempts. Fails with 55P03 like finish().';

CREATE FUNCTION agentctl.start_worker(kind text, host text, process_id integer, release text, slots integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    INSERT INTO agentctl.worker (kind, host, process_id, release, slots)
    VALUES (start_worker.kind, start_worker.host, start_worker.process_id, start_worker.release, start_worker.slots)
    RETURNING id
$$;
COMMENT ON FUNCTION agentctl.start_worker(text, text, integer, text, integer) IS 'Makes the row of a worker that starts; returns its id.';

-- A heartbeat need not survive a crash of the database: it costs no flush.
CREATE FUNCTION agentctl.heartbeat(worker bigint, draining boolean DEFAULT false) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET synchronous_commit = off AS $$
#variable_conflict use_column
BEGIN
    UPDATE worker AS w
    SET heartbeat_at = clock_timestamp(), state = CASE WHEN draining THEN 'draining' ELSE w.state END::worker_state
    WHERE w.id = heartbeat.worker AND w.state IN ('active', 'draining');
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.heartbeat(bigint, boolean) IS 'A worker''s sign of life. False: it was counted as lost; it must drop all it holds and start anew.';

CREATE FUNCTION agentctl.stop_worker(worker bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    UPDATE agentctl.worker AS w SET state = 'stopped', stopped_at = clock_timestamp()
    WHERE w.id = stop_worker.worker AND w.state IN ('active', 'draining')
$$;
COMMENT ON FUNCTION agentctl.stop_worker(bigint) IS 'Ends a worker''s row; what it still holds goes to others with the next reap().';

CREATE FUNCTION agentctl.reap(maximum integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    released integer;
    gone bigint[];
BEGIN
    UPDATE worker AS w SET state = 'lost', stopped_at = clock_timestamp()
    WHERE w.id = ANY (ARRAY(
        SELECT dead.id FROM worker AS dead
        WHERE dead.state IN ('active', 'draining')
          AND dead.heartbeat_at < clock_timestamp() - make_interval(secs => agentctl.setting('worker_ttl')::double precision)
        FOR NO KEY UPDATE SKIP LOCKED));
    -- Whoever holds something and is not alive: stopped, lost, or without a row at all.
    gone := ARRAY(
        SELECT DISTINCT held.worker_id FROM conversation_control AS held
        WHERE held.state = 'running'
          AND NOT EXISTS (SELECT FROM worker AS w WHERE w.id = held.worker_id AND w.state IN ('active', 'draining')));
    UPDATE conversation_control AS c
    SET state = 'ready', ready_at = clock_timestamp(), lease = NULL, worker_id = NULL
    WHERE c.conversation_id = ANY (ARRAY(
        SELECT held.conversation_id FROM conversation_control AS held
        WHERE held.state = 'running' AND held.worker_id = ANY (gone)
        ORDER BY held.conversation_id LIMIT reap.maximum
        FOR NO KEY UPDATE SKIP LOCKED));
    GET DIAGNOSTICS released = ROW_COUNT;
    DELETE FROM worker AS w
    WHERE w.id = ANY (ARRAY(
        SELECT old.id FROM worker AS old
        WHERE old.state IN ('stopped', 'lost') AND old.stopped_at < clock_timestamp() - interval '1 day'
          AND NOT EXISTS (SELECT FROM conversation_control AS c WHERE c.state = 'running' AND c.worker_id = old.id)
        LIMIT 1000 FOR UPDATE SKIP LOCKED));
    RETURN released;
END $$;
COMMENT ON FUNCTION agentctl.reap(integer) IS 'Counts workers without heartbeat as lost and makes what they held ready again; returns how many conversations.';

CREATE FUNCTION agentctl.wake() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    woken integer;
BEGIN
    UPDATE conversation_control AS c SET state = 'ready', ready_at = clock_timestamp(), wake_at = NULL
    WHERE c.conversation_id = ANY (ARRAY(
        SELECT w.conversation_id FROM conversation_control AS w
        WHERE w.state = 'waiting' AND w.wake_at <= clock_timestamp()
        ORDER BY w.wake_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED));
    GET DIAGNOSTICS woken = ROW_COUNT;
    RETURN woken;
END $$;
COMMENT ON FUNCTION agentctl.wake() IS 'Makes conversations ready whose time has come; returns how many.';

CREATE FUNCTION agentctl.write_deltas(deltas jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp SET synchronous_commit = off AS $$
    INSERT INTO agentctl.delta (conversation_id, seq, attempt, number, type, data)
    SELECT d.* FROM jsonb_to_recordset(deltas) AS d (
        conversation_id text, seq bigint, attempt smallint, number integer, type text, data jsonb)
    ON CONFLICT DO NOTHING
$$;
COMMENT ON FUNCTION agentctl.write_deltas(jsonb) IS 'Stores pieces of answers for live display, of many conversations at once.';

CREATE FUNCTION agentctl.sweep_deltas(older_than interval DEFAULT '1 minute') RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET synchronous_commit = off AS $$
DECLARE
    swept integer;
BEGIN
    DELETE FROM delta WHERE at < clock_timestamp() - older_than;
    GET DIAGNOSTICS swept = ROW_COUNT;
    RETURN swept;
END $$;
COMMENT ON FUNCTION agentctl.sweep_deltas(interval) IS 'Deletes pieces that no reader needs any more; returns how many.';

-- All that a follower of one turn needs, in one round trip: new durable events, and pieces while it runs.
CREATE FUNCTION agentctl.follow(conversation text, seq bigint, after_event bigint, after_attempt integer, after_delta integer)
RETURNS TABLE (source text, number bigint, attempt integer, type text, data jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM conversation AS c
    WHERE c.id = follow.conversation AND (c.created_by = agentctl.caller() OR agentctl.may_see_all());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', follow.conversation USING ERRCODE = 'AC002';
    END IF;
    RETURN QUERY
    (SELECT 'delta', d.number::bigint, d.attempt::integer, d.type, d.data FROM delta AS d
     WHERE d.conversation_id = follow.conversation AND d.seq = follow.seq
       AND (d.attempt, d.number) > (follow.after_attempt, follow.after_delta)
     ORDER BY d.attempt, d.number LIMIT 1000)
    UNION ALL
    (SELECT 'event', e.number, 0, e.type,
            CASE e.type
                WHEN 'message' THEN (
                    SELECT jsonb_build_object('role', m.role, 'content', m.content, 'tool_calls', m.tool_calls)
                    FROM message AS m WHERE m.conversation_id = e.conversation_id AND m.number = (e.data ->> 'message')::bigint)
                WHEN 'tool_finished' THEN e.data || (
                    SELECT jsonb_build_object('id', m.tool_call_id, 'output', left(m.content, 2000))
                    FROM message AS m WHERE m.conversation_id = e.conversation_id AND m.number = (e.data ->> 'message')::bigint)
                ELSE e.data END
     FROM event AS e
     WHERE e.conversation_id = follow.conversation AND e.number > follow.after_event AND e.seq = follow.seq
     ORDER BY e.number LIMIT 1000);
END $$;
COMMENT ON FUNCTION agentctl.follow(text, bigint, bigint, integer, integer) IS 'What is new of a turn after the given event and piece: first pieces, then durable events.';
