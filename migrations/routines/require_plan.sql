CREATE OR REPLACE FUNCTION agentctl.require_plan(plan bigint) RETURNS agentctl.plan
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.plan;
BEGIN
    SELECT p.* INTO asked FROM plan AS p WHERE p.id = require_plan.plan AND agentctl.may_see(p.created_by);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no plan %', coalesce(require_plan.plan::text, 'null') USING ERRCODE = 'AC002',
            HINT = 'See agentctl.plans.';
    END IF;
    RETURN asked;
END $$;
COMMENT ON FUNCTION agentctl.require_plan(bigint) IS
    'A plan''s row. Fails with AC002 unless it exists and the caller may act on it. Internal.';
REVOKE ALL ON FUNCTION agentctl.require_plan(bigint) FROM PUBLIC;
