CREATE OR REPLACE FUNCTION agentctl.stop_worker(worker bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE agentctl.worker AS w SET state = 'stopped', stopped_at = clock_timestamp()
    WHERE w.id = stop_worker.worker AND w.state IN ('active', 'draining');
END $$;
COMMENT ON FUNCTION agentctl.stop_worker(bigint) IS
    'Ends a worker''s row; what it still holds goes to others with the next reap().';
REVOKE ALL ON FUNCTION agentctl.stop_worker(bigint) FROM PUBLIC;
