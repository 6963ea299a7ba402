-- Between the last sign of life of a worker and another's takeover its turns are running by their state only.
CREATE OR REPLACE FUNCTION agentctl.worker_loss(worker bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    last_sign timestamptz;
BEGIN
    IF worker IS NULL OR EXISTS (
        SELECT FROM worker AS w
        WHERE w.id = worker_loss.worker AND w.state IN ('active', 'draining')
          AND w.heartbeat_at >= clock_timestamp() - make_interval(secs => w.time_to_live))
    THEN
        RETURN NULL;
    END IF;
    SELECT w.heartbeat_at INTO last_sign FROM worker AS w WHERE w.id = worker_loss.worker;
    RETURN format('worker %s is lost', worker_loss.worker)
        || coalesce(', without a sign of life since '
            || to_char(last_sign AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', '')
        || CASE WHEN agentctl.has_service() THEN '; another takes over in a few seconds'
            ELSE '; no other worker runs: one that starts takes over' END;
END $$;
COMMENT ON FUNCTION agentctl.worker_loss(bigint) IS
    'That a worker is lost, and what becomes of what it holds, in a sentence; NULL while it lives. The views and '
    'reports of turns that run call it.';
REVOKE ALL ON FUNCTION agentctl.worker_loss(bigint) FROM PUBLIC;
