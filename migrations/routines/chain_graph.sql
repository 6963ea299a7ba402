CREATE OR REPLACE FUNCTION agentctl.chain_graph(document jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
    WITH graph AS MATERIALIZED (
        SELECT agentctl.compile_chain(document) AS value
    ), place AS (
        SELECT s.number, s."position", s.bound FROM graph AS g CROSS JOIN LATERAL agentctl.chain_structure(g.value) AS s
        WHERE NOT document ? 'from' AND document ->> 'strategy' <> 'handoff'
    )
    SELECT jsonb_build_object(
        'name', document -> 'name',
        'kind', CASE WHEN document ? 'from' THEN 'relationship' ELSE 'workflow' END,
        'strategy', document -> 'strategy',
        'nodes', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', n.value -> 'name',
                'kind', n.value -> 'kind', 'position', p."position", 'bound', p.bound,
                'words', nullif(agentctl.chain_node_words(n.value), ''))) ORDER BY n.ordinality), '[]')
            FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'nodes') WITH ORDINALITY AS n
            LEFT JOIN place AS p ON p.number = n.ordinality),
        'edges', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('from', e.value -> 'from',
                'to', nullif(e.value ->> 'to', 'end'), 'words', agentctl.chain_condition(e.value),
                'loop', e.value -> 'loop')) ORDER BY e.ordinality), '[]')
            FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'edges') WITH ORDINALITY AS e))
$$;
COMMENT ON FUNCTION agentctl.chain_graph(jsonb) IS
    'A valid chain as what a drawing needs, from its document: {name, kind, strategy, nodes: [{name, kind, position, '
    'bound, words}], edges: [{from, to, words, loop}]}; an edge without "to" leads to the end.';
REVOKE ALL ON FUNCTION agentctl.chain_graph(jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION agentctl.chain_graph(name text, version integer DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.chain_graph(agentctl.chain_document(name, version))
$$;
COMMENT ON FUNCTION agentctl.chain_graph(text, integer) IS
    'A chain as what a drawing needs: the version in force, or another. Fails with AC002 when there is none.';
REVOKE ALL ON FUNCTION agentctl.chain_graph(text, integer) FROM PUBLIC;
