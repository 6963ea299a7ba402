CREATE OR REPLACE FUNCTION agentctl.prune_time(older_than interval) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF older_than IS NULL OR older_than <= interval '0' THEN
        RAISE EXCEPTION 'what is pruned is older than some time: an interval above 0, such as 90 days'
            USING ERRCODE = 'AC001';
    END IF;
    RETURN statement_timestamp() - older_than;
END $$;
COMMENT ON FUNCTION agentctl.prune_time(interval) IS
    'The time before which things are pruned. Fails with AC001 unless the interval is above 0. Internal.';
REVOKE ALL ON FUNCTION agentctl.prune_time(interval) FROM PUBLIC;
