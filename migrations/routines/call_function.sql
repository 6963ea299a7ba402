CREATE OR REPLACE FUNCTION agentctl.call_function(name text, arguments jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF NOT EXISTS (SELECT FROM definition AS d
                   WHERE d.kind = 'function' AND d.name = call_function.name AND d.current_version IS NOT NULL)
        OR NOT agentctl.may_use('function', call_function.name)
    THEN
        PERFORM agentctl.raise_unusable('function', call_function.name, 'See agentctl.functions.');
    END IF;
    IF jsonb_typeof(call_function.arguments) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'the arguments of a function are an object' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(call_function.arguments::text) > largest THEN
        RAISE EXCEPTION 'the arguments have more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    -- What a worker could not read would only fail later.
    IF call_function.arguments @? 'strict $.**{64}' THEN
        RAISE EXCEPTION 'the arguments nest deeper than 63 levels' USING ERRCODE = 'AC001';
    END IF;
    IF call_function.arguments @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RAISE EXCEPTION 'the arguments hold a number beyond the range of double precision' USING ERRCODE = 'AC001';
    END IF;
    -- What the engine fills in is not for a client to say.
    IF NOT agentctl.may_see_all() THEN
        SELECT call_function.arguments - b.names || b.filled INTO call_function.arguments
        FROM (
            SELECT coalesce(array_agg(p.key), '{}') AS names,
                   coalesce(jsonb_object_agg(p.key, agentctl.account_name())
                       FILTER (WHERE p.value ->> 'x-value' = '$user'), '{}') AS filled
            FROM definition AS d
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(v.document #> '{input_schema,properties}')
                WHEN 'object' THEN v.document #> '{input_schema,properties}' ELSE '{}' END) AS p
            WHERE d.kind = 'function' AND d.name = call_function.name AND jsonb_typeof(p.value) = 'object'
              AND p.value ? 'x-value') AS b;
    END IF;
    INSERT INTO function_request (function, arguments) VALUES (call_function.name, call_function.arguments) RETURNING id
        INTO accepted;
    INSERT INTO function_queue (id) VALUES (accepted);
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.call_function(text, jsonb) IS
    'Queues a call of a stored function and returns its number; works inside the caller''s transaction. '
    'function_result() tells what came of it. Of a client, arguments that the engine fills in (x-value) are not taken: '
    '$user becomes the caller''s account, $conversation is left out.';
REVOKE ALL ON FUNCTION agentctl.call_function(text, jsonb) FROM PUBLIC;
