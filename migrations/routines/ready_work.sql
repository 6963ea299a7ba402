CREATE OR REPLACE FUNCTION agentctl.ready_work(OUT ready bigint, OUT oldest_ready_s double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(c.ready_at)), 0)::double precision
    FROM conversation_control AS c WHERE c.state = 'ready'
$$;
COMMENT ON FUNCTION agentctl.ready_work() IS
    'How many conversations wait for a worker, and for how many seconds the oldest of them has.';
REVOKE ALL ON FUNCTION agentctl.ready_work() FROM PUBLIC;
