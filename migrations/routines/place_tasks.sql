-- Whoever inserts tasks: their place in the tree, owner, agent, deadline and budget follow from their parents, and
-- what a row says of its place itself is not taken. All rows of a statement are placed at once, and begun.
CREATE OR REPLACE FUNCTION agentctl.place_tasks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    inserted bigint[];
    parents text[];
    begun bigint[];
    wrong bigint;
BEGIN
    SELECT array_agg(n.id ORDER BY n.id),
           array_agg(DISTINCT n.parent_conversation_id) FILTER (WHERE n.parent_conversation_id IS NOT NULL)
    INTO inserted, parents FROM new_tasks AS n;
    IF inserted IS NULL THEN
        RETURN NULL;
    END IF;
    IF parents IS NOT NULL THEN
        PERFORM FROM conversation_control AS c WHERE c.conversation_id = ANY (parents)
        ORDER BY c.conversation_id FOR NO KEY UPDATE;
    END IF;
    -- One parent at a time, by keys only: how many turns are in progress must not matter.
    WITH above AS MATERIALIZED (
        SELECT p.*, b.tokens < s.shares OR b.cost_usd <= 0 AS is_spent,
               CASE WHEN b.tokens > 0 THEN b.tokens / s.shares ELSE 0 * b.tokens END AS tokens_share,
               CASE WHEN b.cost_usd > 0 THEN b.cost_usd / s.shares ELSE 0 * b.cost_usd END AS usd_share
        FROM unnest(parents) AS g (conversation_id)
        CROSS JOIN LATERAL (
            SELECT c.conversation_id, p.seq, c.cancel_seq > c.head_seq AS is_stopped, c.priority, v.tenant,
                   v.created_by, t.id AS task_id, coalesce(t.depth, 0) AS depth,
                   coalesce(t.depth_left, agentctl.chain_depth(p.agent), (
                       -- A run goes on when its chain is out of force.
                       SELECT 1000 FROM definition AS d WHERE d.kind = 'chain' AND d.name = p.agent), 0) AS depth_left,
                   coalesce(t.path, ARRAY[p.agent]) AS path, t.deadline,
                   coalesce(t.root_conversation_id, c.conversation_id) AS root_conversation_id,
                   coalesce(t.root_seq, p.seq) AS root_seq
            FROM conversation_control AS c
            JOIN conversation AS v ON v.id = c.conversation_id
            JOIN turn_progress AS p ON p.conversation_id = c.conversation_id AND p.seq = c.head_seq + 1
            LEFT JOIN task AS t ON t.conversation_id = p.conversation_id AND t.seq = p.seq
            WHERE c.conversation_id = g.conversation_id LIMIT 1
        ) AS p
        LEFT JOIN LATERAL (
            SELECT l.* FROM agentctl.budget_left(p.task_id, inserted) AS l WHERE p.task_id IS NOT NULL
        ) AS b ON true
        CROSS JOIN LATERAL (
            SELECT greatest(count(*) FILTER (WHERE n.finished_at IS NULL), 1) AS shares FROM new_tasks AS n
            WHERE n.parent_conversation_id = p.conversation_id) AS s
    ), chosen AS MATERIALIZED (
        SELECT n.id, n.parent_conversation_id, n.parent_seq, n.agent IS NULL AS is_routed,
               coalesce(n.agent, CASE WHEN n.finished_at IS NULL THEN
                   agentctl.choose_task_agent(n.description, n.capabilities, a.path,
                       CASE WHEN n.parent_conversation_id IS NULL THEN n.created_by END) END) AS agent
        FROM new_tasks AS n
        LEFT JOIN above AS a ON a.conversation_id = n.parent_conversation_id AND a.seq = n.parent_seq
    ), allowed AS MATERIALIZED (
        -- A chain is no level of its own.
        SELECT d.agent, agentctl.chain_depth(d.agent) AS depth,
               CASE WHEN EXISTS (SELECT FROM definition AS f WHERE f.kind = 'agent' AND f.name = d.agent
                   AND f.current_version IS NOT NULL) THEN 1 ELSE 0 END AS levels
        FROM (SELECT DISTINCT c.agent FROM chosen AS c) AS d
    ), placed AS (
        UPDATE task AS t
        SET agent = c.agent, is_routed = c.is_routed,
            path = coalesce(a.path, '{}') || CASE WHEN c.agent IS NULL THEN '{}' ELSE ARRAY[c.agent] END,
            depth = coalesce(a.depth + 1, 0),
            depth_left = greatest(least(a.depth_left - l.levels, l.depth), 0),
            root_conversation_id = a.root_conversation_id, root_seq = a.root_seq,
            tenant = coalesce(a.tenant, t.tenant), created_by = coalesce(a.created_by, t.created_by),
            priority = coalesce(a.priority, t.priority), deadline = least(t.deadline, a.deadline),
            budget_tokens = least(t.budget_tokens, a.tokens_share), budget_usd = least(t.budget_usd, a.usd_share),
            seq = CASE t.state WHEN 'assigned' THEN 1 END,
            conversation_id = CASE t.state WHEN 'assigned' THEN agentctl.task_conversation_id(
                t.id, t.parent_conversation_id, t.parent_seq, t.number, t.attempt) END
        FROM chosen AS c
        LEFT JOIN allowed AS l ON l.agent = c.agent
        LEFT JOIN above AS a ON a.conversation_id = c.parent_conversation_id AND a.seq = c.parent_seq
        WHERE t.id = c.id
        RETURNING t.id, t.state, t.parent_conversation_id, t.parent_seq, t.number, t.agent, t.conversation_id,
            t.finished_at IS NULL AND (l.depth IS NULL
            -- What is below a turn is vouched for by who wrote its agent or chain.
            OR t.parent_conversation_id IS NULL AND agentctl.usable_responder(t.agent, t.created_by) IS NULL
            OR t.parent_seq IS NOT NULL AND (
            a.conversation_id IS NULL OR a.is_stopped OR a.depth_left < l.levels OR t.agent = ANY (a.path)
            OR a.is_spent)) AS is_wrong
    ), numbered AS (
        SELECT p.*, c.last_event + row_number() OVER (PARTITION BY p.parent_conversation_id ORDER BY p.number) AS event
        FROM placed AS p JOIN conversation_control AS c ON c.conversation_id = p.parent_conversation_id
    ), told AS (
        INSERT INTO event (conversation_id, number, seq, type, data)
        SELECT n.parent_conversation_id, n.event, n.parent_seq, 'task_assigned', jsonb_strip_nulls(jsonb_build_object(
            'task', n.id, 'number', n.number, 'agent', n.agent, 'state', n.state, 'conversation', n.conversation_id))
        FROM numbered AS n
    ), counted AS (
        UPDATE conversation_control AS c SET last_event = n.last_event
        FROM (SELECT n.parent_conversation_id, max(n.event) AS last_event FROM numbered AS n GROUP BY 1) AS n
        WHERE c.conversation_id = n.parent_conversation_id
    )
    SELECT array_agg(p.id ORDER BY p.id) FILTER (WHERE p.state = 'assigned'), min(p.id) FILTER (WHERE p.is_wrong)
    INTO begun, wrong FROM placed AS p;
    -- What was written of them as well is taken back with it.
    IF wrong IS NOT NULL THEN
        PERFORM agentctl.refuse_task(wrong);
    END IF;
    IF begun IS NOT NULL THEN
        PERFORM agentctl.begin_tasks(begun);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.place_tasks() IS
    'Trigger: gives new tasks their place below their parents, refuses those that go too deep or lead back (AC003), '
    'and begins the others.';
REVOKE ALL ON FUNCTION agentctl.place_tasks() FROM PUBLIC;

CREATE OR REPLACE TRIGGER place_tasks AFTER INSERT ON agentctl.task
    REFERENCING NEW TABLE AS new_tasks FOR EACH STATEMENT EXECUTE FUNCTION agentctl.place_tasks();
