CREATE OR REPLACE FUNCTION agentctl.served_queues(queues text[], offers text[]) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN ARRAY(
        SELECT q.key FROM work_queue AS q
        WHERE (served_queues.queues IS NULL OR q.name = ANY (served_queues.queues))
          AND (served_queues.offers IS NULL OR q.needs <@ served_queues.offers)
        ORDER BY q.key);
END $$;
COMMENT ON FUNCTION agentctl.served_queues(text[], text[]) IS
    'The rows of work_queue that a worker serves which works off these queues and offers this; NULL for all. This one '
    'place decides it. Internal.';
REVOKE ALL ON FUNCTION agentctl.served_queues(text[], text[]) FROM PUBLIC;
