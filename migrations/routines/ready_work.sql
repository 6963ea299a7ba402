-- A standby cannot read an unlogged table.
CREATE OR REPLACE FUNCTION agentctl.ready_work(OUT ready bigint, OUT oldest_ready_s double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    oldest timestamptz;
BEGIN
    IF pg_is_in_recovery() THEN
        SELECT count(*), min(c.ready_at) INTO ready, oldest FROM conversation_control AS c WHERE c.state = 'ready';
    ELSE
        SELECT count(*), min(w.ready_at) INTO ready, oldest FROM work_list AS w WHERE w.state = 'ready';
    END IF;
    oldest_ready_s := coalesce(extract(epoch FROM clock_timestamp() - oldest), 0);
END $$;
COMMENT ON FUNCTION agentctl.ready_work() IS
    'How many conversations wait for a worker, and for how many seconds the oldest of them has.';
REVOKE ALL ON FUNCTION agentctl.ready_work() FROM PUBLIC;
