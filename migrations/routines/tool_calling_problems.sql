CREATE OR REPLACE FUNCTION agentctl.tool_calling_problems(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
    WITH given AS (
        SELECT (e.ordinality - 1)::integer AS number, e.value AS document
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS e
    ), model AS (
        SELECT g.document FROM given AS g WHERE g.document ->> 'kind' = 'model'
        UNION ALL
        SELECT v.document
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind = 'model' AND v.document ->> 'tool_calling' = 'react'
          AND NOT EXISTS (SELECT FROM given AS g
                          WHERE g.document ->> 'kind' = 'model' AND g.document ->> 'name' = d.name)
    )
    SELECT g.number, format('%s[%s]', list.name, tool.ordinality - 1),
           format('is "finish", the last action of model "%s", which is asked by react', m.document ->> 'name'),
           'a tool or function of another name, or another model'
    FROM given AS g
    CROSS JOIN (VALUES ('tools'), ('functions')) AS list (name)
    CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(g.document -> list.name) WHEN 'array'
        THEN g.document -> list.name ELSE '[]' END) WITH ORDINALITY AS tool
    JOIN model AS m ON m.document -> 'name' = g.document -> 'model' AND m.document ->> 'tool_calling' = 'react'
    WHERE g.document ->> 'kind' = 'agent' AND tool.value = '"finish"'
$$;
COMMENT ON FUNCTION agentctl.tool_calling_problems(jsonb) IS
    'Tools of agents that are named like the action by which a model ends its work that writes its calls.';
REVOKE ALL ON FUNCTION agentctl.tool_calling_problems(jsonb) FROM PUBLIC;
