-- Facts and no texts: what was said stays in the database, where the receiver may be allowed to read it.
CREATE OR REPLACE FUNCTION agentctl.write_deliveries(events text[], responder text, owner text, data jsonb)
    RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    written integer;
BEGIN
    INSERT INTO hook_delivery (hook, event, body, next_at)
    SELECT h.name, e.name, jsonb_build_object('type', e.name, 'timestamp', to_jsonb(clock_timestamp()),
        'data', jsonb_strip_nulls(write_deliveries.data)), clock_timestamp()
    FROM hook_state AS h CROSS JOIN unnest(write_deliveries.events) AS e (name)
    WHERE e.name = ANY (h.events) AND h.stopped_at IS NULL
      AND (h.responders IS NULL OR write_deliveries.responder = ANY (h.responders))
      AND (h.owner = write_deliveries.owner OR agentctl.account_sees_all(h.owner));
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;
COMMENT ON FUNCTION agentctl.write_deliveries(text[], text, text, jsonb) IS
    'Writes what hooks are told of events: of an agent or chain, in what a user owns. Internal: whatever ends calls '
    'it, in its own commit.';
REVOKE ALL ON FUNCTION agentctl.write_deliveries(text[], text, text, jsonb) FROM PUBLIC;
