CREATE OR REPLACE FUNCTION agentctl.is_due(task bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    is_due boolean := true;
    needed agentctl.task_state;
BEGIN
    FOR needed IN
        SELECT t.state FROM task_dependency AS d JOIN task AS t ON t.id = d.depends_on WHERE d.task_id = is_due.task
    LOOP
        IF needed IN ('failed', 'cancelled', 'dead') THEN
            RETURN true;
        END IF;
        is_due := is_due AND needed = 'done';
    END LOOP;
    RETURN is_due;
END $$;
COMMENT ON FUNCTION agentctl.is_due(bigint) IS
    'Whether what a task depends on is done, or one of it has ended otherwise. Internal: release_pending() calls it.';
REVOKE ALL ON FUNCTION agentctl.is_due(bigint) FROM PUBLIC;
