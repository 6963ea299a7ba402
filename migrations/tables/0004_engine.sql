-- The engine: workers, and what turns did.
--
-- Before a tool with an effect runs, the model's answer and the intent to run it are stored; after it, its result. A
-- turn that a crash cut off goes on from there: nothing that was stored is done again, the model's answers are not paid
-- twice, and a call whose intent is stored without a result is in doubt: a person says whether it happened.

CREATE TYPE agentctl.worker_state AS ENUM ('active', 'draining', 'stopped', 'lost');
CREATE TYPE agentctl.turn_status AS ENUM ('running', 'waiting', 'succeeded', 'failed', 'limited', 'interrupted');
CREATE TYPE agentctl.step_kind AS ENUM ('model_call', 'tool_round', 'validation', 'compaction', 'delegation',
    'guardrail');
CREATE TYPE agentctl.tool_effect AS ENUM ('pure', 'idempotent', 'sql', 'unsafe');
CREATE TYPE agentctl.tool_call_state AS ENUM ('planned', 'started', 'succeeded', 'failed', 'denied', 'in_doubt');

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
    stopped_at timestamptz,
    -- A worker goes by the time to live that it was started with, and so does whoever takes over from it: a setting
    -- that is changed meanwhile is news to neither.
    time_to_live double precision NOT NULL DEFAULT agentctl.setting('worker_ttl')::double precision
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
COMMENT ON COLUMN agentctl.worker.time_to_live IS
    'Seconds without a heartbeat after which it counts as lost: the setting worker_ttl when it started.';

CREATE TABLE agentctl.turn_progress (
    conversation_id text COLLATE "C" PRIMARY KEY REFERENCES agentctl.conversation_control ON DELETE CASCADE,
    seq bigint NOT NULL,
    saves integer NOT NULL CHECK (saves > 0),
    agent text COLLATE "C" NOT NULL,
    agent_version integer,
    started_at timestamptz NOT NULL,
    first_message bigint NOT NULL,
    steps integer NOT NULL,
    model_calls integer NOT NULL,
    tool_calls integer NOT NULL,
    input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric(20, 10) NOT NULL,
    duration_ms double precision NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
COMMENT ON TABLE agentctl.turn_progress IS
    'Turns that have stored something and have not ended: one row each, gone when the turn ends.';
COMMENT ON COLUMN agentctl.turn_progress.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.turn_progress.seq IS 'The submission that is processed.';
COMMENT ON COLUMN agentctl.turn_progress.saves IS
    'Times that something was stored: tells a repeated save from a new one.';
COMMENT ON COLUMN agentctl.turn_progress.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.turn_progress.agent_version IS 'Version of the agent that stored last.';
COMMENT ON COLUMN agentctl.turn_progress.started_at IS 'When the turn began.';
COMMENT ON COLUMN agentctl.turn_progress.first_message IS 'Number of its first message.';
COMMENT ON COLUMN agentctl.turn_progress.steps IS 'Steps that are stored.';
COMMENT ON COLUMN agentctl.turn_progress.model_calls IS 'Calls to the model so far.';
COMMENT ON COLUMN agentctl.turn_progress.tool_calls IS 'Calls to tools so far.';
COMMENT ON COLUMN agentctl.turn_progress.input_tokens IS 'Input tokens so far.';
COMMENT ON COLUMN agentctl.turn_progress.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.turn_progress.output_tokens IS 'Output tokens so far.';
COMMENT ON COLUMN agentctl.turn_progress.cost_usd IS 'Cost so far, in USD.';
COMMENT ON COLUMN agentctl.turn_progress.duration_ms IS
    'Milliseconds of work so far, not counting what lay between attempts.';

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
COMMENT ON COLUMN agentctl.turn.status IS
    'How it ended: succeeded, failed (error_code), limited (limit_reached), interrupted.';
COMMENT ON COLUMN agentctl.turn.attempt IS 'Claims that it took; more than 1 after a crash.';
COMMENT ON COLUMN agentctl.turn.worker_id IS 'The worker that finished it.';
COMMENT ON COLUMN agentctl.turn.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.turn.agent_version IS
    'Version of the agent that ran; NULL when the agent could not be built.';
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
COMMENT ON COLUMN agentctl.step.kind IS
    'model_call, tool_round (the calls of one answer, at once), validation (a check that failed), …';
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
    rule text,
    PRIMARY KEY (conversation_id, seq, number, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX tool_call_by_tool ON agentctl.tool_call (tool, started_at);
CREATE INDEX tool_call_in_doubt ON agentctl.tool_call (conversation_id, seq) WHERE state = 'in_doubt';
COMMENT ON TABLE agentctl.tool_call IS 'Calls to tools. Partitioned by month.';
COMMENT ON COLUMN agentctl.tool_call.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.tool_call.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.tool_call.number IS 'Counts from 1 within the turn.';
COMMENT ON COLUMN agentctl.tool_call.step_number IS 'The tool round it was part of.';
COMMENT ON COLUMN agentctl.tool_call.call_id IS 'The model''s name for the call.';
COMMENT ON COLUMN agentctl.tool_call.tool IS 'Name that the model called.';
COMMENT ON COLUMN agentctl.tool_call.tool_version_id IS
    'Version of the tool, an id in definition_version; NULL when there is no such tool.';
COMMENT ON COLUMN agentctl.tool_call.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.tool_call.effect IS 'What running it twice would do.';
COMMENT ON COLUMN agentctl.tool_call.idempotency_key IS
    'Given to tools that can use one: every attempt of a call has the same. Random and stored with the intent before '
    'the first attempt; of an idempotent call, made from what is asked for.';
COMMENT ON COLUMN agentctl.tool_call.state IS 'How far it came; in_doubt: a crash left its outcome unknown.';
COMMENT ON COLUMN agentctl.tool_call.result IS 'What the model was told.';
COMMENT ON COLUMN agentctl.tool_call.truncated IS 'Whether the result was cut at the tool''s limit.';
COMMENT ON COLUMN agentctl.tool_call.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.tool_call.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.tool_call.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.tool_call.rule IS
    'What decided whether it may run: the policy and the rule; NULL when it was not asked.';
