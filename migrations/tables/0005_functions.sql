-- Stored functions: the queue of calls from SQL, and the record of every call.

CREATE TYPE agentctl.exit_reason AS ENUM ('ok', 'error', 'timeout', 'memory', 'output', 'denied', 'killed');

-- Calls from SQL: what was asked for stays, the narrow row that workers claim goes with the result.
CREATE TABLE agentctl.function_request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    function text COLLATE "C" NOT NULL,
    arguments jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL DEFAULT agentctl.caller()
);
COMMENT ON TABLE agentctl.function_request IS 'Calls that call_function() queued.';
COMMENT ON COLUMN agentctl.function_request.id IS 'Identifies the call.';
COMMENT ON COLUMN agentctl.function_request.function IS 'Name of the function.';
COMMENT ON COLUMN agentctl.function_request.arguments IS 'Its arguments.';
COMMENT ON COLUMN agentctl.function_request.created_at IS 'When it was queued.';
COMMENT ON COLUMN agentctl.function_request.created_by IS
    'Database user who called; only that user may see the result.';

CREATE TABLE agentctl.function_queue (
    id bigint PRIMARY KEY REFERENCES agentctl.function_request ON DELETE CASCADE,
    ready_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempt smallint NOT NULL DEFAULT 0,
    version_id bigint,
    effect agentctl.tool_effect,
    lease uuid,
    worker_id bigint,
    CHECK ((lease IS NULL) = (worker_id IS NULL))
) WITH (
    fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX function_queue_ready ON agentctl.function_queue (ready_at, id) WHERE lease IS NULL;
CREATE INDEX function_queue_running ON agentctl.function_queue (worker_id) WHERE lease IS NOT NULL;
COMMENT ON TABLE agentctl.function_queue IS 'Queued calls that have no result yet.';
COMMENT ON COLUMN agentctl.function_queue.id IS 'The call, a row of function_request.';
COMMENT ON COLUMN agentctl.function_queue.ready_at IS 'Since when it may be claimed.';
COMMENT ON COLUMN agentctl.function_queue.attempt IS 'Times it was claimed.';
COMMENT ON COLUMN agentctl.function_queue.version_id IS 'The version that was in force at the last claim.';
COMMENT ON COLUMN agentctl.function_queue.effect IS 'What running that version twice would do.';
COMMENT ON COLUMN agentctl.function_queue.lease IS 'Random, new with each claim; NULL while nobody runs it.';
COMMENT ON COLUMN agentctl.function_queue.worker_id IS 'The worker that runs it.';

CREATE TABLE agentctl.function_call (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    function text COLLATE "C" NOT NULL,
    version_id bigint,
    version integer,
    language text COLLATE "C" NOT NULL CHECK (language IN ('python', 'sql', 'shell')),
    arguments text NOT NULL,
    caller text COLLATE "C" NOT NULL CHECK (caller IN ('turn', 'command', 'sql')),
    conversation_id text COLLATE "C",
    seq bigint,
    call_id text,
    request_id bigint,
    exit_reason agentctl.exit_reason NOT NULL,
    result text,
    error_type text,
    error_message text,
    traceback text,
    output text NOT NULL DEFAULT '',
    duration_ms double precision NOT NULL,
    cpu_ms double precision,
    peak_memory_bytes bigint,
    violations jsonb NOT NULL DEFAULT '[]',
    started_at timestamptz NOT NULL,
    called_by text NOT NULL DEFAULT agentctl.caller(),
    PRIMARY KEY (id, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX function_call_by_function ON agentctl.function_call (function, started_at);
CREATE INDEX function_call_by_turn ON agentctl.function_call (conversation_id, seq) WHERE conversation_id IS NOT NULL;
CREATE INDEX function_call_by_request ON agentctl.function_call (request_id) WHERE request_id IS NOT NULL;
COMMENT ON TABLE agentctl.function_call IS
    'Every call of a stored function, and of code that a model wrote. Partitioned by month.';
COMMENT ON COLUMN agentctl.function_call.id IS 'Identifies the call.';
COMMENT ON COLUMN agentctl.function_call.function IS 'Name of the function; for code that a model wrote, of the tool.';
COMMENT ON COLUMN agentctl.function_call.version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.function_call.version IS 'The same, counted from 1.';
COMMENT ON COLUMN agentctl.function_call.language IS 'python, sql or shell.';
COMMENT ON COLUMN agentctl.function_call.arguments IS 'The arguments as JSON, or the code that a model wrote.';
COMMENT ON COLUMN agentctl.function_call.caller IS 'turn: an agent; command: agentctl; sql: call_function().';
COMMENT ON COLUMN agentctl.function_call.conversation_id IS 'The conversation, when an agent called.';
COMMENT ON COLUMN agentctl.function_call.seq IS 'The turn, when an agent called.';
COMMENT ON COLUMN agentctl.function_call.call_id IS 'The model''s name for the tool call that it was part of.';
COMMENT ON COLUMN agentctl.function_call.request_id IS 'What call_function() returned, when it was called by SQL.';
COMMENT ON COLUMN agentctl.function_call.exit_reason IS
    'How it ended: ok, error, timeout, memory, output (too much of it), denied, killed.';
COMMENT ON COLUMN agentctl.function_call.result IS 'The result as JSON text.';
COMMENT ON COLUMN agentctl.function_call.error_type IS 'Class of the error.';
COMMENT ON COLUMN agentctl.function_call.error_message IS 'What went wrong.';
COMMENT ON COLUMN agentctl.function_call.traceback IS 'Where in the source it went wrong.';
COMMENT ON COLUMN agentctl.function_call.output IS 'What it printed, at most 64 KiB of it.';
COMMENT ON COLUMN agentctl.function_call.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.function_call.cpu_ms IS 'Milliseconds of processor time.';
COMMENT ON COLUMN agentctl.function_call.peak_memory_bytes IS 'The most memory that was resident, in bytes.';
COMMENT ON COLUMN agentctl.function_call.violations IS
    'What it tried and may not do: [{kind, source, detail}], at most 100.';
COMMENT ON COLUMN agentctl.function_call.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.function_call.called_by IS 'Database user who called, or whose worker did.';
