CREATE OR REPLACE FUNCTION agentctl.chain_problems(document jsonb, documents jsonb)
RETURNS TABLE (path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    graph jsonb;
BEGIN
    -- Names that the fields cannot check.
    RETURN QUERY
    SELECT DISTINCT n.path, format('is "%s", which is not registered', n.name), 'the name of an agent',
           agentctl.nearest(n.name, ARRAY(
               SELECT d.name FROM definition AS d WHERE d.kind = 'agent' AND d.current_version IS NOT NULL
               UNION SELECT other ->> 'name' FROM jsonb_array_elements(documents) AS other
               WHERE other ->> 'kind' = 'agent'))
    FROM agentctl.chain_relations(document) AS r
    CROSS JOIN LATERAL (VALUES (r.path, r.to_agent), (r.from_path, r.from_agent)) AS n (path, name)
    WHERE n.name IS NOT NULL
      AND NOT EXISTS (SELECT FROM definition AS d
                      WHERE d.kind = 'agent' AND d.name = n.name AND d.current_version IS NOT NULL)
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(documents) AS other
                      WHERE other ->> 'kind' = 'agent' AND other ->> 'name' = n.name);
    IF document ? 'from' THEN
        RETURN QUERY
        SELECT DISTINCT r.from_path, format('is "%s", whose max_chain_depth is 0', r.from_agent),
               'an agent that may hand on: max_chain_depth of at least 1', NULL::text
        FROM agentctl.chain_relations(document) AS r
        CROSS JOIN LATERAL (SELECT coalesce(
            (SELECT other.value FROM jsonb_array_elements(documents) AS other
             WHERE other.value ->> 'kind' = 'agent' AND other.value ->> 'name' = r.from_agent LIMIT 1),
            (SELECT v.document FROM definition AS d
             JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
             WHERE d.kind = 'agent' AND d.name = r.from_agent)) -> 'max_chain_depth' AS depth) AS a
        WHERE a.depth = '0';
    END IF;
    IF document ? 'from' OR document ->> 'strategy' = 'handoff' THEN RETURN; END IF;

    graph := agentctl.compile_chain(document);
    IF jsonb_array_length(graph -> 'nodes') > 200 THEN
        RETURN QUERY SELECT '', format('is compiled to %s nodes', jsonb_array_length(graph -> 'nodes')), 'at most 200',
            NULL::text;
        RETURN;
    END IF;
    RETURN QUERY SELECT p.path, p.problem, p.expected, p.nearest FROM agentctl.chain_graph_problems(graph) AS p;
    IF FOUND THEN RETURN; END IF;
    RETURN QUERY
    SELECT p.path, p.problem, p.expected, p.nearest FROM agentctl.chain_template_problems(graph, document) AS p
    UNION ALL
    SELECT p.path, p.problem, p.expected, p.nearest
    FROM agentctl.chain_state_problems(graph, coalesce(document -> 'state', '{}')) AS p
    UNION ALL
    SELECT p.path, p.problem, p.expected, p.nearest FROM agentctl.chain_type_problems(graph, document, documents) AS p;
END $$;
COMMENT ON FUNCTION agentctl.chain_problems(jsonb, jsonb) IS
    'What is wrong with a chain whose fields are as they should be. documents are those registered together with it. '
    'Internal: check_documents() calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_problems(jsonb, jsonb) FROM PUBLIC;
