CREATE OR REPLACE FUNCTION agentctl.chain_dot(document jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    WITH graph AS (
        SELECT agentctl.compile_chain(document) AS value
    ), line AS (
        SELECT 1 AS part, n.ordinality AS number, format('    "%s" [label="%s", shape=%s];', n.value ->> 'name',
                   replace(replace(concat_ws(E'\n', n.value ->> 'name', nullif(agentctl.chain_node_words(n.value), '')),
                       '"', '\"'), E'\n', '\n'),
                   CASE n.value ->> 'kind' WHEN 'approval' THEN 'hexagon' WHEN 'vote' THEN 'circle' WHEN 'tool'
                       THEN 'parallelogram'
                       WHEN 'function' THEN 'parallelogram' WHEN 'chain' THEN 'box3d' WHEN 'map' THEN 'box3d'
                       ELSE 'box' END) AS text
        FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'nodes') WITH ORDINALITY AS n
        UNION ALL
        SELECT 2, 0, '    "end" [label="", shape=doublecircle, width=0.2];'
        FROM graph AS g WHERE g.value -> 'edges' @> '[{"to": "end"}]'
        UNION ALL
        SELECT 3, e.ordinality, format('    "%s" -> "%s"%s;', e.value ->> 'from', e.value ->> 'to',
                   coalesce(' [' || nullif(concat_ws(', ',
                       'label="' || replace(agentctl.chain_condition(e.value), '"', '\"') || '"',
                       CASE WHEN e.value ? 'loop' THEN 'style=dashed, constraint=false' END), '') || ']', ''))
        FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'edges') WITH ORDINALITY AS e
    )
    SELECT format(E'digraph "%s" {\n    node [fontname="sans-serif"];\n    edge [fontname="sans-serif"];\n%s\n}',
               document ->> 'name', string_agg(l.text, E'\n' ORDER BY l.part, l.number))
    FROM line AS l
$$;
COMMENT ON FUNCTION agentctl.chain_dot(jsonb) IS 'A valid chain as a graph of Graphviz (DOT), from its document.';
REVOKE ALL ON FUNCTION agentctl.chain_dot(jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION agentctl.chain_dot(name text, version integer DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.chain_dot(agentctl.chain_document(name, version))
$$;
COMMENT ON FUNCTION agentctl.chain_dot(text, integer) IS
    'A chain as a graph of Graphviz (DOT): the version in force, or another. Fails with AC002 when there is none.';
REVOKE ALL ON FUNCTION agentctl.chain_dot(text, integer) FROM PUBLIC;
