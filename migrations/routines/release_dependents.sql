-- Tasks depend on earlier ones only and are locked in the order of their numbers: two sessions that end the last two
-- dependencies of a task take turns at its row, and the second sees what the first has done. Only so many are released
-- here: the turn whose end this is waits for it. The task stays untold until release_pending() has seen to the rest.
CREATE OR REPLACE FUNCTION agentctl.release_dependents(task bigint) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    is_done boolean := (SELECT t.state = 'done' FROM task AS t WHERE t.id = release_dependents.task);
    found_ids bigint[];
    dependent bigint;
BEGIN
    -- With a task that is given up goes all that depends on it, at whatever distance.
    WITH RECURSIVE affected AS (
        SELECT d.task_id FROM task_dependency AS d WHERE d.depends_on = release_dependents.task
        UNION
        SELECT d.task_id FROM affected AS a JOIN task_dependency AS d ON d.depends_on = a.task_id WHERE NOT is_done
    ), nearest AS (
        SELECT a.task_id FROM affected AS a LIMIT 200
    )
    SELECT coalesce(array_agg(n.task_id ORDER BY n.task_id), '{}') INTO found_ids FROM nearest AS n;
    FOREACH dependent IN ARRAY found_ids LOOP
        PERFORM agentctl.release_task(dependent);
    END LOOP;
    UPDATE task AS t SET told = true
    WHERE t.id = ANY (found_ids || release_dependents.task) AND t.finished_at IS NOT NULL AND NOT t.told
      AND NOT EXISTS (
          SELECT FROM task_dependency AS d JOIN task AS p ON p.id = d.task_id
          WHERE d.depends_on = t.id AND p.state = 'pending' AND d.task_id <> ALL (found_ids));
END $$;
COMMENT ON FUNCTION agentctl.release_dependents(bigint) IS
    'Begins the tasks that waited for this one only, or gives them up with it, 200 at most: release_pending() sees to '
    'the others. Internal: whatever ends a task without a parent calls it.';
REVOKE ALL ON FUNCTION agentctl.release_dependents(bigint) FROM PUBLIC;
