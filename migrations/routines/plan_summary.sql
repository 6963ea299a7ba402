CREATE OR REPLACE FUNCTION agentctl.plan_summary(plan bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.plan;
BEGIN
    IF agentctl.may_read_all() THEN
        SELECT p.* INTO asked FROM plan AS p WHERE p.id = plan_summary.plan;
    END IF;
    IF asked.id IS NULL THEN
        asked := agentctl.require_plan(plan_summary.plan);
    END IF;
    RETURN format(E'Task: %s\nSteps:\n%s', asked.task, (
        SELECT string_agg(format('  %s. [%s] %s%s%s%s', s.number, s.status,
            coalesce(s.tool, s.function, s.agent, array_to_string(s.capabilities, '+')) || ' - ', s.description,
            ' (depends on: ' || (SELECT string_agg('step_' || d, ', ' ORDER BY d) FROM unnest(s.after) AS d) || ')',
            ' (recovers: step_' || s.recovers || ')'), E'\n' ORDER BY s.number)
        FROM plan_steps AS s WHERE s.plan_id = asked.id));
END $$;
COMMENT ON FUNCTION agentctl.plan_summary(bigint) IS
    'A plan as text: its task, and a line for each step with its status and what it depends on.';
REVOKE ALL ON FUNCTION agentctl.plan_summary(bigint) FROM PUBLIC;
