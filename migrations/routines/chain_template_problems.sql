CREATE OR REPLACE FUNCTION agentctl.chain_template_problems(graph jsonb, document jsonb)
RETURNS TABLE (path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    state jsonb := coalesce(document -> 'state', '{}');
    names text[] := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e
        ORDER BY e.ordinality);
    keys text[] := ARRAY(SELECT k FROM jsonb_object_keys(state) AS k ORDER BY k);
    roots text[] := '{input,previous,output,state,nodes,item,index,error,loop,conversation}';
    befores bit varying[];
    regions integer[];
    kinds text[];
    schemas jsonb[];
    writers jsonb;
BEGIN
    SELECT array_agg(s.before ORDER BY s.number), array_agg(s.region ORDER BY s.number) INTO befores, regions
    FROM agentctl.chain_structure(graph) AS s;
    SELECT array_agg(n.value ->> 'kind' ORDER BY n.ordinality),
        array_agg(n.value -> 'output_schema' ORDER BY n.ordinality)
    INTO kinds, schemas
    FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n;
    -- The nodes that write a key, as bits.
    SELECT coalesce(jsonb_object_agg(w.key, w.nodes), '{}') INTO writers
    FROM (SELECT k.key, bit_or(set_bit(repeat('0', cardinality(names))::bit varying, n.ordinality::integer - 1,
        1))::text AS nodes
          FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n
          CROSS JOIN LATERAL jsonb_object_keys(coalesce(n.value -> 'write', '{}')) AS k (key)
          GROUP BY k.key) AS w;

    RETURN QUERY
    WITH found AS (
        SELECT DISTINCT r.path, r.node, r.place, r.reference, string_to_array(r.reference, '.') AS token
        FROM agentctl.chain_references(graph, document) AS r
    ), reference AS (
        SELECT f.*, array_position(names, f.token[2]) AS other,
               CASE f.token[1] WHEN 'input' THEN document -> 'input_schema'
                   WHEN 'nodes' THEN schemas[array_position(names, f.token[2])]
                   WHEN 'output' THEN schemas[f.node] END AS schema,
               CASE f.token[1] WHEN 'nodes' THEN f.token[3] ELSE f.token[2] END AS member
        FROM found AS f
    )
    SELECT r.path, x.problem, x.expected, x.nearest
    FROM reference AS r
    CROSS JOIN LATERAL (
        SELECT o.problem, o.expected, agentctl.nearest(o.word, o.among) AS nearest
        FROM (VALUES
            (1, r.reference IS NULL, 'has a {{ that is not closed', '{{…}}', NULL, NULL::text[]),
            (2, NOT coalesce(r.token[1] = ANY (roots), false) OR '' = ANY (r.token) OR r.reference LIKE '% %',
                format('has {{%s}}', left(r.reference, 64)),
                'a reference that begins with ' || array_to_string(roots, ', '), r.token[1], roots),
            (3, r.token[1] = 'nodes' AND r.other IS NULL, format('has {{%s}}, and no node has this name',
                left(r.reference, 64)), 'nodes. and the name of a node before this one',
                r.token[2], names),
            (4, r.token[1] = 'nodes' AND r.other <> r.node AND get_bit(befores[r.node], r.other - 1) = 0
                OR r.token[1] = 'nodes' AND r.other = r.node AND r.place NOT IN ('write', 'when'),
                format('has {{%s}}, and "%s" does not come before "%s"', left(r.reference, 64), r.token[2],
                    names[r.node]),
                'a node that leads to this one; within a loop, a key of the state with a default', NULL, NULL),
            (5, r.token[1] = 'state' AND NOT coalesce(state ? r.token[2], false),
                format('has {{%s}}, and the state has no such key', left(r.reference, 64)),
                coalesce('one of ' || nullif(array_to_string(keys, ', '), ''), 'a key of state'),
                r.token[2], keys),
            (6, r.token[1] = 'state' AND NOT coalesce(jsonb_typeof(state -> r.token[2]) = 'object'
                    AND state -> r.token[2] ? 'default', false)
                AND NOT coalesce(r.node IS NULL AND writers ? r.token[2]
                    OR bit_count((writers ->> r.token[2])::bit varying & CASE r.place
                        WHEN 'when' THEN set_bit(befores[r.node], r.node - 1, 1) ELSE befores[r.node] END) > 0, false),
                format('has {{%s}}, which no node before "%s" writes', left(r.reference, 64),
                    coalesce(names[r.node], 'end')), 'a node before it that writes it, or a default in state', NULL,
                        NULL),
            (7, r.token[1] = 'output' AND r.place NOT IN ('write', 'when'), format('has {{%s}}', left(r.reference, 64)),
                'output in write and when only; elsewhere previous or nodes and a name', NULL, NULL),
            (8, r.token[1] = 'previous' AND r.node = 1, 'has {{previous}}, and the chain begins here', 'input', NULL,
                NULL),
            (9, r.token[1] IN ('item', 'index') AND NOT (coalesce(kinds[r.node] = 'map', false)
                AND r.place IN ('input', 'arguments')), format('has {{%s}}', left(r.reference, 64)),
                'item and index in what a map sends only', NULL, NULL),
            (10, r.token[1] = 'loop' AND (r.node IS NULL OR regions[r.node] IS NULL OR r.reference <> 'loop.iteration'),
                format('has {{%s}}', left(r.reference, 64)), 'loop.iteration, within a loop', NULL, NULL),
            (11, jsonb_typeof(r.schema) = 'object' AND r.schema -> 'additionalProperties' = 'false'
                AND jsonb_typeof(r.schema -> 'properties') = 'object'
                    AND NOT coalesce(r.schema -> 'properties' ? r.member, true),
                format('has {{%s}}, and the schema has no "%s"', left(r.reference, 64), r.member),
                'a member that the schema allows', r.member, ARRAY(
                    SELECT k FROM jsonb_object_keys(CASE jsonb_typeof(r.schema -> 'properties') WHEN 'object'
                        THEN r.schema -> 'properties' ELSE '{}' END) AS k))
        ) AS o (number, is_broken, problem, expected, word, among)
        WHERE o.is_broken ORDER BY o.number LIMIT 1
    ) AS x
    UNION ALL
    -- A condition and what a list or plan is taken from are one reference and nothing else.
    SELECT (e.value ->> 'path') || '.when', 'is ' || left((e.value -> 'when')::text, 64),
           '{{…}}, not {{…}}, or JSON Schemas by reference', NULL
    FROM jsonb_array_elements(graph -> 'edges') AS e
    WHERE CASE jsonb_typeof(e.value -> 'when')
        WHEN 'string' THEN e.value ->> 'when' !~ '^(not )?\s*\{\{[^{}]+\}\}$'
        WHEN 'object' THEN e.value -> 'when' = '{}' OR EXISTS (SELECT FROM jsonb_each(e.value -> 'when') AS s
            WHERE jsonb_typeof(s.value) NOT IN ('object', 'boolean'))
        ELSE e.value ? 'when' END
    UNION ALL
    SELECT CASE n.value ->> 'path' WHEN '' THEN 'for_each' ELSE (n.value ->> 'path') || '.' || k.key END,
           'is ' || left((n.value -> k.key)::text, 64), 'one reference: {{…}}', NULL
    FROM jsonb_array_elements(graph -> 'nodes') AS n
    CROSS JOIN unnest('{over,plan}'::text[]) AS k (key)
    WHERE n.value ->> k.key !~ '^\{\{[^{}]+\}\}$';
END $$;
COMMENT ON FUNCTION agentctl.chain_template_problems(jsonb, jsonb) IS
    'What is wrong with the templates and conditions of a compiled chain of sound shape. Internal: chain_problems() '
    'calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_template_problems(jsonb, jsonb) FROM PUBLIC;
