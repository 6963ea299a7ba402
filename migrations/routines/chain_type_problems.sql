-- What one node gives against what the next one asks for, where both say it. An agent without output_schema gives text,
-- which an agent with input_schema is sent as {"message": text}.
CREATE OR REPLACE FUNCTION agentctl.chain_type_problems(graph jsonb, document jsonb, documents jsonb)
RETURNS TABLE (path text, problem text, expected text, nearest text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
    WITH node AS (
        SELECT n.ordinality::integer AS number, n.value, n.value ->> 'name' AS name, n.value ->> 'path' AS path, t.kind,
               coalesce((SELECT other.value FROM jsonb_array_elements(documents) AS other
                         WHERE other.value ->> 'kind' = t.kind AND other.value ->> 'name' = t.name LIMIT 1),
                        (SELECT v.document FROM agentctl.definition AS d
                         JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name
                             AND v.version = d.current_version
                         WHERE d.kind = t.kind AND d.name = t.name)) AS target
        FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n
        CROSS JOIN LATERAL (SELECT k.kind, n.value ->> k.kind
            FROM unnest('{agent,chain,tool,function}'::text[]) AS k (kind)
            WHERE n.value ? k.kind UNION ALL SELECT NULL, NULL LIMIT 1) AS t (kind, name)
    ), gives AS (
        SELECT n.number, n.name, CASE WHEN n.value ? 'select' OR n.value ->> 'kind' = 'map' OR n.kind IS NULL THEN NULL
            ELSE coalesce(n.value -> 'output_schema', n.target -> 'output_schema',
                CASE n.kind WHEN 'agent' THEN '{"type": "string"}'::jsonb END) END AS schema
        FROM node AS n
    ), sent AS (
        -- The node whose output is sent, whole: previous where only one edge leads here, or nodes and a name.
        SELECT n.*, CASE WHEN n.kind IN ('tool', 'function') THEN 'arguments' ELSE 'input' END AS place,
               btrim(substring(n.value ->> 'input' FROM '^\{\{([^{}]*)\}\}$')) AS reference,
               (SELECT CASE count(*) WHEN 1 THEN min(e.value ->> 'from') END
                   FROM jsonb_array_elements(graph -> 'edges') AS e
                WHERE e.value -> 'to' = n.value -> 'name') AS previous
        FROM node AS n
        WHERE n.target -> 'input_schema' IS NOT NULL
    ), compared AS (
        SELECT s.path, s.place, s.target -> 'input_schema' AS wanted, s.kind, s.target ->> 'name' AS target, CASE
            WHEN jsonb_typeof(s.value -> s.place) = 'object' THEN (
                SELECT jsonb_build_object('type', 'object', 'properties', coalesce(jsonb_object_agg(m.key, CASE
                           WHEN jsonb_path_exists(m.value,
                               'strict $.** ? (@.type() == "string" && @ like_regex "\\{\\{")')
                           THEN '{}' ELSE jsonb_build_object('const', m.value) END), '{}'),
                           'required', coalesce(jsonb_agg(m.key), '[]'))
                FROM jsonb_each(s.value -> s.place) AS m)
            WHEN s.value ->> 'kind' = 'map' THEN NULL
            WHEN s.reference = 'input' THEN document -> 'input_schema'
            WHEN s.reference IS NULL THEN '{"type": "string"}'
            ELSE (SELECT g.schema FROM gives AS g WHERE g.name = CASE WHEN s.reference = 'previous' THEN s.previous
                ELSE substring(s.reference FROM '^nodes\.([^.]+)$') END) END AS given
        FROM sent AS s
        UNION ALL
        SELECT '', 'output_schema', document -> 'output_schema', 'chain', document ->> 'name', g.schema
        FROM gives AS g
        WHERE document ? 'output_schema' AND document ->> 'strategy' = 'sequential'
          AND g.number = jsonb_array_length(graph -> 'nodes')
    )
    SELECT concat_ws('.', nullif(c.path, ''), c.place),
           CASE c.place WHEN 'output_schema' THEN 'is not what the last stage gives: '
               ELSE format('is not what %s "%s" takes: ', c.kind, c.target) END || m.problem,
           CASE c.place WHEN 'output_schema' THEN 'the schema of the last stage'
               ELSE 'what its input_schema asks for' END,
           NULL::text
    FROM compared AS c
    CROSS JOIN LATERAL (SELECT agentctl.schema_mismatch(
        -- Text is sent as a message.
        CASE WHEN c.place = 'input' AND c.given ->> 'type' = 'string'
            THEN '{"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}'::jsonb
            ELSE c.given END, c.wanted)) AS m (problem)
    WHERE m.problem IS NOT NULL
$$;
COMMENT ON FUNCTION agentctl.chain_type_problems(jsonb, jsonb, jsonb) IS
    'Where a node of a compiled chain is sent what its target cannot take, as far as schemas say it. Internal: '
    'chain_problems() calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_type_problems(jsonb, jsonb, jsonb) FROM PUBLIC;
