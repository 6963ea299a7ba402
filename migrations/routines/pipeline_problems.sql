-- A pipeline that leads back to itself, or through too many others, could never be called: it is refused like a name
-- that is not registered.
CREATE OR REPLACE FUNCTION agentctl.pipeline_problems(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH RECURSIVE given AS (
        SELECT (each.ordinality - 1)::integer AS document, each.value ->> 'name' AS name, each.value -> 'steps' AS steps
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        WHERE each.value ->> 'kind' = 'tool'
    ), reached (document, step, name, depth) AS (
        SELECT g.document, step.ordinality - 1, step.value ->> 'tool', 2
        FROM given AS g
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(g.steps) WHEN 'array' THEN g.steps ELSE '[]' END)
            WITH ORDINALITY AS step
        WHERE step.value ->> 'tool' <> g.name
        UNION
        -- One deeper than is allowed is enough to tell.
        SELECT r.document, r.step, step.value ->> 'tool', r.depth + 1
        FROM reached AS r
        JOIN given AS origin ON origin.document = r.document AND origin.name <> r.name
        LEFT JOIN given AS g ON g.name = r.name
        LEFT JOIN definition AS d ON d.kind = 'tool' AND d.name = r.name AND g.name IS NULL
        LEFT JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        CROSS JOIN LATERAL (SELECT coalesce(g.steps, v.document -> 'steps') AS steps) AS pipeline
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(pipeline.steps) WHEN 'array' THEN pipeline.steps
            ELSE '[]' END) AS step
        WHERE r.depth <= 9
    )
    SELECT r.document, format('steps[%s].tool', r.step),
           format('is %s, which ', (each.value -> 'steps' -> r.step::integer -> 'tool')::text) ||
               CASE WHEN bool_or(r.name = each.value ->> 'name') THEN 'leads back to the pipeline itself'
                    ELSE 'makes pipelines stand within pipelines more than 8 deep' END,
           CASE WHEN bool_or(r.name = each.value ->> 'name') THEN 'a tool that does not call this one'
               ELSE 'fewer pipelines on the way' END
    FROM reached AS r
    CROSS JOIN LATERAL (SELECT documents -> r.document AS value) AS each
    WHERE r.name = each.value ->> 'name' OR r.depth > 9
    GROUP BY r.document, r.step, each.value
$$;
COMMENT ON FUNCTION agentctl.pipeline_problems(jsonb) IS
    'The steps of pipelines, among documents that are to be registered together, that lead back to their pipeline or '
    'too deep. Internal: check_documents() calls it.';
REVOKE ALL ON FUNCTION agentctl.pipeline_problems(jsonb) FROM PUBLIC;
