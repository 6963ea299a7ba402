CREATE OR REPLACE FUNCTION agentctl.claim_function_calls(worker bigint, maximum integer)
RETURNS TABLE (call bigint, lease uuid, attempt integer, function text, version_id bigint, arguments jsonb,
    called_by text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    claimed bigint[];
BEGIN
    IF claim_function_calls.maximum < 1
        OR NOT EXISTS (SELECT FROM worker AS w WHERE w.id = claim_function_calls.worker
            AND w.state IN ('active', 'draining')) THEN
        RETURN;
    END IF;
    claimed := ARRAY(
        SELECT q.id FROM function_queue AS q WHERE q.lease IS NULL
        ORDER BY q.ready_at, q.id LIMIT claim_function_calls.maximum
        FOR NO KEY UPDATE SKIP LOCKED);
    IF cardinality(claimed) = 0 THEN
        RETURN;
    END IF;
    UPDATE function_queue AS q
    SET lease = gen_random_uuid(), worker_id = claim_function_calls.worker, attempt = least(q.attempt, 32766) + 1,
        (version_id, effect) = (
            SELECT v.id, (v.document ->> 'effect')::tool_effect
            FROM function_request AS r
            JOIN definition AS d ON d.kind = 'function' AND d.name = r.function
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE r.id = q.id)
    WHERE q.id = ANY (claimed);
    RETURN QUERY
    SELECT q.id, q.lease, q.attempt::integer, r.function, q.version_id, r.arguments, r.created_by
    FROM function_queue AS q JOIN function_request AS r ON r.id = q.id
    WHERE q.id = ANY (claimed)
    ORDER BY q.ready_at, q.id;
END $$;
COMMENT ON FUNCTION agentctl.claim_function_calls(bigint, integer) IS
    'Takes up to maximum queued calls for a worker, each with the version in force (NULL when the function was taken '
    'out of force since).';
REVOKE ALL ON FUNCTION agentctl.claim_function_calls(bigint, integer) FROM PUBLIC;
