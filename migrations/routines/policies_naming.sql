-- As policy_problems() reads names. A pattern is about whatever fits it, and stays right when something goes.
CREATE OR REPLACE FUNCTION agentctl.policies_naming(kind text, name text) RETURNS TABLE (name text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT d.name
    FROM agentctl.definition AS d
    JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    WHERE d.kind = 'policy' AND policies_naming.kind IN ('tool', 'function', 'agent', 'chain') AND EXISTS (
        SELECT FROM unnest('{rules,order}'::text[]) AS list (name)
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(v.document -> list.name) WHEN 'array'
            THEN v.document -> list.name ELSE '[]' END) AS r
        CROSS JOIN unnest(CASE WHEN policies_naming.kind IN ('agent', 'chain') THEN '{agent}'
            ELSE '{tool,other}' END::text[]) AS field (name)
        CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(r.value -> field.name)
            WHEN 'array' THEN r.value -> field.name WHEN 'string' THEN jsonb_build_array(r.value -> field.name)
            ELSE '[]' END) AS n
        WHERE NOT starts_with(n.value, 're:') AND strpos(n.value, '\') = 0
          AND policies_naming.name = ANY (string_to_array(n.value, '|')))
    ORDER BY d.name
$$;
COMMENT ON FUNCTION agentctl.policies_naming(text, text) IS
    'The policies in force whose rules name a tool, function, agent or chain, and would be refused without it. '
    'Internal: unregister() calls it.';
REVOKE ALL ON FUNCTION agentctl.policies_naming(text, text) FROM PUBLIC;
