CREATE OR REPLACE FUNCTION agentctl.start_worker(kind text, host text, process_id integer, release text, slots integer)
    RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    INSERT INTO agentctl.worker (kind, host, process_id, release, slots)
    VALUES (start_worker.kind, start_worker.host, start_worker.process_id, start_worker.release, start_worker.slots)
    RETURNING id
$$;
COMMENT ON FUNCTION agentctl.start_worker(text, text, integer, text, integer) IS
    'Makes the row of a worker that starts; returns its id.';
REVOKE ALL ON FUNCTION agentctl.start_worker(text, text, integer, text, integer) FROM PUBLIC;
