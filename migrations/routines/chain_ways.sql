-- One or a list, names or {capabilities: […]}.
CREATE OR REPLACE FUNCTION agentctl.chain_ways(document jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    WITH given AS (
        SELECT r.path, r.from_agent, r.to_agent, r.capabilities, row_number() OVER (ORDER BY r.number) AS number
        FROM agentctl.chain_relations(document) AS r
    ), named AS (
        SELECT g.number, g.path, g.from_agent AS "from", CASE WHEN g.to_agent IS NULL
                   THEN array_to_string(g.capabilities, ' + ') ELSE g.to_agent END AS "to", g.capabilities
        FROM given AS g
    ), node AS (
        SELECT n.name, min(n.place) AS place, jsonb_agg(n.capabilities) -> 0 AS capabilities
        FROM (SELECT document ->> 'start' AS name, 0 AS place, NULL::text[] AS capabilities WHERE document ? 'start'
              UNION ALL SELECT "from", 2 * number, NULL FROM named
              UNION ALL SELECT "to", 2 * number + 1, capabilities FROM named) AS n
        GROUP BY n.name
    )
    SELECT jsonb_build_object(
        'nodes', (SELECT coalesce(jsonb_agg(jsonb_build_object('path', '', 'name', n.name, 'kind', 'agent')
            || CASE WHEN n.capabilities = 'null' THEN jsonb_build_object('agent', n.name)
                    ELSE jsonb_build_object('capabilities', n.capabilities) END ORDER BY n.place), '[]')
                        FROM node AS n),
        'edges', (SELECT coalesce(jsonb_agg(jsonb_build_object('path', n.path, 'from', n."from", 'to', n."to",
            'upon', CASE WHEN document ? 'from' THEN 'delegates' ELSE 'hands over' END) ORDER BY n.number), '[]')
            FROM named AS n))
$$;
COMMENT ON FUNCTION agentctl.chain_ways(jsonb) IS
    'Who may delegate or hand over to whom, as nodes and edges for drawing. Internal: compile_chain() calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_ways(jsonb) FROM PUBLIC;
