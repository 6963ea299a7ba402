CREATE OR REPLACE FUNCTION agentctl.hook_rules(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT 'headers.' || left(h.key, 64), rule.problem, rule.expected
    FROM jsonb_each(CASE jsonb_typeof(document -> 'headers') WHEN 'object' THEN document -> 'headers'
        ELSE '{}' END) AS h
    CROSS JOIN LATERAL (VALUES
        (h.key !~ '^[A-Za-z0-9!#$%&''*+.^_`|~-]{1,64}$', 'is no name of a header', 'letters, digits and -'),
        (h.key ~* '^(webhook-.*|host|connection|content-.*|transfer-encoding|expect|te|trailer|upgrade|accept.*)$',
            'is a header that is made here', 'another name'),
        (h.key ~* '^(authorization|proxy-authorization|cookie)$|(secret|token|password|api-?key)',
            'would hold a secret', 'no secret: the receiver checks the signature, see secret_env'),
        (jsonb_typeof(h.value) <> 'string', 'is ' || agentctl.json_type_name(h.value), 'a string'),
        (jsonb_typeof(h.value) = 'string'
            AND ((h.value #>> '{}') !~ '^[ -~]+$' OR octet_length(h.value #>> '{}') > 1024),
            'is not printable ASCII', 'a text of 1 to 1024 characters, without line breaks')
    ) AS rule (is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT 'previous_secret_env', 'is that of secret_env', 'the variable of the secret that it replaces'
    WHERE document -> 'previous_secret_env' = document -> 'secret_env'
$$;
COMMENT ON FUNCTION agentctl.hook_rules(jsonb) IS 'What one field of a document of kind hook asks of another.';
REVOKE ALL ON FUNCTION agentctl.hook_rules(jsonb) FROM PUBLIC;
