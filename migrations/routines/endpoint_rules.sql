-- A secret that is stored is read by every reader, and by everybody who reads a backup: names of variables belong here.
CREATE OR REPLACE FUNCTION agentctl.endpoint_rules(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH given (member, key, value) AS (
        SELECT m.member, e.key, e.value
        FROM (VALUES ('headers'), ('header_env'), ('query')) AS m (member)
        CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(document -> m.member) WHEN 'object' THEN document -> m.member
            ELSE '{}' END) AS e
    )
    SELECT format('%s.%s', g.member, left(g.key, 64)), rule.problem, rule.expected
    FROM given AS g
    CROSS JOIN LATERAL (VALUES
        (g.member <> 'query' AND g.key !~ '^[A-Za-z0-9!#$%&''*+.^_`|~-]{1,64}$', 'is no name of a header',
            'letters, digits and -'),
        (g.member = 'query' AND g.key !~ '^[ -~]{1,64}$', 'is no name of a parameter', 'letters, digits and -'),
        (g.member <> 'query'
            AND g.key ~* '^(host|connection|content-.*|transfer-encoding|expect|te|trailer|upgrade|accept.*)$',
            'is a header that is made here', 'another name'),
        (g.member <> 'header_env'
            AND g.key ~* '^(authorization|proxy-authorization|cookie|key|sig|signature|auth)$'
                '|(secret|token|password|credential|api[-_]?key)',
            'would hold a secret', CASE g.member WHEN 'query' THEN 'the key in api_key_env or api_key_file'
                ELSE 'header_env with the name of the variable that holds it' END),
        (jsonb_typeof(g.value) <> 'string', 'is ' || agentctl.json_type_name(g.value), 'a string'),
        (g.member <> 'header_env' AND jsonb_typeof(g.value) = 'string'
            AND ((g.value #>> '{}') !~ '^[ -~]+$' OR octet_length(g.value #>> '{}') > 1024),
            'is not printable ASCII', 'a text of 1 to 1024 characters, without line breaks'),
        (g.member <> 'header_env' AND (g.value #>> '{}') ~* '^(bearer|basic) |^(sk|pk|rk|gsk|hf|xai|ghp)[-_]',
            'would store a secret', 'header_env with the name of the variable that holds it'),
        (g.member = 'header_env' AND jsonb_typeof(g.value) = 'string'
            AND (g.value #>> '{}') !~ '^[A-Za-z_][A-Za-z0-9_]{0,127}$',
            'is not the name of an environment variable', 'a name such as GATEWAY_TOKEN'),
        (g.member = 'header_env' AND EXISTS (
            SELECT FROM given AS o WHERE o.member = 'headers' AND lower(o.key) = lower(g.key)),
            'is also one of headers', 'one of the two')
    ) AS rule (is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT 'api_key_file', 'is beside api_key_env', 'one of the two'
    WHERE document ?& '{api_key_env,api_key_file}'
    UNION ALL
    SELECT 'api_key_header', 'is there without a key', 'api_key_env or api_key_file'
    WHERE document ? 'api_key_header' AND NOT document ?| '{api_key_env,api_key_file}'
    UNION ALL
    SELECT 'breaker.longest', 'is less than breaker.wait', 'at least breaker.wait'
    WHERE jsonb_typeof(document #> '{breaker,wait}') = 'number'
      AND jsonb_typeof(document #> '{breaker,longest}') = 'number'
      AND (document #> '{breaker,longest}')::numeric < (document #> '{breaker,wait}')::numeric
$$;
COMMENT ON FUNCTION agentctl.endpoint_rules(jsonb) IS
    'What one field of a document of kind endpoint asks of another, and that it holds no secret.';
REVOKE ALL ON FUNCTION agentctl.endpoint_rules(jsonb) FROM PUBLIC;
