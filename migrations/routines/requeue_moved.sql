-- A submission that was on its way when an agent's queue changed waits in the one before.
CREATE OR REPLACE FUNCTION agentctl.requeue_moved() RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    names text[] := ARRAY(
        SELECT r.name FROM responder_queue AS r WHERE r.moved_at IS NOT NULL ORDER BY r.moved_at, r.name
        FOR NO KEY UPDATE SKIP LOCKED);
BEGIN
    UPDATE responder_queue AS r SET moved_before = pg_snapshot_xmax(pg_current_snapshot())
    WHERE r.name = ANY (names) AND r.moved_before IS NULL AND r.moved_at < clock_timestamp() - interval '1 minute';
    UPDATE responder_queue AS r SET moved_at = NULL, moved_before = NULL
    WHERE r.name = ANY (names) AND r.moved_before <= pg_snapshot_xmin(pg_current_snapshot());
    RETURN agentctl.requeue(names);
END $$;
COMMENT ON FUNCTION agentctl.requeue_moved() IS
    'requeue() of the agents and chains whose queue has changed within the last minute, or while a transaction was '
    'open that still is. Internal: wake() calls it.';
REVOKE ALL ON FUNCTION agentctl.requeue_moved() FROM PUBLIC;
