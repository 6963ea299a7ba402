-- Calls that each take minutes to fail never fall into one short window: the window is as long as such calls need.

ALTER TABLE agentctl.endpoint_state ADD COLUMN counted_for double precision NOT NULL DEFAULT 0
    CHECK (counted_for >= 0);
COMMENT ON COLUMN agentctl.endpoint_state.counted_for IS
    'Seconds from window_start on in which calls are counted together.';
