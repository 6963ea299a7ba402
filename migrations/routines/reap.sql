CREATE OR REPLACE FUNCTION agentctl.reap(maximum integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    released integer;
    gone bigint[];
BEGIN
    UPDATE worker AS w SET state = 'lost', stopped_at = clock_timestamp()
    WHERE w.id = ANY (ARRAY(
        SELECT dead.id FROM worker AS dead
        WHERE dead.state IN ('active', 'draining')
          AND dead.heartbeat_at < clock_timestamp() - make_interval(secs => dead.time_to_live)
        FOR NO KEY UPDATE SKIP LOCKED));
    PERFORM agentctl.list_work();
    -- Whoever holds something and is not alive: stopped, lost, or without a row at all.
    gone := ARRAY(
        SELECT DISTINCT held.worker_id FROM work_list AS held
        WHERE held.state = 'running'
          AND NOT EXISTS (SELECT FROM worker AS w WHERE w.id = held.worker_id AND w.state IN ('active', 'draining')));
    UPDATE conversation_control AS c
    SET state = 'ready', ready_at = clock_timestamp(), lease = NULL, worker_id = NULL,
        lease_until = greatest(c.lease_until, (
            SELECT w.stopped_at + make_interval(secs => w.time_to_live) FROM worker AS w
            WHERE w.id = c.worker_id AND w.state = 'lost'))
    WHERE c.conversation_id = ANY (ARRAY(
        SELECT held.conversation_id FROM work_list AS listed
        JOIN conversation_control AS held ON held.conversation_id = listed.conversation_id
        WHERE listed.state = 'running' AND listed.worker_id = ANY (gone)
          AND held.state = 'running' AND held.worker_id = ANY (gone)
        ORDER BY held.conversation_id LIMIT reap.maximum
        FOR NO KEY UPDATE OF held SKIP LOCKED));
    GET DIAGNOSTICS released = ROW_COUNT;
    DELETE FROM worker AS w
    WHERE w.id = ANY (ARRAY(
        SELECT old.id FROM worker AS old
        WHERE old.state IN ('stopped', 'lost') AND old.stopped_at < clock_timestamp() - interval '1 day'
          AND NOT EXISTS (SELECT FROM work_list AS c WHERE c.state = 'running' AND c.worker_id = old.id)
        LIMIT 1000 FOR UPDATE SKIP LOCKED));
    RETURN released;
END $$;
COMMENT ON FUNCTION agentctl.reap(integer) IS
    'Counts workers without heartbeat as lost and makes what they held ready again; returns how many conversations.';
REVOKE ALL ON FUNCTION agentctl.reap(integer) FROM PUBLIC;
