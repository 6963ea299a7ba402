CREATE OR REPLACE FUNCTION agentctl.insert_function_calls(
    caller text, conversation text, seq bigint, request bigint, called_by text, records jsonb
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    stored integer;
BEGIN
    WITH given AS MATERIALIZED (
        SELECT gen_random_uuid() AS id,
               clock_timestamp() - make_interval(secs => coalesce(r.age_ms, r.duration_ms) / 1000) AS started_at,
               coalesce(jsonb_path_query_array(r.violations, '$[0 to 99]'), '[]') AS seen, r.*
        FROM jsonb_to_recordset(insert_function_calls.records) AS r (
            function text, version_id bigint, language text, arguments text, exit_reason agentctl.exit_reason,
            result text, error_type text, error_message text, traceback text, output text, duration_ms double precision,
            age_ms double precision, cpu_ms double precision, peak_memory_bytes bigint, violations jsonb, call_id text)
    ), called AS (
        INSERT INTO agentctl.function_call (
            id, function, version_id, version, language, arguments, caller, conversation_id, seq, call_id, request_id,
            exit_reason, result, error_type, error_message, traceback, output, duration_ms, cpu_ms, peak_memory_bytes,
            violations, started_at, called_by)
        SELECT g.id, g.function, g.version_id, v.version, g.language, left(g.arguments, 262144),
               insert_function_calls.caller, insert_function_calls.conversation, insert_function_calls.seq, g.call_id,
               insert_function_calls.request, g.exit_reason, left(g.result, 1048576), left(g.error_type, 256),
               left(g.error_message, 8192), left(g.traceback, 16384), left(coalesce(g.output, ''), 65536),
               g.duration_ms, g.cpu_ms, g.peak_memory_bytes, g.seen, g.started_at, insert_function_calls.called_by
        FROM given AS g LEFT JOIN agentctl.definition_version AS v ON v.id = g.version_id
        RETURNING 1
    ), seen AS (
        INSERT INTO agentctl.security_event (kind, source, detail, tool, conversation_id, seq, call_id,
            function_call_id)
        SELECT violation.value ->> 'kind', violation.value ->> 'source',
               left(coalesce(violation.value ->> 'detail', ''), 2000), g.function, insert_function_calls.conversation,
               insert_function_calls.seq, g.call_id, g.id
        FROM given AS g CROSS JOIN LATERAL jsonb_array_elements(g.seen) AS violation
    )
    SELECT count(*) INTO stored FROM called;
    RETURN stored;
END $$;
COMMENT ON FUNCTION agentctl.insert_function_calls(text, text, bigint, bigint, text, jsonb) IS
    'Stores calls and what they tried. Internal: record_function_calls() and finish_function_call() call it.';
REVOKE ALL ON FUNCTION agentctl.insert_function_calls(text, text, bigint, bigint, text, jsonb) FROM PUBLIC;
