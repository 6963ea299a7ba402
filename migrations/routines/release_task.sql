CREATE OR REPLACE FUNCTION agentctl.release_task(task bigint) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    missing record;
BEGIN
    PERFORM FROM task AS t WHERE t.id = release_task.task AND t.state = 'pending' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT t.id, t.state, t.finished_at IS NOT NULL AS has_ended INTO missing
    FROM task_dependency AS d JOIN task AS t ON t.id = d.depends_on
    WHERE d.task_id = release_task.task AND t.state <> 'done'
    ORDER BY t.finished_at IS NULL, t.id LIMIT 1;
    IF NOT FOUND THEN
        PERFORM agentctl.start_tasks(ARRAY[release_task.task]);
    ELSIF missing.has_ended THEN
        UPDATE task AS t
        SET state = 'dead', error_code = 'dependency', finished_at = clock_timestamp(),
            error_message = format('task %s, which it depends on, is %s', missing.id, missing.state)
        WHERE t.id = release_task.task;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.release_task(bigint) IS
    'Begins a pending task when all that it depends on is done; it is dead when one of these has ended otherwise. '
    'Internal: release_dependents() and the trigger on task_dependency call it.';
REVOKE ALL ON FUNCTION agentctl.release_task(bigint) FROM PUBLIC;
