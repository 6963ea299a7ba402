-- Pieces of answers need not survive a crash of the database: they cost no flush.
CREATE OR REPLACE FUNCTION agentctl.write_deltas(deltas jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO delta (conversation_id, seq, attempt, number, type, data)
    SELECT d.* FROM jsonb_to_recordset(deltas) AS d (
        conversation_id text, seq bigint, attempt smallint, number integer, type text, data jsonb)
    ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION agentctl.write_deltas(jsonb) IS
    'Stores pieces of answers for live display, of many conversations at once.';
REVOKE ALL ON FUNCTION agentctl.write_deltas(jsonb) FROM PUBLIC;
