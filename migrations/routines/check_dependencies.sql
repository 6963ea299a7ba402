CREATE OR REPLACE FUNCTION agentctl.check_dependencies() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wrong record;
    dependent bigint;
BEGIN
    -- One that is just ending is waited for: nobody else would begin what depends on it.
    PERFORM FROM task AS t WHERE t.id IN (SELECT n.depends_on FROM new_dependencies AS n) ORDER BY t.id FOR SHARE;
    SELECT n.task_id, n.depends_on INTO wrong
    FROM new_dependencies AS n JOIN task AS t ON t.id = n.task_id JOIN task AS o ON o.id = n.depends_on
    WHERE t.state <> 'pending' OR o.parent_seq IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'task % cannot depend on task %: only a pending task can, and only on one without a parent',
            wrong.task_id, wrong.depends_on USING ERRCODE = 'AC003';
    END IF;
    SELECT n.depends_on, count(*) AS dependents INTO wrong
    FROM (SELECT DISTINCT n.depends_on FROM new_dependencies AS n) AS n
    JOIN task_dependency AS d ON d.depends_on = n.depends_on
    GROUP BY 1 HAVING count(*) > 1000 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'more than 1000 tasks would depend on task %', wrong.depends_on USING ERRCODE = 'AC003',
            HINT = 'Have them depend on several tasks that depend on it.';
    END IF;
    FOR dependent IN SELECT DISTINCT n.task_id FROM new_dependencies AS n ORDER BY 1 LOOP
        PERFORM agentctl.release_task(dependent);
    END LOOP;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.check_dependencies() IS
    'Trigger: refuses dependencies of tasks that have begun, and begins tasks whose dependencies are done already.';
REVOKE ALL ON FUNCTION agentctl.check_dependencies() FROM PUBLIC;

CREATE OR REPLACE TRIGGER check_dependencies AFTER INSERT ON agentctl.task_dependency
    REFERENCING NEW TABLE AS new_dependencies FOR EACH STATEMENT EXECUTE FUNCTION agentctl.check_dependencies();
