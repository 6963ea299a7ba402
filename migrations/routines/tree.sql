-- replaces: tree(text, bigint)
-- The critical path goes back from the end of the root. What ended last while a turn waited for its tasks woke it.
-- Before such a child comes the sibling that ended last before the child was submitted: it made room for it, or it woke
-- the turn that then delegated again. It is one statement, so that it shows the tree at one moment.
CREATE OR REPLACE FUNCTION agentctl.tree(conversation text, seq bigint) RETURNS TABLE (
    place integer, depth integer, conversation_id text, turn text, task bigint, number integer, attempt integer,
    group_key text, responder text, version integer, status text, error_code text,
    error_message text, submitted_at timestamptz, started_at timestamptz, finished_at timestamptz,
    queue_ms double precision, model_ms double precision, tool_ms double precision, wait_ms double precision,
    approval_ms double precision, input_tokens bigint, output_tokens bigint, cost_usd numeric, is_critical boolean,
    nodes jsonb, waits_for jsonb
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    -- Partitions of other times need not be looked into. The hour is for clocks.
    first_time timestamptz;
    last_time timestamptz := clock_timestamp() + interval '1 hour';
BEGIN
    tree.conversation := agentctl.readable_conversation(tree.conversation);
    first_time := agentctl.turn_lower_bound(tree.conversation, tree.seq);
    RETURN QUERY
    -- One row at a time, by keys only (OFFSET 0): the plan must not depend on how many rows the tables had.
    WITH RECURSIVE node AS (
        SELECT '{}'::integer[] AS path, s.conversation_id, s.seq, s.task_id AS task, NULL::integer AS number,
               NULL::integer AS attempt, '' COLLATE "C" AS group_key, coalesce(s.agent, v.agent) AS agent,
               CASE s.operation WHEN 'interrupt' THEN 'cancelled' END AS state, NULL::text AS error_code, NULL::text AS error_message
        FROM submission AS s JOIN conversation AS v ON v.id = s.conversation_id
        WHERE s.conversation_id = tree.conversation AND s.seq = tree.seq
        UNION ALL
        -- An attempt that was followed by another has its conversation, and the tasks below it, as well.
        SELECT n.path || ARRAY[t.number, a.attempt::integer],
               CASE WHEN a.attempt = t.attempt THEN t.conversation_id ELSE agentctl.task_conversation_id(
                   t.id, t.parent_conversation_id, t.parent_seq, t.number, a.attempt::integer) END,
               t.seq, t.id, t.number, a.attempt::integer, t.group_key, a.agent, t.state::text, t.error_code,
               t.error_message
        FROM node AS n
        CROSS JOIN LATERAL (
            SELECT k.* FROM task AS k
            WHERE k.parent_conversation_id = n.conversation_id AND k.parent_seq = n.seq OFFSET 0
        ) AS t
        CROSS JOIN LATERAL unnest(t.tried || t.agent) WITH ORDINALITY AS a (agent, attempt)
    ), placed AS (
        SELECT row_number() OVER whole::integer AS place, n.*,
               coalesce((lead(n.path) OVER whole)[:cardinality(n.path)] = n.path, false) AS has_tasks
        FROM node AS n WINDOW whole AS (ORDER BY n.path)
    ), timed AS MATERIALIZED (
        SELECT n.*, s.created_at AS submitted_at,
               coalesce(t.started_at, p.started_at) AS started_at, t.finished_at,
               coalesce(t.finished_at, clock_timestamp()) AS until,
               coalesce(t.agent, p.agent, n.agent) AS responder, coalesce(t.agent_version, p.agent_version) AS version,
               CASE WHEN t.status IS NOT NULL THEN t.status::text
                    WHEN c.state IS NULL OR n.path = '{}' AND n.state = 'cancelled' THEN n.state
                    WHEN c.head_seq <> n.seq - 1 OR c.state IN ('ready', 'idle') THEN 'queued'
                    WHEN c.state = 'running' THEN 'running' ELSE 'waiting' END AS status,
               CASE WHEN n.conversation_id IS NULL THEN n.error_code
                    ELSE coalesce(t.error_code, t.limit_reached, CASE WHEN held.loss IS NOT NULL THEN 'worker_lost' END)
                    END AS code,
               CASE WHEN n.conversation_id IS NULL THEN n.error_message ELSE coalesce(t.error_message, held.loss) END
                    AS message,
               coalesce(t.input_tokens, p.input_tokens, 0) AS input_tokens,
               coalesce(t.output_tokens, p.output_tokens, 0) AS output_tokens,
               coalesce(t.cost_usd, p.cost_usd, 0) AS cost_usd, coalesce(w.model_ms, 0) AS model_ms,
               coalesce(w.tool_ms, 0) AS tool_ms,
               -- What is not its own work was waiting, or lies between two attempts.
               n.has_tasks OR CASE WHEN t.status IS NULL THEN p.started_at IS NOT NULL ELSE t.finished_at - t.started_at
                   > make_interval(secs => (t.duration_ms + 10) / 1000) END AS may_have_waited
        FROM placed AS n
        LEFT JOIN LATERAL (
            SELECT o.created_at FROM submission AS o
            WHERE o.conversation_id = n.conversation_id AND o.seq = n.seq OFFSET 0
        ) AS s ON true
        LEFT JOIN LATERAL (
            SELECT o.* FROM turn AS o
            WHERE o.conversation_id = n.conversation_id AND o.seq = n.seq
              AND o.started_at BETWEEN first_time AND last_time OFFSET 0
        ) AS t ON true
        LEFT JOIN LATERAL (
            SELECT o.state, o.head_seq, o.worker_id FROM conversation_control AS o
            WHERE t.status IS NULL AND o.conversation_id = n.conversation_id OFFSET 0
        ) AS c ON true
        CROSS JOIN LATERAL (
            SELECT CASE WHEN c.state = 'running' AND c.head_seq = n.seq - 1 THEN agentctl.worker_loss(c.worker_id) END
                AS loss
        ) AS held
        LEFT JOIN LATERAL (
            SELECT o.* FROM turn_progress AS o
            WHERE t.status IS NULL AND o.conversation_id = n.conversation_id AND o.seq = n.seq OFFSET 0
        ) AS p ON true
        LEFT JOIN LATERAL (
            SELECT sum(o.duration_ms) FILTER (WHERE o.kind <> 'tool_round') AS model_ms,
                   sum(o.duration_ms) FILTER (WHERE o.kind = 'tool_round') AS tool_ms
            FROM step AS o
            WHERE o.conversation_id = n.conversation_id AND o.seq = n.seq
              AND o.started_at BETWEEN first_time AND last_time
        ) AS w ON true
    ), sign AS (
        -- Signs of work, and between them the news that can end a wait.
        SELECT t.place, t.until, t.status, g.*
        FROM timed AS t
        CROSS JOIN LATERAL (
            SELECT e.at, e.type = 'waiting' AS is_start, e.type = 'waiting' AS is_wait, e.data ->> 'for' AS reason
            FROM event AS e
            WHERE e.conversation_id = t.conversation_id AND e.seq = t.seq AND e.at BETWEEN first_time AND last_time
              AND e.type IN ('waiting', 'task_finished', 'approval_decided', 'call_resolved')
            UNION ALL
            SELECT o.started_at, true, false, NULL FROM step AS o
            WHERE o.conversation_id = t.conversation_id AND o.seq = t.seq
              AND o.started_at BETWEEN first_time AND last_time OFFSET 0
        ) AS g
        WHERE t.may_have_waited
    ), phase AS (
        SELECT g.*, count(*) FILTER (WHERE g.is_start) OVER (PARTITION BY g.place ORDER BY g.at, g.is_start) AS phase
        FROM sign AS g
    ), waited AS MATERIALIZED (
        SELECT h.place, h.since, h.is_for_tasks, h.resumed_at,
               CASE WHEN h.is_open THEN h.resumed_at ELSE least(coalesce(h.news, h.resumed_at), h.resumed_at) END
                   AS woken_at
        FROM (
            SELECT a.place, min(a.at) AS since, bool_or(a.is_wait) AS is_wait,
                   coalesce(bool_or(a.reason = 'tasks'), false) AS is_for_tasks,
                   max(a.at) FILTER (WHERE NOT a.is_start) AS news,
                   coalesce(lead(min(a.at)) OVER later, a.until) AS resumed_at,
                   lead(min(a.at)) OVER later IS NULL AND a.status = 'waiting' AS is_open
            FROM phase AS a WHERE a.phase > 0
            GROUP BY a.place, a.phase, a.until, a.status
            WINDOW later AS (PARTITION BY a.place ORDER BY a.phase)
        ) AS h
        WHERE h.is_wait
    ), child AS (
        SELECT t.place, u.place AS parent, t.submitted_at, t.finished_at
        FROM timed AS t JOIN timed AS u ON u.path = t.path[:cardinality(t.path) - 2]
        WHERE t.path <> '{}' AND t.submitted_at IS NOT NULL
    ), moment AS (
        -- What happened below each turn; of what happened at once, that which came first in order of rank.
        SELECT c.parent, c.finished_at AS at, 2 AS rank, c.place AS ended, NULL::integer AS asked, 0 AS waits
        FROM child AS c WHERE c.finished_at IS NOT NULL
        UNION ALL
        SELECT c.parent, c.submitted_at, 4, NULL, c.place, 0 FROM child AS c
        UNION ALL
        SELECT w.place, w.since, 1, NULL, NULL, 1 FROM waited AS w WHERE w.is_for_tasks
        UNION ALL
        SELECT w.place, w.woken_at, 3, NULL, NULL, -1 FROM waited AS w WHERE w.is_for_tasks
        UNION ALL
        SELECT DISTINCT w.place, 'infinity'::timestamptz, 5, NULL::integer, w.place, 0 FROM waited AS w
        WHERE w.is_for_tasks
    ), ordered AS (
        SELECT m.*, row_number() OVER turns AS nr, sum(m.waits) OVER (turns ROWS UNBOUNDED PRECEDING) AS waiting
        FROM moment AS m WINDOW turns AS (PARTITION BY m.parent ORDER BY m.at, m.rank)
    ), answer AS (
        SELECT o.asked, o.rank, max(CASE WHEN o.waiting > 0 THEN o.nr * 1000000000 + o.ended END)
                   OVER (PARTITION BY o.parent ORDER BY o.nr ROWS UNBOUNDED PRECEDING) % 1000000000 AS ended
        FROM ordered AS o
    ), woke AS (
        SELECT a.asked, max(a.ended) FILTER (WHERE a.rank = 4) AS before,
               max(a.ended) FILTER (WHERE a.rank = 5) AS within
        FROM answer AS a WHERE a.asked IS NOT NULL GROUP BY 1
    ), chart AS MATERIALIZED (
        SELECT array_agg(coalesce(k.before, 0) ORDER BY t.place) AS before,
               array_agg(coalesce(k.within, 0) ORDER BY t.place) AS within
        FROM timed AS t LEFT JOIN woke AS k ON k.asked = t.place
    ), critical AS (
        SELECT t.place::bigint FROM timed AS t WHERE t.place = 1 AND t.finished_at IS NOT NULL
        UNION
        SELECT s.place FROM critical AS k
        CROSS JOIN chart AS h
        CROSS JOIN LATERAL (VALUES (h.before[k.place]), (h.within[k.place])) AS s (place)
        WHERE s.place > 0
    ), pause AS (
        SELECT w.place, sum(extract(epoch FROM w.woken_at - w.since)) FILTER (WHERE w.is_for_tasks) AS for_tasks,
               sum(extract(epoch FROM w.woken_at - w.since)) FILTER (WHERE NOT w.is_for_tasks) AS for_people,
               sum(extract(epoch FROM w.resumed_at - w.woken_at)) AS for_workers
        FROM waited AS w GROUP BY 1
    ), called AS (
        -- What tools, functions and operators did for the nodes of a chain; its tasks have turns of their own.
        SELECT t.place, o.nodes
        FROM timed AS t
        CROSS JOIN LATERAL (
            SELECT v.id FROM definition_version AS v
            WHERE v.kind = 'chain' AND v.name = t.responder AND v.version = t.version OFFSET 0
        ) AS v
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('node', c.node, 'visit', c.visit, 'kind', d.kind,
                       'calls', coalesce(d.definition -> 'tool', d.definition -> 'function'), 'status', c.status,
                       'error_code', c.error_code, 'started_at', c.started_at, 'finished_at', c.finished_at))
                       ORDER BY c.started_at, c.node, c.visit) AS nodes
            FROM (
                SELECT r.node, r.visit::integer AS visit, r.status::text AS status, r.error_code, r.started_at,
                       r.finished_at
                FROM node_run AS r
                WHERE r.conversation_id = t.conversation_id AND r.seq = t.seq
                  AND r.finished_at BETWEEN coalesce(t.started_at, first_time) AND last_time
                UNION ALL
                -- Calls of nodes that have not ended are known by their ids: node#visit, with .attempt and /item.
                SELECT split_part(k.call_id, '#', 1), substring(k.call_id FROM '#([0-9]{1,9})')::integer,
                       CASE WHEN bool_or(k.state = 'in_doubt') THEN 'in_doubt'
                            WHEN bool_or(k.state = 'planned') AND t.status = 'waiting' THEN 'waiting'
                            ELSE 'running' END, NULL,
                       min(k.started_at), NULL
                FROM tool_call AS k
                WHERE t.finished_at IS NULL AND k.conversation_id = t.conversation_id AND k.seq = t.seq
                  AND k.started_at BETWEEN first_time AND last_time
                GROUP BY 1, 2
                HAVING NOT EXISTS (
                    SELECT FROM node_run AS r
                    WHERE r.conversation_id = t.conversation_id AND r.seq = t.seq
                      AND r.finished_at BETWEEN t.started_at AND last_time
                      AND r.node = split_part(min(k.call_id), '#', 1)
                      AND r.visit = substring(min(k.call_id) FROM '#([0-9]{1,9})')::integer)
            ) AS c
            JOIN chain_node AS d ON d.version_id = v.id AND d.name = c.node
            WHERE d.kind IN ('tool', 'function', 'approval')
               OR d.kind = 'map' AND d.definition ?| '{tool,function}'
        ) AS o
    )
    SELECT t.place, cardinality(t.path) / 2, t.conversation_id, t.conversation_id || '/' || t.seq, t.task,
           t.number, t.attempt, nullif(t.group_key, ''), t.responder, t.version, t.status, t.code, t.message,
           t.submitted_at, t.started_at, t.finished_at,
           (1000 * (coalesce(p.for_workers, 0) + greatest(0, coalesce(extract(epoch FROM
               coalesce(t.started_at, CASE t.status WHEN 'queued' THEN t.until END) - t.submitted_at), 0))))
               ::double precision,
           t.model_ms, t.tool_ms, (1000 * coalesce(p.for_tasks, 0))::double precision,
           (1000 * coalesce(p.for_people, 0))::double precision, t.input_tokens, t.output_tokens, t.cost_usd,
           t.place IN (SELECT k.place FROM critical AS k), n.nodes,
           CASE WHEN t.status = 'waiting' THEN agentctl.turn_waits(t.conversation_id, t.seq) END
    FROM timed AS t
    LEFT JOIN pause AS p ON p.place = t.place
    LEFT JOIN called AS n ON n.place = t.place
    ORDER BY t.place;
END $$;
COMMENT ON FUNCTION agentctl.tree(text, bigint) IS
    'A turn and all tasks below it, with their turns, in the order of a drawing (place, depth): the times in '
    'milliseconds that each waited for a worker (queue_ms), worked (model_ms, tool_ms), and waited for its tasks '
    '(wait_ms) or for an operator (approval_ms), its own tokens and cost, and whether it is on the critical path of a tree '
    'that has ended (is_critical). status is that of the turn, queued, running or waiting; of a task that has no turn, the '
    'task''s. nodes: of a run of a chain, what tools, functions and operators did for its nodes: [{node, visit, kind, '
    'calls, status, error_code, started_at, finished_at}], status waiting, running or in_doubt while one has not '
    'ended. waits_for: of a turn that waits, what an operator has to decide and how many tasks have not ended. The '
    'caller''s own conversations; a member of agentctl_reader sees all. Fails with AC002 for others.';
REVOKE ALL ON FUNCTION agentctl.tree(text, bigint) FROM PUBLIC;
