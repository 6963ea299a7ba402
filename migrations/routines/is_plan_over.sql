CREATE OR REPLACE FUNCTION agentctl.is_plan_over(plan agentctl.plan) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN is_plan_over.plan.approved_at IS NOT NULL AND is_plan_over.plan.state IN ('running', 'failed', 'cancelled')
        AND NOT EXISTS (
            SELECT FROM conversation_control AS c
            WHERE c.conversation_id = is_plan_over.plan.conversation_id AND c.head_seq < is_plan_over.plan.seq);
END $$;
COMMENT ON FUNCTION agentctl.is_plan_over(agentctl.plan) IS
    'Whether a plan was run, and its turn has ended without completing it. Internal.';
REVOKE ALL ON FUNCTION agentctl.is_plan_over(agentctl.plan) FROM PUBLIC;
