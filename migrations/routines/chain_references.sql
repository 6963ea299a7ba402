CREATE OR REPLACE FUNCTION agentctl.chain_references(graph jsonb, document jsonb)
RETURNS TABLE (path text, node integer, place text, reference text)
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    WITH template AS (
        SELECT concat_ws('.', nullif(n.value ->> 'path', ''), p.place) AS path, n.ordinality::integer AS node, p.place,
               n.value -> p.place AS value
        FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n
        CROSS JOIN unnest('{input,arguments,message,over,plan,value,write}'::text[]) AS p (place)
        WHERE n.value ? p.place
        UNION ALL
        SELECT (e.value ->> 'path') || '.when', n.i, 'when',
               CASE jsonb_typeof(e.value -> 'when') WHEN 'object' THEN
                   (SELECT coalesce(jsonb_agg(format('{{%s}}', k)), '[]')
                       FROM jsonb_object_keys(e.value -> 'when') AS k)
               ELSE e.value -> 'when' END
        FROM jsonb_array_elements(graph -> 'edges') AS e
        JOIN (SELECT o.value ->> 'name', o.ordinality::integer
              FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS o) AS n (name, i)
            ON n.name = e.value ->> 'from'
        WHERE e.value ? 'when'
        UNION ALL
        SELECT 'output', NULL, 'result', document -> 'output' WHERE document ? 'output'
    ), text AS (
        SELECT t.path, t.node, t.place, s.value #>> '{}' AS value
        FROM template AS t
        CROSS JOIN LATERAL jsonb_path_query(t.value, 'strict $.** ? (@.type() == "string")') AS s (value)
        WHERE s.value::text LIKE '%{{%'
    )
    SELECT t.path, t.node, t.place, btrim(regexp_replace(m.found[1], '\s+', ' ', 'g'))
    FROM text AS t
    CROSS JOIN LATERAL regexp_matches(t.value, '\{\{(.*?)\}\}', 'g') AS m (found)
    UNION ALL
    -- What is left of a text without its references has no more braces.
    SELECT t.path, t.node, t.place, NULL
    FROM text AS t WHERE regexp_replace(t.value, '\{\{.*?\}\}', '', 'g') LIKE '%{{%'
$$;
COMMENT ON FUNCTION agentctl.chain_references(jsonb, jsonb) IS
    'The references in the templates of a compiled chain: place is the member of the node that has it, reference NULL '
    'where one is not closed. Internal: chain_template_problems() calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_references(jsonb, jsonb) FROM PUBLIC;
