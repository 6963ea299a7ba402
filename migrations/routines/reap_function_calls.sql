CREATE OR REPLACE FUNCTION agentctl.reap_function_calls(maximum integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    orphaned bigint[];
    doubtful record;
BEGIN
    orphaned := ARRAY(
        SELECT q.id FROM function_queue AS q
        WHERE q.lease IS NOT NULL
          AND NOT EXISTS (SELECT FROM worker AS w WHERE w.id = q.worker_id AND w.state IN ('active', 'draining'))
        ORDER BY q.id LIMIT reap_function_calls.maximum
        FOR NO KEY UPDATE SKIP LOCKED);
    IF cardinality(orphaned) = 0 THEN
        RETURN 0;
    END IF;
    -- What may have taken effect is not run again: whoever called has to look.
    FOR doubtful IN
        DELETE FROM function_queue AS q USING function_request AS r
        WHERE q.id = ANY (orphaned) AND q.effect = 'unsafe' AND r.id = q.id
        RETURNING q.id, q.version_id, r.function, r.arguments, r.created_by
    LOOP
        PERFORM agentctl.insert_function_calls('sql', NULL, NULL, doubtful.id, doubtful.created_by,
            jsonb_build_array(jsonb_build_object(
            'function', doubtful.function, 'version_id', doubtful.version_id, 'language', 'python', 'arguments',
            doubtful.arguments::text,
            'exit_reason', 'killed', 'error_type', 'in_doubt', 'duration_ms', 0,
            'error_message', 'the worker was lost while it ran: whether it took effect is not known, and it is not run again')));
    END LOOP;
    UPDATE function_queue AS q SET lease = NULL, worker_id = NULL, ready_at = clock_timestamp()
        WHERE q.id = ANY (orphaned);
    RETURN cardinality(orphaned);
END $$;
COMMENT ON FUNCTION agentctl.reap_function_calls(integer) IS
    'Makes the queued calls of workers that are gone ready again, or marks them in doubt when their effect is unsafe; '
    'returns how many. After reap().';
REVOKE ALL ON FUNCTION agentctl.reap_function_calls(integer) FROM PUBLIC;
