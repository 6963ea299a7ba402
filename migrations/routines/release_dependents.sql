-- Tasks depend on earlier ones only and are locked in the order of their numbers: two sessions that end the last two
-- dependencies of a task take turns at its row, and the second sees what the first has done.
CREATE OR REPLACE FUNCTION agentctl.release_dependents(task bigint) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    is_done boolean := (SELECT t.state = 'done' FROM task AS t WHERE t.id = release_dependents.task);
    dependent bigint;
BEGIN
    -- With a task that is given up goes all that depends on it, at whatever distance.
    FOR dependent IN
        WITH RECURSIVE affected AS (
            SELECT d.task_id FROM task_dependency AS d WHERE d.depends_on = release_dependents.task
            UNION
            SELECT d.task_id FROM affected AS a JOIN task_dependency AS d ON d.depends_on = a.task_id WHERE NOT is_done
        )
        SELECT a.task_id FROM affected AS a JOIN task AS t ON t.id = a.task_id
        WHERE t.state = 'pending' ORDER BY a.task_id
    LOOP
        PERFORM agentctl.release_task(dependent);
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.release_dependents(bigint) IS
    'Begins the tasks that waited for this one only, or gives them up with it. Internal: whatever ends a task without '
    'a parent calls it.';
REVOKE ALL ON FUNCTION agentctl.release_dependents(bigint) FROM PUBLIC;
