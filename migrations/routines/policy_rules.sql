CREATE OR REPLACE FUNCTION agentctl.policy_rules(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH rule AS (
        SELECT format('rules[%s]', each.ordinality - 1) AS path, each.value
        FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'rules') WHEN 'array' THEN document -> 'rules'
            ELSE '[]' END)
            WITH ORDINALITY AS each
        WHERE jsonb_typeof(each.value) = 'object'
    )
    SELECT rule.path || '.' || names.key, 'is ' || agentctl.json_type_name(rule.value -> names.key),
           'a string or a list of strings'
    FROM rule CROSS JOIN unnest('{tool,implementation,agent}'::text[]) AS names (key)
    WHERE CASE jsonb_typeof(rule.value -> names.key)
        WHEN 'array' THEN rule.value -> names.key = '[]'
            OR EXISTS (SELECT FROM jsonb_array_elements(rule.value -> names.key) AS e
                WHERE jsonb_typeof(e.value) <> 'string' OR e.value = '""')
        ELSE jsonb_typeof(rule.value -> names.key) IN ('object', 'number', 'boolean') END
    UNION ALL
    SELECT rule.path || '.arguments.' || left(argument.key, 64), 'is ' || agentctl.json_type_name(argument.value),
           'a regular expression or a JSON Schema'
    FROM rule
    CROSS JOIN jsonb_each(CASE jsonb_typeof(rule.value -> 'arguments') WHEN 'object' THEN rule.value -> 'arguments'
        ELSE '{}' END) AS argument
    WHERE jsonb_typeof(argument.value) NOT IN ('string', 'object')
    UNION ALL
    SELECT rule.path || '.' || field.name, 'is of no use', 'a rule with the action ask'
    FROM rule CROSS JOIN unnest('{approvers,not_requester}'::text[]) AS field (name)
    WHERE rule.value ? field.name AND rule.value ->> 'action' IN ('allow', 'deny')
    UNION ALL
    -- Paths begin in the workspace, and are compared without . and ..: such a rule would hold for nothing.
    SELECT format('%s.path[%s]', rule.path, p.ordinality - 1),
           format('is "%s", which no path fits', left(p.value #>> '{}', 200)),
           'a path from the workspace on, such as secrets/**'
    FROM rule
    CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(rule.value -> 'path') WHEN 'array' THEN rule.value -> 'path'
        ELSE '[]' END) WITH ORDINALITY AS p
    WHERE jsonb_typeof(p.value) = 'string'
      -- Alternatives in braces are for who compiles the policy.
      AND regexp_replace(p.value #>> '{}', '^\./', '') ~ '^/|//|(^|/)[.][.]?(/|$)'
    UNION ALL
    SELECT format('order[%s].%s', each.ordinality - 1, need.field), 'is missing', format('needed by rule %s', need.rule)
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'order') WHEN 'array' THEN document -> 'order'
        ELSE '[]' END)
        WITH ORDINALITY AS each
    JOIN (VALUES ('after', 'other'), ('at_most', 'count')) AS need (rule, field) ON each.value ->> 'rule' = need.rule
    WHERE NOT each.value ? need.field
$$;
COMMENT ON FUNCTION agentctl.policy_rules(jsonb) IS 'What one field of a document of kind policy asks of another.';
REVOKE ALL ON FUNCTION agentctl.policy_rules(jsonb) FROM PUBLIC;
