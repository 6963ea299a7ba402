CREATE OR REPLACE FUNCTION agentctl.sweep_deltas(older_than interval DEFAULT '1 minute') RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    swept integer;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM delta WHERE at < clock_timestamp() - older_than;
    GET DIAGNOSTICS swept = ROW_COUNT;
    RETURN swept;
END $$;
COMMENT ON FUNCTION agentctl.sweep_deltas(interval) IS
    'Deletes pieces that no reader needs any more; returns how many.';
REVOKE ALL ON FUNCTION agentctl.sweep_deltas(interval) FROM PUBLIC;
