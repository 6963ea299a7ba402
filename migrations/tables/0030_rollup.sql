-- Rollup: what turns, calls and tasks came to, by hour and by day. It is what reports of metrics read, and it stays when
-- the details are pruned. Nothing of it is written while a turn ends.

-- Rows of before have 0: they are rolled up by time, in steps. Whoever reads the numbers reads them by the index.
ALTER TABLE agentctl.turn ADD COLUMN recorded_by bigint NOT NULL DEFAULT 0;
ALTER TABLE agentctl.turn ALTER COLUMN recorded_by SET DEFAULT pg_current_xact_id()::text::bigint;
COMMENT ON COLUMN agentctl.turn.recorded_by IS
    'Transaction that stored it, by which it is rolled up once; 0 for turns from before there was a rollup.';
ALTER TABLE agentctl.function_call ADD COLUMN recorded_by bigint NOT NULL DEFAULT 0;
ALTER TABLE agentctl.function_call ALTER COLUMN recorded_by SET DEFAULT pg_current_xact_id()::text::bigint;
COMMENT ON COLUMN agentctl.function_call.recorded_by IS
    'Transaction that stored it, by which a call outside of turns is rolled up; 0 from before there was a rollup.';
-- There are few: they are rolled up at once.
ALTER TABLE agentctl.compaction ADD COLUMN recorded_by bigint NOT NULL DEFAULT 1;
ALTER TABLE agentctl.compaction ALTER COLUMN recorded_by SET DEFAULT pg_current_xact_id()::text::bigint;
COMMENT ON COLUMN agentctl.compaction.recorded_by IS 'Transaction that stored it, by which it is rolled up once.';
ALTER TABLE agentctl.task ADD COLUMN ended_by bigint DEFAULT 0;
ALTER TABLE agentctl.task ALTER COLUMN ended_by DROP DEFAULT;
UPDATE agentctl.task SET ended_by = NULL WHERE finished_at IS NULL;
COMMENT ON COLUMN agentctl.task.ended_by IS
    'Transaction that ended it, by which it is rolled up once; NULL while it is open, 0 from before there was a rollup.';

-- An index by time is appended to, where one by name is written all over; nothing reads those by name any more.
DROP INDEX agentctl.turn_by_version, agentctl.step_by_model, agentctl.tool_call_by_tool,
    agentctl.function_call_by_function;
CREATE INDEX turn_recorded ON agentctl.turn (recorded_by) WHERE recorded_by > 0;
CREATE INDEX step_by_time ON agentctl.step (started_at) WHERE model IS NOT NULL;
CREATE INDEX tool_call_by_time ON agentctl.tool_call (started_at);
CREATE INDEX function_call_by_time ON agentctl.function_call (started_at);
CREATE INDEX function_call_recorded ON agentctl.function_call (recorded_by)
    WHERE conversation_id IS NULL AND recorded_by > 0;
CREATE INDEX compaction_recorded ON agentctl.compaction (recorded_by) WHERE model IS NOT NULL;
CREATE INDEX compaction_by_time ON agentctl.compaction (created_at) WHERE model IS NOT NULL;
CREATE INDEX task_ended ON agentctl.task (ended_by);
CREATE INDEX task_by_time ON agentctl.task (created_at);

CREATE TABLE agentctl.rollup_mark (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    recorded_before bigint NOT NULL DEFAULT 1,
    shift bigint NOT NULL DEFAULT 0,
    backlog_from timestamptz NOT NULL,
    rolled_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE agentctl.rollup_mark IS
    'How far the rollup is. It moves in the transaction that adds to the rollup, so a row is in exactly one of the two: '
    'the rollup, or what is read beside it.';
COMMENT ON COLUMN agentctl.rollup_mark.only_row IS 'There is one row.';
COMMENT ON COLUMN agentctl.rollup_mark.recorded_before IS 'What earlier transactions stored is in the rollup.';
COMMENT ON COLUMN agentctl.rollup_mark.shift IS
    'What is added to the numbers of transactions; not 0 in a database that was restored on another server.';
COMMENT ON COLUMN agentctl.rollup_mark.backlog_from IS
    'Of what was stored before there was a rollup, what began from then on is not in it; infinity when all is.';
COMMENT ON COLUMN agentctl.rollup_mark.rolled_at IS 'When something was rolled up last.';
INSERT INTO agentctl.rollup_mark (backlog_from)
SELECT CASE WHEN EXISTS (SELECT FROM agentctl.turn) OR EXISTS (SELECT FROM agentctl.function_call)
    OR EXISTS (SELECT FROM agentctl.task) THEN '-infinity'::timestamptz ELSE 'infinity' END;

-- A factor of 1.12 from one bound to the next: the middle of a class is at most 5.9 % off.
CREATE TABLE agentctl.latency_scale (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    bounds double precision[] NOT NULL
);
COMMENT ON TABLE agentctl.latency_scale IS 'The classes that histograms of times count in.';
COMMENT ON COLUMN agentctl.latency_scale.only_row IS 'There is one row.';
COMMENT ON COLUMN agentctl.latency_scale.bounds IS
    'Lower bounds of the classes from 1 on, in ms; class 0 is below the first, and the last has no end.';
INSERT INTO agentctl.latency_scale (bounds)
SELECT array_agg(0.1 * 1.12::double precision ^ n ORDER BY n) FROM generate_series(0, 212) AS n;

CREATE TYPE agentctl.rollup_grain AS ENUM ('hour', 'day');
COMMENT ON TYPE agentctl.rollup_grain IS 'What a row of a rollup adds up: an hour or a day, of UTC.';

CREATE TABLE agentctl.turn_rollup (
    grain agentctl.rollup_grain NOT NULL,
    starts_at timestamptz NOT NULL,
    agent text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    status agentctl.turn_status NOT NULL,
    error_class text COLLATE "C" NOT NULL,
    turns bigint NOT NULL,
    conversations bigint NOT NULL,
    model_calls bigint NOT NULL,
    tool_calls bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric NOT NULL,
    queue_ms double precision NOT NULL,
    durations numeric NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (grain, starts_at, agent, version, status, error_class)
) WITH (fillfactor = 70);
COMMENT ON TABLE agentctl.turn_rollup IS 'Turns by the hour and the day in which they began.';
COMMENT ON COLUMN agentctl.turn_rollup.grain IS 'hour or day.';
COMMENT ON COLUMN agentctl.turn_rollup.starts_at IS 'Its beginning.';
COMMENT ON COLUMN agentctl.turn_rollup.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.turn_rollup.version IS 'Version that ran; 0 when the agent could not be built.';
COMMENT ON COLUMN agentctl.turn_rollup.status IS 'How they ended.';
COMMENT ON COLUMN agentctl.turn_rollup.error_class IS 'Class of the error or the limit; empty for none.';
COMMENT ON COLUMN agentctl.turn_rollup.turns IS 'How many.';
COMMENT ON COLUMN agentctl.turn_rollup.conversations IS
    'In how many conversations they failed or were limited, each counted once an hour.';
COMMENT ON COLUMN agentctl.turn_rollup.model_calls IS 'Calls to models.';
COMMENT ON COLUMN agentctl.turn_rollup.tool_calls IS 'Calls to tools.';
COMMENT ON COLUMN agentctl.turn_rollup.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.turn_rollup.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.turn_rollup.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.turn_rollup.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.turn_rollup.queue_ms IS 'Sum of the times from submission to claim, in ms.';
COMMENT ON COLUMN agentctl.turn_rollup.durations IS
    'Histogram of duration_ms in one number: 12 digits for each class of latency_scale, the lowest last. Two of them '
    'are merged by adding.';
COMMENT ON COLUMN agentctl.turn_rollup.first_at IS 'When the first of them began.';
COMMENT ON COLUMN agentctl.turn_rollup.last_at IS 'When the last of them began.';

CREATE TABLE agentctl.model_rollup (
    grain agentctl.rollup_grain NOT NULL,
    starts_at timestamptz NOT NULL,
    agent text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    provider text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    error_class text COLLATE "C" NOT NULL,
    calls bigint NOT NULL,
    conversations bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric NOT NULL,
    duration_ms double precision NOT NULL,
    durations numeric NOT NULL,
    first_tokens numeric NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (grain, starts_at, agent, model, version, provider, kind, error_class)
) WITH (fillfactor = 70);
COMMENT ON TABLE agentctl.model_rollup IS 'Model calls by the hour and the day in which they began.';
COMMENT ON COLUMN agentctl.model_rollup.grain IS 'hour or day.';
COMMENT ON COLUMN agentctl.model_rollup.starts_at IS 'Its beginning.';
COMMENT ON COLUMN agentctl.model_rollup.agent IS 'Agent of the turn or operation.';
COMMENT ON COLUMN agentctl.model_rollup.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.model_rollup.version IS 'Its version; 0 for none.';
COMMENT ON COLUMN agentctl.model_rollup.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.model_rollup.kind IS 'What for: model_call, model_attempt, compaction or guardrail.';
COMMENT ON COLUMN agentctl.model_rollup.error_class IS 'Class of the error; empty for none.';
COMMENT ON COLUMN agentctl.model_rollup.calls IS 'How many.';
COMMENT ON COLUMN agentctl.model_rollup.conversations IS 'In how many conversations they failed, each counted once an hour.';
COMMENT ON COLUMN agentctl.model_rollup.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.model_rollup.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.model_rollup.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.model_rollup.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.model_rollup.duration_ms IS 'Sum of their durations, in ms.';
COMMENT ON COLUMN agentctl.model_rollup.durations IS 'Histogram of duration_ms, as in turn_rollup.';
COMMENT ON COLUMN agentctl.model_rollup.first_tokens IS 'Histogram of time_to_first_token_ms, in the same form.';
COMMENT ON COLUMN agentctl.model_rollup.first_at IS 'When the first of them began.';
COMMENT ON COLUMN agentctl.model_rollup.last_at IS 'When the last of them began.';

CREATE TABLE agentctl.tool_rollup (
    grain agentctl.rollup_grain NOT NULL,
    starts_at timestamptz NOT NULL,
    agent text COLLATE "C" NOT NULL,
    tool text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    state agentctl.tool_call_state NOT NULL,
    error_class text COLLATE "C" NOT NULL,
    calls bigint NOT NULL,
    conversations bigint NOT NULL,
    truncated bigint NOT NULL,
    durations numeric NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (grain, starts_at, agent, tool, version, state, error_class)
) WITH (fillfactor = 70);
COMMENT ON TABLE agentctl.tool_rollup IS 'Tool calls by the hour and the day in which they began.';
COMMENT ON COLUMN agentctl.tool_rollup.grain IS 'hour or day.';
COMMENT ON COLUMN agentctl.tool_rollup.starts_at IS 'Its beginning.';
COMMENT ON COLUMN agentctl.tool_rollup.agent IS 'Agent of the turn.';
COMMENT ON COLUMN agentctl.tool_rollup.tool IS
    'Name of the tool; empty for names that no tool has: what models make up is not kept.';
COMMENT ON COLUMN agentctl.tool_rollup.version IS 'Its version; 0 for none.';
COMMENT ON COLUMN agentctl.tool_rollup.state IS 'How they ended.';
COMMENT ON COLUMN agentctl.tool_rollup.error_class IS 'Class of the error; empty for none.';
COMMENT ON COLUMN agentctl.tool_rollup.calls IS 'How many.';
COMMENT ON COLUMN agentctl.tool_rollup.conversations IS 'In how many conversations they failed, each counted once an hour.';
COMMENT ON COLUMN agentctl.tool_rollup.truncated IS 'Calls whose result was cut.';
COMMENT ON COLUMN agentctl.tool_rollup.durations IS 'Histogram of duration_ms, as in turn_rollup.';
COMMENT ON COLUMN agentctl.tool_rollup.first_at IS 'When the first of them began.';
COMMENT ON COLUMN agentctl.tool_rollup.last_at IS 'When the last of them began.';

CREATE TABLE agentctl.function_rollup (
    grain agentctl.rollup_grain NOT NULL,
    starts_at timestamptz NOT NULL,
    agent text COLLATE "C" NOT NULL,
    function text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    language text COLLATE "C" NOT NULL,
    exit_reason agentctl.exit_reason NOT NULL,
    calls bigint NOT NULL,
    cpu_ms double precision NOT NULL,
    cpu_calls bigint NOT NULL,
    peak_memory_bytes bigint,
    violations bigint NOT NULL,
    durations numeric NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (grain, starts_at, agent, function, version, language, exit_reason)
) WITH (fillfactor = 70);
COMMENT ON TABLE agentctl.function_rollup IS 'Calls of functions by the hour and the day in which they began.';
COMMENT ON COLUMN agentctl.function_rollup.grain IS 'hour or day.';
COMMENT ON COLUMN agentctl.function_rollup.starts_at IS 'Its beginning.';
COMMENT ON COLUMN agentctl.function_rollup.agent IS 'Agent of the turn; empty for calls outside of turns.';
COMMENT ON COLUMN agentctl.function_rollup.function IS 'Name of the function; for code that a model wrote, of the tool.';
COMMENT ON COLUMN agentctl.function_rollup.version IS 'Its version; 0 for none.';
COMMENT ON COLUMN agentctl.function_rollup.language IS 'python, sql or shell.';
COMMENT ON COLUMN agentctl.function_rollup.exit_reason IS 'How they ended.';
COMMENT ON COLUMN agentctl.function_rollup.calls IS 'How many.';
COMMENT ON COLUMN agentctl.function_rollup.cpu_ms IS 'Sum of their processor time, in ms.';
COMMENT ON COLUMN agentctl.function_rollup.cpu_calls IS 'Calls whose processor time is known.';
COMMENT ON COLUMN agentctl.function_rollup.peak_memory_bytes IS 'The most memory that one of them had resident.';
COMMENT ON COLUMN agentctl.function_rollup.violations IS 'Things that they tried and may not do.';
COMMENT ON COLUMN agentctl.function_rollup.durations IS 'Histogram of duration_ms, as in turn_rollup.';
COMMENT ON COLUMN agentctl.function_rollup.first_at IS 'When the first of them began.';
COMMENT ON COLUMN agentctl.function_rollup.last_at IS 'When the last of them began.';

CREATE TABLE agentctl.task_rollup (
    grain agentctl.rollup_grain NOT NULL,
    starts_at timestamptz NOT NULL,
    agent text COLLATE "C" NOT NULL,
    state agentctl.task_state NOT NULL,
    tasks bigint NOT NULL,
    retried bigint NOT NULL,
    tokens bigint NOT NULL,
    cost_usd numeric NOT NULL,
    durations numeric NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (grain, starts_at, agent, state)
) WITH (fillfactor = 70);
COMMENT ON TABLE agentctl.task_rollup IS
    'Tasks that have ended, by the hour and the day in which they were accepted. One that is tried again is taken out.';
COMMENT ON COLUMN agentctl.task_rollup.grain IS 'hour or day.';
COMMENT ON COLUMN agentctl.task_rollup.starts_at IS 'Its beginning.';
COMMENT ON COLUMN agentctl.task_rollup.agent IS 'Agent of the last attempt; empty for none.';
COMMENT ON COLUMN agentctl.task_rollup.state IS 'How they ended.';
COMMENT ON COLUMN agentctl.task_rollup.tasks IS 'How many.';
COMMENT ON COLUMN agentctl.task_rollup.retried IS 'Tasks that took more than one attempt.';
COMMENT ON COLUMN agentctl.task_rollup.tokens IS 'Tokens of them and of all tasks below them.';
COMMENT ON COLUMN agentctl.task_rollup.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.task_rollup.durations IS 'Histogram of the time from acceptance to end, as in turn_rollup.';
COMMENT ON COLUMN agentctl.task_rollup.first_at IS 'When the first of them was accepted.';
COMMENT ON COLUMN agentctl.task_rollup.last_at IS 'When the last of them was accepted.';
