CREATE OR REPLACE FUNCTION agentctl.release_function_call(call bigint, lease uuid, counts boolean DEFAULT false)
    RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    UPDATE function_queue AS q
    SET lease = NULL, worker_id = NULL, ready_at = clock_timestamp(),
        attempt = q.attempt - CASE WHEN release_function_call.counts THEN 0 ELSE 1 END
    WHERE q.id = release_function_call.call AND q.lease = release_function_call.lease;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.release_function_call(bigint, uuid, boolean) IS
    'Gives a claimed call back, as if it had not been claimed; with counts, the claim stays one of the max_attempts.';
REVOKE ALL ON FUNCTION agentctl.release_function_call(bigint, uuid, boolean) FROM PUBLIC;
