CREATE OR REPLACE FUNCTION agentctl.require_records(conversation text, seq bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    failure text;
BEGIN
    IF agentctl.is_pruned(require_records.conversation, require_records.seq) THEN
        -- Of a turn whose record the database refuses there are events only.
        SELECT coalesce(e.data ->> 'message', '') INTO failure FROM event AS e
        WHERE e.conversation_id = require_records.conversation AND e.seq = require_records.seq AND e.type = 'error'
        ORDER BY e.number DESC LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'turn %/% failed: %', conversation, seq, failure USING ERRCODE = 'AC005';
        END IF;
        RAISE EXCEPTION 'the records of turn %/% were pruned', conversation, seq USING ERRCODE = 'AC002',
            HINT = 'The messages are in agentctl.conversation_history for as long as the conversation is kept.';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_records(text, bigint) IS
    'Fails with AC002 when the records of a turn that has ended are no longer kept, and with AC005 when it failed and '
    'there never were any. Internal: what waits for a turn, or reads it, calls it.';
REVOKE ALL ON FUNCTION agentctl.require_records(text, bigint) FROM PUBLIC;
