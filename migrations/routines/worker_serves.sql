CREATE OR REPLACE FUNCTION agentctl.worker_serves(worker bigint) RETURNS integer[]
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    known bigint := (SELECT count(*) FROM work_queue AS q);
    served integer[];
    held record;
BEGIN
    SELECT agentctl.served_queues(w.queues, w.offers) INTO served FROM worker AS w WHERE w.id = worker_serves.worker;
    -- Where another session stores it just now, it need not be stored again.
    SELECT w.id INTO held FROM worker AS w WHERE w.id = worker_serves.worker FOR NO KEY UPDATE SKIP LOCKED;
    IF FOUND THEN
        UPDATE worker AS w SET serves = served, known_queues = known WHERE w.id = worker_serves.worker;
    END IF;
    RETURN served;
END $$;
COMMENT ON FUNCTION agentctl.worker_serves(bigint) IS
    'Computes which rows of work_queue a worker serves, and keeps it in the worker''s row. Internal: claim() calls it '
    'when there is a new key.';
REVOKE ALL ON FUNCTION agentctl.worker_serves(bigint) FROM PUBLIC;
