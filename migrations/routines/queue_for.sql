CREATE OR REPLACE FUNCTION agentctl.queue_for(
    responder text, queue text DEFAULT NULL, workspace text DEFAULT NULL, model text DEFAULT NULL,
    is_bare boolean DEFAULT false
) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    own record;
    wanted text[];
BEGIN
    SELECT r.queue_key, q.name, q.needs INTO own
    FROM responder_queue AS r JOIN work_queue AS q ON q.key = r.queue_key WHERE r.name = queue_for.responder;
    IF queue IS NULL AND workspace IS NULL AND model IS NULL AND NOT is_bare THEN
        RETURN coalesce(own.queue_key, 1);
    END IF;
    wanted := CASE WHEN is_bare THEN '{}' WHEN model IS NULL THEN coalesce(own.needs, '{}')
        ELSE agentctl.responder_needs(queue_for.responder, queue_for.model) END;
    IF workspace IS NOT NULL AND NOT is_bare THEN
        wanted := ARRAY(
            SELECT DISTINCT n.need COLLATE "C"
            FROM unnest(wanted || ('workspace:' || workspace)) AS n (need) WHERE n.need <> 'workspace' ORDER BY 1);
    END IF;
    RETURN agentctl.keep_queue(coalesce(queue, own.name, 'default'), wanted);
END $$;
COMMENT ON FUNCTION agentctl.queue_for(text, text, text, text, boolean) IS
    'The key of the queue for what an agent or chain is to answer: its own, unless another queue, a workspace or a model '
    'is given; is_bare: for what no agent has to do. Internal.';
REVOKE ALL ON FUNCTION agentctl.queue_for(text, text, text, text, boolean) FROM PUBLIC;
