-- What the ends of tasks have left over. Besides, some of the pending tasks are looked at whatever has ended, the
-- oldest and some at random: a session whose snapshot was older than a dependency's end may have missed it. OFFSET 0
-- keeps plans that were made while the tables were empty from reading whole indexes.
CREATE OR REPLACE FUNCTION agentctl.release_pending(maximum integer DEFAULT 500) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    ended bigint[];
    due bigint[];
    first bigint;
    last bigint;
BEGIN
    SELECT array_agg(e.id) INTO ended FROM (
        SELECT t.id FROM task AS t
        WHERE NOT t.told AND t.finished_at IS NOT NULL AND t.parent_conversation_id IS NULL
        ORDER BY t.id LIMIT release_pending.maximum FOR NO KEY UPDATE SKIP LOCKED) AS e;
    SELECT t.id INTO first FROM task AS t WHERE t.state = 'pending' ORDER BY t.id LIMIT 1;
    SELECT t.id INTO last FROM task AS t WHERE t.state = 'pending' ORDER BY t.id DESC LIMIT 1;
    first := first + floor(random() * (last - first + 1));
    -- With a task that was given up goes all that depends on it, at whatever distance.
    WITH RECURSIVE given_up AS (
        SELECT t.id FROM task AS t WHERE t.id = ANY (ended) AND t.state <> 'done'
        UNION
        SELECT n.task_id FROM given_up AS g
        CROSS JOIN LATERAL (SELECT d.task_id FROM task_dependency AS d WHERE d.depends_on = g.id OFFSET 0) AS n
    ), candidate AS (
        (SELECT g.id, true AS is_due FROM given_up AS g LIMIT 2 * release_pending.maximum)
        UNION ALL
        SELECT n.task_id, false FROM task AS t
        CROSS JOIN LATERAL (SELECT d.task_id FROM task_dependency AS d WHERE d.depends_on = t.id OFFSET 0) AS n
        WHERE t.id = ANY (ended) AND t.state = 'done'
        UNION ALL
        (SELECT t.id, false FROM task AS t WHERE t.state = 'pending' ORDER BY t.id LIMIT 100)
        UNION ALL
        (SELECT t.id, false FROM task AS t WHERE t.state = 'pending' AND t.id >= first ORDER BY t.id LIMIT 100)
    )
    SELECT array_agg(DISTINCT h.id) INTO due FROM (
        SELECT l.id FROM candidate AS c
        CROSS JOIN LATERAL (
            SELECT t.id FROM task AS t
            WHERE t.id = c.id AND t.state = 'pending' AND (c.is_due OR agentctl.is_due(t.id))
            FOR NO KEY UPDATE SKIP LOCKED) AS l
        LIMIT release_pending.maximum) AS h;
    -- Earlier ones first: what depends on them is given up after them.
    PERFORM agentctl.release_task(d.id) FROM (SELECT u.id FROM unnest(due) AS u (id) ORDER BY u.id) AS d;
    UPDATE task AS t SET told = true
    WHERE t.id = ANY (ended) AND NOT EXISTS (
        SELECT FROM task_dependency AS d JOIN task AS p ON p.id = d.task_id AND p.state = 'pending'
        WHERE d.depends_on = t.id AND agentctl.is_due(p.id) OFFSET 0);
    RETURN coalesce(cardinality(due), 0);
END $$;
COMMENT ON FUNCTION agentctl.release_pending(integer) IS
    'Begins pending tasks whose dependencies are all done, and gives those up of which one was not done; returns how '
    'many. Internal: wake() calls it.';
REVOKE ALL ON FUNCTION agentctl.release_pending(integer) FROM PUBLIC;
