CREATE OR REPLACE FUNCTION agentctl.approve_plan(plan bigint, revision integer DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.plan := agentctl.require_plan(approve_plan.plan);
BEGIN
    UPDATE plan AS p SET state = 'approved', approved_by = agentctl.caller(), approved_at = clock_timestamp()
    WHERE p.id = asked.id AND p.state = 'draft' AND p.revision = coalesce(approve_plan.revision, p.revision);
    IF FOUND THEN
        RETURN true;
    END IF;
    SELECT p.* INTO asked FROM plan AS p WHERE p.id = asked.id;
    IF asked.revision <> approve_plan.revision THEN
        RAISE EXCEPTION 'plan % was edited: it is at revision %', asked.id, asked.revision USING ERRCODE = 'AC003';
    ELSIF asked.state <> 'approved' THEN
        RAISE EXCEPTION 'plan % is %', asked.id, asked.state USING ERRCODE = 'AC003',
            HINT = 'A plan can be approved until it runs.';
    END IF;
    RETURN false;
END $$;
COMMENT ON FUNCTION agentctl.approve_plan(bigint, integer) IS
    'Approves a plan, so that it may run; false when it is approved already. With a revision, only that one. Fails '
    'with AC003 when it was edited since, or runs.';
REVOKE ALL ON FUNCTION agentctl.approve_plan(bigint, integer) FROM PUBLIC;
