-- Queues: which workers may claim what, by the queue that it is sent to and by what its agent needs.

-- A key stands for both. Rows stay: nobody has to ask whether a key is still in use.
CREATE TABLE agentctl.work_queue (
    key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
    needs text[] COLLATE "C" NOT NULL DEFAULT '{}',
    UNIQUE (name, needs)
);
COMMENT ON TABLE agentctl.work_queue IS
    'The queues, each once for every set of needs that its messages have. A worker serves a row when it works off the '
    'queue and offers all of the needs.';
COMMENT ON COLUMN agentctl.work_queue.key IS 'Number by which the index of the queue orders; the row 1 is default.';
COMMENT ON COLUMN agentctl.work_queue.name IS 'Name of the queue.';
COMMENT ON COLUMN agentctl.work_queue.needs IS
    'What a worker has to have, in order: variable:NAME of its environment, implementation:NAME of a program that '
    'embeds the engine, workspace, or workspace:HOST:PATH.';
INSERT INTO agentctl.work_queue (name) VALUES ('default');

CREATE TABLE agentctl.responder_queue (
    name text COLLATE "C" PRIMARY KEY,
    queue_key integer NOT NULL REFERENCES agentctl.work_queue,
    moved_at timestamptz,
    moved_before xid8
);
CREATE INDEX responder_queue_moved ON agentctl.responder_queue (moved_at) WHERE moved_at IS NOT NULL;
COMMENT ON TABLE agentctl.responder_queue IS
    'The queue of each agent and chain in force, with what it needs: kept by a trigger, so that submit() computes '
    'nothing.';
COMMENT ON COLUMN agentctl.responder_queue.name IS 'Name of the agent or chain.';
COMMENT ON COLUMN agentctl.responder_queue.queue_key IS 'Its row in work_queue.';
COMMENT ON COLUMN agentctl.responder_queue.moved_at IS
    'When it came to another one, for as long as messages may wait under the key before; else NULL.';
COMMENT ON COLUMN agentctl.responder_queue.moved_before IS
    'Transactions from before this one may have taken the key before: when they have ended, nothing waits under it.';

ALTER TABLE agentctl.conversation_control ADD COLUMN queue_key integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN agentctl.conversation_control.queue_key IS
    'Row in work_queue of the next submission, as of when the conversation became ready.';
ALTER TABLE agentctl.submission ADD COLUMN queue text COLLATE "C", ADD COLUMN workspace text COLLATE "C";
COMMENT ON COLUMN agentctl.submission.queue IS 'Queue that it was sent to; NULL for that of its agent.';
COMMENT ON COLUMN agentctl.submission.workspace IS
    'HOST:PATH of the only directory that it and its tasks may be processed in; NULL for that of any worker.';
ALTER TABLE agentctl.task ADD COLUMN queue text COLLATE "C";
COMMENT ON COLUMN agentctl.task.queue IS 'Queue that it was sent to; NULL for that of its agent.';

ALTER TABLE agentctl.worker
    ADD COLUMN queues text[] COLLATE "C",
    ADD COLUMN offers text[] COLLATE "C",
    ADD COLUMN serves integer[],
    ADD COLUMN known_queues bigint;
COMMENT ON COLUMN agentctl.worker.queues IS 'Names of the queues that it works off; NULL for all.';
COMMENT ON COLUMN agentctl.worker.offers IS
    'What it has, in the words of work_queue.needs; NULL for everything. Of its environment names only.';
COMMENT ON COLUMN agentctl.worker.serves IS 'Keys of the rows of work_queue that it serves.';
COMMENT ON COLUMN agentctl.worker.known_queues IS 'How many rows work_queue had when serves was computed.';

-- Only what is ready is in it: the table is read once.
DROP INDEX agentctl.conversation_ready;
CREATE INDEX conversation_ready
    ON agentctl.conversation_control (priority, queue_key, account_key, lane, ready_at, conversation_id)
    WHERE state = 'ready';

-- Instead of worked_off and claimer, which the routines before still use until they are replaced.
CREATE TYPE agentctl.read_lane AS (
    priority smallint,
    queue_key integer,
    account_key integer,
    lane integer,
    until timestamptz
);
COMMENT ON TYPE agentctl.read_lane IS
    'A beginning of a lane in the queue that has nothing to claim: what has become ready before a time.';
CREATE TYPE agentctl.claim_memory AS (
    queue_key integer,
    account_key integer,
    swept_at timestamptz,
    entries integer,
    worked_off agentctl.read_lane[]
);
COMMENT ON TYPE agentctl.claim_memory IS
    'What a session remembers of its claims, as text in the setting agentctl.claim_memory: whose turn was last, in '
    'which queue; and where the queue is long to read, when it was read from its beginning, how many entries that '
    'were, and what is not read again for a while, in order.';
