CREATE OR REPLACE FUNCTION agentctl.edit_plan(plan bigint, steps jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.plan := agentctl.require_plan(edit_plan.plan);
    edited integer;
BEGIN
    -- What was approved were other steps.
    UPDATE plan AS p SET revision = p.revision + 1, state = 'draft', approved_by = NULL, approved_at = NULL
    WHERE p.id = asked.id AND p.state IN ('draft', 'approved')
    RETURNING p.revision INTO edited;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'plan % is %', asked.id, (SELECT p.state FROM plan AS p WHERE p.id = asked.id)
            USING ERRCODE = 'AC003', HINT = 'A plan can be edited until it runs.';
    END IF;
    PERFORM agentctl.write_plan_steps(asked.id, edit_plan.steps, 'edited');
    RETURN edited;
END $$;
COMMENT ON FUNCTION agentctl.edit_plan(bigint, jsonb) IS
    'Replaces the steps of a plan that does not run yet, as store_plan() takes them, and returns the number of the '
    'revision. It has to be approved again. Fails with AC003 when it runs or has run.';
REVOKE ALL ON FUNCTION agentctl.edit_plan(bigint, jsonb) FROM PUBLIC;
