CREATE OR REPLACE FUNCTION agentctl.queue_lack(queue_key integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    asked record;
    workers bigint;
    reasons text[];
BEGIN
    SELECT q.name, q.needs INTO asked FROM work_queue AS q WHERE q.key = queue_lack.queue_key;
    -- Of many workers three are enough to see why.
    SELECT count(*), (array_agg(
            CASE WHEN l.is_of_queue THEN format('worker %s has it not', l.id) END ORDER BY l.id)
            FILTER (WHERE l.is_of_queue))[1:3]
    INTO workers, reasons
    FROM (
        SELECT w.id, w.queues IS NULL OR asked.name = ANY (w.queues) AS is_of_queue
        FROM worker AS w
        WHERE w.kind = 'service' AND w.state = 'active'
          AND w.heartbeat_at > clock_timestamp() - make_interval(secs => w.time_to_live)
    ) AS l;
    IF EXISTS (
        SELECT FROM worker AS w
        WHERE w.kind = 'service' AND w.state = 'active'
          AND w.heartbeat_at > clock_timestamp() - make_interval(secs => w.time_to_live)
          AND queue_lack.queue_key = ANY (agentctl.served_queues(w.queues, w.offers)))
    THEN
        RETURN NULL;
    END IF;
    RETURN concat_ws('; ', 'needs ' || agentctl.need_words(asked.needs),
        CASE WHEN workers = 0 THEN 'no worker runs'
            WHEN reasons IS NULL THEN format('queue %s: no worker', asked.name)
            ELSE array_to_string(reasons, ', ') END);
END $$;
COMMENT ON FUNCTION agentctl.queue_lack(integer) IS
    'Why no live worker serves a row of work_queue; NULL when one does. Internal.';
REVOKE ALL ON FUNCTION agentctl.queue_lack(integer) FROM PUBLIC;
