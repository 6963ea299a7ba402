CREATE OR REPLACE FUNCTION agentctl.tool_rules(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT 'steps', 'is missing', 'needed by implementation pipeline'
    WHERE document ->> 'implementation' = 'pipeline' AND NOT document ? 'steps'
    UNION ALL
    SELECT 'steps', 'is for pipelines only', 'implementation: pipeline, or no steps'
    WHERE document ->> 'implementation' <> 'pipeline' AND document ? 'steps'
    UNION ALL
    SELECT format('steps[%s].tool', step.ordinality - 1), 'is the pipeline itself', 'another tool'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'steps') WHEN 'array' THEN document -> 'steps'
        ELSE '[]' END)
        WITH ORDINALITY AS step
    WHERE jsonb_typeof(step.value) = 'object' AND step.value -> 'tool' = document -> 'name'
    UNION ALL
    SELECT format('steps[%s]', step.ordinality - 1),
           CASE WHEN step.value ? 'tool' THEN 'has both tool and function' ELSE 'has neither tool nor function' END,
               'one of them'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'steps') WHEN 'array' THEN document -> 'steps'
        ELSE '[]' END)
        WITH ORDINALITY AS step
    WHERE jsonb_typeof(step.value) = 'object' AND step.value ? 'tool' = (step.value ? 'function')
    UNION ALL
    SELECT 'configuration.default_time_zone', 'is ' || left(to_json(zone.name)::text, 64), 'the name of a time zone'
    FROM (SELECT document #>> '{configuration,default_time_zone}' AS name) AS zone
    WHERE document ->> 'implementation' = 'current_time' AND zone.name IS NOT NULL
      AND NOT EXISTS (SELECT FROM agentctl.time_in(zone.name))
$$;
COMMENT ON FUNCTION agentctl.tool_rules(jsonb) IS 'What one field of a document of kind tool asks of another.';
REVOKE ALL ON FUNCTION agentctl.tool_rules(jsonb) FROM PUBLIC;
