-- A step that uses the result of another one comes after it, whether it says so or not.
CREATE OR REPLACE FUNCTION agentctl.write_plan_steps(plan bigint, steps jsonb, reason text) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    problems jsonb;
BEGIN
    SELECT jsonb_agg(to_jsonb(p)) INTO problems FROM agentctl.plan_step_problems(write_plan_steps.steps) AS p;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'invalid plan: %', (
            SELECT string_agg(format('%s %s (expected %s%s)', p.value ->> 'path', p.value ->> 'problem',
                p.value ->> 'expected', coalesce('; did you mean ' || (p.value ->> 'nearest') || '?', '')), '; ')
            FROM (SELECT e.value FROM jsonb_array_elements(problems) AS e LIMIT 20) AS p)
            USING ERRCODE = 'AC001', DETAIL = problems::text, HINT = 'Nothing was stored.';
    END IF;
    DELETE FROM plan_step AS s WHERE s.plan_id = write_plan_steps.plan;
    INSERT INTO plan_step (plan_id, number, tool, function, agent, capabilities, arguments, description, after, find)
    SELECT write_plan_steps.plan, e.ordinality, e.value ->> 'tool', e.value ->> 'function', e.value ->> 'agent',
           CASE WHEN e.value ? 'capabilities' THEN agentctl.text_array(e.value -> 'capabilities') END,
           coalesce(e.value -> 'arguments', '{}'),
           e.value ->> 'description',
           ARRAY(SELECT a::text::smallint FROM jsonb_array_elements(e.value -> 'after') AS a
                 UNION
                 SELECT m.found[1]::smallint
                 FROM jsonb_path_query(e.value -> 'arguments', 'strict $.** ? (@.type() == "string")') AS t (value)
                 CROSS JOIN LATERAL regexp_matches(t.value #>> '{}', '\{\{step_([0-9]+)', 'g') AS m (found)
                 ORDER BY 1),
           e.value ->> 'find'
    FROM jsonb_array_elements(write_plan_steps.steps) WITH ORDINALITY AS e;
    INSERT INTO plan_revision (plan_id, revision, reason, steps)
    SELECT p.id, p.revision, write_plan_steps.reason, agentctl.plan_step_list(p.id)
    FROM plan AS p WHERE p.id = write_plan_steps.plan;
END $$;
COMMENT ON FUNCTION agentctl.write_plan_steps(bigint, jsonb, text) IS
    'Replaces the steps of a plan, and keeps them as a revision. Fails with AC001, naming every problem. Internal: '
    'store_plan() and edit_plan() call it.';
REVOKE ALL ON FUNCTION agentctl.write_plan_steps(bigint, jsonb, text) FROM PUBLIC;
