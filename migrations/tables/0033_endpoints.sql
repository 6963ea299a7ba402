-- Models that fail: what workers know together of an endpoint, and turns that wait for a model.

CREATE TABLE agentctl.endpoint_state (
    endpoint text COLLATE "C" PRIMARY KEY CHECK (octet_length(endpoint) BETWEEN 1 AND 2400),
    window_start timestamptz NOT NULL DEFAULT clock_timestamp(),
    calls integer NOT NULL DEFAULT 0 CHECK (calls >= 0),
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    reason text COLLATE "C" CHECK (reason IN ('failures', 'exhausted')),
    opened_at timestamptz,
    openings integer NOT NULL DEFAULT 0 CHECK (openings >= 0),
    probe_at timestamptz,
    probe uuid,
    probe_until timestamptz,
    error_code text COLLATE "C",
    error_message text CHECK (octet_length(error_message) <= 2000),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((opened_at IS NULL) = (reason IS NULL)),
    CHECK ((opened_at IS NULL) = (probe_at IS NULL)),
    CHECK ((probe IS NULL) = (probe_until IS NULL))
);
COMMENT ON TABLE agentctl.endpoint_state IS
    'The circuit breaker of each endpoint that has failed: what the workers share of it.';
COMMENT ON COLUMN agentctl.endpoint_state.endpoint IS
    'Address of the server, with the name of the variable that holds the key, if there is one.';
COMMENT ON COLUMN agentctl.endpoint_state.window_start IS 'When the calls began to be counted.';
COMMENT ON COLUMN agentctl.endpoint_state.calls IS 'Calls since then, of the workers for which some failed.';
COMMENT ON COLUMN agentctl.endpoint_state.failures IS 'Those that failed.';
COMMENT ON COLUMN agentctl.endpoint_state.reason IS
    'Why it is not asked: many failures; exhausted: there is no money left. NULL: it is asked.';
COMMENT ON COLUMN agentctl.endpoint_state.opened_at IS 'Since when it is not asked; NULL: it is.';
COMMENT ON COLUMN agentctl.endpoint_state.openings IS 'Failed probes in a row, and the first opening: the wait doubles.';
COMMENT ON COLUMN agentctl.endpoint_state.probe_at IS 'When one call may find out whether it answers again.';
COMMENT ON COLUMN agentctl.endpoint_state.probe IS 'The call that is finding out.';
COMMENT ON COLUMN agentctl.endpoint_state.probe_until IS 'Until when that call may take; another one may then.';
COMMENT ON COLUMN agentctl.endpoint_state.error_code IS 'Class of the last failure.';
COMMENT ON COLUMN agentctl.endpoint_state.error_message IS 'The last failure.';
COMMENT ON COLUMN agentctl.endpoint_state.changed_at IS 'When the row changed last.';

ALTER TABLE agentctl.turn_progress ADD COLUMN postponed_ms double precision CHECK (postponed_ms >= 0);
COMMENT ON COLUMN agentctl.turn_progress.postponed_ms IS
    'Milliseconds that the turn has waited for a model in all; NULL: none.';
ALTER TABLE agentctl.turn_progress ADD COLUMN postponed_by text CHECK (octet_length(postponed_by) <= 4000);
COMMENT ON COLUMN agentctl.turn_progress.postponed_by IS
    'What the turn waits for: the failure of the model; NULL: for no model.';

-- Whatever types there are by now, and one more. What is stored fits: the table need not be read for that.
DO $types$
BEGIN
    EXECUTE (
        SELECT format('ALTER TABLE agentctl.event DROP CONSTRAINT event_type, ADD CONSTRAINT event_type '
            'CHECK (type IN (%s, ''model_changed'')) NOT VALID', string_agg(DISTINCT quote_literal(t.found[1]), ', '))
        FROM pg_constraint AS c
        CROSS JOIN LATERAL regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g') AS t (found)
        WHERE c.conrelid = 'agentctl.event'::regclass AND c.conname = 'event_type');
END $types$;

ALTER TABLE agentctl.delta DROP CONSTRAINT delta_type;
ALTER TABLE agentctl.delta ADD CONSTRAINT delta_type CHECK (type IN (
    'text', 'reset', 'model_failed', 'steered', 'tool_started', 'tool_output', 'tool_finished')) NOT VALID;
