-- Plans: what is to be done, step by step, before it is done. A plan is made from templates, by an agent or by hand; it
-- can be edited and approved until it runs. It runs as a turn of a conversation, whose calls are its steps.

CREATE TYPE agentctl.plan_state AS ENUM ('draft', 'approved', 'running', 'completed', 'failed', 'cancelled');
CREATE TYPE agentctl.plan_step_status AS ENUM ('pending', 'running', 'completed', 'failed', 'skipped');

CREATE TABLE agentctl.plan (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL DEFAULT 'default',
    task text NOT NULL,
    context jsonb NOT NULL DEFAULT '{}',
    recover jsonb NOT NULL DEFAULT '[]',
    mode text COLLATE "C" NOT NULL DEFAULT 'sequential' CHECK (mode IN ('sequential', 'parallel', 'interactive')),
    max_steps smallint NOT NULL DEFAULT 10 CHECK (max_steps BETWEEN 1 AND 200),
    max_replans smallint NOT NULL DEFAULT 2 CHECK (max_replans BETWEEN 0 AND 20),
    state agentctl.plan_state NOT NULL DEFAULT 'draft',
    revision integer NOT NULL DEFAULT 1 CHECK (revision > 0),
    made_by text COLLATE "C" NOT NULL DEFAULT 'user' CHECK (octet_length(made_by) BETWEEN 1 AND 200),
    agent text COLLATE "C" CHECK (octet_length(agent) <= 200),
    conversation_id text COLLATE "C",
    seq bigint,
    created_by text NOT NULL DEFAULT agentctl.caller(),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    approved_by text,
    approved_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    CHECK ((conversation_id IS NULL) = (seq IS NULL) AND (conversation_id IS NULL) = (state IN ('draft', 'approved'))
        AND (finished_at IS NULL) = (state IN ('draft', 'approved', 'running'))
        AND (approved_at IS NULL) = (approved_by IS NULL))
);
CREATE UNIQUE INDEX plan_of_turn ON agentctl.plan (conversation_id, seq) WHERE conversation_id IS NOT NULL;
COMMENT ON TABLE agentctl.plan IS
    'What is to be done, step by step. Whether the turn that runs it still does, its conversation says: see the view '
    'plans.';
COMMENT ON COLUMN agentctl.plan.id IS 'Identifies the plan.';
COMMENT ON COLUMN agentctl.plan.tenant IS 'Whose it is.';
COMMENT ON COLUMN agentctl.plan.task IS 'The task in words.';
COMMENT ON COLUMN agentctl.plan.context IS 'Values that it was made with, by name.';
COMMENT ON COLUMN agentctl.plan.recover IS
    'What is done when a step fails: [{tool, error, steps, arguments, description}], the first that fits.';
COMMENT ON COLUMN agentctl.plan.mode IS
    'sequential: one step after the other; parallel: all that wait for no other at once; interactive: one after the '
    'other, each after an approval.';
COMMENT ON COLUMN agentctl.plan.max_steps IS 'Most steps that a run takes, those of recoveries included.';
COMMENT ON COLUMN agentctl.plan.max_replans IS 'Most recoveries in a run.';
COMMENT ON COLUMN agentctl.plan.state IS
    'draft: not approved; approved: may run; running: a turn has it; completed; failed; cancelled.';
COMMENT ON COLUMN agentctl.plan.revision IS 'Counts from 1; each change of its steps is one.';
COMMENT ON COLUMN agentctl.plan.made_by IS 'templates, user, or the name of the agent that made it.';
COMMENT ON COLUMN agentctl.plan.agent IS 'The agent that runs it; NULL before.';
COMMENT ON COLUMN agentctl.plan.conversation_id IS 'Conversation of the turn that runs it; NULL before.';
COMMENT ON COLUMN agentctl.plan.seq IS 'Submission of the turn that runs it.';
COMMENT ON COLUMN agentctl.plan.created_by IS 'Database user who made it.';
COMMENT ON COLUMN agentctl.plan.created_at IS 'When it was made.';
COMMENT ON COLUMN agentctl.plan.approved_by IS 'Database user who approved it.';
COMMENT ON COLUMN agentctl.plan.approved_at IS 'When it was approved.';
COMMENT ON COLUMN agentctl.plan.started_at IS 'When it was given to a turn.';
COMMENT ON COLUMN agentctl.plan.finished_at IS 'When its last step ended.';

-- A step comes after earlier steps only, and recovers an earlier one, so that a cycle cannot be written down.
CREATE TABLE agentctl.plan_step (
    plan_id bigint NOT NULL REFERENCES agentctl.plan ON DELETE CASCADE,
    number smallint NOT NULL CHECK (number BETWEEN 1 AND 1000),
    tool text COLLATE "C",
    function text COLLATE "C",
    agent text COLLATE "C",
    capabilities text[] COLLATE "C",
    arguments jsonb NOT NULL DEFAULT '{}',
    description text NOT NULL,
    after smallint[] NOT NULL DEFAULT '{}' CHECK (number > ALL (after) AND 0 < ALL (after)),
    find text,
    recovers smallint CHECK (recovers BETWEEN 1 AND number - 1),
    status agentctl.plan_step_status NOT NULL DEFAULT 'pending',
    result text,
    error_code text COLLATE "C",
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (plan_id, number),
    CHECK (num_nonnulls(tool, function, agent, capabilities) <= 1)
);
COMMENT ON TABLE agentctl.plan_step IS 'The steps of plans as they are now.';
COMMENT ON COLUMN agentctl.plan_step.plan_id IS 'The plan.';
COMMENT ON COLUMN agentctl.plan_step.number IS 'Counts from 1 within the plan.';
COMMENT ON COLUMN agentctl.plan_step.tool IS 'The tool that it calls.';
COMMENT ON COLUMN agentctl.plan_step.function IS 'The function that it calls.';
COMMENT ON COLUMN agentctl.plan_step.agent IS 'The agent that it delegates to.';
COMMENT ON COLUMN agentctl.plan_step.capabilities IS 'What the agent must be able to do that it delegates to.';
COMMENT ON COLUMN agentctl.plan_step.arguments IS
    'The arguments, with {{step_N}} for results of earlier steps; for an agent {task, input}.';
COMMENT ON COLUMN agentctl.plan_step.description IS 'What it does, in words.';
COMMENT ON COLUMN agentctl.plan_step.after IS 'Steps that have to be completed first: earlier ones.';
COMMENT ON COLUMN agentctl.plan_step.find IS
    'Regular expression that its result must contain; {{step_N.group}} is what a named group of it found.';
COMMENT ON COLUMN agentctl.plan_step.recovers IS 'The failed step in whose place it stands.';
COMMENT ON COLUMN agentctl.plan_step.status IS 'How far it came.';
COMMENT ON COLUMN agentctl.plan_step.result IS 'Beginning of its result, or of its error.';
COMMENT ON COLUMN agentctl.plan_step.error_code IS
    'Class of the error that ended it; of a skipped one, why: dependency, stopped or max_steps.';
COMMENT ON COLUMN agentctl.plan_step.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.plan_step.finished_at IS 'When it ended.';

CREATE TABLE agentctl.plan_revision (
    plan_id bigint NOT NULL REFERENCES agentctl.plan ON DELETE CASCADE,
    revision integer NOT NULL CHECK (revision > 0),
    reason text NOT NULL,
    steps jsonb NOT NULL,
    created_by text NOT NULL DEFAULT agentctl.caller(),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (plan_id, revision)
);
COMMENT ON TABLE agentctl.plan_revision IS 'The steps of plans as they were after each change.';
COMMENT ON COLUMN agentctl.plan_revision.plan_id IS 'The plan.';
COMMENT ON COLUMN agentctl.plan_revision.revision IS 'Counts from 1 within the plan.';
COMMENT ON COLUMN agentctl.plan_revision.reason IS 'made, edited, or why steps were added while it ran.';
COMMENT ON COLUMN agentctl.plan_revision.steps IS 'The steps: what store_plan() takes, with number and status.';
COMMENT ON COLUMN agentctl.plan_revision.created_by IS 'Database user who changed it.';
COMMENT ON COLUMN agentctl.plan_revision.created_at IS 'When it was changed.';

-- Whatever types there are by now, and one more.
DO $types$
BEGIN
    EXECUTE (
        SELECT format('ALTER TABLE agentctl.event DROP CONSTRAINT event_type, ADD CONSTRAINT event_type '
            'CHECK (type IN (%s, ''plan_updated''))', string_agg(DISTINCT quote_literal(t.found[1]), ', '))
        FROM pg_constraint AS c
        CROSS JOIN LATERAL regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g') AS t (found)
        WHERE c.conrelid = 'agentctl.event'::regclass AND c.conname = 'event_type');
END $types$;
