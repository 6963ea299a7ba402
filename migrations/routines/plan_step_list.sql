CREATE OR REPLACE FUNCTION agentctl.plan_step_list(plan bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('number', s.number, 'tool', s.tool,
                'function', s.function, 'agent', s.agent, 'capabilities', s.capabilities, 'find', s.find,
                'description', s.description, 'recovers', s.recovers, 'status', s.status))
            || jsonb_build_object('arguments', s.arguments, 'after', s.after) ORDER BY s.number), '[]')
        FROM plan_step AS s WHERE s.plan_id = plan_step_list.plan);
END $$;
COMMENT ON FUNCTION agentctl.plan_step_list(bigint) IS
    'The steps of a plan as a list: what store_plan() takes, with number and status. Internal.';
REVOKE ALL ON FUNCTION agentctl.plan_step_list(bigint) FROM PUBLIC;
