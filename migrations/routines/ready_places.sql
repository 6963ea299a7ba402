CREATE OR REPLACE FUNCTION agentctl.ready_places() RETURNS TABLE (priority smallint, queue_key integer)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
    SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH RECURSIVE place AS (
        (SELECT c.priority, c.queue_key FROM work_list AS c WHERE c.state = 'ready'
         ORDER BY c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.conversation_id LIMIT 1)
        UNION ALL
        SELECT n.priority, n.queue_key FROM place AS p
        CROSS JOIN LATERAL (
            SELECT c.priority, c.queue_key FROM work_list AS c
            WHERE c.state = 'ready' AND (c.priority, c.queue_key) > (p.priority, p.queue_key)
            ORDER BY c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.conversation_id LIMIT 1
        ) AS n
    )
    SELECT p.priority, p.queue_key FROM place AS p LIMIT 10000;
END $$;
COMMENT ON FUNCTION agentctl.ready_places() IS
    'The priorities and keys of queues that have something ready, by a probe of the index each; at most 10000. Internal.';
REVOKE ALL ON FUNCTION agentctl.ready_places() FROM PUBLIC;
