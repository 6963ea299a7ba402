CREATE OR REPLACE FUNCTION agentctl.record_security_events(conversation text, seq bigint, records jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    stored integer;
BEGIN
    WITH seen AS (
        INSERT INTO agentctl.security_event (
            kind, source, detail, tool, conversation_id, seq, call_id, guardrail, guardrail_version, place, action)
        SELECT given.kind, 'service', left(given.detail, 2000), given.tool, record_security_events.conversation,
               record_security_events.seq, given.call_id, given.guardrail, given.guardrail_version, given.place,
               given.action
        FROM (
            SELECT r.*, row_number() OVER (PARTITION BY r.call_id) AS number
            FROM jsonb_to_recordset(record_security_events.records) AS r (
                kind text, detail text, tool text, call_id text, guardrail text, guardrail_version integer, place text,
                action text)
        ) AS given
        WHERE given.number <= 100
        RETURNING 1
    )
    SELECT count(*) INTO stored FROM seen;
    RETURN stored;
END $$;
COMMENT ON FUNCTION agentctl.record_security_events(text, bigint, jsonb) IS
    'Stores what was refused outside of the sandbox, and what guardrails found: a list of {kind, detail, tool, '
    'call_id, guardrail, guardrail_version, place, action}.';
REVOKE ALL ON FUNCTION agentctl.record_security_events(text, bigint, jsonb) FROM PUBLIC;
