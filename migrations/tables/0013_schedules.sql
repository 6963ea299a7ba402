-- Schedules: when each is due next, and what became of each time.
--
-- A worker that finds a schedule due stores the run and what it submits in one commit. The row of the schedule is
-- locked meanwhile, and a time has one run: however many workers look, each time counts once.

CREATE TABLE agentctl.schedule_state (
    name text COLLATE "C" PRIMARY KEY,
    version_id bigint NOT NULL REFERENCES agentctl.definition_version,
    due_at timestamptz CHECK (isfinite(due_at)),
    look_at timestamptz CHECK (isfinite(look_at)),
    paused_at timestamptz,
    paused_by text,
    CHECK ((paused_at IS NULL) = (paused_by IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX schedule_look ON agentctl.schedule_state (look_at) WHERE look_at IS NOT NULL;
COMMENT ON TABLE agentctl.schedule_state IS 'The schedules in force, with the time at which each is due next.';
COMMENT ON COLUMN agentctl.schedule_state.name IS 'Name of the schedule.';
COMMENT ON COLUMN agentctl.schedule_state.version_id IS 'Its version in force.';
COMMENT ON COLUMN agentctl.schedule_state.due_at IS
    'The next time that its cron text names; NULL when there is none, or while it is paused or not enabled.';
COMMENT ON COLUMN agentctl.schedule_state.look_at IS
    'When a worker has something to do for it: due_at with the jitter, or a moment later while a run is queued; NULL '
    'for never.';
COMMENT ON COLUMN agentctl.schedule_state.paused_at IS 'Since when it is paused; NULL when it is not.';
COMMENT ON COLUMN agentctl.schedule_state.paused_by IS 'Database user who paused it.';

CREATE TABLE agentctl.schedule_run (
    name text COLLATE "C" NOT NULL,
    due_at timestamptz NOT NULL,
    version_id bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('submitted', 'queued', 'skipped', 'missed', 'failed')),
    is_late boolean NOT NULL DEFAULT false,
    requested_by text,
    through timestamptz CHECK (through >= due_at),
    ran_at timestamptz NOT NULL,
    conversation_id text COLLATE "C",
    seq bigint,
    task_id bigint,
    is_open boolean NOT NULL DEFAULT false,
    error_code text,
    error_message text,
    PRIMARY KEY (name, due_at),
    CHECK ((conversation_id IS NULL) = (seq IS NULL)),
    CHECK ((outcome = 'submitted') = (seq IS NOT NULL OR task_id IS NOT NULL)),
    CHECK (outcome = 'submitted' OR NOT is_open)
);
CREATE INDEX schedule_run_open ON agentctl.schedule_run (name, due_at) WHERE is_open;
CREATE INDEX schedule_run_queued ON agentctl.schedule_run (name, due_at) WHERE outcome = 'queued';
COMMENT ON TABLE agentctl.schedule_run IS 'What became of each time at which a schedule was due.';
COMMENT ON COLUMN agentctl.schedule_run.name IS 'Name of the schedule.';
COMMENT ON COLUMN agentctl.schedule_run.due_at IS 'When it was due; of a run that was asked for, when that was.';
COMMENT ON COLUMN agentctl.schedule_run.version_id IS 'The version that was in force, an id in definition_version.';
COMMENT ON COLUMN agentctl.schedule_run.outcome IS
    'submitted; queued: waits for the run before it; skipped: the one before it was in progress; missed: no worker ran '
    'in time, and it is not made up for; failed: it could not be submitted.';
COMMENT ON COLUMN agentctl.schedule_run.is_late IS 'Whether a missed time was made up for.';
COMMENT ON COLUMN agentctl.schedule_run.requested_by IS
    'Database user who asked for it with run_schedule(); NULL when it was due.';
COMMENT ON COLUMN agentctl.schedule_run.through IS
    'Of missed times: the last one of those that the row stands for; NULL when it stands for one.';
COMMENT ON COLUMN agentctl.schedule_run.ran_at IS 'When a worker came to it.';
COMMENT ON COLUMN agentctl.schedule_run.conversation_id IS 'The conversation that it was submitted to.';
COMMENT ON COLUMN agentctl.schedule_run.seq IS 'Its submission there.';
COMMENT ON COLUMN agentctl.schedule_run.task_id IS 'The task that it submitted.';
COMMENT ON COLUMN agentctl.schedule_run.is_open IS 'Whether it was in progress when a worker last looked.';
COMMENT ON COLUMN agentctl.schedule_run.error_code IS 'SQLSTATE of the reason why it was not submitted.';
COMMENT ON COLUMN agentctl.schedule_run.error_message IS 'What happened.';

-- Hooks: what has happened is written here in the commit in which it happens, and sent by workers afterwards. What is
-- here and not sent is sent again, under the same id.

CREATE TABLE agentctl.hook_state (
    name text COLLATE "C" PRIMARY KEY,
    version_id bigint NOT NULL REFERENCES agentctl.definition_version,
    owner text NOT NULL,
    events text[] COLLATE "C" NOT NULL,
    responders text[] COLLATE "C",
    stopped_at timestamptz,
    stopped_for text,
    CHECK ((stopped_at IS NULL) = (stopped_for IS NULL))
);
COMMENT ON TABLE agentctl.hook_state IS
    'The hooks in force that are enabled. Without a row here the end of a turn looks no further.';
COMMENT ON COLUMN agentctl.hook_state.name IS 'Name of the hook.';
COMMENT ON COLUMN agentctl.hook_state.version_id IS 'Its version in force.';
COMMENT ON COLUMN agentctl.hook_state.owner IS
    'Database user who registered it: it is told of conversations that this user may see.';
COMMENT ON COLUMN agentctl.hook_state.events IS 'What it is told of.';
COMMENT ON COLUMN agentctl.hook_state.responders IS 'The agents and chains that it is told of; NULL for all.';
COMMENT ON COLUMN agentctl.hook_state.stopped_at IS
    'Since when nothing is sent, as the receiver is gone; NULL while it is sent to.';
COMMENT ON COLUMN agentctl.hook_state.stopped_for IS 'What the receiver answered.';

CREATE TABLE agentctl.hook_delivery (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id uuid NOT NULL DEFAULT gen_random_uuid(),
    hook text COLLATE "C" NOT NULL,
    event text COLLATE "C" NOT NULL,
    body jsonb NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
    attempt integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    next_at timestamptz,
    give_up_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '24 hours',
    status smallint,
    error_message text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    CHECK ((state = 'pending') = (next_at IS NOT NULL)),
    CHECK ((state = 'pending') = (finished_at IS NULL))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX hook_delivery_pending ON agentctl.hook_delivery (hook, next_at, id) WHERE state = 'pending';
CREATE INDEX hook_delivery_finished ON agentctl.hook_delivery (finished_at) WHERE finished_at IS NOT NULL;
COMMENT ON TABLE agentctl.hook_delivery IS 'What hooks are told, and what became of it.';
COMMENT ON COLUMN agentctl.hook_delivery.id IS 'Identifies the delivery.';
COMMENT ON COLUMN agentctl.hook_delivery.webhook_id IS 'What the receiver knows it by: the same with each attempt.';
COMMENT ON COLUMN agentctl.hook_delivery.hook IS 'Name of the hook.';
COMMENT ON COLUMN agentctl.hook_delivery.event IS 'What has happened.';
COMMENT ON COLUMN agentctl.hook_delivery.body IS 'What is sent: {type, timestamp, data}.';
COMMENT ON COLUMN agentctl.hook_delivery.state IS
    'pending; delivered: the receiver has answered 2xx; dead: it is not tried again.';
COMMENT ON COLUMN agentctl.hook_delivery.attempt IS 'Attempts that were begun.';
COMMENT ON COLUMN agentctl.hook_delivery.next_at IS
    'When the next attempt is due; while one is made, when another worker takes it over.';
COMMENT ON COLUMN agentctl.hook_delivery.give_up_at IS 'After which a failed attempt is the last.';
COMMENT ON COLUMN agentctl.hook_delivery.status IS 'HTTP status of the last answer.';
COMMENT ON COLUMN agentctl.hook_delivery.error_message IS 'Why the last attempt failed.';
COMMENT ON COLUMN agentctl.hook_delivery.created_at IS 'When it happened.';
COMMENT ON COLUMN agentctl.hook_delivery.finished_at IS 'When it was delivered or given up.';
