CREATE OR REPLACE FUNCTION agentctl.chain_mermaid(document jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    WITH graph AS (
        SELECT agentctl.compile_chain(document) AS value
    ), node AS (
        SELECT n.ordinality AS number, n.value, n.value ->> 'name' AS name
        FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'nodes') WITH ORDINALITY AS n
    ), edge AS (
        SELECT e.ordinality AS number, e.value, f.number AS source, t.number AS target,
               agentctl.chain_condition(e.value) AS words
        FROM graph AS g
        CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'edges') WITH ORDINALITY AS e
        JOIN node AS f ON f.name = e.value ->> 'from'
        LEFT JOIN node AS t ON t.name = e.value ->> 'to'
    ), line AS (
        -- Names such as end are words of Mermaid's own, so nodes go by number.
        SELECT 1 AS part, n.number, format(CASE n.value ->> 'kind' WHEN 'approval' THEN '    n%s{{"%s"}}'
                   WHEN 'vote' THEN '    n%s(("%s"))' WHEN 'tool' THEN '    n%s[/"%s"/]' WHEN 'function'
                       THEN '    n%s[/"%s"/]'
                   WHEN 'chain' THEN '    n%s[["%s"]]' WHEN 'map' THEN '    n%s[["%s"]]' ELSE '    n%s["%s"]' END,
                   n.number, replace(replace(concat_ws(E'\n', n.name, nullif(agentctl.chain_node_words(n.value), '')),
                       '"', '#quot;'), E'\n', '<br/>')) AS text
        FROM node AS n
        UNION ALL
        SELECT 2, 0, '    finish((" "))' WHERE EXISTS (SELECT FROM edge AS e WHERE e.target IS NULL)
        UNION ALL
        SELECT 3, e.number, format('    n%s %s%s %s', e.source, CASE WHEN e.value ? 'loop' THEN '-.->' ELSE '-->' END,
                   coalesce('|"' || replace(e.words, '"', '#quot;') || '"|', ''), coalesce('n' || e.target, 'finish'))
        FROM edge AS e
    )
    SELECT E'flowchart TD\n' || string_agg(l.text, E'\n' ORDER BY l.part, l.number) FROM line AS l
$$;
COMMENT ON FUNCTION agentctl.chain_mermaid(jsonb) IS 'A valid chain as a flowchart of Mermaid, from its document.';
REVOKE ALL ON FUNCTION agentctl.chain_mermaid(jsonb) FROM PUBLIC;

CREATE OR REPLACE FUNCTION agentctl.chain_mermaid(name text, version integer DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.chain_mermaid(agentctl.chain_document(name, version))
$$;
COMMENT ON FUNCTION agentctl.chain_mermaid(text, integer) IS
    'A chain as a flowchart of Mermaid: the version in force, or another. Fails with AC002 when there is none.';
REVOKE ALL ON FUNCTION agentctl.chain_mermaid(text, integer) FROM PUBLIC;
