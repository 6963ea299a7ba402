CREATE OR REPLACE FUNCTION agentctl.chain_relations(document jsonb)
RETURNS TABLE (number bigint, path text, from_path text, from_agent text, to_agent text, capabilities text[])
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    WITH source AS (
        -- One name or a list of a relationship, the keys of a handoff.
        SELECT row_number() OVER () AS number, s.name, s.path, s.targets, s.target_path
        FROM (SELECT e.value #>> '{}' AS name,
                     CASE jsonb_typeof(document -> 'from') WHEN 'array' THEN format('from[%s]', e.ordinality - 1)
                         ELSE 'from' END AS path,
                     CASE jsonb_typeof(document -> 'to') WHEN 'array' THEN document -> 'to'
                         ELSE jsonb_build_array(document -> 'to') END AS targets,
                     CASE jsonb_typeof(document -> 'to') WHEN 'array' THEN 'to[%s]' ELSE 'to' END AS target_path
              FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'from') WHEN 'array' THEN document -> 'from'
                  ELSE jsonb_build_array(document -> 'from') END) WITH ORDINALITY AS e
              WHERE document ?& '{from,to}'
              UNION ALL
              SELECT m.key, 'to.' || m.key,
                     CASE jsonb_typeof(m.value) WHEN 'array' THEN m.value ELSE jsonb_build_array(m.value) END,
                     replace('to.' || m.key, '%', '%%') || CASE jsonb_typeof(m.value) WHEN 'array' THEN '[%s]'
                         ELSE '' END
              FROM jsonb_each(CASE jsonb_typeof(document -> 'to') WHEN 'object' THEN document -> 'to'
                  ELSE '{}' END) AS m
              WHERE document ->> 'strategy' = 'handoff' AND NOT document ? 'from') AS s
    )
    SELECT row_number() OVER (ORDER BY s.number, t.ordinality), format(s.target_path, t.ordinality - 1), s.path, s.name,
           CASE WHEN jsonb_typeof(t.value) <> 'object' THEN t.value #>> '{}' END,
           CASE WHEN jsonb_typeof(t.value -> 'capabilities') = 'array'
               THEN ARRAY(SELECT jsonb_array_elements_text(t.value -> 'capabilities')) END
    FROM source AS s
    CROSS JOIN LATERAL jsonb_array_elements(s.targets) WITH ORDINALITY AS t
$$;
COMMENT ON FUNCTION agentctl.chain_relations(jsonb) IS
    'Who may delegate (from, to) or hand over (strategy handoff) to whom by a chain, with the places in the document.';
REVOKE ALL ON FUNCTION agentctl.chain_relations(jsonb) FROM PUBLIC;
