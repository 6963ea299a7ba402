-- Without settings of its own but one: place_tasks(), which has them, calls it. What is rare is not part of the
-- statements that each task needs: to set out to run a part takes as long when there is nothing to do.
CREATE OR REPLACE FUNCTION agentctl.place_tasks_of(
    parent text, seq bigint, tasks bigint[], shares bigint, are_unnamed boolean, OUT begun bigint[], OUT wrong bigint
)
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    last_event bigint;
    above record;
    tokens_left bigint;
    usd_left numeric;
    routed bigint[] := '{}';
BEGIN
    -- Holds the parent's row as well.
    UPDATE conversation_control AS c SET last_event = c.last_event + cardinality(tasks)
    WHERE c.conversation_id = place_tasks_of.parent
    RETURNING c.last_event - cardinality(tasks) INTO last_event;
    SELECT p.conversation_id, c.cancel_seq > c.head_seq AS is_stopped, c.priority, v.tenant, v.created_by,
           t.id AS task_id, coalesce(t.depth, 0) AS depth,
           coalesce(t.depth_left, agentctl.chain_depth(p.agent), (
               -- A run goes on when its chain is out of force.
               SELECT 1000 FROM definition AS d WHERE d.kind = 'chain' AND d.name = p.agent), 0) AS depth_left,
           coalesce(t.path, ARRAY[p.agent]) AS path, t.deadline,
           coalesce(t.root_conversation_id, c.conversation_id) AS root_conversation_id,
           coalesce(t.root_seq, p.seq) AS root_seq
    INTO above
    FROM conversation_control AS c
    JOIN conversation AS v ON v.id = c.conversation_id
    JOIN turn_progress AS p ON p.conversation_id = c.conversation_id AND p.seq = c.head_seq + 1
    LEFT JOIN task AS t ON t.conversation_id = p.conversation_id AND t.seq = p.seq
    WHERE c.conversation_id = place_tasks_of.parent AND p.seq = place_tasks_of.seq;
    IF above.task_id IS NOT NULL THEN
        SELECT b.tokens, b.cost_usd INTO tokens_left, usd_left FROM agentctl.budget_left(above.task_id, tasks) AS b;
    END IF;
    IF are_unnamed THEN
        WITH chosen AS (
            UPDATE task AS t
            SET agent = CASE WHEN t.finished_at IS NULL THEN
                    agentctl.choose_task_agent(t.description, t.capabilities, above.path,
                        CASE WHEN t.parent_conversation_id IS NULL THEN t.created_by END) END
            WHERE t.id = ANY (tasks) AND t.agent IS NULL
            RETURNING t.id
        )
        SELECT array_agg(c.id) INTO routed FROM chosen AS c;
    END IF;
    WITH allowed AS MATERIALIZED (
        -- A chain is no level of its own.
        SELECT d.agent, agentctl.chain_depth(d.agent) AS depth,
               CASE WHEN (SELECT true FROM definition AS f WHERE f.kind = 'agent' AND f.name = d.agent
                   AND f.current_version IS NOT NULL LIMIT 1) THEN 1 ELSE 0 END AS levels
        FROM (SELECT DISTINCT n.agent FROM task AS n WHERE n.id = ANY (tasks)) AS d
    ), placed AS (
        UPDATE task AS t
        SET is_routed = t.id = ANY (routed),
            path = coalesce(above.path, '{}') || CASE WHEN t.agent IS NULL THEN '{}' ELSE ARRAY[t.agent] END,
            depth = coalesce(above.depth + 1, 0),
            depth_left = greatest(least(above.depth_left - l.levels, l.depth), 0),
            root_conversation_id = above.root_conversation_id, root_seq = above.root_seq,
            tenant = coalesce(above.tenant, t.tenant), created_by = coalesce(above.created_by, t.created_by),
            priority = coalesce(above.priority, t.priority), deadline = least(t.deadline, above.deadline),
            budget_tokens = least(t.budget_tokens,
                CASE WHEN tokens_left > 0 THEN tokens_left / shares ELSE 0 * tokens_left END),
            budget_usd = least(t.budget_usd, CASE WHEN usd_left > 0 THEN usd_left / shares ELSE 0 * usd_left END),
            seq = CASE t.state WHEN 'assigned' THEN 1 END,
            conversation_id = CASE t.state WHEN 'assigned' THEN agentctl.task_conversation_id(
                t.id, t.parent_conversation_id, t.parent_seq, t.number, t.attempt) END
        FROM allowed AS l
        WHERE t.id = ANY (tasks) AND l.agent IS NOT DISTINCT FROM t.agent
        RETURNING t.id, t.state, t.number, t.agent, t.conversation_id,
            t.finished_at IS NULL AND (l.depth IS NULL
            -- What is below a turn is vouched for by who wrote its agent or chain.
            OR t.parent_conversation_id IS NULL AND agentctl.usable_responder(t.agent, t.created_by) IS NULL
            OR t.parent_conversation_id IS NOT NULL AND (above.conversation_id IS NULL OR above.is_stopped
                OR above.depth_left < l.levels OR t.agent = ANY (above.path)
                OR tokens_left < shares OR usd_left <= 0)) AS is_wrong
    ), told AS (
        INSERT INTO event (conversation_id, number, seq, type, data)
        SELECT place_tasks_of.parent, last_event + row_number() OVER (ORDER BY p.number), place_tasks_of.seq,
               'task_assigned', jsonb_strip_nulls(jsonb_build_object(
                   'task', p.id, 'number', p.number, 'agent', p.agent, 'state', p.state,
                   'conversation', p.conversation_id))
        FROM placed AS p WHERE last_event IS NOT NULL
    )
    SELECT array_agg(p.id ORDER BY p.id) FILTER (WHERE p.state = 'assigned'), min(p.id) FILTER (WHERE p.is_wrong)
    INTO begun, wrong FROM placed AS p;
END $$;
COMMENT ON FUNCTION agentctl.place_tasks_of(text, bigint, bigint[], bigint, boolean) IS
    'Gives new tasks of one turn, or of none, their place; shares of the budget for those that have not ended. Returns '
    'those that are to begin, and the first that a rule refuses. Internal: place_tasks() calls it.';
REVOKE ALL ON FUNCTION agentctl.place_tasks_of(text, bigint, bigint[], bigint, boolean) FROM PUBLIC;
