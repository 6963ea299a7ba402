CREATE OR REPLACE FUNCTION agentctl.record_function_calls(conversation text, seq bigint, records jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN agentctl.insert_function_calls(
        CASE WHEN record_function_calls.conversation IS NULL THEN 'command' ELSE 'turn' END,
        record_function_calls.conversation, record_function_calls.seq, NULL, agentctl.keep_account(),
        record_function_calls.records);
END $$;
COMMENT ON FUNCTION agentctl.record_function_calls(text, bigint, jsonb) IS
    'Stores calls of functions, a list of {function, version_id, language, arguments, exit_reason, result, '
    'error_type, error_message, traceback, output, duration_ms, age_ms, cpu_ms, peak_memory_bytes, violations, '
    'call_id}, and a security event for each of their violations. Without a conversation they are a command''s.';
REVOKE ALL ON FUNCTION agentctl.record_function_calls(text, bigint, jsonb) FROM PUBLIC;
