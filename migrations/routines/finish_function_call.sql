-- replaces: hold_function_call(bigint, uuid)
CREATE OR REPLACE FUNCTION agentctl.finish_function_call(call bigint, lease uuid, record jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    asked_by text;
BEGIN
    DELETE FROM function_queue AS q WHERE q.id = finish_function_call.call AND q.lease = finish_function_call.lease;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT r.created_by INTO asked_by FROM function_request AS r WHERE r.id = finish_function_call.call;
    PERFORM agentctl.insert_function_calls('sql', NULL, NULL, finish_function_call.call, asked_by,
        jsonb_build_array(finish_function_call.record));
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.finish_function_call(bigint, uuid, jsonb) IS
    'Ends a queued call in one commit, if the lease still holds. record: what record_function_calls() takes one of.';
REVOKE ALL ON FUNCTION agentctl.finish_function_call(bigint, uuid, jsonb) FROM PUBLIC;
