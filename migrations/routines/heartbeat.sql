-- A heartbeat need not survive a crash of the database: it costs no flush. As an attribute of the function the setting
-- would be undone before the commit, which is when it counts.
CREATE OR REPLACE FUNCTION agentctl.heartbeat(worker bigint, draining boolean DEFAULT false) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE worker AS w
    SET heartbeat_at = clock_timestamp(), state = CASE WHEN draining THEN 'draining' ELSE w.state END::worker_state
    WHERE w.id = heartbeat.worker AND w.state IN ('active', 'draining');
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.heartbeat(bigint, boolean) IS
    'A worker''s sign of life. False: it was counted as lost; it must drop all it holds and start anew.';
REVOKE ALL ON FUNCTION agentctl.heartbeat(bigint, boolean) FROM PUBLIC;
