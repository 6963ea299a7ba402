-- A condition about an argument that a tool does not have is never true: a rule that denies would let the call pass.
CREATE OR REPLACE FUNCTION agentctl.policy_argument_problems(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT documents @? '$[*] ? (@.kind == "policy").rules[*].arguments' THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH rule AS (
        SELECT (each.ordinality - 1)::integer AS document, format('rules[%s]', r.ordinality - 1) AS path,
               r.value -> 'arguments' AS arguments,
               -- Of several tools, or of a pattern, each may have other arguments.
               CASE jsonb_typeof(r.value -> 'tool') WHEN 'string' THEN r.value ->> 'tool'
                   WHEN 'array' THEN CASE jsonb_array_length(r.value -> 'tool') WHEN 1 THEN r.value #>> '{tool,0}' END
               END AS tool
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(each.value -> 'rules') WHEN 'array'
            THEN each.value -> 'rules' ELSE '[]' END) WITH ORDINALITY AS r
        WHERE each.value ->> 'kind' = 'policy' AND jsonb_typeof(r.value -> 'arguments') = 'object'
    ), tool AS (
        SELECT named.tool AS name, coalesce(
                   (SELECT d.value FROM jsonb_array_elements(documents) AS d
                    WHERE d.value ->> 'kind' IN ('tool', 'function') AND d.value ->> 'name' = named.tool LIMIT 1),
                   (SELECT v.document FROM definition AS d
                    JOIN definition_version AS v
                        ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
                    WHERE d.kind IN ('tool', 'function') AND d.name = named.tool LIMIT 1)) -> 'input_schema' AS schema
        FROM (SELECT DISTINCT rule.tool FROM rule WHERE rule.tool IS NOT NULL) AS named
    ), known AS MATERIALIZED (
        SELECT t.name, ARRAY(SELECT k FROM jsonb_object_keys(t.schema -> 'properties') AS k ORDER BY k) AS names
        FROM tool AS t
        WHERE jsonb_typeof(t.schema -> 'properties') = 'object' AND t.schema -> 'properties' <> '{}'
          -- What else it takes, no list says.
          AND NOT t.schema ?| '{patternProperties,$ref,allOf,anyOf,oneOf}'
          AND coalesce(t.schema -> 'additionalProperties', 'false') = 'false'
    )
    SELECT rule.document, rule.path || '.arguments.' || left(argument.name, 64),
           format('is no argument of "%s"', rule.tool), 'one of ' || array_to_string(k.names, ', '),
           agentctl.nearest(argument.name, k.names)
    FROM rule
    JOIN known AS k ON k.name = rule.tool
    CROSS JOIN LATERAL jsonb_object_keys(rule.arguments) AS argument (name)
    WHERE argument.name <> ALL (k.names)
    ORDER BY rule.document, rule.path, argument.name;
END $$;
COMMENT ON FUNCTION agentctl.policy_argument_problems(jsonb) IS
    'The arguments in rules of policies, among documents that are to be registered together, that the one tool or '
    'function which the rule names does not have. Internal: check_documents() calls it.';
REVOKE ALL ON FUNCTION agentctl.policy_argument_problems(jsonb) FROM PUBLIC;
