CREATE OR REPLACE FUNCTION agentctl.guardrail_rules(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH given AS (
        SELECT CASE jsonb_typeof(document -> 'check') WHEN 'object' THEN document -> 'check' ELSE '{}' END AS "check",
               document ->> 'action' AS action
    ), measured AS (
        SELECT g.*, (SELECT count(*) FROM jsonb_object_keys(g."check")) AS checks,
               (SELECT string_agg(k, ', ' ORDER BY k) FROM jsonb_object_keys(g."check") AS k) AS names,
               CASE jsonb_typeof(g."check" -> 'pattern') WHEN 'object' THEN g."check" -> 'pattern'
                   ELSE '{}' END AS pattern,
               CASE jsonb_typeof(g."check" -> 'length') WHEN 'object' THEN g."check" -> 'length' ELSE '{}' END AS length
        FROM given AS g
    )
    SELECT rule.path, rule.problem, rule.expected
    FROM measured AS m
    CROSS JOIN LATERAL (VALUES
        ('check', jsonb_typeof(document -> 'check') = 'object' AND m.checks <> 1,
            CASE m.checks WHEN 0 THEN 'is empty' ELSE 'has ' || m.names END,
            'exactly one of pattern, length, schema, topics, personal_data, secrets, injection, judge'),
        ('check.pattern', m."check" ? 'pattern' AND (m.pattern ? 'must_match') = (m.pattern ? 'must_not_match'),
            CASE WHEN m.pattern ? 'must_match' THEN 'has both' ELSE 'has neither' END, 'must_match or must_not_match'),
        ('check.length', m."check" ? 'length' AND m.length = '{}', 'is empty', 'a minimum or a maximum'),
        ('check.topics', m."check" -> 'topics' = '{}', 'is empty', 'a topic with its regular expressions'),
        ('check.secrets', m."check" -> 'secrets' = 'false', 'is false', 'true'),
        ('check.injection', m."check" -> 'injection' = 'false', 'is false', 'true'),
        ('action', m.action = 'redact' AND (m."check" ?| '{length,schema,judge}' OR m.pattern ? 'must_match'),
            'is "redact"', 'block, warn or ask, as this check finds no place in the text'),
        ('action', m.action = 'ask' AND jsonb_typeof(document -> 'applies_to') = 'array'
            AND document -> 'applies_to' ? 'output',
            'is "ask"', 'block, redact or warn for output; a person can be asked about input and tool_output')
    ) AS rule (path, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT 'check.topics.' || left(topic.key, 64), 'is ' || agentctl.json_type_name(topic.value),
           'a list of regular expressions'
    FROM jsonb_each(CASE jsonb_typeof(document #> '{check,topics}') WHEN 'object' THEN document #> '{check,topics}'
        ELSE '{}' END) AS topic
    WHERE CASE jsonb_typeof(topic.value)
        WHEN 'array' THEN topic.value = '[]'
            OR EXISTS (SELECT FROM jsonb_array_elements(topic.value) AS e WHERE jsonb_typeof(e.value) <> 'string'
                OR e.value = '""')
        ELSE true END
$$;
COMMENT ON FUNCTION agentctl.guardrail_rules(jsonb) IS
    'What one field of a document of kind guardrail asks of another.';
REVOKE ALL ON FUNCTION agentctl.guardrail_rules(jsonb) FROM PUBLIC;
