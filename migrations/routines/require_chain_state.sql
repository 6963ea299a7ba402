CREATE OR REPLACE FUNCTION agentctl.require_chain_state(keys jsonb, changes jsonb) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wrong record;
    problems jsonb;
BEGIN
    SELECT jsonb_agg(jsonb_build_object('path', p.path, 'problem', p.problem, 'expected', p.expected) ORDER BY p.path)
    INTO problems
    FROM jsonb_each(require_chain_state.changes) AS c
    CROSS JOIN LATERAL (SELECT require_chain_state.keys -> c.key AS value,
        coalesce(require_chain_state.keys #>> ARRAY[c.key, 'reduce'], 'replace') AS reduce) AS k
    CROSS JOIN LATERAL (
        -- What is reduced by arithmetic or by members has to be of that kind, whatever the schema says.
        SELECT 'state.' || c.key AS path, 'is ' || agentctl.json_type_name(c.value) AS problem,
               CASE k.reduce WHEN 'merge' THEN 'an object' ELSE 'a number' END AS expected
        WHERE k.reduce IN ('add', 'min', 'max') AND jsonb_typeof(c.value) <> 'number'
           OR k.reduce = 'merge' AND jsonb_typeof(c.value) <> 'object'
        UNION ALL
        SELECT v.path, v.problem, v.expected FROM agentctl.value_problems(CASE
            WHEN k.reduce IN ('append', 'union') AND jsonb_typeof(c.value) <> 'array' THEN jsonb_build_array(c.value)
            ELSE c.value END, coalesce(k.value -> 'schema', 'true'), 'state.' || c.key) AS v
    ) AS p;
    IF problems IS NULL THEN RETURN; END IF;
    SELECT p ->> 'path' AS path, p ->> 'problem' AS problem, p ->> 'expected' AS expected INTO wrong
    FROM jsonb_array_elements(problems) AS p LIMIT 1;
    RAISE EXCEPTION '% % (expected %)', wrong.path, wrong.problem, wrong.expected
        USING ERRCODE = 'AC001', DETAIL = problems::text, HINT = 'The chain''s state says what each of its keys holds.';
END $$;
COMMENT ON FUNCTION agentctl.require_chain_state(jsonb, jsonb) IS
    'Fails with AC001, naming the member, where a changed state of a chain does not fit its schema or its reducer. '
    'keys is the state of the chain''s document. Internal: rerun_chain() calls it.';
REVOKE ALL ON FUNCTION agentctl.require_chain_state(jsonb, jsonb) FROM PUBLIC;
