-- What workers look for is in a table of its own: an update of conversation_control changes nothing that an index has.

-- Unlogged, as all of it is in conversation_control: it costs no log, and is written again after a crash.
CREATE UNLOGGED TABLE agentctl.work_list (
    conversation_id text COLLATE "C" PRIMARY KEY,
    state agentctl.conversation_state NOT NULL,
    priority smallint NOT NULL,
    queue_key integer NOT NULL,
    account_key integer NOT NULL,
    lane integer NOT NULL,
    ready_at timestamptz,
    worker_id bigint,
    wake_at timestamptz
) WITH (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);
COMMENT ON TABLE agentctl.work_list IS
    'The conversations that are not idle, for workers to find: of conversation_control, whose triggers keep it, and '
    'whose row is the one to lock. Empty after a crash of the server, until list_work() has filled it.';
COMMENT ON COLUMN agentctl.work_list.conversation_id IS
    'The conversation; the empty one says that all that are not idle are in the list.';
COMMENT ON COLUMN agentctl.work_list.state IS 'As in conversation_control.';
COMMENT ON COLUMN agentctl.work_list.priority IS 'As in conversation_control.';
COMMENT ON COLUMN agentctl.work_list.queue_key IS 'As in conversation_control.';
COMMENT ON COLUMN agentctl.work_list.account_key IS 'As in conversation_control.';
COMMENT ON COLUMN agentctl.work_list.lane IS 'As in conversation_control.';
COMMENT ON COLUMN agentctl.work_list.ready_at IS 'As in conversation_control.';
COMMENT ON COLUMN agentctl.work_list.worker_id IS 'As in conversation_control.';
COMMENT ON COLUMN agentctl.work_list.wake_at IS 'As in conversation_control.';

ALTER TABLE agentctl.conversation_control ADD COLUMN listed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN agentctl.conversation_control.listed IS
    'Turned over by a statement that keeps the entry in work_list itself, so that no trigger does it once more.';

DROP INDEX agentctl.conversation_ready, agentctl.conversation_running, agentctl.conversation_waiting;
INSERT INTO agentctl.work_list
SELECT '', 'idle'::agentctl.conversation_state, 0, 0, 0, 0, NULL, NULL, NULL
UNION ALL
SELECT c.conversation_id, c.state, c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.worker_id, c.wake_at
FROM agentctl.conversation_control AS c WHERE c.state <> 'idle';
CREATE INDEX conversation_ready
    ON agentctl.work_list (priority, queue_key, account_key, lane, ready_at, conversation_id) WHERE state = 'ready';
CREATE INDEX conversation_running ON agentctl.work_list (worker_id) WHERE state = 'running';
CREATE INDEX conversation_waiting ON agentctl.work_list (wake_at)
    WHERE state IN ('waiting', 'parked') AND wake_at IS NOT NULL;
