-- A chain that leads back to itself, or through too many others, could never end.
CREATE OR REPLACE FUNCTION agentctl.chain_nesting_problems(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH RECURSIVE given AS (
        SELECT (each.ordinality - 1)::integer AS document, each.value ->> 'name' AS name, each.value AS value
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        WHERE each.value ->> 'kind' = 'chain'
    ), used AS (
        SELECT g.name, g.document, node.path, node.value #>> '{}' AS chain
        FROM given AS g
        CROSS JOIN LATERAL agentctl.document_nodes(g.value) AS node
        JOIN agentctl.document_field AS f ON f.kind = 'chain' AND f.path = node.field AND f.reference_kind = 'chain'
        UNION ALL
        SELECT d.name, NULL, r.path, r.name
        FROM agentctl.definition AS d
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        JOIN agentctl.definition_reference AS r ON r.version_id = v.id AND r.kind = 'chain'
        WHERE d.kind = 'chain' AND EXISTS (SELECT FROM given)
          AND NOT EXISTS (SELECT FROM given AS g WHERE g.name = d.name)
    ), reached (document, path, name, depth) AS (
        SELECT u.document, u.path, u.chain, 2 FROM used AS u WHERE u.document IS NOT NULL
        UNION
        -- One deeper than is allowed is enough.
        SELECT r.document, r.path, u.chain, r.depth + 1
        FROM reached AS r
        JOIN given AS origin ON origin.document = r.document AND origin.name <> r.name
        JOIN used AS u ON u.name = r.name
        WHERE r.depth <= 8
    )
    SELECT r.document, r.path,
           CASE WHEN bool_or(r.name = g.name) THEN CASE WHEN min(r.depth) FILTER (WHERE r.name = g.name) = 2
                    THEN 'is the chain itself' ELSE 'leads back to the chain itself' END
                ELSE 'makes chains stand within chains more than 8 deep' END,
           CASE WHEN bool_or(r.name = g.name) THEN 'a chain that does not run this one'
               ELSE 'fewer chains on the way' END
    FROM reached AS r
    JOIN given AS g ON g.document = r.document
    WHERE r.name = g.name OR r.depth > 8
    GROUP BY r.document, r.path
$$;
COMMENT ON FUNCTION agentctl.chain_nesting_problems(jsonb) IS
    'The chains, among documents that are to be registered together, that lead back to their chain or too deep. '
    'Internal: check_documents() calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_nesting_problems(jsonb) FROM PUBLIC;
