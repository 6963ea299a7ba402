CREATE OR REPLACE FUNCTION agentctl.plan_agent_problems(plan bigint, agent text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    own jsonb;
BEGIN
    SELECT v.document INTO own
    FROM definition AS d
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    WHERE d.kind = 'agent' AND d.name = plan_agent_problems.agent;
    IF NOT FOUND THEN
        PERFORM agentctl.raise_unknown('agent', plan_agent_problems.agent, 'See agentctl.agents.');
    END IF;
    RETURN (
        SELECT string_agg(p.problem, '; ' ORDER BY p.place, p.problem)
        FROM (
            SELECT 0 AS place, 'its model is not of the provider plan' AS problem
            WHERE NOT EXISTS (
                SELECT FROM definition AS d
                JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
                WHERE d.kind = 'model' AND d.name = own ->> 'model' AND v.document ->> 'provider' = 'plan')
            UNION ALL
            SELECT 1, 'it lacks the tool update_plan'
            WHERE NOT coalesce(own -> 'tools', '[]') ? 'update_plan'
            UNION ALL
            SELECT DISTINCT 2, format('it lacks %s %s', n.kind, n.name)
            FROM plan_step AS s
            CROSS JOIN LATERAL (VALUES
                ('the tool', s.tool, 'tools'), ('the function', s.function, 'functions'),
                ('the delegate', s.agent, 'delegates'),
                ('the capability to delegate', s.capabilities[1], 'delegate_capabilities')) AS n (kind, name, member)
            WHERE s.plan_id = plan_agent_problems.plan AND n.name IS NOT NULL
              AND NOT coalesce(own -> n.member, '[]') ? n.name
        ) AS p);
END $$;
COMMENT ON FUNCTION agentctl.plan_agent_problems(bigint, text) IS
    'Why an agent cannot run a plan; NULL when it can. Internal: run_plan() calls it.';
REVOKE ALL ON FUNCTION agentctl.plan_agent_problems(bigint, text) FROM PUBLIC;
