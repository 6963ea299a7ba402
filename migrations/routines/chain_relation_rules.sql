CREATE OR REPLACE FUNCTION agentctl.chain_relation_rules(document jsonb)
RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT 'from', 'is ' || agentctl.json_type_name(document -> 'from'), 'the name of an agent, or a list of them'
    WHERE CASE jsonb_typeof(document -> 'from')
        WHEN 'array' THEN document -> 'from' = '[]' OR EXISTS (SELECT FROM jsonb_array_elements(document -> 'from') AS e
            WHERE jsonb_typeof(e) <> 'string')
        WHEN 'string' THEN false ELSE document ? 'from' END
    UNION ALL
    SELECT 'to', 'is ' || agentctl.json_type_name(document -> 'to'), 'lists of names of agents by the name of an agent'
    WHERE document ->> 'strategy' = 'handoff' AND NOT document ? 'from' AND document ? 'to'
      AND (jsonb_typeof(document -> 'to') <> 'object' OR document -> 'to' = '{}')
    UNION ALL
    SELECT 'to.' || m.key, 'is ' || agentctl.json_type_name(m.value), 'a list of names of agents'
    FROM jsonb_each(CASE WHEN document ->> 'strategy' = 'handoff' AND NOT document ? 'from'
        AND jsonb_typeof(document -> 'to') = 'object' THEN document -> 'to' ELSE '{}' END) AS m
    WHERE jsonb_typeof(m.value) <> 'array'
    UNION ALL
    SELECT r.path, CASE WHEN r.to_agent = r.from_agent THEN format('is "%s" itself', r.from_agent)
               ELSE 'is neither a name nor {capabilities: […]}' END,
           CASE WHEN document ? 'from' THEN 'the name of another agent, or {capabilities: […]}'
               ELSE 'the name of another agent' END
    FROM agentctl.chain_relations(document) AS r
    WHERE r.to_agent = r.from_agent
       OR r.to_agent IS NULL AND (coalesce(r.capabilities, '{}') = '{}' OR NOT document ? 'from')
    UNION ALL
    SELECT 'to.' || m.key, 'cannot be reached from ' || (document ->> 'start'), 'a name that is handed over to'
    FROM jsonb_each(CASE WHEN document ->> 'strategy' = 'handoff' AND NOT document ? 'from'
        AND jsonb_typeof(document -> 'to') = 'object' THEN document -> 'to' ELSE '{}' END) AS m
    WHERE NOT EXISTS (
        WITH RECURSIVE reached (name) AS (
            SELECT document ->> 'start'
            UNION SELECT r.to_agent FROM reached JOIN agentctl.chain_relations(document) AS r
                ON r.from_agent = reached.name
        )
        SELECT FROM reached WHERE reached.name = m.key)
$$;
COMMENT ON FUNCTION agentctl.chain_relation_rules(jsonb) IS
    'What is wrong with from and to of a chain, beside unknown names. Internal: chain_rules() calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_relation_rules(jsonb) FROM PUBLIC;
