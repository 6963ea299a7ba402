CREATE OR REPLACE FUNCTION agentctl.unserved_work() RETURNS TABLE (
    queue text, needs text[], ready bigint, oldest_ready_s double precision, conversation_id text, reason text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH waiting AS MATERIALIZED (
        SELECT p.queue_key AS key, count(*) AS ready, min(c.ready_at) AS since,
               (array_agg(c.conversation_id ORDER BY c.ready_at))[1] AS conversation_id
        FROM agentctl.ready_places() AS p
        CROSS JOIN LATERAL (
            SELECT r.conversation_id, r.ready_at FROM work_list AS r
            WHERE r.state = 'ready' AND r.priority = p.priority AND r.queue_key = p.queue_key LIMIT 1000
        ) AS c
        GROUP BY p.queue_key
    )
    SELECT q.name, q.needs, w.ready, extract(epoch FROM clock_timestamp() - w.since)::double precision,
           w.conversation_id, l.reason
    FROM waiting AS w
    JOIN work_queue AS q ON q.key = w.key
    CROSS JOIN LATERAL (SELECT agentctl.queue_lack(w.key) AS reason) AS l
    WHERE l.reason IS NOT NULL
    ORDER BY q.name, q.needs;
END $$;
COMMENT ON FUNCTION agentctl.unserved_work() IS
    'What is ready that no live worker serves, by queue and needs, and why; of each priority at most 1000 are counted.';
REVOKE ALL ON FUNCTION agentctl.unserved_work() FROM PUBLIC;
