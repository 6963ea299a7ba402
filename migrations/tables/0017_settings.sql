-- When a conversation was claimed, and what settings may say.

-- The time by the database's clock: computed from how long a turn took it would be as late as the turn was stored.
ALTER TABLE agentctl.conversation_control ADD COLUMN claimed_at timestamptz;
COMMENT ON COLUMN agentctl.conversation_control.claimed_at IS 'When it was last claimed.';
COMMENT ON COLUMN agentctl.turn.started_at IS
    'When it was first claimed; after a crash without stored progress, when the finishing attempt claimed it. Never '
    'before submitted_at, even if the clock is set back.';
COMMENT ON COLUMN agentctl.turn.finished_at IS 'When it was stored, which may wait for a lock or the database.';
COMMENT ON COLUMN agentctl.turn.duration_ms IS
    'Milliseconds of work, not counting what lay between attempts and the time that storing took.';

-- A value that means nothing would stop all workers, or reap() for all of them.
ALTER TABLE agentctl.setting
    ADD COLUMN type text CHECK (type IN ('integer', 'number', 'text')),
    ADD COLUMN minimum double precision,
    ADD COLUMN maximum double precision;
COMMENT ON COLUMN agentctl.setting.type IS 'integer, number or text.';
COMMENT ON COLUMN agentctl.setting.minimum IS 'The least value of a number; NULL for text.';
COMMENT ON COLUMN agentctl.setting.maximum IS 'The greatest value of a number; NULL for text.';

UPDATE agentctl.worker SET time_to_live = 10 WHERE time_to_live NOT BETWEEN 0.1 AND 86400;
ALTER TABLE agentctl.worker ADD CONSTRAINT worker_time_to_live_check CHECK (time_to_live BETWEEN 0.1 AND 86400);
