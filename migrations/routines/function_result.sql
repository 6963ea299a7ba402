CREATE OR REPLACE FUNCTION agentctl.function_result(call bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
    ended record;
BEGIN
    SELECT r.function, r.created_at INTO asked FROM function_request AS r
    WHERE r.id = function_result.call AND agentctl.may_see(r.created_by);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no call %', function_result.call USING ERRCODE = 'AC002';
    END IF;
    SELECT c.exit_reason, c.result, c.error_type, c.error_message INTO ended FROM function_call AS c
    WHERE c.request_id = function_result.call AND c.started_at >= asked.created_at - interval '1 day';
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF ended.exit_reason <> 'ok' THEN
        RAISE EXCEPTION 'call % of function "%" failed: %', function_result.call, asked.function,
            coalesce(ended.error_message, ended.error_type, ended.exit_reason::text)
            USING ERRCODE = 'AC005',
                DETAIL = format('exit reason %s, class %s', ended.exit_reason, coalesce(ended.error_type, 'none'));
    END IF;
    RETURN ended.result::jsonb;
END $$;
COMMENT ON FUNCTION agentctl.function_result(bigint) IS
    'The result of a call that call_function() queued; NULL while there is none. Fails with AC005 when the call '
    'failed.';
REVOKE ALL ON FUNCTION agentctl.function_result(bigint) FROM PUBLIC;
