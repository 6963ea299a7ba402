-- A rule about a name that nothing has holds for nothing: what it was written to prevent would happen.
CREATE OR REPLACE FUNCTION agentctl.policy_problems(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT documents @? '$[*] ? (@.kind == "policy")' THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT CASE WHEN d.kind IN ('tool', 'function') THEN 'tool' ELSE 'agent' END AS kind, d.name
        FROM definition AS d
        WHERE d.kind IN ('tool', 'function', 'agent', 'chain') AND d.current_version IS NOT NULL
        UNION
        SELECT CASE WHEN d.value ->> 'kind' IN ('tool', 'function') THEN 'tool' ELSE 'agent' END, d.value ->> 'name'
        FROM jsonb_array_elements(documents) AS d
        WHERE d.value ->> 'kind' IN ('tool', 'function', 'agent', 'chain') AND d.value ->> 'name' IS NOT NULL
        -- What the engine itself offers to agents.
        UNION SELECT 'tool', unnest('{delegate,handoff,go_to,approval,update_plan}'::text[])
        UNION SELECT 'implementation', unnest(f.allowed || '{function,delegate}'::text[])
        FROM document_field AS f WHERE f.kind = 'tool' AND f.path = 'implementation'
        UNION SELECT 'role', r.rolname FROM pg_roles AS r
    ), names AS MATERIALIZED (
        SELECT k.kind, array_agg(k.name ORDER BY k.name) AS names FROM known AS k GROUP BY k.kind
    ), rule AS (
        SELECT (each.ordinality - 1)::integer AS document, format('%s[%s]', list.name, r.ordinality - 1) AS path, r.value
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        CROSS JOIN (VALUES ('rules'), ('order')) AS list (name)
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(each.value -> list.name) WHEN 'array'
            THEN each.value -> list.name ELSE '[]' END) WITH ORDINALITY AS r
        WHERE each.value ->> 'kind' = 'policy' AND jsonb_typeof(r.value) = 'object'
    ), named AS (
        SELECT rule.document, field.kind, n.value #>> '{}' AS name,
               rule.path || '.' || field.name || CASE jsonb_typeof(rule.value -> field.name) WHEN 'array'
                   THEN format('[%s]', n.ordinality - 1) ELSE '' END AS path
        FROM rule
        CROSS JOIN (VALUES ('tool', 'tool'), ('other', 'tool'), ('agent', 'agent'),
            ('implementation', 'implementation'), ('approvers', 'role')) AS field (name, kind)
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(rule.value -> field.name)
            WHEN 'array' THEN rule.value -> field.name WHEN 'string' THEN jsonb_build_array(rule.value -> field.name)
            ELSE '[]' END) WITH ORDINALITY AS n
        WHERE jsonb_typeof(n.value) = 'string'
    ), word AS (
        SELECT n.document, n.path, n.kind, w.ordinality, w.word,
               n.kind <> 'role' AND w.word ~ '[*?]' AS is_pattern
        FROM named AS n
        -- A regular expression, and a character without its meaning, are for who compiles the policy.
        CROSS JOIN LATERAL unnest(CASE WHEN n.kind = 'role' THEN ARRAY[n.name]
            WHEN starts_with(n.name, 're:') OR strpos(n.name, '\') > 0 THEN '{}'
            ELSE string_to_array(n.name, '|') END) WITH ORDINALITY AS w (word, ordinality)
        WHERE w.word !~ '^[*?]*$' AND octet_length(w.word) <= 256
          -- The implementation of a program is known there.
          AND NOT (n.kind = 'implementation' AND strpos(w.word, '.') > 0)
    )
    SELECT w.document, w.path,
           CASE WHEN w.is_pattern THEN format('has "%s", which fits none that is registered', w.word)
               WHEN w.kind = 'role' THEN format('is "%s", which is no role of the server', w.word)
               ELSE format('has "%s", which is not registered', w.word) END,
           CASE w.kind WHEN 'tool' THEN 'the name of a tool or function, or a pattern that one fits'
               WHEN 'agent' THEN 'the name of an agent or chain, or a pattern that one fits'
               WHEN 'implementation' THEN 'one of ' || array_to_string(n.names, ', ')
               ELSE format('the name of a role: CREATE ROLE %I first, and GRANT it to those who may decide', w.word) END,
           CASE WHEN NOT w.is_pattern THEN agentctl.nearest(w.word, n.names) END
    FROM word AS w LEFT JOIN names AS n ON n.kind = w.kind
    WHERE NOT EXISTS (
        SELECT FROM known AS k
        WHERE k.kind = w.kind AND CASE WHEN w.is_pattern THEN k.name LIKE replace(replace(replace(w.word, '_', '\_'),
            '*', '%'), '?', '_') ELSE k.name = w.word END)
    ORDER BY w.document, w.path, w.ordinality;
END $$;
COMMENT ON FUNCTION agentctl.policy_problems(jsonb) IS
    'The names in rules of policies, among documents that are to be registered together, that no tool, function, agent, '
    'chain, implementation or role has. Internal: check_documents() calls it.';
REVOKE ALL ON FUNCTION agentctl.policy_problems(jsonb) FROM PUBLIC;
