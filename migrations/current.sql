-- The schema of a new database, as pg_dump of PostgreSQL 15 writes it: for reading, and for the diff of a change.
-- Written by UPDATE_CURRENT_SCHEMA=1 swift test --filter UpgradeTests; not to be edited.
CREATE SCHEMA agentctl;
COMMENT ON SCHEMA agentctl IS 'agentctl: agents as rows. See the comments of its views and functions.';
CREATE SCHEMA agentctl_sql;
COMMENT ON SCHEMA agentctl_sql IS 'Functions that run SQL of others, as the role agentctl_query.';
CREATE TYPE agentctl.approval_scope AS ENUM (
    'once',
    'conversation',
    'always'
);
CREATE TYPE agentctl.approval_state AS ENUM (
    'pending',
    'approved',
    'denied',
    'expired'
);
CREATE TYPE agentctl.conversation_state AS ENUM (
    'idle',
    'ready',
    'running',
    'waiting',
    'parked'
);
CREATE TYPE agentctl.exit_reason AS ENUM (
    'ok',
    'error',
    'timeout',
    'memory',
    'output',
    'denied',
    'killed'
);
CREATE TYPE agentctl.message_role AS ENUM (
    'user',
    'assistant',
    'tool'
);
CREATE TYPE agentctl.node_status AS ENUM (
    'succeeded',
    'failed'
);
CREATE TYPE agentctl.operation AS ENUM (
    'user_input',
    'approval',
    'interrupt',
    'steer',
    'undo',
    'compact',
    'fork',
    'set',
    'resolve',
    'shutdown'
);
CREATE TYPE agentctl.plan_state AS ENUM (
    'draft',
    'approved',
    'running',
    'completed',
    'failed',
    'cancelled'
);
CREATE TYPE agentctl.plan_step_status AS ENUM (
    'pending',
    'running',
    'completed',
    'failed',
    'skipped'
);
CREATE TYPE agentctl.step_kind AS ENUM (
    'model_call',
    'tool_round',
    'validation',
    'compaction',
    'delegation',
    'guardrail'
);
CREATE TYPE agentctl.task_state AS ENUM (
    'pending',
    'held',
    'assigned',
    'done',
    'failed',
    'cancelled',
    'dead'
);
CREATE TYPE agentctl.tool_call_state AS ENUM (
    'planned',
    'started',
    'succeeded',
    'failed',
    'denied',
    'in_doubt'
);
CREATE TYPE agentctl.tool_effect AS ENUM (
    'pure',
    'idempotent',
    'sql',
    'unsafe'
);
CREATE TYPE agentctl.turn_status AS ENUM (
    'running',
    'waiting',
    'succeeded',
    'failed',
    'limited',
    'interrupted'
);
CREATE TYPE agentctl.worker_state AS ENUM (
    'active',
    'draining',
    'stopped',
    'lost'
);
CREATE FUNCTION agentctl.account_name() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    who text := agentctl.caller();
    acting oid := to_regrole(quote_ident(who));
    here text;
    known record;
BEGIN
    SELECT a.name INTO known FROM account AS a WHERE a.role = acting AND a.role_name = who;
    IF FOUND THEN
        RETURN known.name;
    END IF;
    SELECT c.system_identifier::text INTO here FROM pg_control_system() AS c;
    -- The role has another name than it had.
    SELECT a.name INTO known FROM account AS a WHERE a.role = acting AND a.cluster = here;
    IF FOUND THEN
        RETURN known.name;
    END IF;
    -- The database came from another cluster.
    SELECT a.name, a.cluster INTO known FROM account AS a
    WHERE a.role_name = who ORDER BY a.created_at DESC LIMIT 1;
    IF known.cluster <> here THEN
        RETURN known.name;
    END IF;
    RETURN CASE WHEN EXISTS (SELECT FROM account AS a WHERE a.name = who) THEN who || '#' || acting ELSE who END;
END $$;
COMMENT ON FUNCTION agentctl.account_name() IS 'The account of the role that acts: what created_by holds in what it makes and made. Of a role that has made nothing yet, the one that it would get.';
CREATE FUNCTION agentctl.account_sees_all(account text) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN coalesce((
        SELECT agentctl.sees_all(r.rolname) FROM account AS a JOIN pg_roles AS r ON r.oid = a.role
        WHERE a.name = account_sees_all.account), false);
END $$;
COMMENT ON FUNCTION agentctl.account_sees_all(account text) IS 'Whether the role of an account may act on conversations that others started; false when it was dropped. Internal.';
CREATE FUNCTION agentctl.agent_metrics(of_agent text DEFAULT NULL::text, since timestamp with time zone DEFAULT NULL::timestamp with time zone, until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(agent text, version integer, turns bigint, succeeded bigint, failed bigint, limited bigint, interrupted bigint, success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision, mean_queue_ms double precision, model_calls bigint, tool_calls bigint, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, cost_usd numeric, first_at timestamp with time zone, last_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT t.agent,
           t.agent_version AS version,
           count(*) AS turns,
           count(*) FILTER (WHERE t.status = 'succeeded') AS succeeded,
           count(*) FILTER (WHERE t.status = 'failed') AS failed,
           count(*) FILTER (WHERE t.status = 'limited') AS limited,
           count(*) FILTER (WHERE t.status = 'interrupted') AS interrupted,
           round(count(*) FILTER (WHERE t.status = 'succeeded') / count(*)::numeric, 4) AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY t.duration_ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY t.duration_ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY t.duration_ms) AS p99_ms,
           avg(extract(epoch FROM t.started_at - t.submitted_at) * 1000)::double precision AS mean_queue_ms,
           sum(t.model_calls)::bigint AS model_calls,
           sum(t.tool_calls)::bigint AS tool_calls,
           sum(t.input_tokens)::bigint AS input_tokens,
           sum(t.cached_input_tokens)::bigint AS cached_input_tokens,
           sum(t.output_tokens)::bigint AS output_tokens,
           sum(t.cost_usd) AS cost_usd,
           min(t.started_at) AS first_at,
           max(t.started_at) AS last_at
    FROM turn AS t
    WHERE t.started_at >= coalesce(agent_metrics.since, '-infinity')
      AND t.started_at < coalesce(agent_metrics.until, 'infinity')
      AND (agent_metrics.of_agent IS NULL OR t.agent = agent_metrics.of_agent)
    GROUP BY t.agent, t.agent_version
$$;
COMMENT ON FUNCTION agentctl.agent_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) IS 'Turns by agent and version. Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
CREATE FUNCTION agentctl.agent_parts(name text, model text DEFAULT NULL::text, chain_version integer DEFAULT NULL::integer) RETURNS TABLE(epoch bigint, kind text, part_name text, version integer, version_id bigint, document jsonb)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH RECURSIVE part (id) AS (
        SELECT v.id FROM agentctl.definition AS d
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind IN ('agent', 'chain') AND d.name = agent_parts.name AND agent_parts.chain_version IS NULL
        UNION
        -- A run goes on as the chain was when it began, whatever is in force now.
        SELECT v.id FROM agentctl.definition_version AS v
        WHERE v.kind = 'chain' AND v.name = agent_parts.name AND v.version = agent_parts.chain_version
        UNION
        SELECT v.id
        FROM part
        JOIN agentctl.definition_reference AS r ON r.version_id = part.id AND r.kind NOT IN ('agent', 'chain')
        JOIN agentctl.definition AS d ON d.kind = r.kind
            AND d.name = CASE r.kind WHEN 'model' THEN coalesce(agent_parts.model, r.name) ELSE r.name END
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    ), policy (id) AS (
        SELECT v.id
        FROM agentctl.setting AS s
        JOIN agentctl.definition AS d ON d.kind = 'policy' AND d.name = s.value
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE s.name = 'default_policy' AND EXISTS (SELECT FROM part)
    )
    SELECT e.epoch, v.kind, v.name, v.version, v.id, v.document
    FROM agentctl.definition_epoch AS e, agentctl.definition_version AS v
    WHERE v.id IN (SELECT part.id FROM part UNION SELECT policy.id FROM policy)
    UNION ALL
    -- Of those it may delegate to, what its model is told.
    SELECT e.epoch, 'delegate', v.name, v.version, v.id,
           jsonb_build_object('description', v.document -> 'description')
    FROM agentctl.definition_epoch AS e
    JOIN agentctl.definition_version AS a ON a.id IN (SELECT part.id FROM part) AND a.kind IN ('agent', 'chain')
    JOIN agentctl.definition AS d ON d.kind = 'agent' AND d.name = ANY (CASE
        WHEN a.kind = 'agent' THEN ARRAY(SELECT jsonb_array_elements_text(a.document -> 'delegates'))
        -- Whom the agents of a handoff may hand over to.
        WHEN a.document ->> 'strategy' = 'handoff'
            THEN ARRAY(SELECT o.name #>> '{}' FROM jsonb_path_query(a.document, 'lax $.to.*[*]') AS o (name)) END)
    JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    UNION ALL
    -- What a chain is compiled to.
    SELECT e.epoch, 'graph', v.name, v.version, v.id, jsonb_build_object(
        'nodes', (SELECT jsonb_agg(jsonb_build_object('name', n.name, 'kind', n.kind, 'position', n.position,
            'definition', n.definition) ORDER BY n.number) FROM agentctl.chain_node AS n WHERE n.version_id = v.id),
        'edges', (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('from', g.from_node, 'to', g.to_node,
            'upon', g.upon, 'when', g.condition, 'otherwise', g.is_otherwise, 'choose', g.is_chosen,
            'loop', g.loop)) ORDER BY g.number) FROM agentctl.chain_edge AS g WHERE g.version_id = v.id))
    FROM agentctl.definition_epoch AS e
    JOIN agentctl.definition_version AS v ON v.id IN (SELECT part.id FROM part) AND v.kind = 'chain';
END $_$;
COMMENT ON FUNCTION agentctl.agent_parts(name text, model text, chain_version integer) IS 'The agent or chain in force under a name, the versions of all that it and its parts refer to, the default policy, the descriptions of those that it may delegate to, and what a chain is compiled to, each once, with the epoch they were read at; with another model than its own, if one is given, or a chain of another version.';
CREATE FUNCTION agentctl.apply_operation(conversation text, seq bigint, lease uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '250ms'
    AS $$
#variable_conflict use_column
DECLARE
    held record;
    asked record;
    told record;
BEGIN
    SELECT c.last_event INTO held FROM conversation_control AS c
    WHERE c.conversation_id = apply_operation.conversation AND c.lease = apply_operation.lease AND c.state = 'running'
      AND c.head_seq = apply_operation.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- As in finish(): the limit is for the row.
    PERFORM set_config('lock_timeout', '10s', true);
    SELECT s.operation, s.body INTO asked FROM submission AS s
    WHERE s.conversation_id = apply_operation.conversation AND s.seq = apply_operation.seq;
    CASE asked.operation
        WHEN 'undo' THEN
            SELECT 'undone'::text AS type, agentctl.apply_undo(apply_operation.conversation, apply_operation.seq,
                (asked.body ->> 'turns')::integer) AS data INTO told;
        WHEN 'set' THEN
            SELECT 'settings_changed'::text AS type,
                   agentctl.apply_settings(apply_operation.conversation, asked.body) AS data INTO told;
        WHEN 'shutdown' THEN
            SELECT 'closed'::text AS type, '{}'::jsonb AS data INTO told;
        WHEN 'steer' THEN
            -- A turn has taken it up.
            SELECT NULL::text AS type, NULL::jsonb AS data INTO told;
        ELSE
            SELECT 'error'::text AS type, jsonb_build_object('code', 'operation_unsupported',
                'message', format('this release does not know the operation %s', asked.operation)) AS data INTO told;
    END CASE;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT apply_operation.conversation, held.last_event + 1, apply_operation.seq, told.type, told.data
    WHERE told.type IS NOT NULL;
    UPDATE conversation_control AS c
    SET head_seq = apply_operation.seq,
        state = CASE WHEN c.tail_seq > apply_operation.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN c.tail_seq > apply_operation.seq THEN clock_timestamp() END,
        lease = NULL, worker_id = NULL, attempt = 0, generation = 0,
        last_event = c.last_event + CASE WHEN told.type IS NULL THEN 0 ELSE 1 END
    WHERE c.conversation_id = apply_operation.conversation;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.apply_operation(conversation text, seq bigint, lease uuid) IS 'Carries out a claimed operation that is not a message and ends it, if the lease still holds. Fails with 55P03 like finish().';
CREATE FUNCTION agentctl.apply_settings(conversation text, change jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    chosen text := coalesce(apply_settings.change ->> 'agent',
        (SELECT v.agent FROM conversation AS v WHERE v.id = apply_settings.conversation));
    numbers jsonb := apply_settings.change - '{agent,lowers,routing}'::text[];
BEGIN
    IF apply_settings.change ? 'lowers' THEN
        SELECT coalesce(jsonb_object_agg(n.key, CASE
                   WHEN n.key ~ '^(max_|timeout$|output_retries$|history_limit$)' AND jsonb_typeof(n.value) = 'number'
                   THEN least((n.value #>> '{}')::numeric,
                       coalesce(own.most, (f.default_value #>> '{}')::numeric))::text::jsonb
                   ELSE n.value END), '{}') INTO numbers
        FROM jsonb_each(numbers) AS n
        LEFT JOIN document_field AS f ON f.kind = 'agent' AND f.path = n.key
        CROSS JOIN LATERAL (
            -- Settings hold for each agent of a chain that answers in the conversation.
            SELECT min((coalesce(v.document -> n.key, f.default_value) #>> '{}')::numeric) AS most
            FROM definition AS d
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE d.kind = 'agent' AND jsonb_typeof(n.value) = 'number'
              AND (d.name = chosen OR d.name IN (
                  SELECT r.name FROM definition AS c
                  JOIN definition_version AS w ON w.kind = c.kind AND w.name = c.name AND w.version = c.current_version
                  JOIN definition_reference AS r ON r.version_id = w.id
                  WHERE c.kind = 'chain' AND c.name = chosen AND r.kind = 'agent'))
        ) AS own;
    END IF;
    UPDATE conversation AS v
    SET agent = chosen,
        -- How messages are routed was changed by set() itself: it holds for what is submitted, not for what is run.
        settings = jsonb_strip_nulls(CASE WHEN v.agent = chosen THEN v.settings || numbers ELSE numbers END
            || jsonb_build_object('routing', v.settings -> 'routing'))
    WHERE v.id = apply_settings.conversation;
    RETURN apply_settings.change - 'lowers' || numbers;
END $_$;
COMMENT ON FUNCTION agentctl.apply_settings(conversation text, change jsonb) IS 'Carries out a change of settings and returns what it came to: limits that the caller of set() may only lower are not raised. Internal: apply_operation() calls it.';
CREATE FUNCTION agentctl.apply_undo(conversation text, seq bigint, turns integer) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    undone bigint[];
    messages bigint;
    first bigint;
BEGIN
    -- Of a fork the copied messages too: they have the numbers of the turns that they come from.
    undone := ARRAY(
        SELECT DISTINCT m.seq FROM message AS m
        WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.role = 'user'
        ORDER BY m.seq DESC LIMIT apply_undo.turns);
    first := (SELECT min(m.number) FROM message AS m
              WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.seq = ANY (undone));
    UPDATE message AS m SET undone_by = apply_undo.seq
    WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.seq = ANY (undone);
    GET DIAGNOSTICS messages = ROW_COUNT;
    -- The summary before it may tell of nothing that was undone; else the messages speak for themselves again.
    UPDATE compaction AS o SET undone_by = apply_undo.seq
    WHERE o.conversation_id = apply_undo.conversation AND o.undone_by IS NULL AND o.last_message >= first;
    RETURN jsonb_build_object(
        'turns', coalesce((SELECT jsonb_agg(u ORDER BY u) FROM unnest(undone) AS u), '[]'),
        'messages', messages,
        'effects', coalesce((
            -- Those of the tasks below the turns as well, of all attempts. To delegate is no effect of its own.
            WITH RECURSIVE below (conversation_id, seq, path) AS (
                SELECT apply_undo.conversation COLLATE "C", u.seq, ARRAY[u.seq]
                FROM unnest(undone) AS u (seq)
                UNION ALL
                SELECT CASE WHEN a.attempt = t.attempt THEN t.conversation_id ELSE agentctl.task_conversation_id(
                           t.id, t.parent_conversation_id, t.parent_seq, t.number, a.attempt) END,
                       t.seq, b.path || ARRAY[t.number, a.attempt::bigint]
                FROM below AS b
                CROSS JOIN LATERAL (
                    SELECT o.* FROM task AS o
                    WHERE o.parent_conversation_id = b.conversation_id AND o.parent_seq = b.seq
                      AND o.conversation_id IS NOT NULL OFFSET 0
                ) AS t
                CROSS JOIN LATERAL generate_series(1, t.attempt) AS a (attempt)
            )
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'conversation', nullif(b.conversation_id, apply_undo.conversation), 'turn', c.seq, 'call', c.number,
                'tool', c.tool, 'state', c.state)) ORDER BY b.path, c.number)
            FROM below AS b
            CROSS JOIN LATERAL (
                SELECT o.* FROM tool_call AS o
                WHERE o.conversation_id = b.conversation_id AND o.seq = b.seq
                  AND o.effect IN ('unsafe', 'sql', 'idempotent') AND o.state IN ('succeeded', 'in_doubt', 'started')
                  AND o.started_at >= (SELECT agentctl.turn_lower_bound(b.conversation_id, b.seq)) OFFSET 0
            ) AS c
            WHERE NOT EXISTS (
                SELECT FROM task AS t
                WHERE t.parent_conversation_id = c.conversation_id AND t.parent_seq = c.seq
                  AND t.group_key = 'call ' || c.number)), '[]'));
END $$;
COMMENT ON FUNCTION agentctl.apply_undo(conversation text, seq bigint, turns integer) IS 'Marks the messages of the last turns as undone; returns which, and which effects of theirs and of the tasks below them stay: [{conversation, turn, call, tool, state}], conversation for tasks only. Internal: apply_operation() calls it.';
CREATE FUNCTION agentctl.approve(approval bigint, reason text DEFAULT NULL::text, scope text DEFAULT 'once'::text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT agentctl.decide(approval, true, reason, scope)
$$;
COMMENT ON FUNCTION agentctl.approve(approval bigint, reason text, scope text) IS 'Lets a tool call that waits run; scope: once, conversation (the same again in this conversation) or always (of this agent in any). Returns whether the turn goes on, as nothing else of it waits. Fails with AC003 when it was decided or has expired.';
CREATE FUNCTION agentctl.approve_plan(plan bigint, revision integer DEFAULT NULL::integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
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
COMMENT ON FUNCTION agentctl.approve_plan(plan bigint, revision integer) IS 'Approves a plan, so that it may run; false when it is approved already. With a revision, only that one. Fails with AC003 when it was edited since, or runs.';
CREATE TABLE agentctl.schedule_state (
    name text NOT NULL COLLATE pg_catalog."C",
    version_id bigint NOT NULL,
    due_at timestamp with time zone,
    look_at timestamp with time zone,
    paused_at timestamp with time zone,
    paused_by text,
    CONSTRAINT schedule_state_check CHECK (((paused_at IS NULL) = (paused_by IS NULL))),
    CONSTRAINT schedule_state_due_at_check CHECK (isfinite(due_at)),
    CONSTRAINT schedule_state_look_at_check CHECK (isfinite(look_at))
)
WITH (fillfactor='70');
COMMENT ON TABLE agentctl.schedule_state IS 'The schedules in force, with the time at which each is due next.';
COMMENT ON COLUMN agentctl.schedule_state.name IS 'Name of the schedule.';
COMMENT ON COLUMN agentctl.schedule_state.version_id IS 'Its version in force.';
COMMENT ON COLUMN agentctl.schedule_state.due_at IS 'The next time that its cron text names; NULL when there is none, or while it is paused or not enabled.';
COMMENT ON COLUMN agentctl.schedule_state.look_at IS 'When a worker has something to do for it: due_at with the jitter, or a moment later while a run is queued; NULL for never.';
COMMENT ON COLUMN agentctl.schedule_state.paused_at IS 'Since when it is paused; NULL when it is not.';
COMMENT ON COLUMN agentctl.schedule_state.paused_by IS 'Database user who paused it.';
CREATE FUNCTION agentctl.begin_schedule_run(state agentctl.schedule_state, due_at timestamp with time zone, at timestamp with time zone, is_late boolean DEFAULT false, requested_by text DEFAULT NULL::text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    version record;
    sent record;
BEGIN
    SELECT v.document, v.created_by INTO version FROM definition_version AS v WHERE v.id = (state).version_id;
    BEGIN
        SELECT s.* INTO sent
        FROM agentctl.submit_schedule((state).name, version.document, version.created_by, due_at) AS s;
        INSERT INTO schedule_run AS r (name, due_at, version_id, outcome, is_late, requested_by, ran_at,
            conversation_id, seq, task_id, is_open)
        VALUES ((state).name, begin_schedule_run.due_at, (state).version_id, 'submitted', begin_schedule_run.is_late,
                begin_schedule_run.requested_by, begin_schedule_run.at, sent.conversation_id, sent.seq, sent.task_id,
                true)
        ON CONFLICT (name, due_at) DO UPDATE
            SET version_id = excluded.version_id, outcome = excluded.outcome, ran_at = excluded.ran_at,
                conversation_id = excluded.conversation_id, seq = excluded.seq, task_id = excluded.task_id,
                is_open = true
            WHERE r.outcome = 'queued';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this time has had its run' USING ERRCODE = 'ACRUN';
        END IF;
        RETURN true;
    EXCEPTION WHEN OTHERS THEN
        -- What may pass by itself is tried again; anything else ends this run and holds up no other.
        IF left(SQLSTATE, 2) IN ('40', '53', '55', '57', '58') THEN
            RETURN NULL;
        ELSIF SQLSTATE = 'ACRUN' THEN
            RETURN false;
        ELSIF requested_by IS NOT NULL THEN
            RAISE;
        END IF;
        INSERT INTO schedule_run AS r (name, due_at, version_id, outcome, is_late, ran_at, error_code, error_message)
        VALUES ((state).name, begin_schedule_run.due_at, (state).version_id, 'failed', begin_schedule_run.is_late,
                begin_schedule_run.at, SQLSTATE, left(SQLERRM, 2000))
        ON CONFLICT (name, due_at) DO UPDATE
            SET outcome = excluded.outcome, ran_at = excluded.ran_at, error_code = excluded.error_code,
                error_message = excluded.error_message
            WHERE r.outcome = 'queued';
        RETURN false;
    END;
END $$;
COMMENT ON FUNCTION agentctl.begin_schedule_run(state agentctl.schedule_state, due_at timestamp with time zone, at timestamp with time zone, is_late boolean, requested_by text) IS 'Submits a run and stores it, both or neither. False: it could not be submitted, which is stored, or had been before; NULL: try again later. Internal: whoever has locked the row of schedule_state calls it.';
CREATE FUNCTION agentctl.begin_steering(conversation text, seq bigint, agent text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c SET steer_seq = begin_steering.seq
    WHERE c.conversation_id = begin_steering.conversation
      AND (c.state IN ('running', 'waiting', 'parked') OR c.has_progress)
      AND EXISTS (
        SELECT FROM submission AS s JOIN conversation AS v ON v.id = s.conversation_id
        WHERE s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
          AND s.operation IN ('user_input', 'steer')
          AND s.taken_by IS NULL AND coalesce(begin_steering.agent, s.agent, v.agent) = coalesce(s.agent, v.agent));
    IF FOUND THEN
        PERFORM pg_notify('agentctl_signal', '');
    END IF;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.begin_steering(conversation text, seq bigint, agent text) IS 'Tells the turn in progress that a submission is for it; false when there is none, or another agent''s. Internal: steer() and submit() call it.';
CREATE FUNCTION agentctl.begin_tasks(tasks bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    taken text;
BEGIN
    -- A database of an earlier release may hold a conversation of that name.
    SELECT v.id INTO taken FROM task AS t JOIN conversation AS v ON v.id = t.conversation_id
    WHERE t.id = ANY (begin_tasks.tasks) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'there is a conversation "%" already', taken USING ERRCODE = 'AC003';
    END IF;
    -- Of a turn's tasks its worker takes what it has slots for, and notifies others of the rest.
    IF EXISTS (SELECT FROM task AS t WHERE t.id = ANY (begin_tasks.tasks) AND t.parent_conversation_id IS NULL) THEN
        PERFORM agentctl.notify_workers();
    END IF;
    WITH begun AS MATERIALIZED (
        SELECT t.*, CASE
            WHEN t.input IS NULL THEN jsonb_build_object('message', t.description)
            WHEN (SELECT v.document ? 'input_schema'
                  FROM definition AS d
                  JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
                  WHERE d.kind IN ('agent', 'chain') AND d.name = t.agent) THEN jsonb_build_object('input', t.input)
            ELSE jsonb_build_object('message', t.description || E'\n\n' || t.input::text) END AS body
        FROM task AS t WHERE t.id = ANY (begin_tasks.tasks)
    ), made AS (
        INSERT INTO conversation (id, tenant, agent, created_by)
        SELECT b.conversation_id, b.tenant, b.agent, b.created_by FROM begun AS b
    ), controlled AS (
        INSERT INTO conversation_control (conversation_id, state, ready_at, tail_seq, priority, depth)
        SELECT b.conversation_id, 'ready', clock_timestamp(), b.seq, b.priority, b.depth FROM begun AS b
    )
    INSERT INTO submission (conversation_id, seq, body, task_id, created_by)
    SELECT b.conversation_id, b.seq, b.body, b.id, b.created_by FROM begun AS b;
END $$;
COMMENT ON FUNCTION agentctl.begin_tasks(tasks bigint[]) IS 'Makes the conversations of assigned tasks and has them claimed. Internal: whoever has just inserted or locked the tasks calls it.';
CREATE FUNCTION agentctl.bind_accounts() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    here text := (SELECT c.system_identifier FROM pg_control_system() AS c);
    changed integer;
BEGIN
    UPDATE account AS a
    SET role = n.role, role_name = n.role_name, cluster = n.cluster
    FROM (
        -- Where there is no role of the name yet, the name decides once there is.
        SELECT f.name, f.role_name, f.role, CASE WHEN f.is_last AND f.role IS NULL THEN f.cluster ELSE here END AS cluster
        FROM (
            SELECT o.name, o.cluster, coalesce(r.rolname::text, o.role_name) AS role_name, l.is_last,
                   CASE WHEN o.cluster = here THEN o.role
                       WHEN l.is_last THEN to_regrole(quote_ident(o.role_name))::oid END AS role
            FROM account AS o
            LEFT JOIN pg_roles AS r ON o.cluster = here AND r.oid = o.role
            -- Of several of one name, those before the last had been dropped.
            CROSS JOIN LATERAL (SELECT NOT EXISTS (SELECT FROM account AS later
                WHERE later.role_name = o.role_name AND later.created_at > o.created_at) AS is_last) AS l
        ) AS f
    ) AS n
    WHERE n.name = a.name AND (n.role, n.role_name, n.cluster) IS DISTINCT FROM (a.role, a.role_name, a.cluster);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END $$;
COMMENT ON FUNCTION agentctl.bind_accounts() IS 'Finds the roles of accounts: by name in a database that was restored from another cluster, and otherwise their names of today; returns how many changed. Internal: grant_roles() calls it.';
CREATE FUNCTION agentctl.budget_left(task bigint, besides bigint[] DEFAULT '{}'::bigint[], OUT tokens bigint, OUT cost_usd numeric) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    own record;
    below record;
BEGIN
    SELECT t.budget_tokens, t.budget_usd, t.conversation_id, t.seq,
           t.tokens + coalesce(p.input_tokens + p.output_tokens, 0) AS tokens,
           t.cost_usd + coalesce(p.cost_usd, 0) AS cost_usd
    INTO own
    FROM task AS t LEFT JOIN turn_progress AS p ON p.conversation_id = t.conversation_id AND p.seq = t.seq
    WHERE t.id = budget_left.task AND (t.budget_tokens IS NOT NULL OR t.budget_usd IS NOT NULL);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(CASE WHEN b.finished_at IS NULL THEN greatest(b.budget_tokens, b.tokens) ELSE b.tokens END), 0)
               AS tokens,
           coalesce(sum(CASE WHEN b.finished_at IS NULL THEN greatest(b.budget_usd, b.cost_usd)
               ELSE b.cost_usd END), 0) AS cost_usd
    INTO below
    FROM task AS b
    WHERE b.parent_conversation_id = own.conversation_id AND b.parent_seq = own.seq
      AND b.id <> ALL (budget_left.besides);
    tokens := own.budget_tokens - own.tokens - below.tokens;
    cost_usd := own.budget_usd - own.cost_usd - below.cost_usd;
END $$;
COMMENT ON FUNCTION agentctl.budget_left(task bigint, besides bigint[], OUT tokens bigint, OUT cost_usd numeric) IS 'What the present turn of a task has left of its budget, after what was spent and what tasks below it hold, those in besides left out. NULL for no limit. Internal: spawning and claiming call it.';
CREATE FUNCTION agentctl.bury_deliveries(hook text, reason text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    UPDATE hook_delivery AS d
    SET state = 'dead', next_at = NULL, error_message = reason, finished_at = clock_timestamp()
    -- What another session is about to store is dead by its own answer.
    WHERE d.id IN (SELECT p.id FROM hook_delivery AS p WHERE p.hook = bury_deliveries.hook AND p.state = 'pending'
                   FOR NO KEY UPDATE SKIP LOCKED);
END $$;
COMMENT ON FUNCTION agentctl.bury_deliveries(hook text, reason text) IS 'Gives up all deliveries of a hook that are pending. Internal.';
CREATE FUNCTION agentctl.call_function(name text, arguments jsonb DEFAULT '{}'::jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    accepted bigint;
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF NOT EXISTS (SELECT FROM definition AS d
                   WHERE d.kind = 'function' AND d.name = call_function.name AND d.current_version IS NOT NULL) THEN
        PERFORM agentctl.raise_unknown('function', call_function.name, 'See agentctl.functions.');
    END IF;
    IF jsonb_typeof(call_function.arguments) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'the arguments of a function are an object' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(call_function.arguments::text) > largest THEN
        RAISE EXCEPTION 'the arguments have more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    -- What a worker could not read would only fail later.
    IF call_function.arguments @? 'strict $.**{64}' THEN
        RAISE EXCEPTION 'the arguments nest deeper than 63 levels' USING ERRCODE = 'AC001';
    END IF;
    IF call_function.arguments @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RAISE EXCEPTION 'the arguments hold a number beyond the range of double precision' USING ERRCODE = 'AC001';
    END IF;
    INSERT INTO function_request (function, arguments) VALUES (call_function.name, call_function.arguments) RETURNING id
        INTO accepted;
    INSERT INTO function_queue (id) VALUES (accepted);
    RETURN accepted;
END $_$;
COMMENT ON FUNCTION agentctl.call_function(name text, arguments jsonb) IS 'Queues a call of a stored function and returns its number; works inside the caller''s transaction. function_result() tells what came of it.';
CREATE FUNCTION agentctl.caller() RETURNS name
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RETURN coalesce(nullif(current_setting('role'), 'none')::name, session_user);
END $$;
COMMENT ON FUNCTION agentctl.caller() IS 'The role that acts: the one set by SET ROLE, or else the user of the session.';
CREATE FUNCTION agentctl.cancel_task(task bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.task := agentctl.require_task(cancel_task.task);
BEGIN
    UPDATE task AS t SET state = 'cancelled', error_code = 'interrupted', finished_at = clock_timestamp()
    WHERE t.id = cancel_task.task AND t.state IN ('pending', 'held');
    IF FOUND THEN
        IF asked.parent_conversation_id IS NULL THEN
            PERFORM agentctl.release_dependents(cancel_task.task);
        ELSE
            PERFORM agentctl.tell_parent(asked.parent_conversation_id);
        END IF;
        RETURN true;
    END IF;
    -- Another attempt may begin meanwhile: then that one is stopped.
    FOR tries IN 1..3 LOOP
        asked := agentctl.require_task(cancel_task.task);
        IF asked.finished_at IS NOT NULL THEN
            RAISE EXCEPTION 'task % is % already', asked.id, asked.state USING ERRCODE = 'AC003';
        END IF;
        PERFORM agentctl.lock_conversation(asked.conversation_id);
        PERFORM agentctl.stop_children(asked.conversation_id, asked.seq);
        UPDATE conversation_control AS c
        SET cancel_seq = c.head_seq + 1,
            state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
            ready_at = CASE c.state WHEN 'running' THEN NULL ELSE coalesce(c.ready_at, clock_timestamp()) END,
            wake_at = NULL
        WHERE c.conversation_id = asked.conversation_id AND c.head_seq = asked.seq - 1;
        EXIT WHEN FOUND;
    END LOOP;
    PERFORM pg_notify('agentctl_signal', '');
    RETURN false;
END $$;
COMMENT ON FUNCTION agentctl.cancel_task(task bigint) IS 'Cancels a task. True: it had not begun, and has ended; false: it is being stopped, with all tasks below it, and ends when a worker has seen to it. Fails with AC003 when it has ended.';
CREATE FUNCTION agentctl.chain_condition(edge jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
    SELECT nullif(concat_ws(', ',
        CASE edge ->> 'upon' WHEN 'failure' THEN 'upon failure' WHEN 'always' THEN 'whatever happens'
            WHEN 'limit' THEN 'at the bound' WHEN 'success' THEN NULL ELSE edge ->> 'upon' END,
        CASE jsonb_typeof(edge -> 'when')
            WHEN 'string' THEN 'when ' || regexp_replace(edge ->> 'when', '\{\{\s*(.*?)\s*\}\}', '\1', 'g')
            WHEN 'object' THEN 'when ' || (
                SELECT string_agg(regexp_replace(c.key, '^\{\{\s*|\s*\}\}$', '', 'g') || ' '
                    || coalesce(w.words, left(c.value::text, 60)),
                           ' and ' ORDER BY c.key)
                FROM jsonb_each(edge -> 'when') AS c
                LEFT JOIN LATERAL (
                    SELECT string_agg(s.sign || ' ' || left(k.value::text, 40), ' and ' ORDER BY s.place) AS words
                    FROM jsonb_each(CASE jsonb_typeof(c.value) WHEN 'object' THEN c.value ELSE '{}' END) AS k
                    LEFT JOIN (VALUES ('const', '=', 1), ('minimum', '≥', 2), ('exclusiveMinimum', '>', 3),
                        ('maximum', '≤', 4), ('exclusiveMaximum', '<', 5), ('enum', 'is one of', 6),
                        ('pattern', 'matches', 7)) AS s (word, sign, place)
                        ON s.word = k.key
                    HAVING bool_and(s.sign IS NOT NULL)) AS w ON true) END,
        CASE WHEN edge -> 'otherwise' = 'true' THEN 'otherwise' END,
        CASE WHEN edge -> 'choose' = 'true' THEN 'by choice' END,
        CASE WHEN edge ? 'loop' THEN format('at most %s times', edge ->> 'loop') END), '')
$_$;
COMMENT ON FUNCTION agentctl.chain_condition(edge jsonb) IS 'In words, what takes an edge of a compiled chain; NULL for success alone. Internal: for drawings.';
CREATE FUNCTION agentctl.chain_depth(agent text) RETURNS integer
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT CASE d.kind WHEN 'agent' THEN (v.document ->> 'max_chain_depth')::integer ELSE 1000 END
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind IN ('agent', 'chain') AND d.name = chain_depth.agent
          AND (d.kind = 'agent' OR NOT v.document ? 'from'));
END $$;
COMMENT ON FUNCTION agentctl.chain_depth(agent text) IS 'How many levels an agent allows below it (max_chain_depth), or a chain, for which it is as good as no limit; NULL when neither is in force.';
CREATE FUNCTION agentctl.chain_document(name text, version integer DEFAULT NULL::integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    stored jsonb;
BEGIN
    SELECT v.document INTO stored
    FROM definition AS d
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name
        AND v.version = coalesce(chain_document.version, d.current_version)
    WHERE d.kind = 'chain' AND d.name = chain_document.name;
    IF NOT FOUND THEN
        PERFORM agentctl.raise_unknown('chain', chain_document.name, 'The view agentctl.chains has those in force.');
    END IF;
    RETURN stored;
END $$;
COMMENT ON FUNCTION agentctl.chain_document(name text, version integer) IS 'The document of a chain: of the version in force, or of another. Fails with AC002 when there is none.';
CREATE FUNCTION agentctl.chain_dot(document jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH graph AS (
        SELECT agentctl.compile_chain(document) AS value
    ), line AS (
        SELECT 1 AS part, n.ordinality AS number, format('    "%s" [label="%s", shape=%s];', n.value ->> 'name',
                   replace(replace(concat_ws(E'\n', n.value ->> 'name', nullif(agentctl.chain_node_words(n.value), '')),
                       '"', '\"'), E'\n', '\n'),
                   CASE n.value ->> 'kind' WHEN 'approval' THEN 'hexagon' WHEN 'vote' THEN 'circle' WHEN 'tool'
                       THEN 'parallelogram'
                       WHEN 'function' THEN 'parallelogram' WHEN 'chain' THEN 'box3d' WHEN 'map' THEN 'box3d'
                       ELSE 'box' END) AS text
        FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'nodes') WITH ORDINALITY AS n
        UNION ALL
        SELECT 2, 0, '    "end" [label="", shape=doublecircle, width=0.2];'
        FROM graph AS g WHERE g.value -> 'edges' @> '[{"to": "end"}]'
        UNION ALL
        SELECT 3, e.ordinality, format('    "%s" -> "%s"%s;', e.value ->> 'from', e.value ->> 'to',
                   coalesce(' [' || nullif(concat_ws(', ',
                       'label="' || replace(agentctl.chain_condition(e.value), '"', '\"') || '"',
                       CASE WHEN e.value ? 'loop' THEN 'style=dashed, constraint=false' END), '') || ']', ''))
        FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'edges') WITH ORDINALITY AS e
    )
    SELECT format(E'digraph "%s" {\n    node [fontname="sans-serif"];\n    edge [fontname="sans-serif"];\n%s\n}',
               document ->> 'name', string_agg(l.text, E'\n' ORDER BY l.part, l.number))
    FROM line AS l
$$;
COMMENT ON FUNCTION agentctl.chain_dot(document jsonb) IS 'A valid chain as a graph of Graphviz (DOT), from its document.';
CREATE FUNCTION agentctl.chain_dot(name text, version integer DEFAULT NULL::integer) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT agentctl.chain_dot(agentctl.chain_document(name, version))
$$;
COMMENT ON FUNCTION agentctl.chain_dot(name text, version integer) IS 'A chain as a graph of Graphviz (DOT): the version in force, or another. Fails with AC002 when there is none.';
CREATE FUNCTION agentctl.chain_graph(document jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $$
    WITH graph AS MATERIALIZED (
        SELECT agentctl.compile_chain(document) AS value
    ), place AS (
        SELECT s.number, s."position", s.bound FROM graph AS g CROSS JOIN LATERAL agentctl.chain_structure(g.value) AS s
        WHERE NOT document ? 'from' AND document ->> 'strategy' <> 'handoff'
    )
    SELECT jsonb_build_object(
        'name', document -> 'name',
        'kind', CASE WHEN document ? 'from' THEN 'relationship' ELSE 'workflow' END,
        'strategy', document -> 'strategy',
        'nodes', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', n.value -> 'name',
                'kind', n.value -> 'kind', 'position', p."position", 'bound', p.bound,
                'words', nullif(agentctl.chain_node_words(n.value), ''))) ORDER BY n.ordinality), '[]')
            FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'nodes') WITH ORDINALITY AS n
            LEFT JOIN place AS p ON p.number = n.ordinality),
        'edges', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('from', e.value -> 'from',
                'to', nullif(e.value ->> 'to', 'end'), 'words', agentctl.chain_condition(e.value),
                'loop', e.value -> 'loop')) ORDER BY e.ordinality), '[]')
            FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'edges') WITH ORDINALITY AS e))
$$;
COMMENT ON FUNCTION agentctl.chain_graph(document jsonb) IS 'A valid chain as what a drawing needs, from its document: {name, kind, strategy, nodes: [{name, kind, position, bound, words}], edges: [{from, to, words, loop}]}; an edge without "to" leads to the end.';
CREATE FUNCTION agentctl.chain_graph(name text, version integer DEFAULT NULL::integer) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT agentctl.chain_graph(agentctl.chain_document(name, version))
$$;
COMMENT ON FUNCTION agentctl.chain_graph(name text, version integer) IS 'A chain as what a drawing needs: the version in force, or another. Fails with AC002 when there is none.';
CREATE FUNCTION agentctl.chain_graph_problems(graph jsonb) RETURNS TABLE(path text, problem text, expected text, nearest text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    names text[] := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e
        ORDER BY e.ordinality);
    positions integer[];
    befores bit varying[];
    afters bit varying[];
    bodies bit varying[];
    bounds integer[];
    regions integer[];
    runs numeric := 0;
    product numeric;
    walk integer[] := '{}';
    here integer;
BEGIN
    RETURN QUERY
    SELECT concat_ws('.', nullif(n.path, ''), 'name'), format('is used twice: %s', n.name),
           'a name that is unique within the chain, and not end', NULL::text
    FROM (SELECT e.value ->> 'path' AS path, e.value ->> 'name' AS name, e.ordinality,
                 row_number() OVER (PARTITION BY e.value ->> 'name' ORDER BY e.value ->> 'path' <> '', e.ordinality)
                     + (e.value ->> 'name' = 'end')::integer AS occurrence
          FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e) AS n
    WHERE n.occurrence > 1 ORDER BY n.ordinality;
    IF FOUND THEN RETURN; END IF;
    RETURN QUERY
    SELECT format('%s.%s', e.value ->> 'path', k.key), format('is "%s"', e.value ->> k.key),
           CASE k.key WHEN 'from' THEN 'the name of a node' ELSE 'the name of a node, or end' END,
           agentctl.nearest(e.value ->> k.key, names || CASE k.key WHEN 'to' THEN '{end}'::text[] ELSE '{}' END)
    FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
    CROSS JOIN (VALUES ('from'), ('to')) AS k (key)
    WHERE NOT e.value ->> k.key = ANY (names) AND (k.key = 'from' OR e.value ->> 'to' <> 'end')
    UNION ALL
    SELECT format('%s.of[%s]', n.value ->> 'path', o.ordinality - 1), format('is "%s"', o.value), 'the name of a node',
           agentctl.nearest(o.value, names)
    FROM jsonb_array_elements(graph -> 'nodes') AS n
    CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(n.value -> 'of', '[]')) WITH ORDINALITY AS o
    WHERE NOT o.value = ANY (names);
    IF FOUND THEN RETURN; END IF;
    SELECT array_agg(s."position" ORDER BY s.number), array_agg(s.before ORDER BY s.number),
           array_agg(s.after ORDER BY s.number), array_agg(s.body ORDER BY s.number),
           array_agg(s.bound ORDER BY s.number), array_agg(s.region ORDER BY s.number)
    INTO positions, befores, afters, bodies, bounds, regions
    FROM agentctl.chain_structure(graph) AS s;
    -- Each node without a position has such a node before it: going back, one comes round.
    here := array_position(positions, NULL);
    IF here IS NOT NULL THEN
        WHILE NOT here = ANY (walk) LOOP
            walk := here || walk;
            SELECT min(f.i) INTO here
            FROM jsonb_array_elements(graph -> 'edges') AS e
            JOIN unnest(names) WITH ORDINALITY AS f (name, i) ON f.name = e.value ->> 'from' AND positions[f.i] IS NULL
            WHERE e.value ->> 'to' = names[walk[1]] AND NOT e.value ? 'loop';
        END LOOP;
        walk := walk[1:array_position(walk, here)];
        here := array_position(walk, (SELECT min(w) FROM unnest(walk) AS w));
        walk := walk[here:] || walk[:here - 1];
        RETURN QUERY
        SELECT e.value ->> 'path', format('leads back without a bound: %s',
                   array_to_string(ARRAY(SELECT names[w] FROM unnest(walk || walk[1]) WITH ORDINALITY AS u (w, i)
                       ORDER BY u.i), ' → ')),
               'loop: the most iterations', NULL::text
        FROM unnest(walk) WITH ORDINALITY AS u (w, i)
        JOIN jsonb_array_elements(graph -> 'edges') AS e ON NOT e.value ? 'loop' AND e.value ->> 'from' = names[u.w]
            AND e.value ->> 'to' = names[coalesce(walk[u.i + 1], walk[1])]
        ORDER BY u.w - coalesce(walk[u.i + 1], walk[1]) DESC LIMIT 1;
        RETURN;
    END IF;
    RETURN QUERY
    WITH edge AS (
        SELECT e.value ->> 'path' AS path, e.ordinality, f.i AS source, t.i AS target,
               (e.value ->> 'loop')::integer AS bound, e.value ->> 'to' = 'end' AS is_exit, e.value ->> 'upon' AS upon
        FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
        JOIN unnest(names) WITH ORDINALITY AS f (name, i) ON f.name = e.value ->> 'from'
        LEFT JOIN unnest(names) WITH ORDINALITY AS t (name, i) ON t.name = e.value ->> 'to'
    )
    SELECT e.path || '.loop', CASE WHEN e.is_exit THEN 'leads to the end' ELSE format(
               'does not lead back: no way goes from "%s" to "%s"', names[e.target], names[e.source]) END,
           'no loop, or an edge to a node before it', NULL::text
    FROM edge AS e
    WHERE e.bound IS NOT NULL
      AND (e.is_exit OR e.source <> e.target AND get_bit(befores[e.source], (e.target - 1)::integer) = 0)
    UNION ALL
    SELECT e.path || '.loop', format('is %s, and %s on another edge back to "%s"', e.bound, o.bound, names[e.target]),
           'the same bound on all edges back to a node', NULL
    FROM edge AS e
    JOIN LATERAL (SELECT o.bound FROM edge AS o WHERE o.target = e.target AND o.bound <> e.bound
        AND o.ordinality < e.ordinality LIMIT 1) AS o ON true
    WHERE e.bound IS NOT NULL
    UNION ALL
    SELECT e.path, format('leads into the loop of "%s" past its beginning', names[h.i]),
           format('an edge to "%s", or one from within the loop', names[h.i]), NULL
    FROM edge AS e
    JOIN unnest(bodies) WITH ORDINALITY AS h (body, i) ON h.body IS NOT NULL AND e.target <> h.i
        AND get_bit(h.body, (e.target - 1)::integer) = 1 AND get_bit(h.body, (e.source - 1)::integer) = 0
    WHERE e.bound IS NULL AND NOT e.is_exit
    UNION ALL
    SELECT 'edges', format('the loops of "%s" and "%s" overlap', names[a.i], names[b.i]),
           'loops of which one lies within the other, or that share no node', NULL
    FROM unnest(bodies) WITH ORDINALITY AS a (body, i)
    JOIN unnest(bodies) WITH ORDINALITY AS b (body, i) ON a.i < b.i
        AND bit_count(a.body & b.body) NOT IN (0, bit_count(a.body), bit_count(b.body))
    UNION ALL
    SELECT n.value ->> 'path', format('"%s" cannot be reached from "%s"', names[n.i], names[1]),
           'an edge that leads to it', NULL
    FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n (value, i)
    WHERE n.i > 1 AND get_bit(befores[n.i], 0) = 0
    UNION ALL
    SELECT e.path, format('is for the bound of a loop, and no edge leads back from "%s"', names[e.source]),
           'an edge back from it, or another upon', NULL
    FROM edge AS e
    WHERE e.upon = 'limit'
      AND NOT EXISTS (SELECT FROM edge AS b WHERE b.source = e.source AND b.bound IS NOT NULL)
    UNION ALL
    SELECT n.value ->> 'path', x.problem, x.expected, NULL
    FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n (value, i)
    JOIN (
        -- Open is a way without a condition, or for when no other is taken.
        SELECT w.source, bool_or(w.has_condition) AS has_conditions, bool_or(w.is_back AND w.is_success) AS has_loop,
               bool_or(w.is_open) AS is_open, bool_or(w.is_open AND NOT w.is_back) AS leads_on,
               bool_or(w.is_for_bound) AS has_limit
        FROM (SELECT e.value ->> 'from' AS source, e.value ? 'when' AS has_condition, e.value ? 'loop' AS is_back,
                     coalesce(e.value ->> 'upon', 'success') IN ('success', 'always') AS is_success,
                     coalesce(e.value ->> 'upon', 'success') IN ('success', 'always')
                         AND NOT e.value ? 'when' AS is_open,
                     e.value ->> 'upon' = 'limit' AS is_for_bound
              FROM jsonb_array_elements(graph -> 'edges') AS e) AS w
        GROUP BY w.source
    ) AS way ON way.source = names[n.i]
    CROSS JOIN LATERAL (VALUES
        (way.has_conditions AND NOT way.is_open, format('"%s" has only ways on with conditions', names[n.i]),
            'an edge with otherwise: true, to another node or to end'),
        (way.has_loop AND way.is_open AND NOT way.leads_on AND NOT coalesce(way.has_limit, false),
            format('"%s" has no way on when the bound of its loop is reached', names[n.i]),
            'an edge with upon: limit or otherwise: true, to another node or to end')
    ) AS x (is_broken, problem, expected)
    WHERE x.is_broken;
    IF FOUND THEN RETURN; END IF;
    -- Iterations within iterations.
    FOR i IN 1 .. cardinality(names) LOOP
        product := 1;
        FOR h IN 1 .. cardinality(names) LOOP
            IF bodies[h] IS NOT NULL AND get_bit(bodies[h], i - 1) = 1 THEN product := product * bounds[h]; END IF;
        END LOOP;
        runs := runs + product;
    END LOOP;
    RETURN QUERY SELECT 'edges', format('the bounds of the loops allow %s runs of nodes', runs), 'at most 10000',
        NULL::text
    WHERE runs > 10000;
END $$;
COMMENT ON FUNCTION agentctl.chain_graph_problems(graph jsonb) IS 'What is wrong with the shape of a compiled chain. Internal: chain_problems() calls it.';
CREATE FUNCTION agentctl.chain_input(node jsonb, input jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT CASE WHEN node ?| '{tool,function}' THEN '{"arguments": {}}' || node
        WHEN node ->> 'kind' IN ('agent', 'chain', 'map') THEN jsonb_build_object('input', input) || node
        ELSE node END
$$;
COMMENT ON FUNCTION agentctl.chain_input(node jsonb, input jsonb) IS 'The node of a chain with what it is sent filled in where it does not say it. Internal: compile_chain() calls it.';
CREATE FUNCTION agentctl.chain_lanes(lanes text[], first integer, last integer, touched integer[], inner_mark text, last_mark text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT string_agg(
        CASE WHEN i = first THEN '├' WHEN i = last THEN last_mark WHEN i = ANY (touched) THEN inner_mark
            WHEN i > first AND i < last THEN CASE WHEN lanes[i] IS NULL THEN '─' ELSE '┼' END
            WHEN lanes[i] IS NULL THEN ' ' ELSE '│' END
        || CASE WHEN i >= first AND i < last THEN '─' WHEN i < cardinality(lanes) THEN ' ' ELSE '' END, '' ORDER BY i)
    FROM generate_series(1, cardinality(lanes)) AS i
$$;
COMMENT ON FUNCTION agentctl.chain_lanes(lanes text[], first integer, last integer, touched integer[], inner_mark text, last_mark text) IS 'A line of chain_text() in which lanes from first to last part or join; touched are those that do. Internal.';
CREATE FUNCTION agentctl.chain_mermaid(document jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH graph AS (
        SELECT agentctl.compile_chain(document) AS value
    ), node AS (
        SELECT n.ordinality AS number, n.value, n.value ->> 'name' AS name
        FROM graph AS g CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'nodes') WITH ORDINALITY AS n
    ), edge AS (
        SELECT e.ordinality AS number, e.value, f.number AS source, t.number AS target,
               agentctl.chain_condition(e.value) AS words
        FROM graph AS g
        CROSS JOIN LATERAL jsonb_array_elements(g.value -> 'edges') WITH ORDINALITY AS e
        JOIN node AS f ON f.name = e.value ->> 'from'
        LEFT JOIN node AS t ON t.name = e.value ->> 'to'
    ), line AS (
        -- Names such as end are words of Mermaid's own, so nodes go by number.
        SELECT 1 AS part, n.number, format(CASE n.value ->> 'kind' WHEN 'approval' THEN '    n%s{{"%s"}}'
                   WHEN 'vote' THEN '    n%s(("%s"))' WHEN 'tool' THEN '    n%s[/"%s"/]' WHEN 'function'
                       THEN '    n%s[/"%s"/]'
                   WHEN 'chain' THEN '    n%s[["%s"]]' WHEN 'map' THEN '    n%s[["%s"]]' ELSE '    n%s["%s"]' END,
                   n.number, replace(replace(concat_ws(E'\n', n.name, nullif(agentctl.chain_node_words(n.value), '')),
                       '"', '#quot;'), E'\n', '<br/>')) AS text
        FROM node AS n
        UNION ALL
        SELECT 2, 0, '    finish((" "))' WHERE EXISTS (SELECT FROM edge AS e WHERE e.target IS NULL)
        UNION ALL
        SELECT 3, e.number, format('    n%s %s%s %s', e.source, CASE WHEN e.value ? 'loop' THEN '-.->' ELSE '-->' END,
                   coalesce('|"' || replace(e.words, '"', '#quot;') || '"|', ''), coalesce('n' || e.target, 'finish'))
        FROM edge AS e
    )
    SELECT E'flowchart TD\n' || string_agg(l.text, E'\n' ORDER BY l.part, l.number) FROM line AS l
$$;
COMMENT ON FUNCTION agentctl.chain_mermaid(document jsonb) IS 'A valid chain as a flowchart of Mermaid, from its document.';
CREATE FUNCTION agentctl.chain_mermaid(name text, version integer DEFAULT NULL::integer) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT agentctl.chain_mermaid(agentctl.chain_document(name, version))
$$;
COMMENT ON FUNCTION agentctl.chain_mermaid(name text, version integer) IS 'A chain as a flowchart of Mermaid: the version in force, or another. Fails with AC002 when there is none.';
CREATE FUNCTION agentctl.chain_nesting_problems(documents jsonb) RETURNS TABLE(document integer, path text, problem text, expected text)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH RECURSIVE given AS (
        SELECT (each.ordinality - 1)::integer AS document, each.value ->> 'name' AS name, each.value AS value
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        WHERE each.value ->> 'kind' = 'chain'
    ), used AS (
        SELECT g.name, g.document, node.path, node.value #>> '{}' AS chain
        FROM given AS g
        CROSS JOIN LATERAL agentctl.document_nodes(g.value) AS node
        JOIN agentctl.document_field AS f ON f.kind = 'chain' AND f.path = node.field AND f.reference_kind = 'chain'
        UNION ALL
        SELECT d.name, NULL, r.path, r.name
        FROM agentctl.definition AS d
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        JOIN agentctl.definition_reference AS r ON r.version_id = v.id AND r.kind = 'chain'
        WHERE d.kind = 'chain' AND EXISTS (SELECT FROM given)
          AND NOT EXISTS (SELECT FROM given AS g WHERE g.name = d.name)
    ), reached (document, path, name, depth) AS (
        SELECT u.document, u.path, u.chain, 2 FROM used AS u WHERE u.document IS NOT NULL
        UNION
        -- One deeper than is allowed is enough.
        SELECT r.document, r.path, u.chain, r.depth + 1
        FROM reached AS r
        JOIN given AS origin ON origin.document = r.document AND origin.name <> r.name
        JOIN used AS u ON u.name = r.name
        WHERE r.depth <= 8
    )
    SELECT r.document, r.path,
           CASE WHEN bool_or(r.name = g.name) THEN CASE WHEN min(r.depth) FILTER (WHERE r.name = g.name) = 2
                    THEN 'is the chain itself' ELSE 'leads back to the chain itself' END
                ELSE 'makes chains stand within chains more than 8 deep' END,
           CASE WHEN bool_or(r.name = g.name) THEN 'a chain that does not run this one'
               ELSE 'fewer chains on the way' END
    FROM reached AS r
    JOIN given AS g ON g.document = r.document
    WHERE r.name = g.name OR r.depth > 8
    GROUP BY r.document, r.path
$$;
COMMENT ON FUNCTION agentctl.chain_nesting_problems(documents jsonb) IS 'The chains, among documents that are to be registered together, that lead back to their chain or too deep. Internal: check_documents() calls it.';
CREATE FUNCTION agentctl.chain_node_words(node jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT concat_ws(' ',
        CASE node ->> 'kind' WHEN 'map' THEN 'for each of ' || regexp_replace(node ->> 'over', '[{}]', '', 'g') || ':'
            WHEN 'plan' THEN 'runs the plan' WHEN 'vote' THEN 'counts the votes' WHEN 'collect' THEN 'collects'
            WHEN 'set' THEN NULL WHEN 'approval' THEN 'a person approves' END,
        CASE WHEN node ? 'capabilities' THEN 'any agent for ' || (SELECT string_agg(c, ', ')
                FROM jsonb_array_elements_text(node -> 'capabilities') AS c)
            WHEN node ? 'agent' AND (node ->> 'kind' = 'map' OR node -> 'agent' <> node -> 'name')
                THEN 'agent ' || (node ->> 'agent')
            WHEN node ? 'agent' THEN 'agent'
            WHEN node ? 'chain' THEN 'chain ' || (node ->> 'chain') WHEN node ? 'tool' THEN 'tool ' || (node ->> 'tool')
            WHEN node ? 'function' THEN 'function ' || (node ->> 'function') END,
        CASE WHEN node ? 'weight' THEN '· weight ' || (node ->> 'weight') END,
        CASE WHEN node ->> 'kind' = 'plan' AND node ? 'specialists' THEN 'with ' || (SELECT string_agg(s, ', ')
            FROM jsonb_array_elements_text(node -> 'specialists') AS s) END,
        CASE node ->> 'role' WHEN 'question' THEN 'asks' WHEN 'judge' THEN '· decides' END,
        CASE WHEN node ? 'max_parallel' THEN format('· %s at once', node ->> 'max_parallel') END)
$$;
COMMENT ON FUNCTION agentctl.chain_node_words(node jsonb) IS 'In words, what a node of a compiled chain runs. Internal: for drawings.';
CREATE FUNCTION agentctl.chain_parts(document jsonb, list text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH part AS (
        SELECT e.ordinality, e.value, coalesce(e.value ->> 'name', regexp_replace(regexp_replace(coalesce(
                   e.value ->> 'agent', e.value ->> 'chain', e.value ->> 'tool', e.value ->> 'function',
                   CASE list WHEN 'stages' THEN 'stage' WHEN 'branches' THEN 'branch' ELSE 'voter' END
                       || e.ordinality), '[^A-Za-z0-9_-]', '_', 'g'), '^([^A-Za-z_])', '_\1')) AS name,
               coalesce(e.value ->> 'kind', CASE WHEN e.value ? 'tool' THEN 'tool' WHEN e.value ? 'function'
                   THEN 'function'
                   WHEN e.value ? 'chain' THEN 'chain' WHEN e.value ?| '{agent,capabilities}' THEN 'agent'
                   WHEN e.value ? 'message' THEN 'approval' WHEN e.value ? 'plan' THEN 'plan' ELSE 'set' END) AS kind
        FROM jsonb_array_elements(document -> list) WITH ORDINALITY AS e
    ), numbered AS (
        SELECT p.*, row_number() OVER (PARTITION BY p.name, p.value ? 'name' ORDER BY p.ordinality) AS occurrence
        FROM part AS p
    )
    SELECT coalesce(jsonb_agg(n.value || jsonb_build_object('path', format('%s[%s]', list, n.ordinality - 1),
               'kind', n.kind, 'name', n.name || CASE WHEN n.occurrence > 1 AND NOT n.value ? 'name'
                   THEN '-' || n.occurrence ELSE '' END) ORDER BY n.ordinality), '[]')
    FROM numbered AS n
$$;
COMMENT ON FUNCTION agentctl.chain_parts(document jsonb, list text) IS 'The parts in a list of a chain (stages, branches, voters, nodes), each with its place, kind and name. Internal: compile_chain() calls it.';
CREATE FUNCTION agentctl.chain_problems(document jsonb, documents jsonb) RETURNS TABLE(path text, problem text, expected text, nearest text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    graph jsonb;
BEGIN
    -- Names that the fields cannot check.
    RETURN QUERY
    SELECT DISTINCT n.path, format('is "%s", which is not registered', n.name), 'the name of an agent',
           agentctl.nearest(n.name, ARRAY(
               SELECT d.name FROM definition AS d WHERE d.kind = 'agent' AND d.current_version IS NOT NULL
               UNION SELECT other ->> 'name' FROM jsonb_array_elements(documents) AS other
               WHERE other ->> 'kind' = 'agent'))
    FROM agentctl.chain_relations(document) AS r
    CROSS JOIN LATERAL (VALUES (r.path, r.to_agent), (r.from_path, r.from_agent)) AS n (path, name)
    WHERE n.name IS NOT NULL
      AND NOT EXISTS (SELECT FROM definition AS d
                      WHERE d.kind = 'agent' AND d.name = n.name AND d.current_version IS NOT NULL)
      AND NOT EXISTS (SELECT FROM jsonb_array_elements(documents) AS other
                      WHERE other ->> 'kind' = 'agent' AND other ->> 'name' = n.name);
    IF document ? 'from' THEN
        RETURN QUERY
        SELECT DISTINCT r.from_path, format('is "%s", whose max_chain_depth is 0', r.from_agent),
               'an agent that may hand on: max_chain_depth of at least 1', NULL::text
        FROM agentctl.chain_relations(document) AS r
        CROSS JOIN LATERAL (SELECT coalesce(
            (SELECT other.value FROM jsonb_array_elements(documents) AS other
             WHERE other.value ->> 'kind' = 'agent' AND other.value ->> 'name' = r.from_agent LIMIT 1),
            (SELECT v.document FROM definition AS d
             JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
             WHERE d.kind = 'agent' AND d.name = r.from_agent)) -> 'max_chain_depth' AS depth) AS a
        WHERE a.depth = '0';
    END IF;
    IF document ? 'from' OR document ->> 'strategy' = 'handoff' THEN RETURN; END IF;
    graph := agentctl.compile_chain(document);
    IF jsonb_array_length(graph -> 'nodes') > 200 THEN
        RETURN QUERY SELECT '', format('is compiled to %s nodes', jsonb_array_length(graph -> 'nodes')), 'at most 200',
            NULL::text;
        RETURN;
    END IF;
    RETURN QUERY SELECT p.path, p.problem, p.expected, p.nearest FROM agentctl.chain_graph_problems(graph) AS p;
    IF FOUND THEN RETURN; END IF;
    RETURN QUERY
    SELECT p.path, p.problem, p.expected, p.nearest FROM agentctl.chain_template_problems(graph, document) AS p
    UNION ALL
    SELECT p.path, p.problem, p.expected, p.nearest
    FROM agentctl.chain_state_problems(graph, coalesce(document -> 'state', '{}')) AS p
    UNION ALL
    SELECT p.path, p.problem, p.expected, p.nearest FROM agentctl.chain_type_problems(graph, document, documents) AS p;
END $$;
COMMENT ON FUNCTION agentctl.chain_problems(document jsonb, documents jsonb) IS 'What is wrong with a chain whose fields are as they should be. documents are those registered together with it. Internal: check_documents() calls it.';
CREATE FUNCTION agentctl.chain_references(graph jsonb, document jsonb) RETURNS TABLE(path text, node integer, place text, reference text)
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
    WITH template AS (
        SELECT concat_ws('.', nullif(n.value ->> 'path', ''), p.place) AS path, n.ordinality::integer AS node, p.place,
               n.value -> p.place AS value
        FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n
        CROSS JOIN unnest('{input,arguments,message,over,plan,value,write}'::text[]) AS p (place)
        WHERE n.value ? p.place
        UNION ALL
        SELECT (e.value ->> 'path') || '.when', n.i, 'when',
               CASE jsonb_typeof(e.value -> 'when') WHEN 'object' THEN
                   (SELECT coalesce(jsonb_agg(format('{{%s}}', k)), '[]')
                       FROM jsonb_object_keys(e.value -> 'when') AS k)
               ELSE e.value -> 'when' END
        FROM jsonb_array_elements(graph -> 'edges') AS e
        JOIN (SELECT o.value ->> 'name', o.ordinality::integer
              FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS o) AS n (name, i)
            ON n.name = e.value ->> 'from'
        WHERE e.value ? 'when'
        UNION ALL
        SELECT 'output', NULL, 'result', document -> 'output' WHERE document ? 'output'
    ), text AS (
        SELECT t.path, t.node, t.place, s.value #>> '{}' AS value
        FROM template AS t
        CROSS JOIN LATERAL jsonb_path_query(t.value, 'strict $.** ? (@.type() == "string")') AS s (value)
        WHERE s.value::text LIKE '%{{%'
    )
    SELECT t.path, t.node, t.place, btrim(regexp_replace(m.found[1], '\s+', ' ', 'g'))
    FROM text AS t
    CROSS JOIN LATERAL regexp_matches(t.value, '\{\{(.*?)\}\}', 'g') AS m (found)
    UNION ALL
    -- What is left of a text without its references has no more braces.
    SELECT t.path, t.node, t.place, NULL
    FROM text AS t WHERE regexp_replace(t.value, '\{\{.*?\}\}', '', 'g') LIKE '%{{%'
$_$;
COMMENT ON FUNCTION agentctl.chain_references(graph jsonb, document jsonb) IS 'The references in the templates of a compiled chain: place is the member of the node that has it, reference NULL where one is not closed. Internal: chain_template_problems() calls it.';
CREATE FUNCTION agentctl.chain_relation_rules(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT 'from', 'is ' || agentctl.json_type_name(document -> 'from'), 'the name of an agent, or a list of them'
    WHERE CASE jsonb_typeof(document -> 'from')
        WHEN 'array' THEN document -> 'from' = '[]' OR EXISTS (SELECT FROM jsonb_array_elements(document -> 'from') AS e
            WHERE jsonb_typeof(e) <> 'string')
        WHEN 'string' THEN false ELSE document ? 'from' END
    UNION ALL
    SELECT 'to', 'is ' || agentctl.json_type_name(document -> 'to'), 'lists of names of agents by the name of an agent'
    WHERE document ->> 'strategy' = 'handoff' AND NOT document ? 'from' AND document ? 'to'
      AND (jsonb_typeof(document -> 'to') <> 'object' OR document -> 'to' = '{}')
    UNION ALL
    SELECT r.path, CASE WHEN r.to_agent = r.from_agent THEN format('is "%s" itself', r.from_agent)
               ELSE 'is neither a name nor {capabilities: […]}' END,
           CASE WHEN document ? 'from' THEN 'the name of another agent, or {capabilities: […]}'
               ELSE 'the name of another agent' END
    FROM agentctl.chain_relations(document) AS r
    WHERE r.to_agent = r.from_agent
       OR r.to_agent IS NULL AND (coalesce(r.capabilities, '{}') = '{}' OR NOT document ? 'from')
    UNION ALL
    SELECT 'to.' || m.key, 'cannot be reached from ' || (document ->> 'start'), 'a name that is handed over to'
    FROM jsonb_each(CASE WHEN document ->> 'strategy' = 'handoff' AND NOT document ? 'from'
        AND jsonb_typeof(document -> 'to') = 'object' THEN document -> 'to' ELSE '{}' END) AS m
    WHERE NOT EXISTS (
        WITH RECURSIVE reached (name) AS (
            SELECT document ->> 'start'
            UNION SELECT r.to_agent FROM reached JOIN agentctl.chain_relations(document) AS r
                ON r.from_agent = reached.name
        )
        SELECT FROM reached WHERE reached.name = m.key)
$$;
COMMENT ON FUNCTION agentctl.chain_relation_rules(document jsonb) IS 'What is wrong with from and to of a chain, beside unknown names. Internal: chain_rules() calls it.';
CREATE FUNCTION agentctl.chain_relations(document jsonb) RETURNS TABLE(number bigint, path text, from_path text, from_agent text, to_agent text, capabilities text[])
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH source AS (
        -- One name or a list of a relationship, the keys of a handoff.
        SELECT row_number() OVER () AS number, s.name, s.path, s.targets, s.target_path
        FROM (SELECT e.value #>> '{}' AS name,
                     CASE jsonb_typeof(document -> 'from') WHEN 'array' THEN format('from[%s]', e.ordinality - 1)
                         ELSE 'from' END AS path,
                     CASE jsonb_typeof(document -> 'to') WHEN 'array' THEN document -> 'to'
                         ELSE jsonb_build_array(document -> 'to') END AS targets,
                     CASE jsonb_typeof(document -> 'to') WHEN 'array' THEN 'to[%s]' ELSE 'to' END AS target_path
              FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'from') WHEN 'array' THEN document -> 'from'
                  ELSE jsonb_build_array(document -> 'from') END) WITH ORDINALITY AS e
              WHERE document ?& '{from,to}'
              UNION ALL
              SELECT m.key, 'to.' || m.key,
                     CASE jsonb_typeof(m.value) WHEN 'array' THEN m.value ELSE jsonb_build_array(m.value) END,
                     replace('to.' || m.key, '%', '%%') || CASE jsonb_typeof(m.value) WHEN 'array' THEN '[%s]'
                         ELSE '' END
              FROM jsonb_each(CASE jsonb_typeof(document -> 'to') WHEN 'object' THEN document -> 'to'
                  ELSE '{}' END) AS m
              WHERE document ->> 'strategy' = 'handoff' AND NOT document ? 'from') AS s
    )
    SELECT row_number() OVER (ORDER BY s.number, t.ordinality), format(s.target_path, t.ordinality - 1), s.path, s.name,
           CASE WHEN jsonb_typeof(t.value) <> 'object' THEN t.value #>> '{}' END,
           CASE WHEN jsonb_typeof(t.value -> 'capabilities') = 'array'
               THEN ARRAY(SELECT jsonb_array_elements_text(t.value -> 'capabilities')) END
    FROM source AS s
    CROSS JOIN LATERAL jsonb_array_elements(s.targets) WITH ORDINALITY AS t
$$;
COMMENT ON FUNCTION agentctl.chain_relations(document jsonb) IS 'Who may delegate (from, to) or hand over (strategy handoff) to whom by a chain, with the places in the document.';
CREATE FUNCTION agentctl.chain_result(conversation text, seq bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    run record;
    reply jsonb;
BEGIN
    chain_result.conversation := agentctl.own_conversation(chain_result.conversation);
    SELECT r.* INTO run FROM chain_runs AS r
    WHERE r.conversation_id = chain_result.conversation AND r.seq = chain_result.seq;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'turn %/% is no run of a chain', chain_result.conversation, chain_result.seq
            USING ERRCODE = 'AC002', HINT = 'See agentctl.chain_runs.';
    ELSIF run.finished_at IS NULL THEN
        RETURN NULL;
    END IF;
    reply := to_jsonb((
        SELECT m.content FROM message AS m
        WHERE run.status = 'succeeded' AND m.conversation_id = run.conversation_id AND m.seq = run.seq
          AND m.role = 'assistant'
        ORDER BY m.number DESC LIMIT 1));
    RETURN (
        WITH last_visit AS (
            SELECT DISTINCT ON (n.node) n.node, n.status, n.output, n.number FROM node_run AS n
            WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
            ORDER BY n.node, n.visit DESC
        ), outputs AS (
            SELECT coalesce(jsonb_object_agg(v.node, v.output) FILTER (WHERE v.output IS NOT NULL
                AND v.status = 'succeeded'), '{}') AS given FROM last_visit AS v
        )
        SELECT jsonb_build_object(
            'success', run.status = 'succeeded', 'final_output', reply,
            'stage_outputs', o.given, 'failed_stage', run.failed_node,
            'error', CASE WHEN run.status <> 'succeeded' THEN coalesce(run.error_message, run.status) END,
            'partial_outputs', CASE WHEN run.status <> 'succeeded' THEN o.given ELSE '{}' END,
            'total_tokens', run.tokens, 'cost_usd', run.cost_usd, 'duration_ms', run.duration_ms)
        FROM outputs AS o);
END $$;
COMMENT ON FUNCTION agentctl.chain_result(conversation text, seq bigint) IS 'What a run of a chain came to: {success, final_output, stage_outputs, failed_stage, error, partial_outputs, total_tokens, cost_usd, duration_ms}; NULL while it runs. Outputs are the last of each node that succeeded.';
CREATE FUNCTION agentctl.chain_rules(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH given AS (
        SELECT CASE WHEN document ? 'from' THEN 'relationship' ELSE document ->> 'strategy' END AS strategy
    ), allowed (strategy, fields) AS (VALUES
        ('relationship', '{from,to}'::text[]),
        ('sequential', '{stages}'),
        ('parallel', '{branches,for_each,agent,chain,tool,function,input,arguments,attempts,task_timeout,max_parallel,'
            'on_failure}'),
        ('consensus', '{question,rounds,voters,answer,decide,task_timeout}'),
        ('hierarchical', '{manager,specialists,max_subtasks,max_parallel,max_replans,approve_plan,task_timeout}'),
        ('handoff', '{start,to,sticky,max_handoffs}'),
        ('graph', '{state,nodes,edges,output,max_parallel}')
    ), needed (strategy, field) AS (VALUES
        ('relationship', 'to'), ('sequential', 'stages'), ('consensus', 'voters'), ('hierarchical', 'manager'),
        ('hierarchical', 'specialists'), ('handoff', 'start'), ('handoff', 'to'), ('graph', 'nodes')
    ), target AS (
        -- What runs: each has exactly one target.
        SELECT format('%s[%s]', l.list, e.ordinality - 1) AS path, l.list, e.value, NULL::text AS kind
        FROM unnest('{stages,branches,voters}'::text[]) AS l (list)
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(document -> l.list) WHEN 'array'
            THEN document -> l.list
            ELSE '[]' END) WITH ORDINALITY AS e
        WHERE jsonb_typeof(e.value) = 'object'
        UNION ALL
        SELECT '', 'for_each', document - 'capabilities', NULL WHERE document ? 'for_each'
        UNION ALL
        SELECT format('nodes[%s]', e.ordinality - 1), 'nodes', e.value, coalesce(e.value ->> 'kind',
               CASE WHEN e.value ?| '{agent,capabilities}' THEN 'agent' WHEN e.value ? 'chain' THEN 'chain'
                   WHEN e.value ? 'tool' THEN 'tool' WHEN e.value ? 'function' THEN 'function'
                   WHEN e.value ? 'message' THEN 'approval' WHEN e.value ? 'plan' THEN 'plan'
                   WHEN e.value ? 'value' THEN 'set' ELSE '' END)
        FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'nodes') WHEN 'array' THEN document -> 'nodes'
            ELSE '[]' END) WITH ORDINALITY AS e
        WHERE jsonb_typeof(e.value) = 'object'
    ), counted AS (
        SELECT t.*, ARRAY(SELECT k FROM unnest('{agent,capabilities,chain,tool,function}'::text[]) AS k
            WHERE t.value ? k) AS targets
        FROM target AS t
    )
    SELECT 'strategy' AS path, 'is missing' AS problem,
           'one of sequential, parallel, consensus, hierarchical, handoff, graph; or from and to' AS expected
    FROM given AS g WHERE g.strategy IS NULL
    UNION ALL
    SELECT 'strategy', format('is "%s"', document ->> 'strategy'),
           'sequential, parallel, consensus or hierarchical with from and to'
    FROM given AS g WHERE g.strategy = 'relationship' AND document ->> 'strategy' IN ('handoff', 'graph')
    UNION ALL
    SELECT f.field, format('is for strategy %s only', (SELECT string_agg(o.strategy, ' or ') FROM allowed AS o
               WHERE f.field = ANY (o.fields))), format('no %s with %s', f.field, CASE g.strategy WHEN 'relationship'
                   THEN 'from' ELSE 'strategy ' || g.strategy END)
    FROM given AS g
    JOIN allowed AS a ON a.strategy = g.strategy
    CROSS JOIN (SELECT DISTINCT unnest(o.fields) FROM allowed AS o) AS f (field)
    WHERE document ? f.field AND NOT f.field = ANY (a.fields)
    UNION ALL
    SELECT n.field, 'is missing', 'needed by ' || CASE n.strategy WHEN 'relationship' THEN 'from'
        ELSE 'strategy ' || n.strategy END
    FROM given AS g JOIN needed AS n ON n.strategy = g.strategy WHERE NOT document ? n.field
    UNION ALL
    SELECT 'branches', CASE WHEN document ? 'branches' THEN 'stands beside for_each' ELSE 'is missing' END,
           'branches or for_each'
    FROM given AS g WHERE g.strategy = 'parallel' AND (document ? 'branches') = (document ? 'for_each')
    UNION ALL
    SELECT f.field, 'is for for_each only', 'for_each beside it'
    FROM unnest('{agent,chain,tool,function,input,arguments,attempts}'::text[]) AS f (field)
    WHERE document ->> 'strategy' = 'parallel' AND document ? f.field AND NOT document ? 'for_each'
    UNION ALL
    SELECT c.path, CASE cardinality(c.targets) WHEN 0 THEN 'has nothing to run'
               ELSE 'has ' || array_to_string(c.targets, ' and ') END,
           'exactly one of ' || CASE c.list WHEN 'for_each' THEN '' ELSE 'capabilities, ' END
               || 'agent, chain, tool, function'
    FROM counted AS c
    WHERE (c.kind IS NULL OR c.kind = 'map') AND cardinality(c.targets) <> 1
    UNION ALL
    SELECT concat_ws('.', nullif(c.path, ''), k.field), k.problem, k.expected
    FROM counted AS c
    CROSS JOIN LATERAL (VALUES
        ('arguments', c.value ? 'arguments' AND NOT c.value ?| '{tool,function}', 'is for tools and functions only',
            'input for an agent or chain'),
        ('input', c.value ? 'input' AND c.value ?| '{tool,function}', 'is for agents and chains only',
            'arguments for a tool or function'),
        ('input', jsonb_typeof(c.value -> 'input') NOT IN ('string', 'object'), 'is '
            || agentctl.json_type_name(c.value -> 'input'), 'a text or an object')
    ) AS k (field, is_broken, problem, expected)
    WHERE k.is_broken
    UNION ALL
    SELECT c.path || '.kind', 'is ' || CASE c.kind WHEN '' THEN 'missing' ELSE format('"%s"', c.kind) END,
           CASE WHEN c.kind = '' THEN 'a kind, such as set or collect, or what runs'
               ELSE format('%s beside it', n.needed) END
    FROM counted AS c
    LEFT JOIN (VALUES ('agent', 'agent or capabilities', '{agent,capabilities}'::text[]), ('chain', 'chain', '{chain}'),
        ('tool', 'tool', '{tool}'), ('function', 'function', '{function}'), ('approval', 'message', '{message}'),
        ('map', 'over', '{over}'), ('plan', 'plan', '{plan}'), ('set', 'value', '{value}')) AS n (kind, needed, any_of)
        ON n.kind = c.kind
    WHERE c.kind = '' OR NOT c.value ?| n.any_of
    UNION ALL
    SELECT format('%s.%s', c.path, f.field), format('is for kind %s only', f.kinds),
        format('no %s with kind %s', f.field, c.kind)
    FROM counted AS c
    CROSS JOIN (VALUES ('message', 'approval'), ('over', 'map'), ('plan', 'plan'), ('specialists', 'plan'),
        ('max_parallel', 'map or plan'), ('on_failure', 'map or collect'), ('value', 'set'), ('of', 'collect or vote'),
        ('answer', 'vote'), ('decide', 'vote'), ('agent', 'agent or map'), ('capabilities', 'agent or map'),
        ('chain', 'chain or map'), ('tool', 'tool or map'), ('function', 'function or map')) AS f (field, kinds)
    WHERE c.kind <> '' AND c.value ? f.field AND NOT c.kind = ANY (string_to_array(f.kinds, ' or '))
    UNION ALL
    SELECT format('edges[%s].%s', e.ordinality - 1, x.field), x.problem, x.expected
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'edges') WHEN 'array' THEN document -> 'edges'
        ELSE '[]' END) WITH ORDINALITY AS e
    CROSS JOIN LATERAL (VALUES
        ('otherwise', e.value -> 'otherwise' = 'true' AND e.value ? 'when', 'stands beside when', 'one of them'),
        ('otherwise', e.value -> 'otherwise' = 'true' AND coalesce(e.value ->> 'upon', 'success') <> 'success',
            'is true', 'upon: success beside it'),
        ('choose', e.value -> 'choose' = 'true' AND (e.value ? 'when' OR e.value -> 'otherwise' = 'true'), 'is true',
            'no when and no otherwise beside it'),
        ('loop', e.value ? 'loop' AND e.value ->> 'upon' = 'limit', 'stands beside upon: limit', 'one of them')
    ) AS x (field, is_broken, problem, expected)
    WHERE jsonb_typeof(e.value) = 'object' AND x.is_broken
    UNION ALL
    SELECT v.path || x.field, x.problem, x.expected
    FROM (SELECT '' AS path, document AS value, coalesce((document -> 'rounds')::text, '1') <> '1' AS can_retry
          WHERE document ->> 'strategy' = 'consensus'
          UNION ALL SELECT c.path || '.', c.value, true FROM counted AS c WHERE c.kind = 'vote') AS v
    CROSS JOIN LATERAL (VALUES
        ('decide.tie', v.value #>> '{decide,tie}' = 'judge' AND v.path = '' AND v.value #> '{decide,judge}' IS NULL,
            'is "judge"', 'judge: the name of an agent beside it'),
        ('decide.tie', v.value #>> '{decide,tie}' = 'retry' AND NOT v.can_retry, 'is "retry"', 'rounds: more than 1'),
        ('decide.judge', v.path <> '' AND v.value #> '{decide,judge}' IS NOT NULL, 'is for strategy consensus only',
            'a node after the vote, with upon: failure'),
        ('decide.at_least', v.value #> '{decide,at_least}' IS NOT NULL AND v.value #>> '{decide,by}' = 'plurality',
            'stands beside by: plurality', 'by: majority or weighted'),
        ('answer.tolerance', v.value #> '{answer,tolerance}' IS NOT NULL
            AND NOT coalesce(v.value #> '{answer,normalize}' @> '["number"]', false), 'is given',
            'normalize with number beside it')
    ) AS x (field, is_broken, problem, expected)
    WHERE x.is_broken
    UNION ALL
    SELECT w.path, w.problem, w.expected FROM agentctl.chain_relation_rules(document) AS w
$$;
COMMENT ON FUNCTION agentctl.chain_rules(document jsonb) IS 'What one field of a document of kind chain asks of another.';
CREATE FUNCTION agentctl.chain_state(conversation text, seq bigint, node text DEFAULT NULL::text, visit integer DEFAULT NULL::integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    run record;
    keys jsonb;
    state jsonb;
    begins text[];
    written record;
    old jsonb;
BEGIN
    chain_state.conversation := agentctl.own_conversation(chain_state.conversation);
    SELECT r.* INTO run FROM chain_runs AS r
    WHERE r.conversation_id = chain_state.conversation AND r.seq = chain_state.seq;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'turn %/% is no run of a chain', chain_state.conversation, chain_state.seq
            USING ERRCODE = 'AC002', HINT = 'See agentctl.chain_runs.';
    END IF;
    SELECT coalesce(v.document -> 'state', '{}') INTO keys FROM definition_version AS v
    WHERE v.kind = 'chain' AND v.name = run.chain AND v.version = run.version;
    SELECT coalesce(jsonb_object_agg(k.key, k.value -> 'default'), '{}') INTO state
    FROM jsonb_each(keys) AS k WHERE k.value ? 'default';
    IF chain_state.node IS NOT NULL THEN
        SELECT n.after INTO begins FROM node_run AS n
        WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
          AND n.node = chain_state.node AND (chain_state.visit IS NULL OR n.visit = chain_state.visit)
        ORDER BY n.visit DESC LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'run %/% has no visit of "%" that has ended', run.conversation_id, run.seq,
                chain_state.node USING ERRCODE = 'AC002', HINT = 'See agentctl.node_runs.';
        END IF;
    END IF;
    FOR written IN
        WITH RECURSIVE visited AS (
            SELECT n.*, n.node || '#' || n.visit AS key FROM node_run AS n
            WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
        ), ancestor (key) AS (
            SELECT b.key COLLATE "C" FROM unnest(begins) AS b (key)
            UNION
            SELECT a.key COLLATE "C" FROM ancestor AS b JOIN visited AS v ON v.key = b.key CROSS JOIN unnest(v.after) AS a (key)
        )
        SELECT w.key AS name, w.value, coalesce(keys -> w.key ->> 'reduce', 'replace') AS reduce
        FROM visited AS v CROSS JOIN LATERAL jsonb_each(v.writes) AS w
        WHERE v.status = 'succeeded' AND (chain_state.node IS NULL OR v.key IN (SELECT a.key FROM ancestor AS a))
        ORDER BY v.level, v.position, v.visit
    LOOP
        old := state -> written.name;
        state := jsonb_set(state, ARRAY[written.name], CASE
            WHEN written.reduce IN ('append', 'union') THEN (
                SELECT coalesce(jsonb_agg(i.value ORDER BY i.place), '[]') FROM (
                    SELECT e.value, min(e.ordinality) AS place,
                           CASE written.reduce WHEN 'append' THEN e.ordinality ELSE 0 END AS kept_apart
                    FROM jsonb_array_elements(coalesce(old, '[]') || CASE jsonb_typeof(written.value)
                        WHEN 'array' THEN written.value ELSE jsonb_build_array(written.value) END)
                        WITH ORDINALITY AS e
                    GROUP BY e.value, kept_apart) AS i)
            WHEN old IS NULL OR written.reduce = 'replace' THEN written.value
            WHEN written.reduce = 'first' THEN old
            WHEN written.reduce = 'merge' THEN old || written.value
            WHEN written.reduce = 'add' THEN to_jsonb(old::numeric + written.value::numeric)
            WHEN written.reduce = 'min' THEN to_jsonb(least(old::numeric, written.value::numeric))
            WHEN written.reduce = 'max' THEN to_jsonb(greatest(old::numeric, written.value::numeric)) END);
    END LOOP;
    RETURN state;
END $$;
COMMENT ON FUNCTION agentctl.chain_state(conversation text, seq bigint, node text, visit integer) IS 'The state of a run of a chain: as a visit of a node saw it, the last one unless said otherwise, or without a node as it is now. A visit sees what its ancestors wrote.';
CREATE FUNCTION agentctl.chain_state_problems(graph jsonb, state jsonb) RETURNS TABLE(path text, problem text, expected text, nearest text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $_$
#variable_conflict use_column
DECLARE
    names text[] := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e
        ORDER BY e.ordinality);
    reducers text[] := '{replace,first,append,merge,add,min,max,union}';
    befores bit varying[];
    musts bit varying[];
BEGIN
    RETURN QUERY
    SELECT 'state.' || k.key || coalesce('.' || x.member, ''), x.problem, x.expected, x.nearest
    FROM jsonb_each(state) AS k
    CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(k.value) WHEN 'object' THEN k.value ELSE '{}' END AS value,
        CASE jsonb_typeof(k.value #> '{schema,type}') WHEN 'string' THEN k.value #>> '{schema,type}' END AS type,
        k.value ->> 'reduce' AS reduce) AS s
    CROSS JOIN LATERAL (
        SELECT NULL AS member, 'is ' || agentctl.json_type_name(k.value) AS problem, 'an object' AS expected,
               NULL AS nearest WHERE jsonb_typeof(k.value) <> 'object'
        UNION ALL SELECT NULL, 'is no word', 'letters, digits and _', NULL
            WHERE k.key !~ '^[A-Za-z_][A-Za-z0-9_]{0,63}$'
        UNION ALL SELECT m, 'is unknown', 'one of schema, reduce, default',
            agentctl.nearest(m, '{schema,reduce,default}')
            FROM jsonb_object_keys(s.value) AS m WHERE m <> ALL ('{schema,reduce,default}')
        UNION ALL SELECT 'reduce', 'is ' || left((s.value -> 'reduce')::text, 64),
            'one of ' || array_to_string(reducers, ', '), agentctl.nearest(s.reduce, reducers)
            WHERE s.value ? 'reduce' AND NOT coalesce(s.reduce = ANY (reducers), false)
        UNION ALL SELECT 'schema', 'is ' || agentctl.json_type_name(s.value -> 'schema'),
            'a JSON Schema (an object or a boolean)', NULL
            WHERE s.value ? 'schema' AND jsonb_typeof(s.value -> 'schema') NOT IN ('object', 'boolean')
        UNION ALL SELECT 'reduce', format('is "%s", and the schema says %s', s.reduce, s.type),
            'one of replace, first' || CASE s.type WHEN 'array' THEN ', append, union' WHEN 'object' THEN ', merge'
                WHEN 'number' THEN ', add, min, max' WHEN 'integer' THEN ', add, min, max' ELSE '' END, NULL
            WHERE s.type IS NOT NULL AND CASE WHEN s.reduce IN ('append', 'union') THEN s.type <> 'array'
                WHEN s.reduce = 'merge' THEN s.type <> 'object'
                WHEN s.reduce IN ('add', 'min', 'max') THEN s.type NOT IN ('number', 'integer') END
    ) AS x;
    RETURN QUERY
    SELECT format('%s.write.%s', n.value ->> 'path', w.key), 'is no key of the state',
           coalesce('one of ' || (SELECT string_agg(k, ', ' ORDER BY k) FROM jsonb_object_keys(state) AS k),
               'a key of state'), agentctl.nearest(w.key, ARRAY(SELECT jsonb_object_keys(state)))
    FROM jsonb_array_elements(graph -> 'nodes') AS n
    CROSS JOIN LATERAL jsonb_object_keys(coalesce(n.value -> 'write', '{}')) AS w (key)
    WHERE NOT state ? w.key;
    -- Two nodes of which neither comes before the other, that may run in the same iteration and replace one key.
    SELECT array_agg(s.before ORDER BY s.number), array_agg(s.must ORDER BY s.number) INTO befores, musts
    FROM agentctl.chain_structure(graph) AS s;
    RETURN QUERY
    WITH written AS (
        SELECT w.key, n.ordinality::integer AS node
        FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n
        CROSS JOIN LATERAL jsonb_object_keys(coalesce(n.value -> 'write', '{}')) AS w (key)
        WHERE coalesce(state #>> ARRAY[w.key, 'reduce'], 'replace') = 'replace' AND state ? w.key
    ), edge AS (
        SELECT e.ordinality::integer AS number, e.value ->> 'from' AS source,
            coalesce(e.value ->> 'upon', 'success') AS upon,
               e.value -> 'otherwise' = 'true' AS is_otherwise
        FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
        WHERE NOT e.value ? 'loop'
    ), exclusive AS (
        SELECT a.number AS a, b.number AS b
        FROM edge AS a JOIN edge AS b ON b.source = a.source AND b.number <> a.number
        WHERE a.upon = 'success' AND b.upon = 'success'
            AND coalesce(a.is_otherwise, false) <> coalesce(b.is_otherwise, false)
           OR a.upon = 'success' AND b.upon = 'failure' OR a.upon = 'failure' AND b.upon = 'success'
    )
    SELECT 'state.' || a.key, format('"%s" and "%s" may run at once and both replace it', names[a.node], names[b.node]),
           'a reducer (append, merge, add, max …), or nodes of which one leads to the other', NULL::text
    FROM written AS a
    JOIN written AS b ON b.key = a.key AND b.node > a.node
    WHERE get_bit(befores[a.node], b.node - 1) = 0 AND get_bit(befores[b.node], a.node - 1) = 0
      AND NOT EXISTS (SELECT FROM exclusive AS x
                      WHERE get_bit(musts[a.node], x.a - 1) = 1 AND get_bit(musts[b.node], x.b - 1) = 1)
    LIMIT 20;
END $_$;
COMMENT ON FUNCTION agentctl.chain_state_problems(graph jsonb, state jsonb) IS 'What is wrong with the state of a graph of sound shape, and with what its nodes write. Internal: chain_problems() calls it.';
CREATE FUNCTION agentctl.chain_structure(graph jsonb) RETURNS TABLE(number integer, name text, "position" integer, before bit varying, after bit varying, must bit varying, body bit varying, bound integer, region integer)
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    names text[] := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e
        ORDER BY e.ordinality);
    size integer := cardinality(names);
    sources integer[];
    targets integer[];
    bounds integer[];
    leaving integer[];
    edge_count integer;
    first_edge integer[] := array_fill(0, ARRAY[size]);
    next_edge integer[];
    waiting integer[] := array_fill(0, ARRAY[size]);
    positions integer[] := array_fill(NULL::integer, ARRAY[size]);
    ordered integer[] := '{}';
    empty bit varying := repeat('0', size)::bit varying;
    befores bit varying[] := array_fill(empty, ARRAY[size]);
    afters bit varying[] := array_fill(empty, ARRAY[size]);
    musts bit varying[];
    bodies bit varying[] := array_fill(NULL::bit varying, ARRAY[size]);
    body_bounds integer[] := array_fill(NULL::integer, ARRAY[size]);
    regions integer[] := array_fill(NULL::integer, ARRAY[size]);
    smallest integer;
    here integer;
    there integer;
    edge integer;
BEGIN
    SELECT array_agg(f.i ORDER BY e.ordinality), array_agg(t.i ORDER BY e.ordinality),
           array_agg((e.value ->> 'loop')::integer ORDER BY e.ordinality), count(*)
    INTO sources, targets, bounds, edge_count
    FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
    LEFT JOIN unnest(names) WITH ORDINALITY AS f (name, i) ON f.name = e.value ->> 'from'
    LEFT JOIN unnest(names) WITH ORDINALITY AS t (name, i) ON t.name = e.value ->> 'to';
    musts := array_fill(NULL::bit varying, ARRAY[size]);
    next_edge := array_fill(0, ARRAY[greatest(edge_count, 1)]);
    FOR edge IN REVERSE edge_count .. 1 LOOP
        CONTINUE WHEN bounds[edge] IS NOT NULL OR targets[edge] IS NULL;
        next_edge[edge] := first_edge[sources[edge]];
        first_edge[sources[edge]] := edge;
        waiting[targets[edge]] := waiting[targets[edge]] + 1;
    END LOOP;
    -- Of the nodes that wait for no other, always the first of the document.
    LOOP
        here := array_position(waiting, 0);
        EXIT WHEN here IS NULL;
        waiting[here] := -1;
        ordered := ordered || here;
        positions[here] := cardinality(ordered);
        musts[here] := coalesce(musts[here], repeat('0', greatest(edge_count, 1))::bit varying);
        edge := first_edge[here];
        WHILE edge > 0 LOOP
            there := targets[edge];
            waiting[there] := waiting[there] - 1;
            befores[there] := befores[there] | set_bit(befores[here], here - 1, 1);
            musts[there] := CASE WHEN musts[there] IS NULL THEN set_bit(musts[here], edge - 1, 1)
                ELSE musts[there] & set_bit(musts[here], edge - 1, 1) END;
            edge := next_edge[edge];
        END LOOP;
    END LOOP;
    FOR i IN REVERSE cardinality(ordered) .. 1 LOOP
        here := ordered[i];
        edge := first_edge[here];
        WHILE edge > 0 LOOP
            afters[here] := afters[here] | set_bit(afters[targets[edge]], targets[edge] - 1, 1);
            edge := next_edge[edge];
        END LOOP;
    END LOOP;
    -- A loop is what lies between the node that it begins at and the nodes that lead back to it.
    FOR edge IN 1 .. edge_count LOOP
        CONTINUE WHEN bounds[edge] IS NULL OR targets[edge] IS NULL;
        here := sources[edge];
        there := targets[edge];
        CONTINUE WHEN here <> there AND get_bit(befores[here], there - 1) = 0;
        bodies[there] := coalesce(bodies[there], empty)
            | (set_bit(afters[there], there - 1, 1) & set_bit(befores[here], here - 1, 1));
        body_bounds[there] := greatest(body_bounds[there], bounds[edge]);
    END LOOP;
    FOR there IN 1 .. size LOOP
        smallest := size + 1;
        FOR here IN 1 .. size LOOP
            IF bodies[here] IS NOT NULL AND get_bit(bodies[here], there - 1) = 1 AND bit_count(bodies[here]) < smallest
                THEN
                smallest := bit_count(bodies[here]);
                regions[there] := here;
            END IF;
        END LOOP;
    END LOOP;
    RETURN QUERY SELECT i, names[i], positions[i], befores[i], afters[i], musts[i], bodies[i], body_bounds[i],
        regions[i]
        FROM generate_series(1, size) AS i;
END $$;
COMMENT ON FUNCTION agentctl.chain_structure(graph jsonb) IS 'How the nodes of a compiled chain stand to each other: position (NULL on a way that leads back without a bound and behind it), nodes before and after as bits, edges that must have been taken, and of a node at which a loop begins its nodes and bound; region is the beginning of the innermost loop.';
CREATE FUNCTION agentctl.chain_template_problems(graph jsonb, document jsonb) RETURNS TABLE(path text, problem text, expected text, nearest text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $_$
#variable_conflict use_column
DECLARE
    state jsonb := coalesce(document -> 'state', '{}');
    names text[] := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e
        ORDER BY e.ordinality);
    keys text[] := ARRAY(SELECT k FROM jsonb_object_keys(state) AS k ORDER BY k);
    roots text[] := '{input,previous,output,state,nodes,item,index,error,loop,conversation}';
    befores bit varying[];
    regions integer[];
    kinds text[];
    schemas jsonb[];
    writers jsonb;
BEGIN
    SELECT array_agg(s.before ORDER BY s.number), array_agg(s.region ORDER BY s.number) INTO befores, regions
    FROM agentctl.chain_structure(graph) AS s;
    SELECT array_agg(n.value ->> 'kind' ORDER BY n.ordinality),
        array_agg(n.value -> 'output_schema' ORDER BY n.ordinality)
    INTO kinds, schemas
    FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n;
    -- The nodes that write a key, as bits.
    SELECT coalesce(jsonb_object_agg(w.key, w.nodes), '{}') INTO writers
    FROM (SELECT k.key, bit_or(set_bit(repeat('0', cardinality(names))::bit varying, n.ordinality::integer - 1,
        1))::text AS nodes
          FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n
          CROSS JOIN LATERAL jsonb_object_keys(coalesce(n.value -> 'write', '{}')) AS k (key)
          GROUP BY k.key) AS w;
    RETURN QUERY
    WITH found AS (
        SELECT DISTINCT r.path, r.node, r.place, r.reference, string_to_array(r.reference, '.') AS token
        FROM agentctl.chain_references(graph, document) AS r
    ), reference AS (
        SELECT f.*, array_position(names, f.token[2]) AS other,
               CASE f.token[1] WHEN 'input' THEN document -> 'input_schema'
                   WHEN 'nodes' THEN schemas[array_position(names, f.token[2])]
                   WHEN 'output' THEN schemas[f.node] END AS schema,
               CASE f.token[1] WHEN 'nodes' THEN f.token[3] ELSE f.token[2] END AS member
        FROM found AS f
    )
    SELECT r.path, x.problem, x.expected, x.nearest
    FROM reference AS r
    CROSS JOIN LATERAL (
        SELECT o.problem, o.expected, agentctl.nearest(o.word, o.among) AS nearest
        FROM (VALUES
            (1, r.reference IS NULL, 'has a {{ that is not closed', '{{…}}', NULL, NULL::text[]),
            (2, NOT coalesce(r.token[1] = ANY (roots), false) OR '' = ANY (r.token) OR r.reference LIKE '% %',
                format('has {{%s}}', left(r.reference, 64)),
                'a reference that begins with ' || array_to_string(roots, ', '), r.token[1], roots),
            (3, r.token[1] = 'nodes' AND r.other IS NULL, format('has {{%s}}, and no node has this name',
                left(r.reference, 64)), 'nodes. and the name of a node before this one',
                r.token[2], names),
            (4, r.token[1] = 'nodes' AND r.other <> r.node AND get_bit(befores[r.node], r.other - 1) = 0
                OR r.token[1] = 'nodes' AND r.other = r.node AND r.place NOT IN ('write', 'when'),
                format('has {{%s}}, and "%s" does not come before "%s"', left(r.reference, 64), r.token[2],
                    names[r.node]),
                'a node that leads to this one; within a loop, a key of the state with a default', NULL, NULL),
            (5, r.token[1] = 'state' AND NOT coalesce(state ? r.token[2], false),
                format('has {{%s}}, and the state has no such key', left(r.reference, 64)),
                coalesce('one of ' || nullif(array_to_string(keys, ', '), ''), 'a key of state'),
                r.token[2], keys),
            (6, r.token[1] = 'state' AND NOT coalesce(jsonb_typeof(state -> r.token[2]) = 'object'
                    AND state -> r.token[2] ? 'default', false)
                AND NOT coalesce(r.node IS NULL AND writers ? r.token[2]
                    OR bit_count((writers ->> r.token[2])::bit varying & CASE r.place
                        WHEN 'when' THEN set_bit(befores[r.node], r.node - 1, 1) ELSE befores[r.node] END) > 0, false),
                format('has {{%s}}, which no node before "%s" writes', left(r.reference, 64),
                    coalesce(names[r.node], 'end')), 'a node before it that writes it, or a default in state', NULL,
                        NULL),
            (7, r.token[1] = 'output' AND r.place NOT IN ('write', 'when'), format('has {{%s}}', left(r.reference, 64)),
                'output in write and when only; elsewhere previous or nodes and a name', NULL, NULL),
            (8, r.token[1] = 'previous' AND r.node = 1, 'has {{previous}}, and the chain begins here', 'input', NULL,
                NULL),
            (9, r.token[1] IN ('item', 'index') AND NOT (coalesce(kinds[r.node] = 'map', false)
                AND r.place IN ('input', 'arguments')), format('has {{%s}}', left(r.reference, 64)),
                'item and index in what a map sends only', NULL, NULL),
            (10, r.token[1] = 'loop' AND (r.node IS NULL OR regions[r.node] IS NULL OR r.reference <> 'loop.iteration'),
                format('has {{%s}}', left(r.reference, 64)), 'loop.iteration, within a loop', NULL, NULL),
            (11, jsonb_typeof(r.schema) = 'object' AND r.schema -> 'additionalProperties' = 'false'
                AND jsonb_typeof(r.schema -> 'properties') = 'object'
                    AND NOT coalesce(r.schema -> 'properties' ? r.member, true),
                format('has {{%s}}, and the schema has no "%s"', left(r.reference, 64), r.member),
                'a member that the schema allows', r.member, ARRAY(
                    SELECT k FROM jsonb_object_keys(CASE jsonb_typeof(r.schema -> 'properties') WHEN 'object'
                        THEN r.schema -> 'properties' ELSE '{}' END) AS k))
        ) AS o (number, is_broken, problem, expected, word, among)
        WHERE o.is_broken ORDER BY o.number LIMIT 1
    ) AS x
    UNION ALL
    -- A condition and what a list or plan is taken from are one reference and nothing else.
    SELECT (e.value ->> 'path') || '.when', 'is ' || left((e.value -> 'when')::text, 64),
           '{{…}}, not {{…}}, or JSON Schemas by reference', NULL
    FROM jsonb_array_elements(graph -> 'edges') AS e
    WHERE CASE jsonb_typeof(e.value -> 'when')
        WHEN 'string' THEN e.value ->> 'when' !~ '^(not )?\s*\{\{[^{}]+\}\}$'
        WHEN 'object' THEN e.value -> 'when' = '{}' OR EXISTS (SELECT FROM jsonb_each(e.value -> 'when') AS s
            WHERE jsonb_typeof(s.value) NOT IN ('object', 'boolean'))
        ELSE e.value ? 'when' END
    UNION ALL
    SELECT CASE n.value ->> 'path' WHEN '' THEN 'for_each' ELSE (n.value ->> 'path') || '.' || k.key END,
           'is ' || left((n.value -> k.key)::text, 64), 'one reference: {{…}}', NULL
    FROM jsonb_array_elements(graph -> 'nodes') AS n
    CROSS JOIN unnest('{over,plan}'::text[]) AS k (key)
    WHERE n.value ->> k.key !~ '^\{\{[^{}]+\}\}$';
END $_$;
COMMENT ON FUNCTION agentctl.chain_template_problems(graph jsonb, document jsonb) IS 'What is wrong with the templates and conditions of a compiled chain of sound shape. Internal: chain_problems() calls it.';
CREATE FUNCTION agentctl.chain_text(document jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    graph jsonb := agentctl.compile_chain(document);
    strategy text := CASE WHEN document ? 'from' THEN concat_ws(', ', 'relationship', document ->> 'strategy')
        ELSE document ->> 'strategy' END;
    lanes text[] := '{}';
    drawn text[] := '{}';
    said text[] := '{}';
    name_width integer := (SELECT max(length(n ->> 'name')) FROM jsonb_array_elements(graph -> 'nodes') AS n);
    width integer;
    ordered text[];
    here integer;
    free integer;
    last integer;
    node jsonb;
    way record;
    targets text[];
    fresh integer[];
BEGIN
    IF document ? 'from' OR document ->> 'strategy' = 'handoff' THEN
        RETURN format(E'%s · %s%s\n\n', document ->> 'name', strategy,
            coalesce(', starts at ' || (document ->> 'start'), ''))
            || (SELECT string_agg(f.lines, E'\n' ORDER BY f.first)
                FROM (SELECT min(e.i) AS first, (e.value ->> 'from') || E'\n' || string_agg(format('%s %s → %s',
                                 CASE WHEN e.i = e.last THEN '└─' ELSE '├─' END, e.value ->> 'upon', e.value ->> 'to'),
                                 E'\n' ORDER BY e.i) AS lines
                      FROM (SELECT x.value, x.i, max(x.i) OVER (PARTITION BY x.value -> 'from') AS last
                            FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS x (value, i)) AS e
                      GROUP BY e.value ->> 'from') AS f);
    END IF;
    ordered := ARRAY(SELECT s.name FROM agentctl.chain_structure(graph) AS s ORDER BY s."position");
    FOR node IN
        SELECT graph -> 'nodes' -> s.number - 1
            || CASE WHEN s.bound IS NULL THEN '{}' ELSE jsonb_build_object('bound', s.bound) END
        FROM agentctl.chain_structure(graph) AS s ORDER BY s."position"
    LOOP
        here := array_position(lanes, node ->> 'name');
        IF here IS NULL THEN
            lanes := lanes || (node ->> 'name');
            here := cardinality(lanes);
        END IF;
        last := (SELECT max(l.i) FROM unnest(lanes) WITH ORDINALITY AS l (name, i) WHERE l.name = node ->> 'name');
        IF last > here THEN
            drawn := drawn || agentctl.chain_lanes(lanes, here, last, ARRAY(SELECT l.i::integer
                FROM unnest(lanes) WITH ORDINALITY AS l (name, i) WHERE l.name = node ->> 'name'), '┴', '╯');
            said := said || ''::text;
            FOR other IN here + 1 .. last LOOP
                IF lanes[other] = node ->> 'name' THEN lanes[other] := NULL; END IF;
            END LOOP;
        END IF;
        drawn := drawn || (SELECT string_agg(CASE WHEN l.i = here THEN CASE node ->> 'kind' WHEN 'approval' THEN '◇'
                WHEN 'vote' THEN '◆' WHEN 'collect' THEN '○' WHEN 'set' THEN '○' ELSE '●' END
            WHEN l.name IS NULL THEN ' ' ELSE '│' END, ' ' ORDER BY l.i) FROM unnest(lanes)
                WITH ORDINALITY AS l (name, i));
        said := said || rtrim(rpad(node ->> 'name', name_width + 2) || agentctl.chain_node_words(node)
            || CASE WHEN node ? 'bound' THEN format('  ⟲ at most %s times', node ->> 'bound') ELSE '' END);
        targets := ARRAY(SELECT DISTINCT e ->> 'to' FROM jsonb_array_elements(graph -> 'edges') AS e
            WHERE e -> 'from' = node -> 'name' AND NOT e ? 'loop' AND e ->> 'to' <> 'end');
        targets := ARRAY(SELECT t FROM unnest(targets) AS t ORDER BY array_position(ordered, t));
        lanes[here] := targets[1];
        FOR way IN
            SELECT e.value, agentctl.chain_condition(e.value) AS words
            FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
            WHERE e.value -> 'from' = node -> 'name'
              AND (agentctl.chain_condition(e.value) IS NOT NULL AND NOT node ? 'group'
                   OR e.value ->> 'to' = 'end' AND targets <> '{}')
            ORDER BY e.ordinality
        LOOP
            drawn := drawn || coalesce((SELECT string_agg(CASE WHEN l.name IS NULL THEN ' ' ELSE '│' END, ' '
                ORDER BY l.i)
                FROM unnest(lanes) WITH ORDINALITY AS l (name, i)), '');
            said := said || format('  %s %s', CASE WHEN way.value ? 'loop' THEN '⟲' ELSE '→' END, rtrim(
                rpad(way.value ->> 'to', greatest(name_width, length(way.value ->> 'to')) + 2)
                    || coalesce(way.words, '')));
        END LOOP;
        IF cardinality(targets) > 1 THEN
            fresh := ARRAY[here];
            last := here;
            FOR i IN 2 .. cardinality(targets) LOOP
                free := here + 1;
                WHILE lanes[free] IS NOT NULL LOOP free := free + 1; END LOOP;
                lanes[free] := targets[i];
                fresh := fresh || free;
                last := greatest(last, free);
            END LOOP;
            drawn := drawn || agentctl.chain_lanes(lanes, here, last, fresh, '┬', '╮');
            said := said || ''::text;
        END IF;
        WHILE cardinality(lanes) > 0 AND lanes[cardinality(lanes)] IS NULL LOOP
            lanes := lanes[1:cardinality(lanes) - 1];
        END LOOP;
    END LOOP;
    width := (SELECT max(length(d)) FROM unnest(drawn) AS d);
    RETURN format(E'%s · %s\n\n', document ->> 'name', strategy)
        || (SELECT string_agg(rtrim(rpad(l.drawn, width + 2) || l.said), E'\n' ORDER BY l.i)
            FROM unnest(drawn, said) WITH ORDINALITY AS l (drawn, said, i))
        || coalesce(E'\n\nstate: ' || (SELECT string_agg(concat_ws(' ', k.key, k.value #>> '{schema,type}',
               '(' || (k.value ->> 'reduce') || ')'), ', ' ORDER BY k.key) FROM jsonb_each(document -> 'state') AS k),
                   '');
END $$;
COMMENT ON FUNCTION agentctl.chain_text(document jsonb) IS 'A valid chain as text for a terminal, from its document.';
CREATE FUNCTION agentctl.chain_text(name text, version integer DEFAULT NULL::integer) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT agentctl.chain_text(agentctl.chain_document(name, version))
$$;
COMMENT ON FUNCTION agentctl.chain_text(name text, version integer) IS 'A chain as text for a terminal: the version in force, or another. Fails with AC002 when there is none.';
CREATE FUNCTION agentctl.chain_type_problems(graph jsonb, document jsonb, documents jsonb) RETURNS TABLE(path text, problem text, expected text, nearest text)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $_$
    WITH node AS (
        SELECT n.ordinality::integer AS number, n.value, n.value ->> 'name' AS name, n.value ->> 'path' AS path, t.kind,
               coalesce((SELECT other.value FROM jsonb_array_elements(documents) AS other
                         WHERE other.value ->> 'kind' = t.kind AND other.value ->> 'name' = t.name LIMIT 1),
                        (SELECT v.document FROM agentctl.definition AS d
                         JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name
                             AND v.version = d.current_version
                         WHERE d.kind = t.kind AND d.name = t.name)) AS target
        FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n
        CROSS JOIN LATERAL (SELECT k.kind, n.value ->> k.kind
            FROM unnest('{agent,chain,tool,function}'::text[]) AS k (kind)
            WHERE n.value ? k.kind UNION ALL SELECT NULL, NULL LIMIT 1) AS t (kind, name)
    ), gives AS (
        SELECT n.number, n.name, CASE WHEN n.value ? 'select' OR n.value ->> 'kind' = 'map' OR n.kind IS NULL THEN NULL
            ELSE coalesce(n.value -> 'output_schema', n.target -> 'output_schema',
                CASE n.kind WHEN 'agent' THEN '{"type": "string"}'::jsonb END) END AS schema
        FROM node AS n
    ), sent AS (
        -- The node whose output is sent, whole: previous where only one edge leads here, or nodes and a name.
        SELECT n.*, CASE WHEN n.kind IN ('tool', 'function') THEN 'arguments' ELSE 'input' END AS place,
               btrim(substring(n.value ->> 'input' FROM '^\{\{([^{}]*)\}\}$')) AS reference,
               (SELECT CASE count(*) WHEN 1 THEN min(e.value ->> 'from') END
                   FROM jsonb_array_elements(graph -> 'edges') AS e
                WHERE e.value -> 'to' = n.value -> 'name') AS previous
        FROM node AS n
        WHERE n.target -> 'input_schema' IS NOT NULL
    ), compared AS (
        SELECT s.path, s.place, s.target -> 'input_schema' AS wanted, s.kind, s.target ->> 'name' AS target, CASE
            WHEN jsonb_typeof(s.value -> s.place) = 'object' THEN (
                SELECT jsonb_build_object('type', 'object', 'properties', coalesce(jsonb_object_agg(m.key, CASE
                           WHEN jsonb_path_exists(m.value,
                               'strict $.** ? (@.type() == "string" && @ like_regex "\\{\\{")')
                           THEN '{}' ELSE jsonb_build_object('const', m.value) END), '{}'),
                           'required', coalesce(jsonb_agg(m.key), '[]'))
                FROM jsonb_each(s.value -> s.place) AS m)
            WHEN s.value ->> 'kind' = 'map' THEN NULL
            WHEN s.reference = 'input' THEN document -> 'input_schema'
            WHEN s.reference IS NULL THEN '{"type": "string"}'
            ELSE (SELECT g.schema FROM gives AS g WHERE g.name = CASE WHEN s.reference = 'previous' THEN s.previous
                ELSE substring(s.reference FROM '^nodes\.([^.]+)$') END) END AS given
        FROM sent AS s
        UNION ALL
        SELECT '', 'output_schema', document -> 'output_schema', 'chain', document ->> 'name', g.schema
        FROM gives AS g
        WHERE document ? 'output_schema' AND document ->> 'strategy' = 'sequential'
          AND g.number = jsonb_array_length(graph -> 'nodes')
    )
    SELECT concat_ws('.', nullif(c.path, ''), c.place),
           CASE c.place WHEN 'output_schema' THEN 'is not what the last stage gives: '
               ELSE format('is not what %s "%s" takes: ', c.kind, c.target) END || m.problem,
           CASE c.place WHEN 'output_schema' THEN 'the schema of the last stage'
               ELSE 'what its input_schema asks for' END,
           NULL::text
    FROM compared AS c
    CROSS JOIN LATERAL (SELECT agentctl.schema_mismatch(
        -- Text is sent as a message.
        CASE WHEN c.place = 'input' AND c.given ->> 'type' = 'string'
            THEN '{"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}'::jsonb
            ELSE c.given END, c.wanted)) AS m (problem)
    WHERE m.problem IS NOT NULL
$_$;
COMMENT ON FUNCTION agentctl.chain_type_problems(graph jsonb, document jsonb, documents jsonb) IS 'Where a node of a compiled chain is sent what its target cannot take, as far as schemas say it. Internal: chain_problems() calls it.';
CREATE FUNCTION agentctl.chain_ways(document jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH given AS (
        SELECT r.path, r.from_agent, r.to_agent, r.capabilities, row_number() OVER (ORDER BY r.number) AS number
        FROM agentctl.chain_relations(document) AS r
    ), named AS (
        SELECT g.number, g.path, g.from_agent AS "from", CASE WHEN g.to_agent IS NULL
                   THEN array_to_string(g.capabilities, ' + ') ELSE g.to_agent END AS "to", g.capabilities
        FROM given AS g
    ), node AS (
        SELECT n.name, min(n.place) AS place, jsonb_agg(n.capabilities) -> 0 AS capabilities
        FROM (SELECT document ->> 'start' AS name, 0 AS place, NULL::text[] AS capabilities WHERE document ? 'start'
              UNION ALL SELECT "from", 2 * number, NULL FROM named
              UNION ALL SELECT "to", 2 * number + 1, capabilities FROM named) AS n
        GROUP BY n.name
    )
    SELECT jsonb_build_object(
        'nodes', (SELECT coalesce(jsonb_agg(jsonb_build_object('path', '', 'name', n.name, 'kind', 'agent')
            || CASE WHEN n.capabilities = 'null' THEN jsonb_build_object('agent', n.name)
                    ELSE jsonb_build_object('capabilities', n.capabilities) END ORDER BY n.place), '[]')
                        FROM node AS n),
        'edges', (SELECT coalesce(jsonb_agg(jsonb_build_object('path', n.path, 'from', n."from", 'to', n."to",
            'upon', CASE WHEN document ? 'from' THEN 'delegates' ELSE 'hands over' END) ORDER BY n.number), '[]')
            FROM named AS n))
$$;
COMMENT ON FUNCTION agentctl.chain_ways(document jsonb) IS 'Who may delegate or hand over to whom, as nodes and edges for drawing. Internal: compile_chain() calls it.';
CREATE FUNCTION agentctl.change_plan_steps(plan bigint, steps jsonb, moment timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    each record;
    place integer;
    last integer;
    status_given plan_step_status;
BEGIN
    FOR each IN SELECT e.value FROM jsonb_array_elements(change_plan_steps.steps) AS e LOOP
        SELECT coalesce(max(s.number), 0) INTO last FROM plan_step AS s WHERE s.plan_id = change_plan_steps.plan;
        place := coalesce((each.value ->> 'number')::integer, last + 1);
        status_given := (each.value ->> 'status')::plan_step_status;
        IF place NOT BETWEEN 1 AND last + 1 OR place > 1000 THEN
            RAISE EXCEPTION 'there is no step %; the plan has %', place, last USING ERRCODE = 'AC001';
        ELSIF place > last AND coalesce(each.value ->> 'description', '') !~ '[^[:space:]]' THEN
            RAISE EXCEPTION 'step % is new and has no description', place USING ERRCODE = 'AC001';
        ELSIF EXISTS (SELECT FROM jsonb_array_elements(each.value -> 'after') AS a
                      WHERE a::text !~ '^[0-9]{1,4}$' OR a::text::integer NOT BETWEEN 1 AND place - 1)
            OR (each.value ->> 'recovers')::integer NOT BETWEEN 1 AND place - 1
        THEN
            RAISE EXCEPTION 'step % can come after and recover earlier steps only', place USING ERRCODE = 'AC001';
        END IF;
        IF place > last THEN
            INSERT INTO plan_step (plan_id, number, tool, function, agent, capabilities, arguments, description, after,
                find, recovers)
            SELECT change_plan_steps.plan, place, each.value ->> 'tool', each.value ->> 'function',
                   each.value ->> 'agent', CASE WHEN each.value ? 'capabilities'
                       THEN agentctl.text_array(each.value -> 'capabilities') END,
                   coalesce(each.value -> 'arguments', '{}'),
                   left(regexp_replace(each.value ->> 'description', '[[:cntrl:]]+', ' ', 'g'), 1000),
                   ARRAY(SELECT a::text::smallint FROM jsonb_array_elements(each.value -> 'after') AS a ORDER BY 1),
                   each.value ->> 'find', (each.value ->> 'recovers')::smallint;
        ELSE
            UPDATE plan_step AS s
            SET description = CASE WHEN each.value ->> 'description' ~ '[^[:space:]]'
                    THEN left(regexp_replace(each.value ->> 'description', '[[:cntrl:]]+', ' ', 'g'), 1000)
                    ELSE s.description END,
                after = CASE WHEN each.value ? 'after' THEN ARRAY(
                    SELECT a::text::smallint FROM jsonb_array_elements(each.value -> 'after') AS a ORDER BY 1)
                    ELSE s.after END
            WHERE s.plan_id = change_plan_steps.plan AND s.number = place
              AND each.value ?| '{description,after}';
        END IF;
        UPDATE plan_step AS s
        SET status = status_given,
            started_at = CASE WHEN status_given IN ('pending', 'skipped') THEN s.started_at
                ELSE coalesce(s.started_at, moment) END,
            finished_at = CASE WHEN status_given IN ('pending', 'running') THEN NULL
                WHEN s.status = status_given THEN s.finished_at ELSE moment END,
            result = left(coalesce(each.value ->> 'result', s.result), 4000),
            error_code = left(each.value ->> 'error', 64)
        WHERE s.plan_id = change_plan_steps.plan AND s.number = place AND status_given IS NOT NULL;
    END LOOP;
END $_$;
COMMENT ON FUNCTION agentctl.change_plan_steps(plan bigint, steps jsonb, moment timestamp with time zone) IS 'Changes and adds steps of a plan that runs. Fails with AC001 for a step that cannot be. Internal: update_plan() calls it.';
CREATE FUNCTION agentctl.check_conversation_settings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    wrong record;
BEGIN
    SELECT e.key, e.value, f.type, f.minimum, f.maximum INTO wrong
    FROM jsonb_each(NEW.settings) AS e
    JOIN document_field AS f ON f.kind = 'agent' AND f.path = e.key AND f.type IN ('integer', 'number')
    WHERE CASE
        WHEN e.value = 'null' THEN false
        WHEN jsonb_typeof(e.value) <> 'number' THEN true
        WHEN f.type = 'integer' AND (e.value #>> '{}')::numeric % 1 <> 0 THEN true
        ELSE NOT (e.value #>> '{}')::numeric BETWEEN coalesce(f.minimum, '-infinity')::numeric
            AND coalesce(f.maximum, 'infinity')::numeric END
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'setting "%" of conversation "%" takes % from % to %, and not %', wrong.key, NEW.id,
            CASE wrong.type WHEN 'integer' THEN 'a whole number' ELSE 'a number' END,
            coalesce(wrong.minimum::text, 'any'), coalesce(wrong.maximum::text, 'any'), left(wrong.value::text, 100)
            USING ERRCODE = 'AC001';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.check_conversation_settings() IS 'Trigger: refuses numbers that an agent''s document would not take either.';
CREATE FUNCTION agentctl.check_dependencies() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
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
COMMENT ON FUNCTION agentctl.check_dependencies() IS 'Trigger: refuses dependencies of tasks that have begun, and begins tasks whose dependencies are done already.';
CREATE FUNCTION agentctl.check_documents(documents jsonb) RETURNS TABLE(document integer, path text, problem text, expected text, nearest text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    mistake record;
    wrong integer[] := '{}';
BEGIN
    FOR mistake IN
        SELECT (each.ordinality - 1)::integer AS document, p.path, p.problem, p.expected, p.nearest
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        CROSS JOIN LATERAL agentctl.document_problems(each.value, documents) AS p
        ORDER BY each.ordinality, p.path
    LOOP
        wrong := wrong || mistake.document;
        RETURN QUERY SELECT mistake.document, mistake.path, mistake.problem, mistake.expected, mistake.nearest;
    END LOOP;
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, 'name',
           format('is used twice: %s %s', each.value ->> 'kind', each.value ->> 'name'),
           'a name that is unique within its kind', NULL::text
    FROM (SELECT e.ordinality, e.value,
                 row_number() OVER (PARTITION BY e.value ->> 'kind', e.value ->> 'name'
                     ORDER BY e.ordinality) AS occurrence
          FROM jsonb_array_elements(documents) WITH ORDINALITY AS e WHERE e.value ->> 'name' IS NOT NULL) AS each
    WHERE each.occurrence > 1;
    RETURN QUERY
    SELECT found.document, found.path, found.problem, found.expected, NULL::text
    FROM agentctl.pipeline_problems(documents) AS found ORDER BY found.document, found.path;
    -- A message goes to an agent or a chain by name alone.
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, 'name', format('is also the name of %s', other.kind),
           'a name that no agent and no other chain has', NULL::text
    FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
    JOIN (VALUES ('agent', 'chain', 'a chain'), ('chain', 'agent', 'an agent')) AS other (own, against, kind)
        ON other.own = each.value ->> 'kind'
    WHERE EXISTS (SELECT FROM definition AS d WHERE d.kind = other.against AND d.name = each.value ->> 'name'
                  AND d.current_version IS NOT NULL)
       OR other.own = 'chain' AND EXISTS (SELECT FROM jsonb_array_elements(documents) AS o
           WHERE o.value ->> 'kind' = 'agent' AND o.value ->> 'name' = each.value ->> 'name');
    RETURN QUERY
    SELECT found.document, found.path, found.problem, found.expected, NULL::text
    FROM agentctl.chain_nesting_problems(documents) AS found
    WHERE NOT found.document = ANY (wrong) ORDER BY found.document, found.path;
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, found.path, found.problem, found.expected, found.nearest
    FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
    CROSS JOIN LATERAL agentctl.chain_problems(each.value, documents) AS found
    WHERE each.value ->> 'kind' = 'chain' AND NOT (each.ordinality - 1) = ANY (wrong)
    ORDER BY each.ordinality, found.path;
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, found.path, found.problem, found.expected, found.nearest
    FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
    CROSS JOIN LATERAL agentctl.plan_problems(each.value) AS found
    WHERE each.value ->> 'kind' = 'plan' AND NOT (each.ordinality - 1) = ANY (wrong)
    ORDER BY each.ordinality, found.path;
END $$;
COMMENT ON FUNCTION agentctl.check_documents(documents jsonb) IS 'Everything that is wrong with a list of documents that are to be registered together; document counts from 0.';
CREATE FUNCTION agentctl.check_setting() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
DECLARE
    number numeric;
    span interval;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'setting "%" is not deleted', OLD.name
            USING ERRCODE = 'AC003', HINT = 'Change its value with UPDATE.';
    ELSIF TG_OP = 'UPDATE' AND NEW.name <> OLD.name OR NEW.type IS NULL THEN
        RAISE EXCEPTION 'there is no setting "%"', NEW.name
            USING ERRCODE = 'AC002', HINT = 'SELECT name, value, description FROM agentctl.setting lists them.';
    ELSIF NEW.name = 'retention' AND btrim(NEW.value) <> '' THEN
        BEGIN
            span := NEW.value::interval;
        EXCEPTION WHEN data_exception THEN
            NULL;
        END;
        IF span IS NULL OR span < interval '1 day' THEN
            RAISE EXCEPTION 'setting "retention" takes an interval of at least 1 day, such as 90 days, and not "%"',
                NEW.value USING ERRCODE = 'AC001', HINT = 'Empty, everything is kept.';
        END IF;
    END IF;
    IF NEW.type = 'text' THEN
        RETURN NEW;
    END IF;
    IF NEW.value ~ (CASE NEW.type WHEN 'integer' THEN '^[0-9]{1,18}$' ELSE '^[0-9]{1,18}([.][0-9]{1,18})?$' END) THEN
        number := NEW.value::numeric;
    END IF;
    IF number IS NULL OR number NOT BETWEEN NEW.minimum::numeric AND NEW.maximum::numeric THEN
        RAISE EXCEPTION 'setting "%" takes % from % to %, and not "%"', NEW.name,
            CASE NEW.type WHEN 'integer' THEN 'a whole number' ELSE 'a number' END, NEW.minimum, NEW.maximum, NEW.value
            USING ERRCODE = 'AC001';
    END IF;
    RETURN NEW;
END $_$;
COMMENT ON FUNCTION agentctl.check_setting() IS 'Trigger: refuses values that a setting does not take.';
CREATE FUNCTION agentctl.check_task(description text, input jsonb, capabilities text[], agent text, deadline timestamp with time zone, budget_tokens numeric, budget_usd numeric, max_attempts integer) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
#variable_conflict use_variable
DECLARE
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF cardinality(capabilities) > 128 OR EXISTS (
        SELECT FROM unnest(capabilities) AS c (name)
        WHERE c.name IS NULL OR octet_length(c.name) NOT BETWEEN 1 AND 128)
    THEN
        RAISE EXCEPTION 'a task names up to 128 capabilities of 1 to 128 bytes' USING ERRCODE = 'AC001';
    ELSIF octet_length(agent) > 200 THEN
        RAISE EXCEPTION 'an agent''s name has at most 200 bytes' USING ERRCODE = 'AC001';
    ELSIF octet_length(description) + coalesce(octet_length(input::text), 0)
        + coalesce(octet_length(array_to_string(capabilities, '')), 0) + coalesce(octet_length(agent), 0) > largest
    THEN
        RAISE EXCEPTION 'the task has more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    ELSIF description IS NULL OR description !~ '[^[:space:]]' THEN
        RAISE EXCEPTION 'a task has a description' USING ERRCODE = 'AC001';
    ELSIF input @? 'strict $.**{128}' THEN
        RAISE EXCEPTION 'the input nests deeper than 127 levels' USING ERRCODE = 'AC001';
    ELSIF input @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RAISE EXCEPTION 'the input holds a number beyond the range of double precision' USING ERRCODE = 'AC001';
    ELSIF NOT isfinite(deadline) THEN
        RAISE EXCEPTION 'a deadline is a point in time, not %', deadline USING ERRCODE = 'AC001',
            HINT = 'NULL for none.';
    ELSIF budget_tokens NOT BETWEEN 1 AND 1e9 OR budget_usd NOT BETWEEN 1e-10 AND 1e9 THEN
        RAISE EXCEPTION 'a budget is 1 to 1e9 tokens, and more than 0 and up to 1e9 USD' USING ERRCODE = 'AC001';
    ELSIF max_attempts NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'a task has 1 to 100 attempts' USING ERRCODE = 'AC001';
    END IF;
END $_$;
COMMENT ON FUNCTION agentctl.check_task(description text, input jsonb, capabilities text[], agent text, deadline timestamp with time zone, budget_tokens numeric, budget_usd numeric, max_attempts integer) IS 'Fails with AC001 for values that no task can have, and with AC003 when they are too large. Internal: submit_task() and insert_tasks() call it.';
CREATE TABLE agentctl.routing (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    agent text NOT NULL COLLATE pg_catalog."C",
    is_default boolean NOT NULL,
    score real NOT NULL,
    threshold real NOT NULL,
    candidates jsonb NOT NULL,
    epoch bigint NOT NULL,
    decided_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT routing_candidates_check CHECK ((jsonb_typeof(candidates) = 'array'::text))
);
COMMENT ON TABLE agentctl.routing IS 'Why submissions that named no agent went to the agent that they went to.';
COMMENT ON COLUMN agentctl.routing.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.routing.seq IS 'The submission.';
COMMENT ON COLUMN agentctl.routing.agent IS 'The agent that was chosen.';
COMMENT ON COLUMN agentctl.routing.is_default IS 'No agent reached the threshold: the default agent was chosen, or the conversation''s own.';
COMMENT ON COLUMN agentctl.routing.score IS 'Share of what the message says that the best agent answers for, from 0 to 1; 0 when there was none.';
COMMENT ON COLUMN agentctl.routing.threshold IS 'The setting route_threshold at that time.';
COMMENT ON COLUMN agentctl.routing.candidates IS 'The best agents, at most five, best first: [{agent, score, words, success_rate, turns, open}]. words has the part of the score that each word of the message adds.';
COMMENT ON COLUMN agentctl.routing.epoch IS 'The epoch of the definitions that the decision was made with.';
COMMENT ON COLUMN agentctl.routing.decided_at IS 'When it was decided.';
CREATE FUNCTION agentctl.choose_agent(message text DEFAULT NULL::text, capabilities text[] DEFAULT '{}'::text[], input jsonb DEFAULT NULL::jsonb, excluding text[] DEFAULT '{}'::text[], otherwise text DEFAULT NULL::text) RETURNS agentctl.routing
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    decision routing;
    fallback text := coalesce(choose_agent.otherwise, agentctl.setting('default_agent'));
    lacking text;
BEGIN
    decision.threshold := agentctl.setting('route_threshold')::real;
    SELECT coalesce(jsonb_agg(to_jsonb(r) - 'place' ORDER BY r.place), '[]') INTO decision.candidates
    FROM agentctl.route(choose_agent.message, choose_agent.capabilities, choose_agent.input, choose_agent.excluding)
        AS r;
    decision.score := coalesce((decision.candidates -> 0 ->> 'score')::real, 0);
    decision.epoch := (SELECT e.epoch FROM definition_epoch AS e);
    decision.decided_at := clock_timestamp();
    decision.agent := decision.candidates -> 0 ->> 'agent';
    decision.is_default := false;
    -- Who has the capabilities that are asked for fits, whatever the words are.
    IF cardinality(choose_agent.capabilities) > 0 THEN
        IF decision.agent IS NULL THEN
            SELECT c.name INTO lacking FROM unnest(choose_agent.capabilities) AS c (name)
            WHERE NOT EXISTS (SELECT FROM route_capability AS r WHERE r.capability = c.name) LIMIT 1;
            RAISE EXCEPTION 'no %agent%', CASE WHEN choose_agent.excluding <> '{}' THEN 'further ' ELSE '' END,
                CASE WHEN lacking IS NULL THEN ' that takes this has all of the capabilities '
                        || array_to_string(choose_agent.capabilities, ', ')
                    ELSE format(' has the capability "%s"', lacking) END
                USING ERRCODE = 'AC002', HINT = coalesce(
                    'Did you mean ' || agentctl.nearest(lacking, ARRAY(
                        SELECT DISTINCT unnest(a.capabilities) FROM route_agent AS a)) || '?',
                    'Register an agent with them; see the column capabilities of agentctl.agents.');
        END IF;
        RETURN decision;
    END IF;
    IF decision.agent IS NOT NULL AND decision.score >= decision.threshold THEN
        RETURN decision;
    END IF;
    IF agentctl.responder_kind(fallback) IS NULL THEN
        RAISE EXCEPTION 'no agent fits the message, and %', CASE WHEN fallback <> ''
                THEN format('there is no agent "%s" (default_agent)', fallback) ELSE 'there is no default agent' END
            USING ERRCODE = 'AC002',
                DETAIL = CASE WHEN decision.agent IS NULL THEN 'No agent has any of its words.'
                    ELSE format('The best is "%s", with a score of %s; route_threshold is %s.', decision.agent,
                        decision.score, decision.threshold) END,
                HINT = 'Name one of the agents in agentctl.agents, or register it first; or give an agent examples of '
                    'such messages; or name another default: UPDATE agentctl.setting SET value = … WHERE name = '
                    '''default_agent''.';
    END IF;
    decision.agent := fallback;
    decision.is_default := true;
    RETURN decision;
END $$;
COMMENT ON FUNCTION agentctl.choose_agent(message text, capabilities text[], input jsonb, excluding text[], otherwise text) IS 'Which agent gets a message or an input that names none, and why: the best of route(), or, where its score is below route_threshold, otherwise (without it the setting default_agent). Capabilities have to be there, whatever the score. Fails with AC002 when there is no such agent. Internal: submit() calls it and stores the row.';
CREATE FUNCTION agentctl.choose_task_agent(description text, capabilities text[], excluded text[]) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
    best record;
    fallback text;
BEGIN
    SELECT r.agent, r.score INTO best
    FROM agentctl.route(choose_task_agent.description, choose_task_agent.capabilities, NULL,
        coalesce(choose_task_agent.excluded, '{}')) AS r
    WHERE r.place = 1;
    -- An agent that has the capabilities fits, whatever the words are.
    IF choose_task_agent.capabilities <> '{}' OR best.score >= agentctl.setting('route_threshold')::real THEN
        RETURN best.agent;
    END IF;
    fallback := agentctl.setting('default_agent');
    RETURN CASE WHEN fallback <> ALL (coalesce(choose_task_agent.excluded, '{}')) THEN fallback END;
END $$;
COMMENT ON FUNCTION agentctl.choose_task_agent(description text, capabilities text[], excluded text[]) IS 'The agent for a task that names none: the best of route() that is not excluded, or the default agent where no capability is required and no agent fits the words; NULL when there is none. Internal: the routines that start tasks call it.';
CREATE FUNCTION agentctl.claim(worker bigint, maximum integer, conversation text DEFAULT NULL::text) RETURNS TABLE(conversation_id text, seq bigint, lease uuid, attempt smallint, operation text, body jsonb, agent text, epoch bigint, submitted_at timestamp with time zone, last_message bigint, history jsonb, generation smallint, progress jsonb, settings jsonb, task jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    claimed text[];
    resumed text[];
    returned integer;
BEGIN
    -- A worker that was counted as lost gets no more: nobody would take over from it a second time.
    IF claim.maximum < 1 OR NOT EXISTS (SELECT FROM worker AS w WHERE w.id = claim.worker
        AND w.state IN ('active', 'draining')) THEN
        RETURN;
    END IF;
    IF claim.conversation IS NULL THEN
        WITH candidate AS MATERIALIZED (
            SELECT c.conversation_id FROM conversation_control AS c
            WHERE c.state = 'ready'
            ORDER BY c.priority, c.depth DESC, c.has_progress DESC, c.ready_at, c.conversation_id
            LIMIT claim.maximum
            FOR NO KEY UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE conversation_control AS c
            SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
                attempt = least(c.attempt, 32766) + 1, generation = least(c.generation, 32766) + 1,
                claimed_at = clock_timestamp()
            WHERE c.conversation_id = ANY (ARRAY(SELECT candidate.conversation_id FROM candidate))
            RETURNING c.conversation_id, c.has_progress
        )
        SELECT array_agg(taken.conversation_id),
               array_agg(taken.conversation_id) FILTER (WHERE taken.has_progress) INTO claimed, resumed FROM taken;
    ELSE
        WITH taken AS (
            UPDATE conversation_control AS c
            SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
                attempt = least(c.attempt, 32766) + 1, generation = least(c.generation, 32766) + 1,
                claimed_at = clock_timestamp()
            WHERE c.conversation_id = ANY (ARRAY(
                SELECT o.conversation_id FROM conversation_control AS o
                WHERE o.conversation_id = claim.conversation AND o.state = 'ready' FOR NO KEY UPDATE SKIP LOCKED))
            RETURNING c.conversation_id, c.has_progress
        )
        SELECT array_agg(taken.conversation_id),
               array_agg(taken.conversation_id) FILTER (WHERE taken.has_progress) INTO claimed, resumed FROM taken;
    END IF;
    IF claimed IS NULL THEN
        RETURN;
    END IF;
    IF resumed IS NOT NULL THEN
        -- Tasks that ended while another session held the row are told before they are read.
        PERFORM agentctl.tell_parent(r.conversation_id) FROM unnest(resumed) AS r (conversation_id)
        WHERE EXISTS (SELECT FROM task AS t WHERE t.parent_conversation_id = r.conversation_id AND NOT t.told
            AND t.finished_at IS NOT NULL);
    END IF;
    RETURN QUERY
    SELECT c.conversation_id, s.seq, c.lease, c.attempt,
           CASE WHEN s.taken_by IS NULL THEN s.operation::text ELSE 'taken' END, s.body, coalesce(s.agent, v.agent),
           (SELECT e.epoch FROM definition_epoch AS e), s.created_at, c.last_message,
           CASE WHEN compacted.summary IS NULL THEN past.messages
                ELSE jsonb_build_array(jsonb_build_array(compacted.last_message, 'summary', compacted.summary))
                    || coalesce(past.messages, '[]') END,
           c.generation,
           CASE WHEN c.has_progress THEN agentctl.turn_progress_report(c.conversation_id) END,
           CASE WHEN coalesce(s.agent, v.agent) = v.agent THEN nullif(v.settings - 'routing', '{}') END,
           CASE WHEN s.task_id IS NOT NULL THEN agentctl.task_report(s.task_id, c.cancel_seq > c.head_seq) END
    FROM conversation_control AS c
    JOIN conversation AS v ON v.id = c.conversation_id
    JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
    CROSS JOIN LATERAL (
        SELECT coalesce(CASE WHEN c.has_progress
            THEN (SELECT p.first_message - 1 FROM turn_progress AS p WHERE p.conversation_id = c.conversation_id)
            END, c.last_message) AS message
    ) AS before
    LEFT JOIN LATERAL (
        SELECT o.last_message, o.summary FROM compaction AS o
        WHERE o.conversation_id = c.conversation_id AND o.undone_by IS NULL
        ORDER BY o.number DESC LIMIT 1
    ) AS compacted ON true
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id)
            ORDER BY m.number) AS messages
        FROM (
            SELECT recent.*, sum(octet_length(recent.content) + coalesce(octet_length(recent.tool_calls::text), 0))
                                 OVER (ORDER BY recent.number DESC) AS bytes
            FROM message AS recent
            WHERE recent.conversation_id = c.conversation_id
              AND recent.number > greatest(before.message - 100, compacted.last_message)
              AND recent.number <= before.message AND recent.undone_by IS NULL
        ) AS m
        WHERE m.bytes <= 4194304
    ) AS past
    WHERE c.conversation_id = ANY (claimed);
    GET DIAGNOSTICS returned = ROW_COUNT;
    IF returned < cardinality(claimed) THEN
        PERFORM agentctl.skip_missing_submissions(claimed);
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.claim(worker bigint, maximum integer, conversation text) IS 'Takes the lease of up to maximum ready conversations (or of the given one) and returns the next submission of each, with the last 100 messages before it, at most 4 MiB of text, as [number, role, content, tool_calls, tool_call_id] (where a summary stands for the oldest, first [number, "summary", text] and then those after it), and what its turn has stored already.';
CREATE FUNCTION agentctl.claim_deliveries(maximum integer, busy text[] DEFAULT '{}'::text[], at timestamp with time zone DEFAULT now()) RETURNS TABLE(id bigint, attempt integer, webhook_id uuid, hook text, body text, document jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    lease CONSTANT interval := '2 minutes';
BEGIN
    RETURN QUERY
    UPDATE hook_delivery AS d SET attempt = d.attempt + 1, next_at = claim_deliveries.at + lease
    FROM (
        SELECT due.id, h.version_id
        FROM hook_state AS h
        CROSS JOIN LATERAL (
            SELECT c.id FROM hook_delivery AS c
            WHERE c.hook = h.name AND c.state = 'pending' AND c.next_at <= claim_deliveries.at
            ORDER BY c.next_at, c.id LIMIT least(claim_deliveries.maximum, 4) FOR NO KEY UPDATE SKIP LOCKED
        ) AS due
        WHERE h.stopped_at IS NULL AND h.name <> ALL (claim_deliveries.busy)
        LIMIT claim_deliveries.maximum
    ) AS c
    JOIN definition_version AS v ON v.id = c.version_id
    WHERE d.id = c.id
    RETURNING d.id, d.attempt, d.webhook_id, d.hook, d.body::text, v.document;
END $$;
COMMENT ON FUNCTION agentctl.claim_deliveries(maximum integer, busy text[], at timestamp with time zone) IS 'Deliveries that are due, for one attempt each within two minutes, at most four of a hook and none of those that are busy. Workers call it.';
CREATE FUNCTION agentctl.claim_function_calls(worker bigint, maximum integer) RETURNS TABLE(call bigint, lease uuid, attempt integer, function text, version_id bigint, arguments jsonb, called_by text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
    claimed bigint[];
BEGIN
    IF claim_function_calls.maximum < 1
        OR NOT EXISTS (SELECT FROM worker AS w WHERE w.id = claim_function_calls.worker
            AND w.state IN ('active', 'draining')) THEN
        RETURN;
    END IF;
    claimed := ARRAY(
        SELECT q.id FROM function_queue AS q WHERE q.lease IS NULL
        ORDER BY q.ready_at, q.id LIMIT claim_function_calls.maximum
        FOR NO KEY UPDATE SKIP LOCKED);
    IF cardinality(claimed) = 0 THEN
        RETURN;
    END IF;
    UPDATE function_queue AS q
    SET lease = gen_random_uuid(), worker_id = claim_function_calls.worker, attempt = least(q.attempt, 32766) + 1,
        (version_id, effect) = (
            SELECT v.id, (v.document ->> 'effect')::tool_effect
            FROM function_request AS r
            JOIN definition AS d ON d.kind = 'function' AND d.name = r.function
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE r.id = q.id)
    WHERE q.id = ANY (claimed);
    RETURN QUERY
    SELECT q.id, q.lease, q.attempt::integer, r.function, q.version_id, r.arguments, r.created_by
    FROM function_queue AS q JOIN function_request AS r ON r.id = q.id
    WHERE q.id = ANY (claimed)
    ORDER BY q.ready_at, q.id;
END $$;
COMMENT ON FUNCTION agentctl.claim_function_calls(worker bigint, maximum integer) IS 'Takes up to maximum queued calls for a worker, each with the version in force (NULL when the function was taken out of force since).';
CREATE FUNCTION agentctl.clock_change(time_zone text, day date, OUT change timestamp with time zone, OUT before interval, OUT since interval) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    -- Whatever the zone, the local day lies between them.
    first timestamptz := (day - 1)::timestamp AT TIME ZONE 'UTC';
    last timestamptz := (day + 2)::timestamp AT TIME ZONE 'UTC';
    middle timestamptz;
BEGIN
    before := (first AT TIME ZONE time_zone) - (first AT TIME ZONE 'UTC');
    since := (last AT TIME ZONE time_zone) - (last AT TIME ZONE 'UTC');
    IF before = since THEN
        change := 'infinity';
        RETURN;
    END IF;
    WHILE last - first > interval '1 minute' LOOP
        middle := date_trunc('minute', first + (last - first) / 2);
        IF (middle AT TIME ZONE time_zone) - (middle AT TIME ZONE 'UTC') = before THEN
            first := middle;
        ELSE
            last := middle;
        END IF;
    END LOOP;
    change := last;
END $$;
COMMENT ON FUNCTION agentctl.clock_change(time_zone text, day date, OUT change timestamp with time zone, OUT before interval, OUT since interval) IS 'When the clocks of a time zone are changed about a day, and by how much they are ahead of UTC before and since; infinity when they are not changed. Internal: next_time() calls it.';
CREATE FUNCTION agentctl.close_schedule_runs(name text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    UPDATE schedule_run AS r SET is_open = false
    WHERE r.name = close_schedule_runs.name AND r.is_open AND CASE
        WHEN r.task_id IS NOT NULL THEN NOT EXISTS (
            SELECT FROM task AS t WHERE t.id = r.task_id AND t.finished_at IS NULL)
        ELSE NOT EXISTS (
            SELECT FROM conversation_control AS c WHERE c.conversation_id = r.conversation_id AND c.head_seq < r.seq)
        END;
    RETURN EXISTS (SELECT FROM schedule_run AS r WHERE r.name = close_schedule_runs.name AND r.is_open);
END $$;
COMMENT ON FUNCTION agentctl.close_schedule_runs(name text) IS 'Notes which runs of a schedule have ended; returns whether one is in progress. Internal.';
CREATE FUNCTION agentctl.comment_definition_views() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    wanted record;
    made integer := 0;
BEGIN
    FOR wanted IN
        SELECT a.attrelid::regclass AS view, a.attname AS name, c.description
        FROM definition_kind AS k
        CROSS JOIN LATERAL (SELECT CASE k.kind WHEN 'policy' THEN 'policies'
            WHEN 'plan' THEN 'plan_templates' ELSE k.kind || 's' END AS name) AS view
        JOIN pg_attribute AS a ON a.attrelid = to_regclass(format('agentctl.%I', view.name)) AND a.attnum > 0
        JOIN LATERAL (
            SELECT f.path, f.description FROM document_field AS f WHERE f.kind = k.kind
            UNION ALL
            VALUES ('version', 'Version in force, counted from 1.'), ('version_id', 'Identifies the version.'),
                ('created_at', 'When the version was registered.'), ('created_by', 'Database user who registered it.')
        ) AS c (name, description) ON c.name = a.attname
        WHERE col_description(a.attrelid, a.attnum) IS DISTINCT FROM c.description
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', wanted.view, wanted.name, wanted.description);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
COMMENT ON FUNCTION agentctl.comment_definition_views() IS 'Gives the columns of the views of definitions the descriptions of the fields that they show; returns how many had none, or another.';
CREATE FUNCTION agentctl.compact(conversation text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT agentctl.submit_operation(conversation, 'compact', '{}')
$$;
COMMENT ON FUNCTION agentctl.compact(conversation text) IS 'Has the oldest turns of a conversation, all but the last two, summarized for the model, when the messages before it are processed; returns its number. The messages stay; undo_compaction() takes it back.';
CREATE FUNCTION agentctl.compaction_source(conversation text, upto bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    last record;
    kept bigint := compaction_source.upto;
    bound bigint;
BEGIN
    SELECT o.number, o.first_message, o.last_message, o.summary INTO last FROM compaction AS o
    WHERE o.conversation_id = compaction_source.conversation AND o.undone_by IS NULL
    ORDER BY o.number DESC LIMIT 1;
    -- The last two turns are not touched.
    FOR i IN 1..2 LOOP
        kept := (SELECT m.seq FROM message AS m
                 WHERE m.conversation_id = compaction_source.conversation AND m.undone_by IS NULL AND m.seq < kept
                 ORDER BY m.number DESC LIMIT 1);
    END LOOP;
    -- A turn that does not fit into the bounds is left for another time, with all after it, unless it is the first.
    WITH part AS (
        SELECT m.number, m.seq, octet_length(m.content) + coalesce(octet_length(m.tool_calls::text), 0) AS bytes
        FROM message AS m
        WHERE m.conversation_id = compaction_source.conversation AND m.undone_by IS NULL
          AND m.number > coalesce(last.last_message, 0) AND m.seq < kept
        ORDER BY m.number LIMIT 5001
    ), whole AS (
        SELECT max(p.number) AS message, sum(sum(p.bytes)) OVER (ORDER BY p.seq) AS bytes,
               sum(count(*)) OVER (ORDER BY p.seq) AS messages, row_number() OVER (ORDER BY p.seq) AS turn
        FROM part AS p GROUP BY p.seq
    )
    SELECT max(w.message) INTO bound FROM whole AS w WHERE w.turn = 1 OR w.bytes <= 8388608 AND w.messages <= 5000;
    RETURN jsonb_build_object(
        'number', coalesce(
            (SELECT max(o.number) FROM compaction AS o WHERE o.conversation_id = compaction_source.conversation),
            0) + 1,
        'first_message', last.first_message,
        'summary', last.summary,
        'messages', (
            SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id)
                ORDER BY m.number)
            FROM message AS m
            WHERE m.conversation_id = compaction_source.conversation AND m.undone_by IS NULL
              AND m.number > coalesce(last.last_message, 0) AND m.number <= bound));
END $$;
COMMENT ON FUNCTION agentctl.compaction_source(conversation text, upto bigint) IS 'What can be summarized of the turns before upto: {number, first_message, summary, messages}, where summary is the one in force and messages come after it, without the last two turns, about 8 MiB of text at most. Internal: the worker that holds the conversation calls it.';
CREATE FUNCTION agentctl.compile_chain(document jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    strategy text := CASE WHEN document ? 'from' THEN 'relationship' ELSE document ->> 'strategy' END;
    defaults jsonb := jsonb_strip_nulls(jsonb_build_object('timeout', document -> 'task_timeout'));
    parallel jsonb := coalesce(document -> 'max_parallel', '16');
    rounds integer := coalesce((document ->> 'rounds')::integer, 1);
    replans integer := coalesce((document ->> 'max_replans')::integer, 0);
    judge jsonb := document #> '{decide,judge}';
    nodes jsonb := '[]';
    edges jsonb := '[]';
    names text[];
    parts jsonb;
BEGIN
    -- The parts that a strategy lists, each with a name.
    parts := agentctl.chain_parts(document, CASE strategy WHEN 'sequential' THEN 'stages' WHEN 'parallel'
        THEN 'branches'
        WHEN 'consensus' THEN 'voters' WHEN 'graph' THEN 'nodes' END);
    names := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(parts) WITH ORDINALITY AS e
        ORDER BY e.ordinality);
    CASE strategy
    WHEN 'sequential' THEN
        SELECT jsonb_agg(agentctl.chain_input(p.value - 'optional', CASE p.ordinality WHEN 1 THEN '"{{input}}"'
                   ELSE '"{{previous}}"' END::jsonb) ORDER BY p.ordinality)
        INTO nodes FROM jsonb_array_elements(parts) WITH ORDINALITY AS p;
        SELECT coalesce(jsonb_agg(jsonb_build_object('path', parts -> i - 1 -> 'path', 'from', names[i],
                   'to', names[i + 1], 'upon', CASE WHEN parts -> i - 1 -> 'optional' = 'true' THEN 'always'
                       ELSE 'success' END) ORDER BY i), '[]')
        INTO edges FROM generate_series(1, cardinality(names) - 1) AS i;
    WHEN 'parallel' THEN
        IF document ? 'for_each' THEN
            nodes := jsonb_build_array(agentctl.chain_input(jsonb_strip_nulls(jsonb_build_object(
                'path', '', 'name', 'each', 'kind', 'map', 'over', document -> 'for_each', 'max_parallel', parallel,
                'on_failure', coalesce(document -> 'on_failure', '"collect"'), 'agent', document -> 'agent',
                'chain', document -> 'chain', 'tool', document -> 'tool', 'function', document -> 'function',
                'attempts', document -> 'attempts', 'timeout', document -> 'task_timeout')) || jsonb_strip_nulls(
                jsonb_build_object('input', document -> 'input', 'arguments', document -> 'arguments')), '"{{item}}"'));
        ELSE
            SELECT '[{"path": "", "name": "start", "kind": "set", "value": "{{input}}"}]'
                   || jsonb_agg(defaults || '{"group": "branches"}' || agentctl.chain_input(p.value, '"{{input}}"')
                        ORDER BY p.ordinality)
                   || jsonb_build_array(jsonb_build_object('path', '', 'name', 'results', 'kind', 'collect',
                        'of', to_jsonb(names), 'on_failure', CASE document ->> 'on_failure' WHEN 'fail' THEN 'fail'
                            WHEN 'cancel' THEN 'cancel' ELSE 'collect' END)),
                   jsonb_agg(jsonb_build_object('path', p.value -> 'path', 'from', 'start', 'to', p.value -> 'name')
                        ORDER BY p.ordinality)
                   || jsonb_agg(jsonb_build_object('path', p.value -> 'path', 'from', p.value -> 'name',
                        'to', 'results', 'upon', CASE document ->> 'on_failure' WHEN 'cancel' THEN 'success'
                            ELSE 'always' END) ORDER BY p.ordinality)
            INTO nodes, edges FROM jsonb_array_elements(parts) WITH ORDINALITY AS p;
        END IF;
    WHEN 'consensus' THEN
        SELECT jsonb_build_array(jsonb_build_object('path', 'question', 'name', 'ask', 'kind', 'set',
                   'value', coalesce(document -> 'question', '"{{input}}"'), 'role', 'question'))
               || jsonb_agg(defaults || '{"group": "voters"}' || agentctl.chain_input(p.value, '"{{nodes.ask}}"')
                    ORDER BY p.ordinality)
               || jsonb_build_array(jsonb_build_object('path', '', 'name', 'count', 'kind', 'vote',
                    'of', to_jsonb(names), 'answer', coalesce(document -> 'answer', '{}'),
                    'decide', coalesce(document -> 'decide', '{}'))),
               jsonb_agg(jsonb_build_object('path', p.value -> 'path', 'from', 'ask', 'to', p.value -> 'name')
                    ORDER BY p.ordinality)
               || jsonb_agg(jsonb_build_object('path', p.value -> 'path', 'from', p.value -> 'name', 'to', 'count',
                    'upon', 'always') ORDER BY p.ordinality)
        INTO nodes, edges FROM jsonb_array_elements(parts) WITH ORDINALITY AS p;
        -- A vote that decides nothing fails; then there is another round, or the judge decides.
        IF rounds > 1 THEN
            edges := edges || jsonb_build_array(jsonb_build_object('path', 'rounds', 'from', 'count', 'to', 'ask',
                'upon', 'failure', 'loop', rounds));
        END IF;
        IF judge IS NOT NULL THEN
            nodes := nodes || jsonb_build_array(jsonb_build_object('path', 'decide.judge', 'name', 'judge',
                'kind', 'agent', 'agent', judge, 'role', 'judge', 'input',
                E'{{nodes.ask}}\n\nThe answers that were given, with their votes:\n{{nodes.count.choices}}'));
            edges := edges || jsonb_build_array(jsonb_build_object('path', 'decide.judge', 'from', 'count', 'to',
                'judge',
                'upon', CASE WHEN rounds > 1 THEN 'limit' ELSE 'failure' END));
        END IF;
    WHEN 'hierarchical' THEN
        nodes := jsonb_build_array(
            jsonb_build_object('path', 'manager', 'name', 'plan', 'kind', 'agent', 'agent', document -> 'manager',
                'role', 'plan', 'input', format(
                    E'Plan how to answer the request below: at most %s subtasks, each for one of %s. A subtask names '
                    'those that have to be done before it.\n\nRequest: {{input}}',
                    coalesce(document ->> 'max_subtasks', '12'), (SELECT string_agg(s, ', ')
                        FROM jsonb_array_elements_text(document -> 'specialists') AS s)),
                'output_schema', agentctl.plan_schema(document -> 'specialists',
                    coalesce(document -> 'max_subtasks', '12'))),
            defaults || jsonb_build_object('path', '', 'name', 'work', 'kind', 'plan', 'plan',
                '{{nodes.plan.subtasks}}',
                'specialists', document -> 'specialists', 'max_parallel', parallel),
            jsonb_build_object('path', 'manager', 'name', 'synthesis', 'kind', 'agent', 'agent', document -> 'manager',
                'role', 'synthesis', 'input', E'Request: {{input}}\n\nResults of the subtasks: {{nodes.work}}\n\n'
                    'Answer the request from these results.'));
        edges := '[{"path": "", "from": "plan", "to": "work"}, {"path": "", "from": "work", "to": "synthesis"}]';
        IF document -> 'approve_plan' = 'true' THEN
            nodes := jsonb_insert(nodes, '{0}', '{"path": "approve_plan", "name": "approve", "kind": "approval",
                "message": "Run this plan? {{nodes.plan.subtasks}}"}', true);
            edges := '[{"path": "", "from": "plan", "to": "approve"},
                {"path": "", "from": "approve", "to": "work", "when": {"output.approved": {"const": true}}},
                {"path": "", "from": "approve", "to": "end", "otherwise": true},
                {"path": "", "from": "work", "to": "synthesis"}]';
        END IF;
        IF replans > 0 THEN
            edges := edges || jsonb_build_array(
                jsonb_build_object('path', 'max_replans', 'from', 'work', 'to', 'plan', 'upon', 'failure',
                    'loop', replans + 1),
                jsonb_build_object('path', 'max_replans', 'from', 'work', 'to', 'synthesis', 'upon', 'limit'));
        END IF;
    WHEN 'graph' THEN
        SELECT jsonb_agg(agentctl.chain_input(p.value, CASE p.ordinality WHEN 1 THEN '"{{input}}"'
                   ELSE '"{{previous}}"' END::jsonb) ORDER BY p.ordinality)
        INTO nodes FROM jsonb_array_elements(parts) WITH ORDINALITY AS p;
        SELECT coalesce(jsonb_agg(jsonb_build_object('path', format('edges[%s]', e.ordinality - 1)) || e.value
                   ORDER BY e.ordinality), '[]')
        INTO edges FROM jsonb_array_elements(document -> 'edges') WITH ORDINALITY AS e;
        -- What collects or counts does so for all that lead to it, unless it says for which.
        SELECT jsonb_agg(CASE WHEN n.value ->> 'kind' IN ('collect', 'vote') AND NOT n.value ? 'of'
                   THEN n.value || jsonb_build_object('of', (SELECT coalesce(jsonb_agg(e.value -> 'from'
                       ORDER BY e.ordinality), '[]') FROM jsonb_array_elements(edges) WITH ORDINALITY AS e
                       WHERE e.value -> 'to' = n.value -> 'name' AND NOT e.value ? 'loop'))
                   ELSE n.value END ORDER BY n.ordinality)
        INTO nodes FROM jsonb_array_elements(nodes) WITH ORDINALITY AS n;
    ELSE
        RETURN agentctl.chain_ways(document);
    END CASE;
    RETURN jsonb_build_object('nodes', nodes, 'edges', edges);
END $$;
COMMENT ON FUNCTION agentctl.compile_chain(document jsonb) IS 'The nodes and edges of a valid chain: {nodes: [{path, name, kind, …}], edges: [{path, from, to, upon, when, otherwise, choose, loop}]}; path is the place in the document.';
CREATE FUNCTION agentctl.compile_chain_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $$
DECLARE
    graph jsonb;
BEGIN
    INSERT INTO definition_reference (version_id, path, kind, name)
    SELECT DISTINCT NEW.id, n.path, 'agent', n.name
    FROM agentctl.chain_relations(NEW.document) AS r
    CROSS JOIN LATERAL (VALUES (r.path, r.to_agent), (r.from_path, r.from_agent)) AS n (path, name)
    WHERE n.name IS NOT NULL;
    IF NEW.document ? 'from' OR NEW.document ->> 'strategy' = 'handoff' THEN
        RETURN NULL;
    END IF;
    graph := agentctl.compile_chain(NEW.document);
    INSERT INTO chain_node (version_id, number, name, kind, position, loop, definition)
    SELECT NEW.id, s.number, s.name, n.value ->> 'kind', s."position",
           graph -> 'nodes' -> s.region - 1 ->> 'name', n.value - '{path,name,kind}'::text[]
    FROM agentctl.chain_structure(graph) AS s
    CROSS JOIN LATERAL (SELECT graph -> 'nodes' -> s.number - 1 AS value) AS n;
    INSERT INTO chain_edge (version_id, number, from_node, to_node, upon, condition, is_otherwise, is_chosen, loop)
    SELECT NEW.id, e.ordinality, e.value ->> 'from', nullif(e.value ->> 'to', 'end'),
           coalesce(e.value ->> 'upon', 'success'), e.value -> 'when', coalesce(e.value -> 'otherwise' = 'true', false),
           coalesce(e.value -> 'choose' = 'true', false), (e.value ->> 'loop')::smallint
    FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.compile_chain_version() IS 'Trigger: stores the nodes and edges of a new version of a chain, and the agents that it relates.';
CREATE FUNCTION agentctl.complete_document(document jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT coalesce(jsonb_object_agg(f.path, f.default_value), '{}') || document
    FROM agentctl.document_field AS f
    WHERE f.kind = document ->> 'kind' AND f.default_value IS NOT NULL AND f.path !~ '[.[]'
$$;
COMMENT ON FUNCTION agentctl.complete_document(document jsonb) IS 'The document with the defaults of its kind filled in.';
CREATE FUNCTION agentctl.conversation_document_problems(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM agentctl.exchange_shape_problems(document) AS f LIMIT 100;
    IF NOT FOUND THEN
        RETURN QUERY SELECT s.* FROM agentctl.exchange_consistency_problems(document) AS s LIMIT 100;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.conversation_document_problems(document jsonb) IS 'What is wrong with a conversation''s document, at most 100 problems: first of its form, then, if that is right, of what its parts say of each other.';
CREATE FUNCTION agentctl.conversation_family(conversations text[]) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN ARRAY(
        WITH RECURSIVE attempt AS (
            SELECT t.id FROM submission AS s JOIN task AS t ON t.id = s.task_id
            WHERE s.conversation_id = ANY (conversation_family.conversations) AND s.seq = 1
              AND t.parent_conversation_id IS NULL
        ), member (id) AS (
            SELECT c.id COLLATE "C" FROM unnest(conversation_family.conversations) AS c (id)
            UNION
            SELECT agentctl.task_conversation_id(t.id, NULL, NULL, NULL, a.attempt) COLLATE "C"
            FROM attempt AS o JOIN task AS t ON t.id = o.id CROSS JOIN generate_series(1, t.attempt) AS a (attempt)
            UNION
            SELECT agentctl.task_conversation_id(t.id, t.parent_conversation_id, t.parent_seq, t.number, a.attempt)
                COLLATE "C"
            FROM member AS m
            JOIN task AS t ON t.parent_conversation_id = m.id AND t.conversation_id IS NOT NULL
            CROSS JOIN generate_series(1, t.attempt) AS a (attempt)
        )
        SELECT v.id FROM member AS m JOIN conversation AS v ON v.id = m.id ORDER BY v.id);
END $$;
COMMENT ON FUNCTION agentctl.conversation_family(conversations text[]) IS 'Conversations with those of their tasks, at every level and of all attempts, as far as they exist. Internal: what deletes conversations calls it.';
CREATE FUNCTION agentctl.conversation_id(name text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    account text := agentctl.account_name();
    prefix text := replace(replace(account, '%', '%25'), '/', '%2F') || '/';
    owned text;
BEGIN
    -- Its own first, also those that have whole ids of another form: a task's, or from before there were prefixes.
    SELECT v.id INTO owned FROM conversation AS v
    WHERE v.id IN (conversation_id.name, prefix || conversation_id.name) AND v.created_by = account
    ORDER BY v.id = conversation_id.name DESC LIMIT 1;
    RETURN CASE
        WHEN FOUND THEN owned
        WHEN starts_with(conversation_id.name, prefix) OR agentctl.may_see_all() THEN conversation_id.name
        ELSE prefix || conversation_id.name END;
END $$;
COMMENT ON FUNCTION agentctl.conversation_id(name text) IS 'The id of what the caller calls by this name: of a client account/name, otherwise the name. There need not be such a conversation.';
CREATE FUNCTION agentctl.count_ballots(ballots jsonb, answer jsonb DEFAULT '{}'::jsonb, decide jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH rule AS (
        SELECT coalesce(decide ->> 'by', 'majority') AS by, (decide ->> 'at_least')::numeric AS at_least,
               coalesce((decide ->> 'quorum')::integer, 1) AS quorum, decide ->> 'tie' = 'first' AS first_wins
    ), ballot AS (
        SELECT b.ordinality AS number, b.value ->> 'voter' AS voter,
               coalesce((b.value ->> 'weight')::numeric, 1) AS weight,
               agentctl.normal_answer(b.value -> 'answer', count_ballots.answer) AS answer
        FROM jsonb_array_elements(ballots) WITH ORDINALITY AS b
    ), choice AS (
        SELECT b.answer, count(*) AS votes, sum(b.weight) AS weight, min(b.number) AS first,
               jsonb_agg(b.voter ORDER BY b.number) AS voters
        FROM ballot AS b WHERE b.answer IS NOT NULL GROUP BY b.answer
    ), ranked AS (
        SELECT c.*, row_number() OVER (ORDER BY c.weight DESC, c.first) AS place,
               count(*) OVER (PARTITION BY c.weight) AS equals
        FROM choice AS c
    ), total AS (
        SELECT count(*) AS asked, coalesce(sum(b.weight), 0) AS asked_weight, count(b.answer) AS votes,
               coalesce(sum(b.weight) FILTER (WHERE b.answer IS NOT NULL), 0) AS weight
        FROM ballot AS b
    ), figure AS (
        SELECT t.*, w.answer, w.votes AS winner_votes, w.weight AS winner_weight, coalesce(w.equals, 0) > 1 AS is_tie,
               w.weight / nullif(t.weight, 0) AS share,
               -- The least share that the most frequent of k answers can have among n: what chance alone gives.
               ceil(t.votes::numeric / least(t.votes,
                   coalesce(jsonb_array_length(count_ballots.answer -> 'options'), t.votes)))
                   / nullif(t.votes, 0) AS least_share
        FROM total AS t LEFT JOIN ranked AS w ON w.place = 1
    ), decided AS (
        SELECT f.*, coalesce(f.votes >= r.quorum AND (NOT f.is_tie OR r.first_wins) AND CASE
            WHEN r.by = 'plurality' OR f.is_tie THEN true
            WHEN r.at_least IS NULL THEN f.share > 0.5
            ELSE f.share >= r.at_least END, false) AS is_decided
        FROM figure AS f CROSS JOIN rule AS r
    )
    SELECT jsonb_build_object(
        'decided', d.is_decided, 'answer', CASE WHEN d.is_decided THEN d.answer END, 'leading', d.answer,
        'tie', d.is_tie, 'asked', d.asked, 'votes', d.votes,
        'agreement', round(coalesce(d.share, 0), 4),
        'support', round(coalesce(d.winner_weight / nullif(d.asked_weight, 0), 0), 4),
        'agreement_normalized', CASE WHEN d.votes > 1 AND d.least_share < 1
            THEN round(greatest(0, (d.winner_votes::numeric / d.votes - d.least_share) / (1 - d.least_share)), 4) END,
        'choices', (SELECT coalesce(jsonb_agg(jsonb_build_object('answer', c.answer, 'votes', c.votes, 'weight',
            c.weight,
            'voters', c.voters) ORDER BY c.place), '[]') FROM ranked AS c))
    FROM decided AS d
$$;
COMMENT ON FUNCTION agentctl.count_ballots(ballots jsonb, answer jsonb, decide jsonb) IS 'The result of a vote. ballots: [{voter, weight, answer}], one for each who was asked; answer is missing where there is none, and weight is 1 unless given. answer: {select, normalize, options, tolerance}; decide: {by, at_least, quorum, tie}. Returns {decided, answer, leading, tie, asked, votes, agreement, support, agreement_normalized, choices}: agreement is the winner''s share of the votes cast, support of all who were asked, agreement_normalized is 0 for what chance gives.';
CREATE FUNCTION agentctl.create_partitions(months_ahead integer DEFAULT 3) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '2s'
    AS $$
DECLARE
    times timestamptz[];
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'partitions can be made for 0 to 120 months ahead' USING ERRCODE = 'AC001';
    END IF;
    times := ARRAY(
        SELECT date_trunc('month', now()) + make_interval(months => m) FROM generate_series(-1, months_ahead) AS m
        UNION
        -- Where turns in progress are stored when they end, which may have begun long ago, or by another clock.
        SELECT date_trunc('month', p.started_at) FROM turn_progress AS p
        UNION
        SELECT date_trunc('month', s.created_at) FROM conversation_control AS c
        JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
        WHERE c.state = 'running');
    RETURN (
        SELECT coalesce(sum(agentctl.create_partitions_of(parent.relname, times)), 0)
        FROM (SELECT c.relname FROM pg_class AS c
              WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relkind = 'p' AND NOT c.relispartition
              ORDER BY c.relname) AS parent);
END $$;
COMMENT ON FUNCTION agentctl.create_partitions(months_ahead integer) IS 'Makes the monthly partitions from last month to that many months ahead, and those that turns in progress need; returns how many were missing. Fails with 55P03 when a table was locked for two seconds.';
CREATE FUNCTION agentctl.create_partitions_of(parent text, times timestamp with time zone[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO, YMD'
    AS $$
DECLARE
    month timestamptz;
    partition text;
    is_attached boolean;
    made integer := 0;
BEGIN
    FOR month IN SELECT DISTINCT date_trunc('month', t) FROM unnest(times) AS t WHERE t IS NOT NULL ORDER BY 1 LOOP
        partition := parent || to_char(month, '_YYYY_MM');
        FOR look IN 1..2 LOOP
            is_attached := EXISTS (
                SELECT FROM pg_inherits AS i
                WHERE i.inhparent = to_regclass(format('agentctl.%I', parent))
                  AND i.inhrelid = to_regclass(format('agentctl.%I', partition)));
            EXIT WHEN is_attached;
            LOCK TABLE agentctl.migration IN SHARE UPDATE EXCLUSIVE MODE;
        END LOOP;
        CONTINUE WHEN is_attached;
        IF made = 600 THEN
            RAISE EXCEPTION 'the times lie in more than 600 months without partitions' USING ERRCODE = 'AC001';
        END IF;
        IF to_regclass(format('agentctl.%I', partition)) IS NULL THEN
            EXECUTE format('CREATE TABLE agentctl.%I (LIKE agentctl.%I INCLUDING ALL)', partition, parent);
        END IF;
        EXECUTE format('ALTER TABLE agentctl.%I ATTACH PARTITION agentctl.%I FOR VALUES FROM (%L) TO (%L)',
            parent, partition, month, month + interval '1 month');
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
COMMENT ON FUNCTION agentctl.create_partitions_of(parent text, times timestamp with time zone[]) IS 'Makes the monthly partitions of a table that rows of these times need; returns how many were missing. Internal: create_partitions() calls it, and what stores rows of other months.';
CREATE FUNCTION agentctl.cron_field(field text, name text, low integer, high integer, names text[] DEFAULT '{}'::text[]) RETURNS integer[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
DECLARE
    part text;
    given text[];
    least integer;
    greatest integer;
    step integer;
    found integer[] := '{}';
    written text := upper(field);
BEGIN
    FOR i IN 1 .. cardinality(names) LOOP
        written := regexp_replace(written, '(?<![A-Z])' || names[i] || '(?![A-KM-Z])', (i - 1 + low)::text, 'g');
    END LOOP;
    FOREACH part IN ARRAY string_to_array(written, ',') LOOP
        given := regexp_match(part, '^(?:([*])|([0-9]{1,4})(?:-([0-9]{1,4}))?)(?:/([0-9]{1,4}))?$');
        IF given IS NOT NULL THEN
            least := coalesce(given[2]::integer, low);
            step := coalesce(given[4]::integer, 1);
            greatest := coalesce(given[3]::integer,
                CASE WHEN given[1] IS NOT NULL OR given[4] IS NOT NULL THEN high ELSE least END);
            -- Sunday is the first and the last day of a week: FRI-SUN.
            IF name = 'weekday' AND given[3]::integer = 0 THEN
                greatest := 7;
            END IF;
            IF least < low OR greatest > high OR least > greatest OR step < 1 THEN
                given := NULL;
            ELSE
                found := found || ARRAY(SELECT CASE name WHEN 'weekday' THEN g.number % 7 ELSE g.number END
                                        FROM generate_series(least, greatest, step) AS g (number));
            END IF;
        ELSIF name = 'day' AND part = 'L' THEN
            given := '{L}';
            found := found || 100;
        ELSIF name = 'weekday' AND part ~ '^[0-7]L$' THEN
            given := '{L}';
            found := found || 100 + left(part, 1)::integer % 7;
        ELSIF name = 'weekday' AND part ~ '^[0-7]#[1-5]$' THEN
            given := '{#}';
            found := found || 100 * (1 + right(part, 1)::integer) + left(part, 1)::integer % 7;
        END IF;
        IF given IS NULL THEN
            RAISE EXCEPTION 'has the % "%"', name, left(field, 64) USING ERRCODE = '22023', HINT = format(
                '%s to %s%s; lists 1,2, ranges 1-5, steps */2%s', low, high,
                CASE name WHEN 'month' THEN ' or JAN to DEC' WHEN 'weekday' THEN ' or SUN to SAT' ELSE '' END,
                CASE name WHEN 'day' THEN ', and L for the last day of the month'
                    WHEN 'weekday' THEN ', and FRIL for the last, FRI#2 for the second Friday of the month'
                    ELSE '' END);
        END IF;
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT f.number FROM unnest(found) AS f (number) ORDER BY f.number);
END $_$;
COMMENT ON FUNCTION agentctl.cron_field(field text, name text, low integer, high integer, names text[]) IS 'The numbers that a field of a cron text stands for. 100: the last day of the month; 100 + weekday: the last of them in the month; 100 * (1 + n) + weekday: the nth. Fails with 22023, whose HINT is what was expected. Internal: cron_fields() calls it.';
CREATE FUNCTION agentctl.cron_fields(cron text, OUT minutes integer[], OUT hours integer[], OUT days integer[], OUT months integer[], OUT weekdays integer[], OUT is_fixed boolean, OUT is_any_day boolean, OUT is_any_weekday boolean) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    written text := lower(btrim(cron));
    fields text[];
BEGIN
    written := CASE written
        WHEN '@hourly' THEN '0 * * * *'
        WHEN '@daily' THEN '0 0 * * *'
        WHEN '@midnight' THEN '0 0 * * *'
        WHEN '@weekly' THEN '0 0 * * 0'
        WHEN '@monthly' THEN '0 0 1 * *'
        WHEN '@yearly' THEN '0 0 1 1 *'
        WHEN '@annually' THEN '0 0 1 1 *'
        ELSE written END;
    IF octet_length(written) <= 256 THEN
        fields := regexp_split_to_array(written, '[[:space:]]+');
    END IF;
    IF coalesce(cardinality(fields), 0) <> 5 THEN
        RAISE EXCEPTION '%', CASE
                WHEN cron IS NULL THEN 'is missing'
                WHEN fields IS NULL THEN format('has %s bytes', octet_length(cron))
                WHEN left(written, 1) = '@' THEN format('is "%s"', left(cron, 64))
                WHEN written = '' THEN 'is empty'
                ELSE format('has %s field%s', cardinality(fields), CASE cardinality(fields) WHEN 1 THEN '' ELSE 's' END)
            END
            USING ERRCODE = '22023', HINT = 'five fields: minute hour day month weekday, in at most 256 bytes, as in '
                '"30 8 * * MON-FRI"; or @hourly, @daily, @weekly, @monthly, @yearly';
    END IF;
    minutes := agentctl.cron_field(fields[1], 'minute', 0, 59);
    hours := agentctl.cron_field(fields[2], 'hour', 0, 23);
    days := agentctl.cron_field(fields[3], 'day', 1, 31);
    months := agentctl.cron_field(fields[4], 'month', 1, 12, '{JAN,FEB,MAR,APR,MAY,JUN,JUL,AUG,SEP,OCT,NOV,DEC}');
    weekdays := agentctl.cron_field(fields[5], 'weekday', 0, 7, '{SUN,MON,TUE,WED,THU,FRI,SAT}');
    is_fixed := left(fields[2], 1) <> '*';
    is_any_day := fields[3] = '*';
    is_any_weekday := fields[5] = '*';
END $$;
COMMENT ON FUNCTION agentctl.cron_fields(cron text, OUT minutes integer[], OUT hours integer[], OUT days integer[], OUT months integer[], OUT weekdays integer[], OUT is_fixed boolean, OUT is_any_day boolean, OUT is_any_weekday boolean) IS 'A cron text, taken apart. Fails with 22023: the message says what is wrong with it, HINT what was expected. Internal: next_time() calls it.';
CREATE FUNCTION agentctl.cron_matches(day date, days integer[], weekdays integer[], is_any_day boolean, is_any_weekday boolean) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    number integer := extract(day FROM day);
    weekday integer := extract(dow FROM day);
BEGIN
    IF is_any_day AND is_any_weekday THEN
        RETURN true;
    END IF;
    RETURN NOT is_any_day AND (number = ANY (days) OR 100 = ANY (days) AND extract(day FROM day + 1) = 1)
        OR NOT is_any_weekday AND (weekday = ANY (weekdays)
            OR 100 + weekday = ANY (weekdays) AND extract(day FROM day + 7) <= 7
            OR 100 * (2 + (number - 1) / 7) + weekday = ANY (weekdays));
END $$;
COMMENT ON FUNCTION agentctl.cron_matches(day date, days integer[], weekdays integer[], is_any_day boolean, is_any_weekday boolean) IS 'Whether a day is one that the fields of a cron text name, as cron_fields() has them. Internal: next_time() calls it.';
CREATE FUNCTION agentctl.decide(approval bigint, approves boolean, reason text, scope text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked record;
    remaining boolean;
    has_ended boolean;
BEGIN
    IF scope IS NULL OR scope NOT IN ('once', 'conversation', 'always') THEN
        RAISE EXCEPTION 'a scope is once, conversation or always' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(decide.reason) > 8192 THEN
        RAISE EXCEPTION 'a reason has at most 8192 bytes' USING ERRCODE = 'AC001';
    END IF;
    SELECT a.* INTO asked FROM approval AS a JOIN conversation AS v ON v.id = a.conversation_id
    WHERE a.id = decide.approval AND agentctl.may_see(v.created_by);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no approval %', decide.approval USING ERRCODE = 'AC002',
            HINT = 'See agentctl.pending_approvals.';
    END IF;
    IF scope = 'always' AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only an owner decides for all conversations' USING ERRCODE = 'AC004',
            HINT = 'Scope once or conversation.';
    END IF;
    -- In the order in which a worker takes them: the conversation's row first.
    PERFORM agentctl.lock_conversation(asked.conversation_id);
    SELECT c.head_seq >= asked.seq INTO has_ended FROM conversation_control AS c
    WHERE c.conversation_id = asked.conversation_id;
    SELECT a.* INTO asked FROM approval AS a WHERE a.id = decide.approval FOR NO KEY UPDATE;
    IF asked.state IN ('approved', 'denied') THEN
        RAISE EXCEPTION 'approval % was % by % at %', decide.approval, asked.state, asked.decided_by, asked.decided_at
            USING ERRCODE = 'AC003';
    ELSIF asked.state = 'expired' OR asked.expires_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'approval % has expired at %', decide.approval, asked.expires_at USING ERRCODE = 'AC003';
    ELSIF has_ended THEN
        RAISE EXCEPTION 'turn %/% has ended; nothing of it waits', asked.conversation_id, asked.seq
            USING ERRCODE = 'AC003';
    END IF;
    UPDATE approval AS a
    SET state = CASE WHEN approves THEN 'approved' ELSE 'denied' END::approval_state,
        scope = decide.scope::approval_scope,
        reason = decide.reason, decided_at = clock_timestamp(), decided_by = agentctl.caller()
    WHERE a.id = decide.approval;
    remaining := EXISTS (SELECT FROM approval AS a WHERE a.conversation_id = asked.conversation_id AND a.seq = asked.seq
        AND a.state = 'pending');
    UPDATE conversation_control AS c
    SET last_event = c.last_event + 1,
        state = CASE WHEN c.state = 'waiting' AND NOT remaining THEN 'ready' ELSE c.state END,
        ready_at = CASE WHEN c.state = 'waiting' AND NOT remaining THEN clock_timestamp() ELSE c.ready_at END,
        wake_at = CASE WHEN c.state = 'waiting' AND NOT remaining THEN NULL ELSE c.wake_at END
    WHERE c.conversation_id = asked.conversation_id;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT c.conversation_id, c.last_event, asked.seq, 'approval_decided', jsonb_strip_nulls(jsonb_build_object(
        'approval', decide.approval, 'call', nullif(asked.call_number, 0), 'place', nullif(asked.place, 'call'),
        'decision', CASE WHEN approves THEN 'approved' ELSE 'denied' END,
        'scope', decide.scope, 'reason', decide.reason, 'by', agentctl.caller()))
    FROM conversation_control AS c WHERE c.conversation_id = asked.conversation_id;
    IF NOT remaining THEN
        PERFORM agentctl.notify_workers(asked.conversation_id);
    END IF;
    RETURN NOT remaining;
END $$;
COMMENT ON FUNCTION agentctl.decide(approval bigint, approves boolean, reason text, scope text) IS 'Decides about a tool call that waits. Internal: approve() and deny() call it.';
CREATE FUNCTION agentctl.definition_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    UPDATE definition_epoch SET epoch = epoch + 1;
    PERFORM pg_notify('agentctl_definitions', '');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.definition_changed() IS 'Trigger: raises the epoch and notifies agentctl_definitions.';
CREATE FUNCTION agentctl.definition_keeps_references() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    broken text;
BEGIN
    SELECT format('%s "%s" refers to %s "%s", which is not in force', user_of.kind, user_of.name, r.kind, r.name)
    INTO broken
    FROM definition AS gone
    JOIN definition_reference AS r ON r.kind = gone.kind AND r.name = gone.name
    JOIN definition_version AS v ON v.id = r.version_id
    JOIN definition AS user_of ON user_of.kind = v.kind AND user_of.name = v.name
        AND user_of.current_version = v.version
    WHERE gone.current_version IS NULL
    ORDER BY 1 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '%', broken USING ERRCODE = 'AC003', HINT = 'Register it again, or change what refers to it.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.definition_keeps_references() IS 'Trigger: refuses a definition in force that refers to one that is not.';
CREATE FUNCTION agentctl.definition_routed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    names text[] := ARRAY(SELECT c.name FROM changed AS c WHERE c.kind IN ('agent', 'chain'));
BEGIN
    IF names <> '{}' THEN
        PERFORM agentctl.index_routes(names);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.definition_routed() IS 'Trigger: keeps the index of routing with what is in force.';
CREATE FUNCTION agentctl.definition_version_is_immutable() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'a version of a % is immutable', OLD.kind
        USING ERRCODE = 'AC003', HINT = 'Register the changed document: it becomes a new version.';
END $$;
COMMENT ON FUNCTION agentctl.definition_version_is_immutable() IS 'Trigger: refuses to change a stored version.';
CREATE FUNCTION agentctl.delete_conversation(conversation text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '5s'
    AS $$
#variable_conflict use_column
DECLARE
    parent text;
    family text[];
    deleted jsonb;
    rows bigint;
BEGIN
    delete_conversation.conversation := agentctl.own_conversation(delete_conversation.conversation);
    SELECT t.parent_conversation_id INTO parent FROM submission AS s JOIN task AS t ON t.id = s.task_id
    WHERE s.conversation_id = delete_conversation.conversation AND s.seq = 1 AND t.parent_conversation_id IS NOT NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'conversation "%" is part of "%", which delegated its task', delete_conversation.conversation,
            parent USING ERRCODE = 'AC003', HINT = 'It goes with that one: delete the whole tree.';
    END IF;
    family := agentctl.lock_family(ARRAY[delete_conversation.conversation]);
    IF cardinality(family) = 0 THEN
        RAISE EXCEPTION 'there is no conversation "%"', delete_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
    deleted := agentctl.erase_conversations(family);
    -- What is not sent yet is sent: it holds numbers and no texts.
    DELETE FROM hook_delivery AS d
    WHERE d.finished_at IS NOT NULL AND d.body #>> '{data,conversation}' = ANY (family);
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN deleted || jsonb_build_object('hook_deliveries', rows);
END $$;
COMMENT ON FUNCTION agentctl.delete_conversation(conversation text) IS 'Deletes a conversation with everything that belongs to it, and the conversations of its tasks; returns how many rows of each kind. What waits in it, or for a person, is withdrawn. The id is free again, and what begins under it begins from nothing. Fails with AC003 while one of its turns is running, and for a task''s conversation, which is deleted with its parent.';
CREATE FUNCTION agentctl.delete_user(owner text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '5s'
    AS $_$
#variable_conflict use_column
DECLARE
    tasks bigint[];
    plans bigint[];
    requests bigint[];
    family text[];
    calls uuid[];
    busy bigint;
    dropped bigint;
    deleted jsonb;
    part record;
    rows bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM account AS a WHERE a.name = delete_user.owner) THEN
        RAISE EXCEPTION 'there is no user "%"', delete_user.owner USING ERRCODE = 'AC002',
            HINT = 'See the names in agentctl.account.';
    END IF;
    -- What is begun from here on, while this waits for locks, stays as a whole.
    SELECT ARRAY(SELECT t.id FROM task AS t WHERE t.created_by = delete_user.owner),
           ARRAY(SELECT p.id FROM plan AS p WHERE p.created_by = delete_user.owner),
           ARRAY(SELECT r.id FROM function_request AS r WHERE r.created_by = delete_user.owner)
    INTO tasks, plans, requests;
    -- What waits for other tasks must not begin meanwhile: its conversation would not be in the family.
    PERFORM FROM task AS t
    WHERE t.id = ANY (tasks) AND t.conversation_id IS NULL AND t.finished_at IS NULL
    ORDER BY t.id FOR NO KEY UPDATE;
    family := agentctl.lock_family(ARRAY(SELECT v.id FROM conversation AS v WHERE v.created_by = delete_user.owner));
    PERFORM FROM function_queue AS q WHERE q.id = ANY (requests) ORDER BY q.id FOR UPDATE;
    SELECT q.id INTO busy FROM function_queue AS q WHERE q.id = ANY (requests) AND q.lease IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'call % of user "%" is running', busy, delete_user.owner USING ERRCODE = 'AC003',
            HINT = 'Wait for its end.';
    END IF;
    deleted := agentctl.erase_conversations(family);
    -- Tasks that have no conversation yet: what depends on them is given up with them.
    FOR dropped IN
        UPDATE task AS t SET state = 'cancelled', error_code = 'interrupted', finished_at = clock_timestamp()
        WHERE t.id = ANY (tasks) AND t.finished_at IS NULL RETURNING t.id
    LOOP
        PERFORM agentctl.release_dependents(dropped);
    END LOOP;
    calls := ARRAY(SELECT c.id FROM function_call AS c
        WHERE c.called_by = delete_user.owner AND c.conversation_id IS NULL AND c.request_id IS NULL
           OR c.request_id = ANY (requests));
    FOR part IN SELECT * FROM (VALUES
        ('tasks', 'DELETE FROM agentctl.task WHERE id = ANY ($1)'),
        ('plans', 'DELETE FROM agentctl.plan WHERE id = ANY ($2)'),
        ('security_events', 'DELETE FROM agentctl.security_event WHERE function_call_id = ANY ($3)'),
        ('function_calls', 'DELETE FROM agentctl.function_call WHERE id = ANY ($3)'),
        ('function_requests', 'DELETE FROM agentctl.function_request WHERE id = ANY ($4)'),
        ('hook_deliveries', 'DELETE FROM agentctl.hook_delivery WHERE finished_at IS NOT NULL '
            'AND body #>> ''{data,conversation}'' = ANY ($5)')) AS p (name, statement)
    LOOP
        EXECUTE part.statement USING tasks, plans, calls, requests, family;
        GET DIAGNOSTICS rows = ROW_COUNT;
        deleted := deleted || jsonb_build_object(part.name, rows + coalesce((deleted ->> part.name)::bigint, 0));
    END LOOP;
    RETURN deleted;
END $_$;
COMMENT ON FUNCTION agentctl.delete_user(owner text) IS 'Deletes all that a database user has begun: conversations with all that belongs to them, tasks, plans, calls of functions; returns how many rows of each kind. What the user registered, what the user said in others'' conversations, and what the user begins while this waits for locks, stays. All or nothing: fails with AC003 while one of the turns or calls is running, and with AC002 when there is no such account.';
CREATE FUNCTION agentctl.deny(approval bigint, reason text DEFAULT NULL::text, scope text DEFAULT 'once'::text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT agentctl.decide(approval, false, reason, scope)
$$;
COMMENT ON FUNCTION agentctl.deny(approval bigint, reason text, scope text) IS 'Does not let a tool call that waits run; the model is told, with the reason. Otherwise like approve().';
CREATE FUNCTION agentctl.document_nodes(document jsonb) RETURNS TABLE(path text, field text, parent text, value jsonb)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
    WITH RECURSIVE node (path, field, parent, value) AS (
        SELECT '', '', NULL, document
        UNION ALL
        SELECT child.path, child.field, node.field, child.value
        FROM node
        LEFT JOIN agentctl.document_field AS governing
            ON governing.kind = document ->> 'kind' AND governing.path = node.field
        CROSS JOIN LATERAL (
            SELECT concat_ws('.', nullif(node.path, ''), name.text),
                   concat_ws('.', nullif(node.field, ''), name.text),
                   member.value
            FROM jsonb_each(CASE jsonb_typeof(node.value) WHEN 'object' THEN node.value ELSE '{}' END) AS member
            -- A key that is no plain word is quoted, so that "prices.input" is not taken for the input of prices.
            CROSS JOIN LATERAL (SELECT CASE WHEN member.key ~ '^[A-Za-z_][A-Za-z0-9_-]{0,63}$' THEN member.key
                                            ELSE to_json(left(member.key, 64))::text END AS text) AS name
            WHERE node.field = '' OR governing.type = 'object'
            UNION ALL
            SELECT format('%s[%s]', node.path, element.ordinality - 1), node.field || '[]', element.value
            FROM jsonb_array_elements(CASE jsonb_typeof(node.value) WHEN 'array' THEN node.value ELSE '[]' END)
                WITH ORDINALITY AS element
            WHERE governing.type = 'array'
        ) AS child (path, field, value)
    )
    SELECT node.path, node.field, node.parent, node.value FROM node
$_$;
COMMENT ON FUNCTION agentctl.document_nodes(document jsonb) IS 'Every value in a document with the field that governs it.';
CREATE FUNCTION agentctl.document_problems(document jsonb, documents jsonb DEFAULT '[]'::jsonb) RETURNS TABLE(path text, problem text, expected text, nearest text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $_$
#variable_conflict use_column
DECLARE
    document_kind text := document ->> 'kind';
    kinds text[] := ARRAY(SELECT k.kind FROM definition_kind AS k ORDER BY k.kind);
BEGIN
    IF jsonb_typeof(document) <> 'object' THEN
        RETURN QUERY SELECT '', 'is ' || agentctl.json_type_name(document), 'an object', NULL::text;
        RETURN;
    END IF;
    IF document_kind IS NULL OR NOT document_kind = ANY (kinds) THEN
        RETURN QUERY SELECT 'kind',
            CASE WHEN document_kind IS NULL THEN 'is missing' ELSE format('is "%s"', left(document_kind, 64)) END,
            'one of ' || array_to_string(kinds, ', '), agentctl.nearest(document_kind, kinds);
        RETURN;
    END IF;
    -- Each value against the field that governs it.
    RETURN QUERY
    SELECT node.path,
           CASE WHEN f.path IS NULL THEN 'is unknown'
                ELSE 'is ' || CASE WHEN wrong.what IN ('type', 'length') THEN agentctl.json_type_name(node.value)
                     ELSE left(node.value::text, 64) END
                     || CASE wrong.what WHEN 'length' THEN format(' of length %s', wrong.size)
                                        WHEN 'reference' THEN ', which is not registered' ELSE '' END
           END,
           CASE WHEN f.path IS NULL THEN 'one of ' || array_to_string(siblings.names, ', ')
                ELSE CASE wrong.what
                    WHEN 'type' THEN CASE f.type WHEN 'schema' THEN 'a JSON Schema (an object or a boolean)'
                                                 WHEN 'map' THEN 'an object'
                                                 WHEN 'any' THEN 'a value other than null'
                                                 ELSE CASE WHEN f.type IN ('integer', 'object', 'array') THEN 'an '
                                                     ELSE 'a ' END || f.type END
                    WHEN 'allowed' THEN 'one of ' || array_to_string(f.allowed, ', ')
                        || CASE WHEN f.pattern IS NULL THEN '' ELSE ', or that of a program, with a dot' END
                    WHEN 'pattern' THEN 'text that matches ' || f.pattern
                    WHEN 'reference' THEN 'the name of a ' || f.reference_kind
                    WHEN 'length' THEN format('a length between %s and %s', coalesce(f.minimum, 0),
                        coalesce(f.maximum::text, 'any'))
                    ELSE format('between %s and %s', coalesce(f.minimum::text, 'any'), coalesce(f.maximum::text, 'any'))
                END
           END,
           CASE WHEN f.path IS NULL THEN agentctl.nearest(substring(node.field FROM '[^.]*$'), siblings.names)
                WHEN wrong.what = 'allowed' THEN agentctl.nearest(node.value #>> '{}', f.allowed)
                WHEN wrong.what = 'reference' THEN agentctl.nearest(node.value #>> '{}', ARRAY(
                    SELECT d.name FROM definition AS d WHERE d.kind = f.reference_kind AND d.current_version IS NOT NULL
                    UNION SELECT other ->> 'name' FROM jsonb_array_elements(documents) AS other
                    WHERE other ->> 'kind' = f.reference_kind))
           END
    FROM agentctl.document_nodes(document) AS node
    LEFT JOIN document_field AS f ON f.kind = document_kind AND f.path = node.field
    LEFT JOIN LATERAL (
        SELECT array_agg(substring(s.path FROM '[^.]*$') ORDER BY s.position) AS names
        FROM document_field AS s
        WHERE f.path IS NULL AND s.kind = document_kind AND s.path NOT LIKE '%[]'
          AND s.path LIKE CASE node.parent WHEN '' THEN '' ELSE replace(node.parent, '_', '\_') || '.' END || '%'
          AND substr(s.path, CASE node.parent WHEN '' THEN 1 ELSE length(node.parent) + 2 END) !~ '[.[]'
    ) AS siblings ON true
    CROSS JOIN LATERAL (
        SELECT jsonb_typeof(node.value) AS json_type,
               CASE WHEN f.type IN ('string', 'schema', 'map', 'any') THEN octet_length(node.value #>> '{}')
                    WHEN f.type = 'array' AND jsonb_typeof(node.value) = 'array'
                        THEN jsonb_array_length(node.value) END AS size,
               CASE WHEN jsonb_typeof(node.value) = 'number' THEN (node.value #>> '{}')::numeric END AS number
    ) AS found
    CROSS JOIN LATERAL (
        SELECT found.size, CASE
            WHEN f.path IS NULL THEN 'unknown'
            WHEN NOT CASE f.type
                WHEN 'integer' THEN found.json_type = 'number' AND scale(found.number) = 0
                WHEN 'schema' THEN found.json_type IN ('object', 'boolean')
                WHEN 'map' THEN found.json_type = 'object'
                WHEN 'any' THEN found.json_type <> 'null'
                WHEN 'value' THEN true
                ELSE found.json_type = f.type END THEN 'type'
            -- Where a field has a list and a pattern, either will do.
            WHEN NOT node.value #>> '{}' = ANY (f.allowed) AND (node.value #>> '{}' ~ f.pattern) IS NOT TRUE
                THEN 'allowed'
            WHEN f.type IN ('string', 'array', 'schema', 'map') AND (found.size < f.minimum OR found.size > f.maximum)
                THEN 'length'
            WHEN f.allowed IS NULL AND f.pattern IS NOT NULL AND node.value #>> '{}' !~ f.pattern THEN 'pattern'
            WHEN found.number < f.minimum OR found.number > f.maximum THEN 'range'
            WHEN f.reference_kind IS NOT NULL
                AND NOT EXISTS (SELECT FROM definition AS d
                                WHERE d.kind = f.reference_kind AND d.name = node.value #>> '{}'
                                  AND d.current_version IS NOT NULL)
                AND NOT EXISTS (SELECT FROM jsonb_array_elements(documents) AS other
                                WHERE other ->> 'kind' = f.reference_kind AND other -> 'name' = node.value)
                                    THEN 'reference'
        END AS what
    ) AS wrong
    WHERE node.field <> '' AND wrong.what IS NOT NULL;
    -- Fields that must be there and are not.
    RETURN QUERY
    SELECT concat_ws('.', nullif(node.path, ''), missing.name), 'is missing',
           format('%s: %s', missing.type, rtrim(missing.description, '.')), NULL::text
    FROM agentctl.document_nodes(document) AS node
    JOIN LATERAL (
        SELECT substr(f.path, CASE node.field WHEN '' THEN 1 ELSE length(node.field) + 2 END) AS name, f.description,
               f.type
        FROM document_field AS f
        WHERE f.kind = document_kind AND f.required
          AND (node.field = '' OR starts_with(f.path, node.field || '.'))
    ) AS missing ON missing.name !~ '[.[]'
    WHERE jsonb_typeof(node.value) = 'object' AND NOT node.value ? missing.name
      AND (node.field = '' OR EXISTS (
          SELECT FROM document_field AS f WHERE f.kind = document_kind AND f.path = node.field AND f.type = 'object'));
    RETURN QUERY
    SELECT rule.path, rule.problem, rule.expected, NULL::text FROM agentctl.document_rules(document) AS rule;
END $_$;
COMMENT ON FUNCTION agentctl.document_problems(document jsonb, documents jsonb) IS 'Everything that is wrong with a document: where, what, what was expected, and what was probably meant. documents are those registered together with it.';
CREATE FUNCTION agentctl.document_rules(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RETURN QUERY
    SELECT needed, 'is missing', format('needed by provider %s', document ->> 'provider')
    FROM (VALUES ('openai', 'base_url'), ('openai', 'model'), ('rules', 'rules')) AS need (provider, needed)
    WHERE document ->> 'kind' = 'model' AND document ->> 'provider' = need.provider AND NOT document ? needed
    UNION ALL
    SELECT format('rules[%s]', rule.ordinality - 1), 'has neither when nor otherwise',
           'when: PATTERN, or otherwise: TEXT'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'rules') WHEN 'array' THEN document -> 'rules'
        ELSE '[]' END)
        WITH ORDINALITY AS rule
    WHERE document ->> 'kind' = 'model' AND jsonb_typeof(rule.value) = 'object' AND NOT rule.value ?| '{when,otherwise}'
    UNION ALL
    SELECT format('functions[%s]', f.ordinality - 1),
           CASE WHEN document -> 'tools' @> jsonb_build_array(f.value) THEN 'is also one of the tools'
               ELSE 'is named twice' END,
           'names that are all different, as the model calls tools and functions alike'
    FROM (SELECT e.*, row_number() OVER (PARTITION BY e.value ORDER BY e.ordinality) AS occurrence
          FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'functions') WHEN 'array' THEN document -> 'functions'
              ELSE '[]' END)
              WITH ORDINALITY AS e) AS f
    WHERE document ->> 'kind' = 'agent' AND jsonb_typeof(f.value) = 'string'
      AND (f.occurrence > 1 OR document -> 'tools' @> jsonb_build_array(f.value))
    UNION ALL
    -- The tool that delegates has this name.
    SELECT format('%s[%s]', member.list, e.ordinality - 1), 'is "delegate", the tool of an agent that delegates',
           'a tool or function of another name, or neither delegates nor delegate_capabilities'
    FROM (VALUES ('tools'), ('functions')) AS member (list)
    CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(document -> member.list) WHEN 'array'
        THEN document -> member.list ELSE '[]' END) WITH ORDINALITY AS e
    WHERE document ->> 'kind' = 'agent' AND e.value = '"delegate"'
      AND (coalesce(document -> 'delegates', '[]') <> '[]'
          OR coalesce(document -> 'delegate_capabilities', '[]') <> '[]')
    UNION ALL
    SELECT rule.* FROM agentctl.function_rules(document) AS rule WHERE document ->> 'kind' = 'function'
    UNION ALL
    SELECT rule.* FROM agentctl.tool_rules(document) AS rule WHERE document ->> 'kind' = 'tool'
    UNION ALL
    SELECT rule.* FROM agentctl.policy_rules(document) AS rule WHERE document ->> 'kind' = 'policy';
    IF document ->> 'kind' = 'guardrail' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.guardrail_rules(document) AS rule;
    ELSIF document ->> 'kind' = 'chain' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.chain_rules(document) AS rule;
    ELSIF document ->> 'kind' = 'schedule' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.schedule_rules(document) AS rule;
    ELSIF document ->> 'kind' = 'hook' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.hook_rules(document) AS rule;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.document_rules(document jsonb) IS 'What one field of a document asks of another, and what else one field alone does not tell.';
CREATE FUNCTION agentctl.edit_distance(a text, b text, maximum integer DEFAULT 64) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    letters_a text[] := string_to_array(lower(left(a, 64)), NULL);
    letters_b text[] := string_to_array(lower(left(b, 64)), NULL);
    size_a integer := cardinality(letters_a);
    size_b integer := cardinality(letters_b);
    too_far integer := maximum + 1;
    before_previous integer[];
    previous integer[];
    current integer[];
    nearest integer;
BEGIN
    IF abs(size_a - size_b) > maximum THEN
        RETURN NULL;
    END IF;
    previous := ARRAY(SELECT generate_series(0, size_b));
    FOR i IN 1 .. size_a LOOP
        current := array_fill(too_far, ARRAY[size_b + 1]);
        current[1] := i;
        nearest := i;
        FOR j IN greatest(1, i - maximum) .. least(size_b, i + maximum) LOOP
            current[j + 1] := least(
                previous[j + 1] + 1,
                current[j] + 1,
                previous[j] + (letters_a[i] <> letters_b[j])::integer);
            IF i > 1 AND j > 1 AND letters_a[i] = letters_b[j - 1] AND letters_a[i - 1] = letters_b[j] THEN
                current[j + 1] := least(current[j + 1], before_previous[j - 1] + 1);
            END IF;
            nearest := least(nearest, current[j + 1]);
        END LOOP;
        IF nearest > maximum THEN
            RETURN NULL;
        END IF;
        before_previous := previous;
        previous := current;
    END LOOP;
    RETURN CASE WHEN previous[size_b + 1] <= maximum THEN previous[size_b + 1] END;
END $$;
COMMENT ON FUNCTION agentctl.edit_distance(a text, b text, maximum integer) IS 'Edits between two texts (insert, delete, replace, swap neighbours) without regard to case, over the first 64 characters; NULL when there are more than maximum.';
CREATE FUNCTION agentctl.edit_plan(plan bigint, steps jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.plan := agentctl.require_plan(edit_plan.plan);
    edited integer;
BEGIN
    -- What was approved were other steps.
    UPDATE plan AS p SET revision = p.revision + 1, state = 'draft', approved_by = NULL, approved_at = NULL
    WHERE p.id = asked.id AND p.state IN ('draft', 'approved')
    RETURNING p.revision INTO edited;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'plan % is %', asked.id, (SELECT p.state FROM plan AS p WHERE p.id = asked.id)
            USING ERRCODE = 'AC003', HINT = 'A plan can be edited until it runs.';
    END IF;
    PERFORM agentctl.write_plan_steps(asked.id, edit_plan.steps, 'edited');
    RETURN edited;
END $$;
COMMENT ON FUNCTION agentctl.edit_plan(plan bigint, steps jsonb) IS 'Replaces the steps of a plan that does not run yet, as store_plan() takes them, and returns the number of the revision. It has to be approved again. Fails with AC003 when it runs or has run.';
CREATE FUNCTION agentctl.erase_conversations(conversations text[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $_$
#variable_conflict use_column
DECLARE
    ids CONSTANT text[] := conversations;
    deleted jsonb := '{}';
    below bigint[];
    open bigint;
    part text;
    rows bigint;
BEGIN
    -- Two that delete forks of each other's take these rows in one order.
    PERFORM FROM conversation AS v
    WHERE v.id = ANY (ARRAY(
        SELECT g.id FROM unnest(ids) AS g (id)
        UNION
        SELECT f.id FROM conversation AS f WHERE f.forked_from = ANY (ids)))
    ORDER BY v.id FOR NO KEY UPDATE;
    below := ARRAY(
        SELECT t.id FROM task AS t WHERE t.parent_conversation_id = ANY (ids)
        UNION
        SELECT t.id FROM task AS t WHERE t.conversation_id = ANY (ids));
    -- What waits for a task that is given up is told before the task is gone.
    FOR open IN
        UPDATE task AS t
        SET state = CASE WHEN t.finished_at IS NULL THEN 'cancelled' ELSE t.state END,
            error_code = CASE WHEN t.finished_at IS NULL THEN 'interrupted' ELSE t.error_code END,
            finished_at = coalesce(t.finished_at, clock_timestamp())
        WHERE t.id = ANY (below) AND NOT t.told AND t.parent_conversation_id IS NULL
        RETURNING t.id
    LOOP
        PERFORM agentctl.release_dependents(open);
    END LOOP;
    UPDATE conversation AS v SET forked_from = NULL, forked_message = NULL
    WHERE v.forked_from = ANY (ids) AND v.id <> ALL (ids);
    DELETE FROM turn_progress AS p WHERE p.conversation_id = ANY (ids);
    DELETE FROM delta AS d WHERE d.conversation_id = ANY (ids);
    FOREACH part IN ARRAY '{approval,compaction,submission,message,turn,step,tool_call,event,function_call,'
        'security_event,node_run,plan}'::text[]
    LOOP
        EXECUTE format('DELETE FROM agentctl.%I WHERE conversation_id = ANY ($1)', part) USING ids;
        GET DIAGNOSTICS rows = ROW_COUNT;
        deleted := deleted || jsonb_build_object(part || 's', rows);
    END LOOP;
    DELETE FROM schedule_run AS r WHERE r.conversation_id = ANY (ids) OR r.task_id = ANY (below);
    GET DIAGNOSTICS rows = ROW_COUNT;
    deleted := deleted || jsonb_build_object('schedule_runs', rows);
    DELETE FROM task AS t WHERE t.id = ANY (below);
    GET DIAGNOSTICS rows = ROW_COUNT;
    deleted := deleted || jsonb_build_object('tasks', rows);
    DELETE FROM conversation_control AS c WHERE c.conversation_id = ANY (ids);
    DELETE FROM conversation AS v WHERE v.id = ANY (ids);
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN jsonb_build_object('conversations', rows) || deleted;
END $_$;
COMMENT ON FUNCTION agentctl.erase_conversations(conversations text[]) IS 'Deletes conversations whose rows the caller has locked, with everything that belongs to them; returns how many rows of each kind. Forks stay and stand alone then. Internal: what deletes conversations calls it.';
CREATE FUNCTION agentctl.error_patterns(of_agent text DEFAULT NULL::text, since timestamp with time zone DEFAULT NULL::timestamp with time zone, until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(source text, subject text, error_code text, occurrences bigint, conversations bigint, last_message text, first_at timestamp with time zone, last_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT failure.source,
           failure.subject,
           failure.error_code,
           count(*) AS occurrences,
           count(DISTINCT failure.conversation_id) AS conversations,
           (array_agg(failure.error_message ORDER BY failure.at DESC))[1] AS last_message,
           min(failure.at) AS first_at,
           max(failure.at) AS last_at
    FROM (
        SELECT 'turn', t.agent, coalesce(t.error_code, t.limit_reached), t.conversation_id, t.seq,
               t.error_message, t.started_at
        FROM turn AS t WHERE t.status IN ('failed', 'limited')
        UNION ALL
        SELECT 'model', s.model, s.error_code, s.conversation_id, s.seq, s.error_message, s.started_at
        FROM step AS s WHERE s.kind = 'model_call' AND s.error_code IS NOT NULL
        UNION ALL
        SELECT 'tool', c.tool, c.error_code, c.conversation_id, c.seq, left(c.result, 500), c.started_at
        FROM tool_call AS c WHERE c.error_code IS NOT NULL
    ) AS failure (source, subject, error_code, conversation_id, seq, error_message, at)
    WHERE failure.at >= coalesce(error_patterns.since, '-infinity')
      AND failure.at < coalesce(error_patterns.until, 'infinity')
      AND (error_patterns.of_agent IS NULL OR EXISTS (
          SELECT FROM turn AS t
          WHERE t.conversation_id = failure.conversation_id AND t.seq = failure.seq
            AND t.agent = error_patterns.of_agent))
    GROUP BY failure.source, failure.subject, failure.error_code
$$;
COMMENT ON FUNCTION agentctl.error_patterns(of_agent text, since timestamp with time zone, until timestamp with time zone) IS 'What goes wrong, by class: turns, model calls and tool calls. Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
CREATE FUNCTION agentctl.events(conversation text, after bigint DEFAULT 0, maximum integer DEFAULT 1000) RETURNS TABLE(number bigint, seq bigint, type text, data jsonb, at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    started timestamptz;
    expected bigint;
BEGIN
    events.conversation := agentctl.own_conversation(events.conversation);
    SELECT v.created_at INTO started FROM conversation AS v WHERE v.id = events.conversation;
    IF maximum IS NULL OR maximum NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'events returns 1 to 10000 events at a time' USING ERRCODE = 'AC001';
    END IF;
    SELECT least(c.last_event - greatest(events.after, 0), events.maximum) INTO expected
    FROM conversation_control AS c WHERE c.conversation_id = events.conversation;
    -- Older partitions need not be looked into, unless the clock was set back after the conversation had begun, or the
    -- server that it began on was ahead: then some of the numbers are missing.
    IF expected > (
        SELECT count(*) FROM event AS s
        WHERE s.conversation_id = events.conversation AND s.number > events.after
          AND s.number <= greatest(events.after, 0) + expected AND s.at >= started)
    THEN
        started := '-infinity';
    END IF;
    RETURN QUERY
    SELECT e.number, e.seq, e.type,
           CASE WHEN m.number IS NULL THEN e.data
                ELSE e.data || jsonb_strip_nulls(jsonb_build_object(
                    'role', m.role, 'content', m.content, 'tool_calls', m.tool_calls,
                    'tool_call_id', m.tool_call_id)) END,
           e.at
    FROM (
        SELECT s.* FROM event AS s
        WHERE s.conversation_id = events.conversation AND s.number > events.after AND s.at >= started
        ORDER BY s.number LIMIT events.maximum
    ) AS e
    LEFT JOIN message AS m ON m.conversation_id = e.conversation_id
        AND m.number = CASE jsonb_typeof(e.data -> 'message') WHEN 'number' THEN (e.data ->> 'message')::bigint END
    ORDER BY e.number;
END $$;
COMMENT ON FUNCTION agentctl.events(conversation text, after bigint, maximum integer) IS 'The events of a conversation after the given number, in order and without gaps, each with the message that it is about. Whoever remembers the last number that it has seen misses nothing and sees nothing twice.';
CREATE FUNCTION agentctl.exchange_consistency_problems(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
#variable_conflict use_column
DECLARE
    stands record;
    messages bigint := jsonb_array_length(document -> 'messages');
    submissions bigint := jsonb_array_length(document -> 'submissions');
    open_turn bigint := (document #> '{progress,seq}')::bigint;
    latest timestamptz := clock_timestamp() + interval '1 day';
BEGIN
    SELECT c.* INTO stands FROM jsonb_to_record(document -> 'conversation') AS c (
        id text, agent text, settings jsonb, created_at timestamptz, forked_from text, forked_message bigint,
        state text, head_seq bigint, tail_seq bigint, cancel_seq bigint, steer_seq bigint, closed_seq bigint,
        wake_at timestamptz);
    RETURN QUERY
    SELECT 'conversation.' || rule.field, rule.problem, rule.expected
    FROM (VALUES
        ('id', stands.id ~ '[[:cntrl:]]' OR stands.id <> btrim(stands.id),
            'holds control characters, or spaces around it', 'neither'),
        ('head_seq', stands.head_seq > stands.tail_seq, format('is %s', stands.head_seq),
            format('at most tail_seq, %s', stands.tail_seq)),
        ('tail_seq', stands.forked_from IS NULL AND stands.tail_seq <> submissions, format('is %s', stands.tail_seq),
            format('%s, the number of submissions', submissions)),
        ('tail_seq', stands.forked_from IS NOT NULL AND stands.tail_seq < submissions, format('is %s', stands.tail_seq),
            format('at least %s, the number of submissions', submissions)),
        ('head_seq', stands.head_seq < stands.tail_seq - submissions, format('is %s', stands.head_seq),
            format('at least %s, as the submissions after it are not there', stands.tail_seq - submissions)),
        ('cancel_seq', stands.cancel_seq > stands.tail_seq + 1, format('is %s', stands.cancel_seq),
            format('at most %s', stands.tail_seq + 1)),
        ('steer_seq', stands.steer_seq > stands.tail_seq, format('is %s', stands.steer_seq),
            format('at most tail_seq, %s', stands.tail_seq)),
        ('state', stands.state = 'idle' AND stands.head_seq < stands.tail_seq, 'is idle',
            'another one, as submissions wait'),
        ('state', stands.state = 'ready' AND stands.head_seq >= stands.tail_seq, 'is ready', 'idle, as nothing waits'),
        ('state', stands.state IN ('waiting', 'parked') AND open_turn IS NULL, format('is %s', stands.state),
            'another one, as there is no progress'),
        ('wake_at', stands.state = 'waiting' AND stands.wake_at IS NULL, 'is missing',
            'a time, as the state is waiting'),
        ('wake_at', stands.state <> 'waiting' AND stands.wake_at IS NOT NULL, 'is given', 'state waiting beside it'),
        ('forked_message', (stands.forked_from IS NULL) <> (stands.forked_message IS NULL),
            'and forked_from are not both there', 'both, or neither'),
        ('closed_seq', stands.closed_seq IS NOT NULL AND NOT EXISTS (
            SELECT FROM jsonb_to_recordset(document -> 'submissions') AS s (seq bigint, operation text)
            WHERE s.seq = stands.closed_seq AND s.operation = 'shutdown'), format('is %s', stands.closed_seq),
                'the seq of a submission shutdown'),
        ('created_at', stands.created_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken;
    RETURN QUERY
    SELECT 'conversation.settings.' || agentctl.exchange_path(e.key), 'is ' || agentctl.json_type_name(e.value),
           'what set() takes'
    FROM jsonb_each(stands.settings) AS e
    LEFT JOIN document_field AS f ON f.kind = 'agent' AND f.path = e.key AND f.type IN ('integer', 'number')
    WHERE CASE WHEN e.key = 'model' THEN jsonb_typeof(e.value) <> 'string'
               WHEN e.key = 'routing' THEN e.value <> '"each"'
               WHEN e.key = 'handed_to' THEN jsonb_typeof(e.value) <> 'string'
               WHEN f.path IS NULL OR jsonb_typeof(e.value) <> 'number' THEN true
               ELSE e.value::numeric < f.minimum OR e.value::numeric > f.maximum OR f.type = 'integer'
                   AND e.value::numeric % 1 <> 0 END;
    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT d.*, d.kind || '/' || d.name || '/' || d.version AS key,
               row_number() OVER (PARTITION BY d.kind, d.name, d.version ORDER BY d.i) AS occurrence,
               count(*) FILTER (WHERE d.in_force) OVER (PARTITION BY d.kind, d.name ORDER BY d.i) AS in_force_so_far
        FROM ROWS FROM (jsonb_to_recordset(document -> 'definitions') AS (kind text, name text, version integer,
            content_hash text, in_force boolean, document jsonb))
            WITH ORDINALITY AS d (kind, name, version, content_hash, in_force, document, i)
    ), named AS (
        SELECT p.part, e.ordinality AS i, e.value ->> 'definition' AS key,
               CASE p.part WHEN 'turns' THEN '{agent,chain}' WHEN 'steps' THEN '{model}' WHEN 'compactions' THEN '{model}'
                           ELSE '{tool,function}' END::text[] AS kinds
        FROM unnest('{turns,steps,tool_calls,compactions,function_calls}'::text[]) AS p (part)
        CROSS JOIN LATERAL jsonb_array_elements(document -> p.part) WITH ORDINALITY AS e
        WHERE e.value ? 'definition'
        UNION ALL
        SELECT 'progress', NULL, document #>> '{progress,definition}', '{agent}'
        WHERE document -> 'progress' ? 'definition'
    )
    SELECT format('definitions[%s].%s', g.i - 1, rule.field), rule.problem, rule.expected
    FROM given AS g
    CROSS JOIN LATERAL (VALUES
        ('document.kind', g.document IS NOT NULL AND g.document ->> 'kind' IS DISTINCT FROM g.kind, 'is another than the kind beside it', g.kind),
        ('document.name', g.document IS NOT NULL AND g.document ->> 'name' IS DISTINCT FROM g.name, 'is another than the name beside it', g.name),
        ('content_hash', encode(sha256(convert_to(g.document::text, 'UTF8')), 'hex') <> g.content_hash,
            'is not that of the document', 'its SHA-256'),
        ('kind', NOT EXISTS (SELECT FROM definition_kind AS k WHERE k.kind = g.kind), 'is ' || to_json(g.kind),
            'a kind that this release knows'),
        ('version', g.occurrence > 1, 'is there twice', 'each version once'),
        ('in_force', g.in_force AND g.in_force_so_far > 1, 'is true of two versions', 'one version in force')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('%s%s.definition', n.part, '[' || (n.i - 1) || ']'), format('is %s', to_json(n.key)),
           'one of the part definitions, of the right kind'
    FROM named AS n LEFT JOIN given AS g ON g.key = n.key AND g.kind = ANY (n.kinds)
    WHERE g.key IS NULL
    UNION ALL
    SELECT missing.path,
           format('is %s, which is neither registered nor in the part definitions', to_json(missing.name)),
           format('the name of a %s', missing.kind)
    FROM (
        SELECT 'conversation.agent', 'agent', stands.agent
        UNION ALL
        SELECT 'conversation.settings.model', 'model', stands.settings ->> 'model' WHERE stands.settings ? 'model'
        UNION ALL
        SELECT format('submissions[%s].agent', s.i - 1), 'agent', s.agent
        FROM ROWS FROM (jsonb_to_recordset(document -> 'submissions') AS (agent text)) WITH ORDINALITY AS s (agent, i)
        WHERE s.agent IS NOT NULL
    ) AS missing (path, kind, name)
    -- An agent's name may be that of a chain.
    WHERE NOT EXISTS (SELECT FROM given AS g WHERE g.name = missing.name
            AND (g.kind = missing.kind OR missing.kind = 'agent' AND g.kind = 'chain'))
      AND NOT EXISTS (SELECT FROM definition AS d WHERE d.name = missing.name
            AND (d.kind = missing.kind OR missing.kind = 'agent' AND d.kind = 'chain'))
    LIMIT 100;
    RETURN QUERY
    WITH submission AS MATERIALIZED (
        SELECT s.* FROM ROWS FROM (jsonb_to_recordset(document -> 'submissions') AS (
            seq bigint, operation text, idempotency_key text, taken_by bigint, created_at timestamptz))
            WITH ORDINALITY AS s (seq, operation, idempotency_key, taken_by, created_at, i)
    ), message AS MATERIALIZED (
        SELECT m.*, lag(m.seq) OVER (ORDER BY m.i) AS before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'messages') AS (
            number bigint, seq bigint, role text, tool_calls jsonb, tool_call_id text, undone_by bigint,
            created_at timestamptz))
            WITH ORDINALITY AS m (number, seq, role, tool_calls, tool_call_id, undone_by, created_at, i)
    ), turn AS MATERIALIZED (
        SELECT t.*, lag(t.seq) OVER (ORDER BY t.i) AS before, split_part(t.definition, '/', 2) AS definition_name
        FROM ROWS FROM (jsonb_to_recordset(document -> 'turns') AS (
            seq bigint, agent text, definition text, first_message bigint, last_message bigint,
            submitted_at timestamptz, started_at timestamptz, finished_at timestamptz, parent_conversation_id text,
            parent_seq bigint))
            WITH ORDINALITY AS t (seq, agent, definition, first_message, last_message, submitted_at, started_at,
                finished_at, parent_conversation_id,
            parent_seq, i)
    ), step AS MATERIALIZED (
        SELECT s.*, lag(s.seq) OVER (ORDER BY s.i) AS before, lag(s.number) OVER (ORDER BY s.i) AS number_before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'steps') AS (seq bigint, number integer, started_at timestamptz))
            WITH ORDINALITY AS s (seq, number, started_at, i)
    ), call AS MATERIALIZED (
        SELECT c.*, lag(c.seq) OVER (ORDER BY c.i) AS before, lag(c.number) OVER (ORDER BY c.i) AS number_before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'tool_calls') AS (seq bigint, number integer, tool text,
            state text, started_at timestamptz))
            WITH ORDINALITY AS c (seq, number, tool, state, started_at, i)
    ), approval AS MATERIALIZED (
        SELECT a.*, lag((a.seq, a.call_number, a.place)) OVER (ORDER BY a.i) AS before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'approvals') AS (
            seq bigint, call_number integer, place text, tool text, state text, requested_at timestamptz,
            decided_at timestamptz, decided_by text))
            WITH ORDINALITY AS a (seq, call_number, place, tool, state, requested_at, decided_at, decided_by, i)
    ), ended AS (
        SELECT t.seq FROM turn AS t UNION ALL SELECT open_turn WHERE open_turn IS NOT NULL
    )
    SELECT format('submissions[%s].%s', s.i - 1, rule.field), rule.problem, rule.expected
    FROM submission AS s
    CROSS JOIN LATERAL (VALUES
        ('seq', s.seq <> stands.tail_seq - submissions + s.i, format('is %s', s.seq),
            (stands.tail_seq - submissions + s.i)::text),
        ('taken_by', s.taken_by IS NOT NULL
            AND (s.operation <> 'steer' OR s.taken_by >= s.seq OR s.taken_by > stands.head_seq AND s.taken_by
            IS DISTINCT FROM open_turn),
            format('is %s', s.taken_by), 'an earlier turn, of a submission steer'),
        ('created_at', s.created_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('submissions[%s].idempotency_key', s.i - 1), 'is there twice', 'each key once'
    FROM (SELECT o.i, row_number() OVER (PARTITION BY o.idempotency_key COLLATE "C" ORDER BY o.i) AS occurrence
          FROM submission AS o WHERE o.idempotency_key IS NOT NULL) AS s
    WHERE s.occurrence > 1
    UNION ALL
    SELECT format('messages[%s].%s', m.i - 1, rule.field), rule.problem, rule.expected
    FROM message AS m
    CROSS JOIN LATERAL (VALUES
        ('number', m.number <> m.i, format('is %s', m.number), m.i::text),
        ('seq', m.seq < m.before, format('is %s', m.seq), format('at least %s, that of the message before', m.before)),
        ('seq', m.seq > stands.head_seq AND m.seq IS DISTINCT FROM open_turn, format('is %s', m.seq),
            'a turn that has ended or is in progress'),
        ('tool_call_id', m.role = 'tool' AND m.tool_call_id IS NULL, 'is missing', 'the call that the result answers'),
        ('tool_call_id', m.role <> 'tool' AND m.tool_call_id IS NOT NULL, 'is given', 'role tool beside it'),
        ('tool_calls', m.role <> 'assistant' AND m.tool_calls IS NOT NULL, 'is given', 'role assistant beside it'),
        ('tool_calls', m.tool_calls @? '$[*] ? (@.type() != "object" || !exists(@.id ? (@.type() == "string")) || !exists(@.name ? (@.type() == "string")) || !exists(@.arguments ? (@.type() == "string")))'
            OR m.tool_calls @? '$[*].keyvalue() ? (@.key != "id" && @.key != "name" && @.key != "arguments")',
            'holds something else', 'a list of {id, name, arguments}, all texts'),
        ('undone_by', m.undone_by <= m.seq OR m.undone_by > stands.head_seq, format('is %s', m.undone_by),
            'a later submission that has ended'),
        ('created_at', m.created_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('turns[%s].%s', t.i - 1, rule.field), rule.problem, rule.expected
    FROM turn AS t
    LEFT JOIN submission AS s ON s.seq = t.seq
    CROSS JOIN LATERAL (VALUES
        ('seq', t.seq <= t.before, format('is %s', t.seq), format('more than %s, that of the turn before', t.before)),
        ('seq', t.seq > stands.head_seq, format('is %s', t.seq), format('at most head_seq, %s', stands.head_seq)),
        ('seq', s.operation IS NULL OR s.operation NOT IN ('user_input', 'steer'), format('is %s', t.seq),
            'the seq of a submission user_input or steer'),
        ('definition', t.definition_name <> t.agent, format('is %s', to_json(t.definition)),
            'a version of the agent of the turn'),
        ('last_message', t.last_message < t.first_message - 1 OR t.last_message > messages,
            format('is %s', t.last_message),
            format('from %s to %s', t.first_message - 1, messages)),
        ('parent_seq', (t.parent_conversation_id IS NULL) <> (t.parent_seq IS NULL),
            'and parent_conversation_id are not both there', 'both, or neither'),
        ('started_at', t.started_at < s.created_at - interval '1 day', 'is before the submission', 'later'),
        ('finished_at', t.finished_at > latest OR t.finished_at < t.started_at - interval '1 day',
            'is in the future, or before the beginning', 'between'),
        ('submitted_at', t.submitted_at > latest, 'is in the future', 'a time that has been'),
        ('started_at', t.started_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('turns[%s]', t.i - 1), 'does not have the messages that say they are its own',
           format('messages %s to %s, and no other, with its seq', t.first_message, t.last_message)
    FROM turn AS t
    LEFT JOIN (SELECT m.seq, min(m.number) AS first, max(m.number) AS last FROM message AS m
        GROUP BY m.seq) AS own ON own.seq = t.seq
    WHERE CASE WHEN own.seq IS NULL THEN t.last_message >= t.first_message
        ELSE (own.first, own.last) <> (t.first_message, t.last_message) END
    UNION ALL
    SELECT format('steps[%s].%s', s.i - 1, rule.field), rule.problem, rule.expected
    FROM step AS s
    CROSS JOIN LATERAL (VALUES
        ('number', s.number <> CASE WHEN s.seq = s.before THEN s.number_before + 1 ELSE 1 END,
            format('is %s', s.number), 'counted from 1 within the turn'),
        ('seq', s.seq < s.before OR s.seq NOT IN (SELECT e.seq FROM ended AS e), format('is %s', s.seq),
            'that of a turn, in order'),
        ('started_at', s.started_at > latest OR s.started_at < stands.created_at - interval '1 day',
            'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('tool_calls[%s].%s', c.i - 1, rule.field), rule.problem, rule.expected
    FROM call AS c
    CROSS JOIN LATERAL (VALUES
        ('number', c.number <> CASE WHEN c.seq = c.before THEN c.number_before + 1 ELSE 1 END,
            format('is %s', c.number), 'counted from 1 within the turn'),
        ('seq', c.seq < c.before OR c.seq NOT IN (SELECT e.seq FROM ended AS e), format('is %s', c.seq),
            'that of a turn, in order'),
        ('started_at', c.started_at > latest OR c.started_at < stands.created_at - interval '1 day',
            'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('approvals[%s].%s', a.i - 1, rule.field), rule.problem, rule.expected
    FROM approval AS a
    LEFT JOIN call AS c ON c.seq = a.seq AND c.number = a.call_number
    CROSS JOIN LATERAL (VALUES
        ('call_number', (a.seq, a.call_number, a.place) <= a.before, format('is %s', a.call_number),
            'in order, each call once'),
        ('call_number', CASE a.place WHEN 'input' THEN a.call_number <> 0 ELSE c.seq IS NULL END,
            format('is %s', a.call_number), 'the number of a tool call of the turn'),
        ('tool', a.place = 'call' AND c.tool <> a.tool, format('is %s', to_json(left(a.tool, 64))),
            'the tool of the call'),
        ('decided_by', (a.state IN ('approved', 'denied')) <> (a.decided_by IS NOT NULL), 'does not go with the state',
            'given if it is approved or denied, and only then'),
        ('decided_at', (a.decided_by IS NULL) <> (a.decided_at IS NULL), 'and decided_by are not both there',
            'both, or neither'),
        ('requested_at', a.requested_at > latest, 'is in the future', 'a time that has been'),
        ('decided_at', a.decided_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('compactions[%s].%s', o.i - 1, rule.field), rule.problem, rule.expected
    FROM ROWS FROM (jsonb_to_recordset(document -> 'compactions') AS (
            number integer, first_message bigint, last_message bigint, created_by bigint, created_at timestamptz,
            undone_by bigint))
        WITH ORDINALITY AS o (number, first_message, last_message, created_by, created_at, undone_by, i)
    CROSS JOIN LATERAL (VALUES
        ('number', o.number <> o.i, format('is %s', o.number), o.i::text),
        ('last_message', o.last_message < o.first_message OR o.last_message > messages, format('is %s', o.last_message),
            format('from %s to %s', o.first_message, messages)),
        ('created_by', o.created_by > stands.head_seq AND o.created_by IS DISTINCT FROM open_turn
            AND o.created_by <> stands.head_seq + 1,
            format('is %s', o.created_by), 'a submission that has begun'),
        ('undone_by', o.undone_by < o.created_by OR o.undone_by > stands.head_seq, format('is %s', o.undone_by),
            'a later submission that has ended'),
        ('created_at', o.created_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('function_calls[%s].%s', f.i - 1, rule.field), rule.problem, rule.expected
    FROM ROWS FROM (jsonb_to_recordset(document -> 'function_calls') AS (seq bigint, started_at timestamptz))
        WITH ORDINALITY AS f (seq, started_at, i)
    CROSS JOIN LATERAL (VALUES
        ('seq', f.seq > stands.tail_seq, format('is %s', f.seq), format('at most %s', stands.tail_seq)),
        ('started_at', f.started_at > latest OR f.started_at < stands.created_at - interval '1 day',
            'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('function_calls[%s].started_at', f.i - 1), 'is before that of the one before', 'in order of time'
    FROM (SELECT e.ordinality AS i, e.value ->> 'started_at' AS started_at,
        lag(e.value ->> 'started_at') OVER (ORDER BY e.ordinality) AS before
          FROM jsonb_array_elements(document -> 'function_calls') WITH ORDINALITY AS e) AS f
    WHERE f.started_at::timestamptz < f.before::timestamptz
    UNION ALL
    SELECT format('security_events[%s].%s', e.i - 1, rule.field), rule.problem, rule.expected
    FROM ROWS FROM (jsonb_to_recordset(document -> 'security_events') AS (seq bigint, function_call bigint,
        at timestamptz))
        WITH ORDINALITY AS e (seq, function_call, at, i)
    CROSS JOIN LATERAL (VALUES
        ('seq', e.seq > stands.tail_seq, format('is %s', e.seq), format('at most %s', stands.tail_seq)),
        ('function_call', e.function_call > jsonb_array_length(document -> 'function_calls'),
            format('is %s', e.function_call), 'the place of one of function_calls'),
        ('at', e.at > latest OR e.at < stands.created_at - interval '1 day', 'is not within the conversation''s time',
            'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('events[%s].%s', e.i - 1, rule.field), rule.problem, rule.expected
    FROM ROWS FROM (jsonb_to_recordset(document -> 'events') AS (number bigint, seq bigint, data jsonb, at timestamptz))
        WITH ORDINALITY AS e (number, seq, data, at, i)
    LEFT JOIN approval AS a ON e.data ? 'approval' AND e.data -> 'approval' = to_jsonb(a.i)
    CROSS JOIN LATERAL (VALUES
        ('number', e.number <> e.i, format('is %s', e.number), e.i::text),
        ('seq', e.seq > stands.head_seq + 1 OR e.seq > stands.tail_seq, format('is %s', e.seq),
            'a submission that has begun'),
        ('data.message', CASE jsonb_typeof(e.data -> 'message') WHEN 'number'
            THEN (e.data -> 'message')::numeric NOT BETWEEN 1 AND messages
            OR scale((e.data -> 'message')::numeric) > 0 ELSE false END,
            format('is %s', left(e.data ->> 'message', 40)), 'the number of a message'),
        ('data.approval', jsonb_typeof(e.data -> 'approval') = 'number' AND a.i IS NULL,
            format('is %s', left(e.data ->> 'approval', 40)), 'the place of one of approvals'),
        -- The day is for clocks that were set back.
        ('at', e.at > latest OR e.at < stands.created_at - interval '1 day', 'is not within the conversation''s time',
            'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT 'progress.' || rule.field, rule.problem, rule.expected
    FROM jsonb_to_record(document -> 'progress') AS p (
        seq bigint, agent text, definition text, started_at timestamptz, first_message bigint, steps integer,
        tool_calls integer)
    CROSS JOIN LATERAL (VALUES
        ('seq', p.seq <> stands.head_seq + 1 OR p.seq > stands.tail_seq, format('is %s', p.seq),
            'the submission after head_seq'),
        ('seq', NOT EXISTS (SELECT FROM submission AS s WHERE s.seq = p.seq AND s.operation IN ('user_input', 'steer')),
            format('is %s', p.seq), 'the seq of a submission user_input or steer'),
        ('first_message', p.first_message > messages + 1
            OR EXISTS (SELECT FROM message AS m WHERE (m.number >= p.first_message) <> (m.seq = p.seq)),
            format('is %s', p.first_message), 'the number of the turn''s first message'),
        ('steps', p.steps <> (SELECT count(*) FROM step AS s WHERE s.seq = p.seq), format('is %s', p.steps),
            'the number of the turn''s steps'),
        ('definition', split_part(p.definition, '/', 2) <> p.agent, format('is %s', to_json(p.definition)),
            'a version of the agent of the turn'),
        ('started_at', p.started_at > latest OR p.started_at < stands.created_at - interval '1 day',
            'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE document ? 'progress' AND rule.is_broken
    UNION ALL
    SELECT 'conversation.state', 'is parked', 'another one, as no call of the turn is in doubt'
    WHERE stands.state = 'parked'
      AND NOT EXISTS (SELECT FROM call AS c WHERE c.seq = open_turn AND c.state = 'in_doubt')
    UNION ALL
    SELECT 'conversation.state', 'is waiting', 'another one, as no approval of the turn was asked for'
    WHERE stands.state = 'waiting' AND NOT EXISTS (SELECT FROM approval AS a WHERE a.seq = open_turn)
    LIMIT 100;
END $_$;
COMMENT ON FUNCTION agentctl.exchange_consistency_problems(document jsonb) IS 'What the parts of a conversation''s document, whose form is right, say wrong of each other. Internal: conversation_document_problems() calls it.';
CREATE FUNCTION agentctl.exchange_path(key text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
    SELECT CASE WHEN key ~ '^[A-Za-z_][A-Za-z0-9_-]{0,63}$' THEN key ELSE to_json(left(key, 64))::text END
$_$;
COMMENT ON FUNCTION agentctl.exchange_path(key text) IS 'A key as a path has it: quoted unless it is a plain word.';
CREATE FUNCTION agentctl.exchange_shape_problems(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
#variable_conflict use_column
BEGIN
    IF jsonb_typeof(document) IS DISTINCT FROM 'object' THEN
        RETURN QUERY SELECT '', 'is ' || coalesce(agentctl.json_type_name(document), 'missing'), 'an object';
        RETURN;
    END IF;
    IF document -> 'format' IS DISTINCT FROM '"agentctl.conversation"' THEN
        RETURN QUERY SELECT 'format', coalesce('is ' || left((document -> 'format')::text, 64), 'is missing'),
            '"agentctl.conversation"';
        RETURN;
    END IF;
    IF document -> 'version' IS DISTINCT FROM '1' THEN
        RETURN QUERY SELECT 'version', coalesce('is ' || left((document -> 'version')::text, 64), 'is missing'),
            '1: import it with the release of agentctl that wrote it, or a later one';
        RETURN;
    END IF;
    RETURN QUERY
    SELECT agentctl.exchange_path(m.key),
           CASE WHEN p.part IS NULL THEN 'is unknown' ELSE 'is ' || agentctl.json_type_name(m.value) END,
           CASE WHEN p.part IS NULL THEN 'one of '
               || (SELECT string_agg(o.part, ', ' ORDER BY o.position) FROM exchange_part AS o)
                WHEN p.is_list THEN 'a list' ELSE 'an object' END
    FROM jsonb_each(document) AS m
    LEFT JOIN exchange_part AS p ON p.part = m.key
    WHERE m.key NOT IN ('format', 'version')
      AND (p.part IS NULL OR jsonb_typeof(m.value) <> CASE WHEN p.is_list THEN 'array' ELSE 'object' END)
    UNION ALL
    SELECT p.part, 'is missing', CASE WHEN p.is_list THEN 'a list' ELSE 'an object' END
    FROM exchange_part AS p
    WHERE p.required AND NOT document ? p.part
    LIMIT 100;
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH item AS MATERIALIZED (
        SELECT p.part, format('%s[%s]', p.part, e.ordinality - 1) AS path, e.value
        FROM exchange_part AS p CROSS JOIN LATERAL jsonb_array_elements(document -> p.part) WITH ORDINALITY AS e
        WHERE p.is_list
        UNION ALL
        SELECT p.part, p.part, document -> p.part FROM exchange_part AS p WHERE NOT p.is_list AND document ? p.part
    ), needed AS (
        SELECT f.part, array_agg(f.field ORDER BY f.position) AS fields FROM exchange_field AS f WHERE f.required
        GROUP BY f.part
    )
    SELECT i.path, 'is ' || agentctl.json_type_name(i.value), 'an object' FROM item AS i
    WHERE jsonb_typeof(i.value) <> 'object'
    UNION ALL
    SELECT i.path || '.' || missing.field, 'is missing', f.type
    FROM item AS i
    JOIN needed AS n ON n.part = i.part
    CROSS JOIN LATERAL unnest(n.fields) AS missing (field)
    JOIN exchange_field AS f ON f.part = i.part AND f.field = missing.field
    WHERE jsonb_typeof(i.value) = 'object' AND NOT i.value ?& n.fields AND NOT i.value ? missing.field
    UNION ALL
    SELECT i.path || '.' || agentctl.exchange_path(m.key),
           CASE WHEN f.field IS NULL THEN 'is unknown'
                WHEN jsonb_typeof(m.value) = 'string' THEN CASE WHEN octet_length(m.value #>> '{}') > 64
                    THEN format('is a text of %s bytes', octet_length(m.value #>> '{}')) ELSE 'is ' || m.value::text END
                ELSE 'is ' || agentctl.json_type_name(m.value) END,
           CASE WHEN f.field IS NULL THEN 'one of '
               || (SELECT string_agg(o.field, ', ' ORDER BY o.position) FROM exchange_field AS o WHERE o.part = i.part)
                WHEN f.allowed IS NOT NULL THEN 'one of ' || array_to_string(f.allowed, ', ')
                ELSE CASE f.type
                    WHEN 'text' THEN 'a text'
                        || coalesce(format(' of %s to %s bytes', coalesce(f.minimum, 0), f.maximum), '')
                    WHEN 'integer' THEN format('an integer from %s to %s', f.minimum, f.maximum)
                    WHEN 'number' THEN format('a number from %s to %s', f.minimum, f.maximum)
                    WHEN 'time' THEN 'a time such as 2026-01-31T12:00:00.5+00:00'
                    WHEN 'definition' THEN 'kind/name/version'
                    ELSE 'of type ' || f.type END END
    FROM item AS i
    CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(i.value) WHEN 'object' THEN i.value ELSE '{}' END) AS m
    LEFT JOIN exchange_field AS f ON f.part = i.part AND f.field = m.key
    WHERE f.field IS NULL OR NOT CASE jsonb_typeof(m.value)
        WHEN 'string' THEN CASE f.type
            WHEN 'text' THEN (f.allowed IS NULL OR m.value #>> '{}' = ANY (f.allowed))
                AND (f.minimum IS NULL OR octet_length(m.value #>> '{}') >= f.minimum)
                AND (f.maximum IS NULL OR octet_length(m.value #>> '{}') <= f.maximum)
            WHEN 'time' THEN agentctl.is_time(m.value #>> '{}')
            WHEN 'uuid' THEN m.value #>> '{}' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
            WHEN 'definition' THEN octet_length(m.value #>> '{}') <= 200
            ELSE false END
        WHEN 'number' THEN CASE f.type
            WHEN 'integer' THEN m.value::numeric BETWEEN f.minimum AND f.maximum AND scale(m.value::numeric) = 0
            WHEN 'number' THEN m.value::numeric BETWEEN f.minimum AND f.maximum
            ELSE false END
        ELSE jsonb_typeof(m.value) = f.type END
    LIMIT 100;
END $_$;
COMMENT ON FUNCTION agentctl.exchange_shape_problems(document jsonb) IS 'What is wrong with the form of a conversation''s document: members that are missing or unknown, values of another type. Internal: conversation_document_problems() calls it.';
CREATE FUNCTION agentctl.exchange_versions(conversation text) RETURNS TABLE(id bigint)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH RECURSIVE used (id) AS (
        SELECT t.agent_version_id FROM agentctl.turn AS t WHERE t.conversation_id = exchange_versions.conversation
        UNION SELECT s.model_version_id FROM agentctl.step AS s WHERE s.conversation_id = exchange_versions.conversation
        UNION SELECT c.tool_version_id FROM agentctl.tool_call AS c
            WHERE c.conversation_id = exchange_versions.conversation
        UNION SELECT o.model_version_id FROM agentctl.compaction AS o
            WHERE o.conversation_id = exchange_versions.conversation
        UNION SELECT f.version_id FROM agentctl.function_call AS f
            WHERE f.conversation_id = exchange_versions.conversation
        UNION SELECT v.id FROM agentctl.turn_progress AS p
              JOIN agentctl.definition_version AS v ON v.kind = 'agent' AND v.name = p.agent
                  AND v.version = p.agent_version
              WHERE p.conversation_id = exchange_versions.conversation
    ), named (kind, name) AS (
        SELECT k.kind, k.name FROM agentctl.conversation AS v
        CROSS JOIN LATERAL (VALUES ('agent', v.agent), ('chain', v.agent), ('model', v.settings ->> 'model'))
            AS k (kind, name)
        WHERE v.id = exchange_versions.conversation
        UNION SELECT k.kind, s.agent FROM agentctl.submission AS s CROSS JOIN (VALUES ('agent'), ('chain')) AS k (kind)
            WHERE s.conversation_id = exchange_versions.conversation
        UNION SELECT k.kind, s.body ->> k.kind FROM agentctl.submission AS s
            CROSS JOIN (VALUES ('agent'), ('model')) AS k (kind)
              WHERE s.conversation_id = exchange_versions.conversation AND s.operation = 'set'
    ), needed (id) AS (
        SELECT u.id FROM used AS u WHERE u.id IS NOT NULL
        UNION
        SELECT v.id FROM named AS n
        JOIN agentctl.definition AS d ON d.kind = n.kind AND d.name = n.name
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        UNION
        -- Of what was taken out of force, the last version: whatever refers to it cannot be stored without.
        SELECT v.id FROM needed AS n
        JOIN agentctl.definition_reference AS r ON r.version_id = n.id
        JOIN agentctl.definition AS d ON d.kind = r.kind AND d.name = r.name
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name
            AND v.version = coalesce(d.current_version, (
            SELECT max(l.version) FROM agentctl.definition_version AS l WHERE l.kind = d.kind AND l.name = d.name))
    )
    SELECT n.id FROM needed AS n
$$;
COMMENT ON FUNCTION agentctl.exchange_versions(conversation text) IS 'The versions of definitions that a conversation''s document has. Internal: export_items() calls it.';
CREATE FUNCTION agentctl.export_conversation(conversation text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
BEGIN
    RETURN (
        WITH item AS (
            SELECT i.part, CASE WHEN i.part IN ('conversation', 'progress') THEN (jsonb_agg(i.item) -> 0)
                ELSE jsonb_agg(i.item ORDER BY i.place) END AS items
            FROM agentctl.export_items(export_conversation.conversation) WITH ORDINALITY AS i (part, item, place)
            GROUP BY i.part
        )
        SELECT jsonb_build_object('format', 'agentctl.conversation', 'version', 1, 'definitions', '[]'::jsonb,
            'submissions', '[]'::jsonb,
                   'messages', '[]'::jsonb, 'turns', '[]'::jsonb, 'steps', '[]'::jsonb, 'tool_calls', '[]'::jsonb,
                   'approvals', '[]'::jsonb,
                   'compactions', '[]'::jsonb, 'function_calls', '[]'::jsonb, 'security_events', '[]'::jsonb, 'events',
                   '[]'::jsonb)
               || jsonb_object_agg(item.part, item.items)
        FROM item);
EXCEPTION WHEN program_limit_exceeded THEN
    RAISE EXCEPTION 'conversation "%" is too large for one jsonb value', export_conversation.conversation
        USING ERRCODE = 'AC003', HINT = 'agentctl conversations export writes it item by item.';
END $$;
COMMENT ON FUNCTION agentctl.export_conversation(conversation text) IS 'A conversation as one document: import_conversation() reads it into another database. To a member of agentctl_client it has of definitions only kind, name, version and hash. Fails with AC003 while a turn runs, and when the document is too large for jsonb.';
CREATE FUNCTION agentctl.export_items(conversation text) RETURNS TABLE(part text, item jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET extra_float_digits TO '1'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
    held record;
    versions bigint[];
    is_reader boolean := coalesce(pg_has_role(agentctl.caller(), to_regrole('agentctl_reader'), 'MEMBER'), false);
    -- What an agent is told, what a function consists of and what a policy allows is not for whom it is used by.
    sees_definitions boolean := is_reader OR agentctl.may_see_all();
BEGIN
    -- Readers see all conversations.
    IF NOT is_reader
        OR NOT EXISTS (SELECT FROM conversation AS v WHERE v.id = export_items.conversation) THEN
        export_items.conversation := agentctl.own_conversation(export_items.conversation);
    END IF;
    SELECT c.state, c.head_seq INTO held FROM conversation_control AS c
    WHERE c.conversation_id = export_items.conversation;
    IF held.state = 'running' THEN
        RAISE EXCEPTION 'turn %/% is running', export_items.conversation, held.head_seq + 1
            USING ERRCODE = 'AC003',
                HINT = 'Export the conversation when the turn has ended, or stop it with agentctl interrupt.';
    END IF;
    -- What the tasks come to would be known in one database, and awaited in the other.
    IF EXISTS (SELECT FROM task AS t WHERE t.parent_conversation_id = export_items.conversation
               AND t.parent_seq = held.head_seq + 1) THEN
        RAISE EXCEPTION 'turn %/% has delegated tasks', export_items.conversation, held.head_seq + 1
            USING ERRCODE = 'AC003',
                HINT = 'Export the conversation when the turn has ended, or stop it with agentctl interrupt.';
    END IF;
    -- The visits of its nodes stay here: elsewhere the nodes would run a second time.
    IF EXISTS (SELECT FROM turn_progress AS p
               JOIN definition_version AS v ON v.kind = 'chain' AND v.name = p.agent AND v.version = p.agent_version
               WHERE p.conversation_id = export_items.conversation) THEN
        RAISE EXCEPTION 'turn %/% is a run of the chain that has not ended', export_items.conversation,
            held.head_seq + 1 USING ERRCODE = 'AC003',
                HINT = 'Export the conversation when the run has ended, or stop it with agentctl interrupt.';
    END IF;
    versions := ARRAY(SELECT n.id FROM agentctl.exchange_versions(export_items.conversation) AS n);
    RETURN QUERY
    SELECT 'conversation', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT v.id, v.tenant, v.agent, v.settings, v.created_at, v.created_by, v.forked_from, v.forked_message,
               c.state, c.priority, c.attempt, c.head_seq, c.tail_seq, c.cancel_seq, c.steer_seq, c.closed_seq,
               CASE c.state WHEN 'waiting' THEN c.wake_at END AS wake_at
        FROM conversation AS v JOIN conversation_control AS c ON c.conversation_id = v.id
        WHERE v.id = export_items.conversation) AS r;
    RETURN QUERY
    SELECT 'definitions', jsonb_build_object('kind', v.kind, 'name', v.name, 'version', v.version,
        'in_force', d.current_version IS NOT DISTINCT FROM v.version, 'content_hash', encode(v.content_hash, 'hex'))
        || CASE WHEN sees_definitions THEN jsonb_build_object('document', v.document) ELSE '{}' END
    FROM definition_version AS v JOIN definition AS d ON d.kind = v.kind AND d.name = v.name
    WHERE v.id = ANY (versions)
    ORDER BY v.kind, v.name, v.version;
    RETURN QUERY
    SELECT 'submissions', jsonb_strip_nulls(to_jsonb(r)) || jsonb_build_object('body', s.body)
    FROM submission AS s
    CROSS JOIN LATERAL (SELECT s.seq, s.operation, s.agent, s.idempotency_key, s.taken_by, s.created_at,
        s.created_by) AS r
    WHERE s.conversation_id = export_items.conversation
    ORDER BY s.seq;
    RETURN QUERY
    SELECT 'messages', jsonb_strip_nulls(to_jsonb(r)) || CASE jsonb_typeof(m.tool_calls)
               WHEN 'array' THEN jsonb_build_object('tool_calls', m.tool_calls) ELSE '{}' END
    FROM message AS m
    CROSS JOIN LATERAL (SELECT m.number, m.seq, m.role, m.content, m.tool_call_id, m.undone_by, m.created_at) AS r
    WHERE m.conversation_id = export_items.conversation
    ORDER BY m.number;
    RETURN QUERY
    SELECT 'turns', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT t.seq, t.status, t.attempt, t.agent, v.kind || '/' || v.name || '/' || v.version AS definition,
               t.parent_conversation_id, t.parent_seq, t.depth, t.limit_reached, t.error_code, t.error_message,
               t.first_message, t.last_message, t.model_calls, t.tool_calls, t.input_tokens, t.cached_input_tokens,
               t.output_tokens, trim_scale(t.cost_usd) AS cost_usd, t.submitted_at, t.started_at, t.finished_at,
               t.duration_ms
        FROM turn AS t LEFT JOIN definition_version AS v ON v.id = t.agent_version_id
        WHERE t.conversation_id = export_items.conversation) AS r
    ORDER BY r.seq;
    RETURN QUERY
    SELECT 'steps', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT s.seq, s.number, s.kind, s.model, v.kind || '/' || v.name || '/' || v.version AS definition, s.provider,
               s.attempt, s.finish_reason, s.input_tokens, s.cached_input_tokens, s.output_tokens, s.usage_estimated,
               trim_scale(s.cost_usd) AS cost_usd, s.time_to_first_token_ms, s.duration_ms, s.started_at, s.error_code,
               s.error_message
        FROM step AS s LEFT JOIN definition_version AS v ON v.id = s.model_version_id
        WHERE s.conversation_id = export_items.conversation) AS r
    ORDER BY r.seq, r.number;
    RETURN QUERY
    SELECT 'tool_calls', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT c.seq, c.number, c.step_number, c.call_id, c.tool,
               v.kind || '/' || v.name || '/' || v.version AS definition, c.arguments, c.effect, c.idempotency_key,
               c.rule, c.state, c.result, c.truncated, c.error_code, c.duration_ms, c.started_at
        FROM tool_call AS c LEFT JOIN definition_version AS v ON v.id = c.tool_version_id
        WHERE c.conversation_id = export_items.conversation) AS r
    ORDER BY r.seq, r.number;
    RETURN QUERY
    SELECT 'approvals', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT a.seq, a.call_number, a.place, a.agent, a.tool, a.arguments, a.subject, a.rule, a.state, a.scope,
               a.reason, a.requested_at, a.expires_at, a.decided_at, a.decided_by
        FROM approval AS a WHERE a.conversation_id = export_items.conversation) AS r
    ORDER BY r.seq, r.call_number, r.place;
    RETURN QUERY
    SELECT 'compactions', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT o.number, o.first_message, o.last_message, o.summary, o.made_by, o.before_tokens, o.after_tokens,
               o.model, v.kind || '/' || v.name || '/' || v.version AS definition, o.provider, o.input_tokens,
               o.cached_input_tokens, o.output_tokens, o.usage_estimated, trim_scale(o.cost_usd) AS cost_usd,
               o.duration_ms, o.error_code, o.error_message, o.created_by, o.created_at, o.undone_by
        FROM compaction AS o LEFT JOIN definition_version AS v ON v.id = o.model_version_id
        WHERE o.conversation_id = export_items.conversation) AS r
    ORDER BY r.number;
    RETURN QUERY
    SELECT 'function_calls', jsonb_strip_nulls(to_jsonb(r)) || jsonb_build_object('violations', f.violations)
    FROM function_call AS f
    LEFT JOIN definition_version AS v ON v.id = f.version_id
    CROSS JOIN LATERAL (
        SELECT f.seq, f.call_id, f.function, v.kind || '/' || v.name || '/' || v.version AS definition, f.language,
               f.arguments, f.caller, f.exit_reason, f.result, f.error_type, f.error_message,
               -- Its lines are those of the function.
               CASE WHEN sees_definitions THEN f.traceback END AS traceback, f.output,
               f.duration_ms, f.cpu_ms,
               f.peak_memory_bytes, f.started_at, f.called_by) AS r
    WHERE f.conversation_id = export_items.conversation
    ORDER BY f.started_at, f.id;
    RETURN QUERY
    SELECT 'security_events', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT e.seq, e.call_id, f.place AS function_call, e.kind, e.source, e.tool, e.guardrail, e.guardrail_version,
               e.place, e.action, e.detail, e.at
        FROM security_event AS e
        LEFT JOIN (
            SELECT c.id, row_number() OVER (ORDER BY c.started_at, c.id) AS place
            FROM function_call AS c
            WHERE c.conversation_id = export_items.conversation) AS f ON f.id = e.function_call_id
        WHERE e.conversation_id = export_items.conversation
        ORDER BY e.at, e.id) AS r;
    RETURN QUERY
    SELECT 'events', to_jsonb(r) || jsonb_build_object('data', CASE WHEN a.place IS NULL THEN e.data
               ELSE e.data || jsonb_build_object('approval', a.place) END)
    FROM event AS e
    CROSS JOIN LATERAL (SELECT e.number, e.seq, e.type, e.at) AS r
    LEFT JOIN (
        SELECT o.id, row_number() OVER (ORDER BY o.seq, o.call_number, o.place) AS place
        FROM approval AS o WHERE o.conversation_id = export_items.conversation) AS a
        ON jsonb_typeof(e.data -> 'approval') = 'number' AND e.data -> 'approval' = to_jsonb(a.id)
    WHERE e.conversation_id = export_items.conversation
    ORDER BY e.number;
    RETURN QUERY
    SELECT 'progress', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT p.seq, p.saves, p.agent, v.kind || '/' || v.name || '/' || v.version AS definition, p.started_at,
               p.first_message, p.steps, p.model_calls, p.tool_calls, p.input_tokens, p.cached_input_tokens,
               p.output_tokens, trim_scale(p.cost_usd) AS cost_usd, p.duration_ms
        FROM turn_progress AS p
        LEFT JOIN definition_version AS v ON v.kind = 'agent' AND v.name = p.agent AND v.version = p.agent_version
        WHERE p.conversation_id = export_items.conversation) AS r;
END $$;
COMMENT ON FUNCTION agentctl.export_items(conversation text) IS 'The parts of a conversation''s document, an item a row, in order: what export_conversation() puts together. Documents of definitions and tracebacks are for members of agentctl_reader, agentctl_worker and agentctl_owner. Fails with AC003 while a turn runs.';
CREATE FUNCTION agentctl.finish(conversation text, seq bigint, lease uuid, record jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '250ms'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    held record;
    started timestamptz;
    first bigint;
    stored record;
    new_last_message bigint;
    asked record;
    parent text;
    parent_turn bigint;
    levels smallint := 0;
BEGIN
    SELECT c.worker_id, c.attempt, c.last_message, c.last_event, c.has_progress, c.steer_seq, c.cancel_seq, c.claimed_at
    INTO held FROM conversation_control AS c
    WHERE c.conversation_id = finish.conversation AND c.lease = finish.lease AND c.head_seq = finish.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM set_config('lock_timeout', '10s', true);
    UPDATE conversation_control AS c
    SET head_seq = finish.seq,
        state = CASE WHEN c.tail_seq > finish.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN c.tail_seq > finish.seq THEN clock_timestamp() END,
        lease = NULL, worker_id = NULL, attempt = 0, generation = 0, has_progress = false, awaited = 0, told = 0,
        -- A task's conversation goes on as any other: what is sent to it later does not go before what others sent.
        depth = 0, priority = CASE WHEN c.depth > 0 THEN greatest(c.priority, 0) ELSE c.priority END,
        last_message = c.last_message + jsonb_array_length(finish.record -> 'messages'),
        last_event = c.last_event + jsonb_array_length(finish.record -> 'events')
    WHERE c.conversation_id = finish.conversation
    RETURNING c.last_message INTO new_last_message;
    -- The last one costs next to nothing where there are no hooks.
    SELECT s.created_at, s.task_id, EXISTS (SELECT FROM hook_state) AS has_hooks INTO asked FROM submission AS s
    WHERE s.conversation_id = finish.conversation AND s.seq = finish.seq;
    -- A clock that was set back meanwhile must not put a turn before its submission, where nobody looks for it.
    started := greatest(held.claimed_at, asked.created_at);
    first := held.last_message + 1;
    IF held.has_progress THEN
        IF EXISTS (SELECT FROM task AS t WHERE t.parent_conversation_id = finish.conversation
                   AND t.parent_seq = finish.seq AND NOT t.told) THEN
            RAISE EXCEPTION 'turn %/% has tasks that have not ended', finish.conversation, finish.seq
                USING ERRCODE = 'AC003', HINT = 'Have them stopped with agentctl.stop_children(), and wait for them.';
        END IF;
        DELETE FROM turn_progress AS p WHERE p.conversation_id = finish.conversation
        RETURNING p.started_at, p.first_message INTO stored;
        -- Without its row the turn begins and ends here.
        IF FOUND THEN
            started := stored.started_at;
            first := stored.first_message;
        END IF;
    END IF;
    PERFORM agentctl.write_turn_parts(finish.conversation, finish.seq, finish.record, started, first, held.last_message,
        held.last_event);
    IF asked.task_id IS NOT NULL THEN
        SELECT t.parent_conversation_id, t.parent_seq, t.depth INTO parent, parent_turn, levels
        FROM task AS t WHERE t.id = asked.task_id;
    END IF;
    INSERT INTO turn (
        conversation_id, seq, attempt, worker_id, first_message, last_message, submitted_at, parent_conversation_id,
        parent_seq, depth, status, agent, agent_version, agent_version_id, limit_reached, error_code, error_message,
        model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd, started_at, duration_ms)
    SELECT finish.conversation, finish.seq, held.attempt, held.worker_id, first, new_last_message,
           asked.created_at, parent, parent_turn, levels, t.status, t.agent, t.agent_version, t.agent_version_id,
           t.limit_reached, t.error_code, t.error_message, t.model_calls, t.tool_calls, t.input_tokens,
           t.cached_input_tokens, t.output_tokens, t.cost_usd, started, t.duration_ms
    FROM jsonb_to_record(finish.record -> 'turn') AS t (
        status turn_status, agent text, agent_version integer, agent_version_id bigint, limit_reached text,
        error_code text, error_message text, model_calls integer, tool_calls integer, input_tokens bigint,
        cached_input_tokens bigint, output_tokens bigint, cost_usd numeric, duration_ms double precision);
    IF held.steer_seq > finish.seq THEN
        PERFORM agentctl.skip_steered_submissions(finish.conversation, finish.seq);
    END IF;
    IF asked.task_id IS NOT NULL THEN
        IF finish.record ? 'chosen' THEN
            UPDATE task AS t SET choices_made = ARRAY(SELECT jsonb_array_elements_text(finish.record -> 'chosen'))
            WHERE t.id = asked.task_id;
        END IF;
        PERFORM agentctl.settle_task(asked.task_id, t.status, coalesce(t.error_code, t.limit_reached, CASE t.status
            WHEN 'interrupted' THEN 'interrupted' END), t.error_message, t.input_tokens + t.output_tokens, t.cost_usd,
            held.cancel_seq >= finish.seq)
        FROM jsonb_to_record(finish.record -> 'turn') AS t (
            status turn_status, limit_reached text, error_code text, error_message text, input_tokens bigint,
            output_tokens bigint, cost_usd numeric);
    END IF;
    IF asked.has_hooks THEN
        PERFORM agentctl.tell_hooks_of_turn(finish.conversation, finish.seq, asked.task_id, finish.record -> 'turn');
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.finish(conversation text, seq bigint, lease uuid, record jsonb) IS 'Ends a turn in one commit, if the lease still holds. record: {turn, messages, steps, tool_calls, events, function_calls, security_events}, without what save_progress() has stored; an event''s message counts from 1 within the turn. Fails with 55P03 when the row was locked for 250 ms: try again; and with AC003 while a task of the turn has not ended.';
CREATE FUNCTION agentctl.finish_and_claim(conversation text, seq bigint, lease uuid, record jsonb, worker bigint, maximum integer) RETURNS TABLE(finished boolean, conversation_id text, next_seq bigint, next_lease uuid, attempt smallint, operation text, body jsonb, agent text, epoch bigint, submitted_at timestamp with time zone, last_message bigint, history jsonb, generation smallint, progress jsonb, settings jsonb, task jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    done boolean := agentctl.finish(
        finish_and_claim.conversation, finish_and_claim.seq, finish_and_claim.lease, finish_and_claim.record);
BEGIN
    RETURN QUERY SELECT done, n.* FROM agentctl.claim(finish_and_claim.worker, finish_and_claim.maximum) AS n;
    IF NOT FOUND THEN
        RETURN QUERY SELECT done, NULL::text, NULL::bigint, NULL::uuid, NULL::smallint, NULL::text, NULL::jsonb,
            NULL::text,
            NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::jsonb, NULL::smallint, NULL::jsonb, NULL::jsonb,
            NULL::jsonb;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.finish_and_claim(conversation text, seq bigint, lease uuid, record jsonb, worker bigint, maximum integer) IS 'finish() and claim() in one round trip and one commit. Always returns a row; conversation_id is NULL when there was nothing to claim.';
CREATE FUNCTION agentctl.finish_delivery(id bigint, attempt integer, status integer, error text, is_final boolean DEFAULT false, at timestamp with time zone DEFAULT now()) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    first CONSTANT double precision := 5;
    longest CONSTANT double precision := 3600;
    outcome text;
    told text;
BEGIN
    UPDATE hook_delivery AS d
    SET status = finish_delivery.status, error_message = left(finish_delivery.error, 1000),
        state = CASE
            WHEN finish_delivery.error IS NULL THEN 'delivered'
            WHEN is_final OR finish_delivery.status = 410 OR finish_delivery.at >= d.give_up_at THEN 'dead'
            ELSE 'pending' END,
        -- Chance decides about the whole wait, so that what failed together does not come back together.
        next_at = CASE
            WHEN finish_delivery.error IS NULL OR is_final OR finish_delivery.status = 410
                OR finish_delivery.at >= d.give_up_at THEN NULL
            ELSE finish_delivery.at + make_interval(
                secs => 1 + random() * least(longest, first * 2 ^ least(d.attempt, 20))) END,
        finished_at = CASE
            WHEN finish_delivery.error IS NULL OR is_final OR finish_delivery.status = 410
                OR finish_delivery.at >= d.give_up_at THEN finish_delivery.at END
    WHERE d.id = finish_delivery.id AND d.attempt = finish_delivery.attempt AND d.state = 'pending'
    RETURNING d.state, d.hook INTO outcome, told;
    IF finish_delivery.status = 410 AND outcome = 'dead' THEN
        UPDATE hook_state AS h SET stopped_at = finish_delivery.at, stopped_for = 'the receiver answered 410 Gone'
        WHERE h.name = told AND h.stopped_at IS NULL;
        PERFORM agentctl.bury_deliveries(told, 'the receiver answered 410 Gone');
    END IF;
    RETURN outcome;
END $$;
COMMENT ON FUNCTION agentctl.finish_delivery(id bigint, attempt integer, status integer, error text, is_final boolean, at timestamp with time zone) IS 'Stores the outcome of an attempt that claim_deliveries() gave: without an error it is delivered; else it is tried again, up to 24 hours, unless it is final. 410 stops the hook. Returns the state; NULL when another worker has taken it over.';
CREATE FUNCTION agentctl.finish_function_call(call bigint, lease uuid, record jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    asked_by text;
BEGIN
    DELETE FROM function_queue AS q WHERE q.id = finish_function_call.call AND q.lease = finish_function_call.lease;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT r.created_by INTO asked_by FROM function_request AS r WHERE r.id = finish_function_call.call;
    PERFORM agentctl.insert_function_calls('sql', NULL, NULL, finish_function_call.call, asked_by,
        jsonb_build_array(finish_function_call.record));
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.finish_function_call(call bigint, lease uuid, record jsonb) IS 'Ends a queued call in one commit, if the lease still holds. record: what record_function_calls() takes one of.';
CREATE FUNCTION agentctl.follow(conversation text, seq bigint, after_event bigint, after_attempt integer, after_delta integer) RETURNS TABLE(source text, number bigint, attempt integer, type text, data jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    follow.conversation := agentctl.own_conversation(follow.conversation);
    RETURN QUERY
    (SELECT 'delta', d.number::bigint, d.attempt::integer, d.type, d.data FROM delta AS d
     WHERE d.conversation_id = follow.conversation AND d.seq = follow.seq
       AND (d.attempt, d.number) > (follow.after_attempt, follow.after_delta)
     ORDER BY d.attempt, d.number LIMIT 1000)
    UNION ALL
    (SELECT 'event', e.number, 0, e.type,
            CASE e.type
                WHEN 'message' THEN (
                    SELECT jsonb_build_object('role', m.role, 'content', m.content, 'tool_calls', m.tool_calls)
                    FROM message AS m WHERE m.conversation_id = e.conversation_id
                        AND m.number = (e.data ->> 'message')::bigint)
                WHEN 'tool_finished' THEN e.data || (
                    SELECT jsonb_build_object('id', m.tool_call_id, 'output', left(m.content, 2000))
                    FROM message AS m WHERE m.conversation_id = e.conversation_id
                        AND m.number = (e.data ->> 'message')::bigint)
                ELSE e.data END
     FROM event AS e
     WHERE e.conversation_id = follow.conversation AND e.number > follow.after_event AND e.seq = follow.seq
     ORDER BY e.number LIMIT 1000);
END $$;
COMMENT ON FUNCTION agentctl.follow(conversation text, seq bigint, after_event bigint, after_attempt integer, after_delta integer) IS 'What is new of a turn after the given event and piece: first pieces, then durable events.';
CREATE FUNCTION agentctl.fork(conversation text, new_conversation text, message bigint DEFAULT NULL::bigint, agent text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    upto bigint;
    turn bigint;
    last_turn bigint;
    source record;
    copied bigint;
BEGIN
    fork.conversation := agentctl.own_conversation(fork.conversation);
    PERFORM agentctl.require_conversation_id(fork.new_conversation);
    fork.new_conversation := agentctl.conversation_id(fork.new_conversation);
    PERFORM agentctl.require_conversation_id(fork.new_conversation);
    -- Unless it is asked for, a turn in progress is left out: its calls and tasks have no results yet.
    -- It must not be deleted meanwhile.
    SELECT c.head_seq INTO last_turn FROM conversation_control AS c WHERE c.conversation_id = fork.conversation
    FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', fork.conversation USING ERRCODE = 'AC002';
    END IF;
    SELECT m.number, m.seq INTO upto, turn FROM message AS m
    WHERE m.conversation_id = fork.conversation
      AND (m.number = fork.message OR fork.message IS NULL AND m.seq <= last_turn)
    ORDER BY m.number DESC LIMIT 1;
    IF upto IS NULL THEN
        RAISE EXCEPTION 'conversation "%" has no %', fork.conversation,
            coalesce('message ' || fork.message, 'message') USING ERRCODE = 'AC002';
    END IF;
    SELECT v.agent, v.settings INTO source FROM conversation AS v WHERE v.id = fork.conversation;
    -- Only a row of this transaction's own may be filled: another's conversation may have begun meanwhile.
    IF NOT agentctl.start_conversation(fork.new_conversation, coalesce(fork.agent, source.agent)) THEN
        RAISE EXCEPTION 'there is a conversation "%" already', fork.new_conversation USING ERRCODE = 'AC003';
    END IF;
    -- Another agent comes with its own model and limits, as with set().
    UPDATE conversation AS v
    SET forked_from = fork.conversation, forked_message = upto,
        settings = CASE WHEN v.agent = source.agent THEN source.settings ELSE '{}' END
    WHERE v.id = fork.new_conversation;
    INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id, created_at)
    SELECT fork.new_conversation, row_number() OVER (ORDER BY m.number), m.seq, m.role, m.content, m.tool_calls,
           m.tool_call_id, m.created_at
    FROM message AS m
    WHERE m.conversation_id = fork.conversation AND m.number <= upto AND m.undone_by IS NULL;
    GET DIAGNOSTICS copied = ROW_COUNT;
    -- Summaries that tell only of copied messages go along, with the new numbers of these. They have been paid.
    INSERT INTO compaction (conversation_id, number, first_message, last_message, summary, made_by, before_tokens,
        after_tokens, created_by)
    SELECT fork.new_conversation, row_number() OVER (ORDER BY o.number), 1, kept.messages, o.summary, o.made_by,
           o.before_tokens, o.after_tokens, o.created_by
    FROM compaction AS o
    CROSS JOIN LATERAL (
        SELECT count(*) AS messages FROM message AS m
        WHERE m.conversation_id = fork.conversation AND m.number <= o.last_message AND m.undone_by IS NULL
    ) AS kept
    WHERE o.conversation_id = fork.conversation AND o.undone_by IS NULL AND o.last_message <= upto;
    -- Numbers of turns go on after those of the copied messages.
    UPDATE conversation_control AS c SET head_seq = turn, tail_seq = turn, last_message = copied
    WHERE c.conversation_id = fork.new_conversation;
    RETURN copied;
END $$;
COMMENT ON FUNCTION agentctl.fork(conversation text, new_conversation text, message bigint, agent text) IS 'Makes a conversation that goes on from the given message of another, or from the last one of a turn that has ended; returns how many messages it has. Messages that were undone are left out, and tasks: it keeps their results. Fails with AC003 when there is a conversation of the new id. Another agent comes with its own model and limits.';
CREATE FUNCTION agentctl.function_metrics(of_agent text DEFAULT NULL::text, since timestamp with time zone DEFAULT NULL::timestamp with time zone, until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(function text, version integer, language text, calls bigint, ok bigint, error bigint, timeout bigint, memory bigint, output bigint, denied bigint, killed bigint, success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision, mean_cpu_ms double precision, peak_memory_bytes bigint, violations bigint, first_at timestamp with time zone, last_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT c.function,
           c.version,
           c.language,
           count(*) AS calls,
           count(*) FILTER (WHERE c.exit_reason = 'ok') AS ok,
           count(*) FILTER (WHERE c.exit_reason = 'error') AS error,
           count(*) FILTER (WHERE c.exit_reason = 'timeout') AS timeout,
           count(*) FILTER (WHERE c.exit_reason = 'memory') AS memory,
           count(*) FILTER (WHERE c.exit_reason = 'output') AS output,
           count(*) FILTER (WHERE c.exit_reason = 'denied') AS denied,
           count(*) FILTER (WHERE c.exit_reason = 'killed') AS killed,
           round(count(*) FILTER (WHERE c.exit_reason = 'ok') / count(*)::numeric, 4) AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY c.duration_ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY c.duration_ms) AS p99_ms,
           avg(c.cpu_ms) AS mean_cpu_ms,
           max(c.peak_memory_bytes) AS peak_memory_bytes,
           sum(jsonb_array_length(c.violations))::bigint AS violations,
           min(c.started_at) AS first_at,
           max(c.started_at) AS last_at
    FROM function_call AS c
    WHERE c.started_at >= coalesce(function_metrics.since, '-infinity')
      AND c.started_at < coalesce(function_metrics.until, 'infinity')
      AND (function_metrics.of_agent IS NULL OR EXISTS (
          SELECT FROM turn AS t
          WHERE t.conversation_id = c.conversation_id AND t.seq = c.seq AND t.agent = function_metrics.of_agent))
    GROUP BY c.function, c.version, c.language
$$;
COMMENT ON FUNCTION agentctl.function_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) IS 'Calls of stored functions, and of code that models wrote, by function and version. Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
CREATE FUNCTION agentctl.function_result(call bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked record;
    ended record;
BEGIN
    SELECT r.function, r.created_at INTO asked FROM function_request AS r
    WHERE r.id = function_result.call AND agentctl.may_see(r.created_by);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no call %', function_result.call USING ERRCODE = 'AC002';
    END IF;
    SELECT c.exit_reason, c.result, c.error_type, c.error_message INTO ended FROM function_call AS c
    WHERE c.request_id = function_result.call AND c.started_at >= asked.created_at - interval '1 day';
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF ended.exit_reason <> 'ok' THEN
        RAISE EXCEPTION 'call % of function "%" failed: %', function_result.call, asked.function,
            coalesce(ended.error_message, ended.error_type, ended.exit_reason::text)
            USING ERRCODE = 'AC005',
                DETAIL = format('exit reason %s, class %s', ended.exit_reason, coalesce(ended.error_type, 'none'));
    END IF;
    RETURN ended.result::jsonb;
END $$;
COMMENT ON FUNCTION agentctl.function_result(call bigint) IS 'The result of a call that call_function() queued; NULL while there is none. Fails with AC005 when the call failed.';
CREATE FUNCTION agentctl.function_rules(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT rule.path, rule.problem, rule.expected
    FROM (
        SELECT coalesce(document ->> 'language', 'python') = 'python' AS is_python,
               coalesce(document ->> 'effect', 'pure') AS effect,
               document ->> 'name' = ANY (
                   '{False,None,True,and,as,assert,async,await,break,class,continue,def,del,elif,else,except,finally,for,from,global,if,import,in,is,lambda,nonlocal,not,or,pass,raise,return,try,while,with,yield}') AS is_keyword
    ) AS given
    CROSS JOIN LATERAL (VALUES
        ('name', given.is_python AND given.is_keyword, 'is a word of the language Python', 'another name'),
        ('effect', given.is_python AND given.effect = 'sql', 'is "sql"',
            'pure, idempotent or unsafe; sql only with language sql'),
        ('effect', NOT given.is_python AND given.effect IN ('idempotent', 'unsafe'), format('is "%s"', given.effect),
            'pure or sql with language sql'),
        ('read_only', given.is_python AND document -> 'read_only' = 'false', 'is false', 'only with language sql'),
        ('read_only', NOT given.is_python AND document -> 'read_only' = 'false' AND given.effect <> 'sql', 'is false',
            'effect: sql beside it, so that what it writes is written exactly once'),
        ('workspace', NOT given.is_python AND document ->> 'workspace' <> 'none',
            format('is "%s"', document ->> 'workspace'), 'only with language python'),
        ('is_async', NOT given.is_python AND document -> 'is_async' = 'true', 'is true', 'only with language python'),
        ('requires_context', NOT given.is_python AND document -> 'requires_context' = 'true', 'is true',
            'only with language python'),
        ('secrets', jsonb_typeof(document -> 'secrets') = 'array' AND document -> 'secrets' <> '[]'
            AND document -> 'requires_context' IS DISTINCT FROM 'true', 'is given',
                'requires_context: true beside it, as secrets come with the context'),
        ('input_schema', document ? 'input_schema' AND document #>> '{input_schema,type}' IS DISTINCT FROM 'object',
            'is not the schema of an object', 'type: object'),
        ('input_schema', document -> 'requires_context' = 'true'
            AND document #> '{input_schema,properties}' ? 'context',
            'has a property context', 'another name, as the context is given by it')
    ) AS rule (path, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('examples[%s]', example.ordinality - 1), 'has both result and error', 'one of them'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'examples') WHEN 'array' THEN document -> 'examples'
        ELSE '[]' END)
        WITH ORDINALITY AS example
    WHERE jsonb_typeof(example.value) = 'object' AND example.value ?& '{result,error}'
$$;
COMMENT ON FUNCTION agentctl.function_rules(document jsonb) IS 'What one field of a document of kind function asks of another.';
CREATE FUNCTION agentctl.give_to_query_role() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    function regprocedure;
    owner regrole := (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'agentctl');
BEGIN
    -- A member of agentctl_query may have altered them.
    FOR function IN SELECT p.oid FROM pg_proc AS p
                    WHERE p.pronamespace = 'agentctl_sql'::regnamespace AND p.proname IN ('run', 'examine')
                      AND NOT (p.prosecdef AND coalesce(p.proconfig = '{"search_path=public, pg_temp"}', false)) LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER RESET ALL', function);
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', function);
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_proc AS p
                   WHERE p.pronamespace = 'agentctl_sql'::regnamespace AND p.proowner <> 'agentctl_query'::regrole) THEN
        RETURN;
    END IF;
    -- Whoever owns the schema goes on owning what is in it, by being a member.
    IF NOT pg_has_role(owner, 'agentctl_query', 'MEMBER') THEN
        EXECUTE format('GRANT agentctl_query TO %s', owner);
    END IF;
    -- Who takes a function over needs CREATE on its schema, for that moment.
    GRANT USAGE, CREATE ON SCHEMA agentctl_sql TO agentctl_query;
    FOR function IN SELECT p.oid FROM pg_proc AS p
                    WHERE p.pronamespace = 'agentctl_sql'::regnamespace AND p.proowner <> 'agentctl_query'::regrole LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO agentctl_query', function);
    END LOOP;
    REVOKE CREATE ON SCHEMA agentctl_sql FROM agentctl_query;
END $$;
COMMENT ON FUNCTION agentctl.give_to_query_role() IS 'Makes agentctl_query the owner of the functions in agentctl_sql, and has them run as their owner. Internal: grant_roles() calls it.';
CREATE FUNCTION agentctl.give_to_schema_role() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    statement text;
    changed integer := 0;
BEGIN
    IF NOT (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user) THEN
        RETURN 0;
    END IF;
    IF to_regrole('agentctl_schema') IS NULL THEN
        BEGIN
            CREATE ROLE agentctl_schema NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server made it just now
        END;
    END IF;
    FOR statement IN
        SELECT format('SCHEMA %s', n.oid::regnamespace) FROM pg_namespace AS n JOIN pg_roles AS o ON o.oid = n.nspowner
        WHERE n.nspname IN ('agentctl', 'agentctl_sql') AND o.rolsuper
        UNION ALL
        -- Sequences of identity columns, indexes and row types follow their tables.
        SELECT format('%s %s', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass)
        FROM pg_class AS c JOIN pg_roles AS o ON o.oid = c.relowner
        WHERE c.relnamespace IN ('agentctl'::regnamespace, 'agentctl_sql'::regnamespace) AND c.relkind IN ('r', 'p', 'v')
          AND o.rolsuper
        UNION ALL
        SELECT format('TYPE %s', t.oid::regtype) FROM pg_type AS t JOIN pg_roles AS o ON o.oid = t.typowner
        LEFT JOIN pg_class AS c ON c.oid = t.typrelid
        WHERE t.typnamespace IN ('agentctl'::regnamespace, 'agentctl_sql'::regnamespace) AND o.rolsuper
          AND t.typelem = 0 AND coalesce(c.relkind, 'c') = 'c'
        UNION ALL
        SELECT format('FUNCTION %s', p.oid::regprocedure) FROM pg_proc AS p JOIN pg_roles AS o ON o.oid = p.proowner
        WHERE p.pronamespace IN ('agentctl'::regnamespace, 'agentctl_sql'::regnamespace) AND o.rolsuper
    LOOP
        EXECUTE format('ALTER %s OWNER TO agentctl_schema', statement);
        changed := changed + 1;
    END LOOP;
    RETURN changed;
END $$;
COMMENT ON FUNCTION agentctl.give_to_schema_role() IS 'Gives what a superuser owns in the schema to agentctl_schema, which may do nothing else; returns how many objects there were. For a caller that is no superuser it does nothing. Internal: grant_roles() calls it.';
CREATE FUNCTION agentctl.give_up(conversation text, seq bigint, lease uuid, code text, message text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '250ms'
    AS $$
#variable_conflict use_column
DECLARE
    held record;
    asked record;
    done agentctl.turn_progress;
    newest_message bigint;
    newest_event bigint;
    told jsonb;
    events integer := 0;
    open integer;
BEGIN
    SELECT c.* INTO held FROM conversation_control AS c
    WHERE c.conversation_id = give_up.conversation AND c.lease = give_up.lease AND c.state = 'running'
      AND c.head_seq = give_up.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- A turn ends after its tasks.
    PERFORM agentctl.stop_children(give_up.conversation, give_up.seq);
    UPDATE task AS t SET told = true
    WHERE t.parent_conversation_id = give_up.conversation AND t.parent_seq = give_up.seq AND NOT t.told
      AND t.finished_at IS NOT NULL;
    SELECT count(*) INTO open FROM task AS t
    WHERE t.parent_conversation_id = give_up.conversation AND t.parent_seq = give_up.seq AND t.finished_at IS NULL;
    IF open > 0 THEN
        UPDATE conversation_control AS c
        SET state = 'waiting', wake_at = clock_timestamp() + interval '10 s', awaited = open, has_progress = true,
            lease = NULL, worker_id = NULL
        WHERE c.conversation_id = give_up.conversation;
        RETURN false;
    END IF;
    newest_message := greatest(held.last_message, 0, (
        SELECT max(m.number) FROM message AS m WHERE m.conversation_id = give_up.conversation));
    newest_event := greatest(held.last_event, 0, (
        SELECT max(e.number) FROM event AS e WHERE e.conversation_id = give_up.conversation));
    SELECT s.operation, s.task_id, s.created_at, coalesce(s.agent, v.agent) AS agent,
           s.operation IN ('user_input', 'steer') AND s.taken_by IS NULL AS is_message INTO asked
    FROM conversation AS v
    LEFT JOIN submission AS s ON s.conversation_id = v.id AND s.seq = give_up.seq
    WHERE v.id = give_up.conversation;
    DELETE FROM turn_progress AS p WHERE p.conversation_id = give_up.conversation RETURNING p.* INTO done;
    told := jsonb_build_array(jsonb_build_object('type', 'error', 'data',
        jsonb_build_object('code', give_up.code, 'message', give_up.message)));
    IF asked.is_message THEN
        told := told || jsonb_build_object('type', 'turn_complete', 'data', jsonb_build_object(
            'status', 'failed', 'input_tokens', coalesce(done.input_tokens, 0), 'output_tokens',
            coalesce(done.output_tokens, 0), 'cost_usd', coalesce(done.cost_usd, 0)::double precision,
            'duration_ms', coalesce(done.duration_ms, 0)));
    END IF;
    FOR attempt IN 1..2 LOOP
        BEGIN
            IF attempt = 2 THEN
                PERFORM agentctl.create_partitions(0);
            END IF;
            INSERT INTO event (conversation_id, number, seq, type, data)
            SELECT give_up.conversation, newest_event + e.ordinality, give_up.seq, e.value ->> 'type', e.value -> 'data'
            FROM jsonb_array_elements(told) WITH ORDINALITY AS e;
            events := jsonb_array_length(told);
            EXIT;
        EXCEPTION WHEN OTHERS THEN
            PERFORM agentctl.raise_unless_final(SQLSTATE, SQLERRM);
        END;
    END LOOP;
    FOR attempt IN 1..2 LOOP
        EXIT WHEN asked.is_message IS NOT TRUE;
        BEGIN
            IF attempt = 2 THEN
                PERFORM agentctl.create_partitions(0);
                done.started_at := NULL;
            END IF;
            INSERT INTO turn (
                conversation_id, seq, attempt, worker_id, first_message, last_message, submitted_at, status, agent,
                agent_version, error_code, error_message, model_calls, tool_calls, input_tokens, cached_input_tokens,
                output_tokens, cost_usd, started_at, duration_ms)
            VALUES (give_up.conversation, give_up.seq, held.attempt, held.worker_id,
                    coalesce(done.first_message, newest_message + 1), newest_message, asked.created_at, 'failed',
                    asked.agent, done.agent_version, give_up.code, give_up.message, coalesce(done.model_calls, 0),
                    coalesce(done.tool_calls, 0), coalesce(done.input_tokens, 0),
                    coalesce(done.cached_input_tokens, 0), coalesce(done.output_tokens, 0), coalesce(done.cost_usd, 0),
                    coalesce(done.started_at, clock_timestamp()), coalesce(done.duration_ms, 0));
            EXIT;
        EXCEPTION WHEN OTHERS THEN
            PERFORM agentctl.raise_unless_final(SQLSTATE, SQLERRM);
        END;
    END LOOP;
    UPDATE conversation_control AS c
    SET head_seq = give_up.seq,
        state = CASE WHEN c.tail_seq > give_up.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN c.tail_seq > give_up.seq THEN clock_timestamp() END,
        lease = NULL, worker_id = NULL, attempt = 0, generation = 0, has_progress = false, awaited = 0, told = 0,
        depth = 0, priority = CASE WHEN c.depth > 0 THEN greatest(c.priority, 0) ELSE c.priority END,
        last_message = newest_message, last_event = newest_event + events
    WHERE c.conversation_id = give_up.conversation;
    IF held.steer_seq > give_up.seq THEN
        PERFORM agentctl.skip_steered_submissions(give_up.conversation, give_up.seq);
    END IF;
    IF asked.task_id IS NOT NULL THEN
        BEGIN
            PERFORM agentctl.settle_task(asked.task_id, 'failed', give_up.code, give_up.message,
                coalesce(done.input_tokens + done.output_tokens, 0), coalesce(done.cost_usd, 0),
                held.cancel_seq >= give_up.seq);
        EXCEPTION WHEN OTHERS THEN
            PERFORM agentctl.raise_unless_final(SQLSTATE, SQLERRM);
            UPDATE task AS t
            SET state = CASE WHEN t.parent_seq IS NULL THEN 'dead' ELSE 'failed' END::task_state,
                error_code = give_up.code, error_message = give_up.message, finished_at = clock_timestamp()
            WHERE t.id = asked.task_id AND t.finished_at IS NULL;
        END;
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.give_up(conversation text, seq bigint, lease uuid, code text, message text) IS 'Ends a submission whose record the database refuses, as failed, if the lease still holds; of what cannot be stored nothing is. While tasks of its turn run, they are stopped and the conversation waits for them: false. Fails with 55P03 like finish().';
CREATE FUNCTION agentctl.grant_roles() RETURNS text[]
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    role text;
    missing text[] := '{}';
    allowed record;
    object text;
    grantees text;
BEGIN
    FOR role IN SELECT DISTINCT g.role FROM role_grant AS g UNION SELECT 'agentctl_query' ORDER BY 1 LOOP
        IF to_regrole(role) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION
                WHEN duplicate_object OR unique_violation
                    THEN NULL;  -- another database of this server made it just now
                WHEN insufficient_privilege THEN missing := missing || role;
            END;
        END IF;
    END LOOP;
    -- Whatever the schema was made by, an older release or pg_restore without privileges (each function is PUBLIC's
    -- then): what is granted below is all that these roles and PUBLIC may do.
    SELECT 'PUBLIC' || string_agg(format(', %I', g.role), '' ORDER BY g.role) INTO grantees
    FROM (SELECT DISTINCT g.role FROM role_grant AS g WHERE to_regrole(g.role) IS NOT NULL) AS g;
    grantees := coalesce(grantees, 'PUBLIC');
    EXECUTE 'REVOKE ALL ON SCHEMA agentctl, agentctl_sql FROM ' || grantees;
    EXECUTE 'REVOKE ALL ON ALL TABLES IN SCHEMA agentctl, agentctl_sql FROM ' || grantees;
    EXECUTE 'REVOKE ALL ON ALL SEQUENCES IN SCHEMA agentctl, agentctl_sql FROM ' || grantees;
    EXECUTE 'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA agentctl, agentctl_sql FROM ' || grantees;
    FOR allowed IN
        SELECT g.*, g.object LIKE '%.*' AS is_whole_schema, split_part(g.object, '.', 1) AS schema FROM role_grant AS g
        WHERE to_regrole(g.role) IS NOT NULL
        ORDER BY g.object NOT LIKE '%.*', g.role, g.object_type, g.object
    LOOP
        object := CASE
            WHEN allowed.is_whole_schema THEN format('ALL %sS IN SCHEMA %I', upper(allowed.object_type), allowed.schema)
            WHEN allowed.object_type = 'schema' THEN format('SCHEMA %s', allowed.object::regnamespace)
            WHEN allowed.object_type = 'table' THEN format('TABLE %s', allowed.object::regclass)
            ELSE format('FUNCTION %s', allowed.object::regprocedure) END;
        IF NOT allowed.is_whole_schema THEN
            EXECUTE format('REVOKE ALL ON %s FROM %I', object, allowed.role);
        END IF;
        IF allowed.privileges IS NOT NULL THEN
            EXECUTE format('GRANT %s ON %s TO %I', allowed.privileges, object, allowed.role);
        END IF;
    END LOOP;
    PERFORM agentctl.bind_accounts();
    PERFORM agentctl.give_to_schema_role();
    IF to_regrole('agentctl_query') IS NOT NULL THEN
        BEGIN
            PERFORM agentctl.give_to_query_role();
        EXCEPTION WHEN insufficient_privilege THEN
            missing := missing || 'agentctl_query'::text;
        END;
    END IF;
    RETURN missing;
END $$;
COMMENT ON FUNCTION agentctl.grant_roles() IS 'Makes the roles agentctl_owner, agentctl_worker, agentctl_client, agentctl_reader and agentctl_query where it may; grants them what role_grant has, and takes back what else they or PUBLIC had. Gives what a superuser owns in the schema to agentctl_schema. Returns the roles that an administrator has to make. Safe to run again.';
CREATE FUNCTION agentctl.guardrail_rules(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH given AS (
        SELECT CASE jsonb_typeof(document -> 'check') WHEN 'object' THEN document -> 'check' ELSE '{}' END AS "check",
               document ->> 'action' AS action
    ), measured AS (
        SELECT g.*, (SELECT count(*) FROM jsonb_object_keys(g."check")) AS checks,
               (SELECT string_agg(k, ', ' ORDER BY k) FROM jsonb_object_keys(g."check") AS k) AS names,
               CASE jsonb_typeof(g."check" -> 'pattern') WHEN 'object' THEN g."check" -> 'pattern'
                   ELSE '{}' END AS pattern,
               CASE jsonb_typeof(g."check" -> 'length') WHEN 'object' THEN g."check" -> 'length' ELSE '{}' END AS length
        FROM given AS g
    )
    SELECT rule.path, rule.problem, rule.expected
    FROM measured AS m
    CROSS JOIN LATERAL (VALUES
        ('check', jsonb_typeof(document -> 'check') = 'object' AND m.checks <> 1,
            CASE m.checks WHEN 0 THEN 'is empty' ELSE 'has ' || m.names END,
            'exactly one of pattern, length, schema, topics, personal_data, secrets, injection, judge'),
        ('check.pattern', m."check" ? 'pattern' AND (m.pattern ? 'must_match') = (m.pattern ? 'must_not_match'),
            CASE WHEN m.pattern ? 'must_match' THEN 'has both' ELSE 'has neither' END, 'must_match or must_not_match'),
        ('check.length', m."check" ? 'length' AND m.length = '{}', 'is empty', 'a minimum or a maximum'),
        ('check.topics', m."check" -> 'topics' = '{}', 'is empty', 'a topic with its regular expressions'),
        ('check.secrets', m."check" -> 'secrets' = 'false', 'is false', 'true'),
        ('check.injection', m."check" -> 'injection' = 'false', 'is false', 'true'),
        ('action', m.action = 'redact' AND (m."check" ?| '{length,schema,judge}' OR m.pattern ? 'must_match'),
            'is "redact"', 'block, warn or ask, as this check finds no place in the text'),
        ('action', m.action = 'ask' AND jsonb_typeof(document -> 'applies_to') = 'array'
            AND document -> 'applies_to' ? 'output',
            'is "ask"', 'block, redact or warn for output; a person can be asked about input and tool_output')
    ) AS rule (path, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT 'check.topics.' || left(topic.key, 64), 'is ' || agentctl.json_type_name(topic.value),
           'a list of regular expressions'
    FROM jsonb_each(CASE jsonb_typeof(document #> '{check,topics}') WHEN 'object' THEN document #> '{check,topics}'
        ELSE '{}' END) AS topic
    WHERE CASE jsonb_typeof(topic.value)
        WHEN 'array' THEN topic.value = '[]'
            OR EXISTS (SELECT FROM jsonb_array_elements(topic.value) AS e WHERE jsonb_typeof(e.value) <> 'string'
                OR e.value = '""')
        ELSE true END
$$;
COMMENT ON FUNCTION agentctl.guardrail_rules(document jsonb) IS 'What one field of a document of kind guardrail asks of another.';
CREATE FUNCTION agentctl.has_service() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM worker AS w
        WHERE w.kind = 'service' AND w.state = 'active'
          AND w.heartbeat_at > clock_timestamp() - make_interval(secs => w.time_to_live));
END $$;
COMMENT ON FUNCTION agentctl.has_service() IS 'Whether a worker lives that processes what others submit.';
CREATE FUNCTION agentctl.heartbeat(worker bigint, draining boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE worker AS w
    SET heartbeat_at = clock_timestamp(), state = CASE WHEN draining THEN 'draining' ELSE w.state END::worker_state
    WHERE w.id = heartbeat.worker AND w.state IN ('active', 'draining');
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.heartbeat(worker bigint, draining boolean) IS 'A worker''s sign of life. False: it was counted as lost; it must drop all it holds and start anew.';
CREATE FUNCTION agentctl.hold(conversation text, lease uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '250ms'
    AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM conversation_control AS c
    WHERE c.conversation_id = hold.conversation AND c.lease = hold.lease AND c.state = 'running' FOR NO KEY UPDATE;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.hold(conversation text, lease uuid) IS 'Locks a conversation''s row until the transaction ends. False: the lease no longer holds. Fails with 55P03 like finish().';
CREATE FUNCTION agentctl.hold_function_call(call bigint, lease uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    PERFORM FROM function_queue AS q WHERE q.id = hold_function_call.call
        AND q.lease = hold_function_call.lease FOR UPDATE;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.hold_function_call(call bigint, lease uuid) IS 'Locks a claimed call to the end of the transaction; false when the lease was taken away. For calls that write in the transaction that finishes them.';
CREATE FUNCTION agentctl.hook_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    version record;
BEGIN
    SELECT v.id, v.document, v.created_by INTO version FROM definition_version AS v
    WHERE v.kind = NEW.kind AND v.name = NEW.name AND v.version = NEW.current_version;
    IF version.id IS NULL OR version.document -> 'enabled' = 'false' THEN
        DELETE FROM hook_state AS h WHERE h.name = NEW.name;
        IF version.id IS NULL THEN
            PERFORM agentctl.bury_deliveries(NEW.name, 'the hook was taken out of force');
        END IF;
        RETURN NULL;
    END IF;
    INSERT INTO hook_state AS h (name, version_id, owner, events, responders)
    SELECT NEW.name, version.id, version.created_by,
           ARRAY(SELECT jsonb_array_elements_text(version.document -> 'events')), nullif(ARRAY(
               SELECT jsonb_array_elements_text(version.document -> 'agents')
               UNION SELECT jsonb_array_elements_text(version.document -> 'chains')), '{}')
    ON CONFLICT (name) DO UPDATE
        SET version_id = excluded.version_id, owner = excluded.owner, events = excluded.events,
            responders = excluded.responders, stopped_at = NULL, stopped_for = NULL;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.hook_changed() IS 'Trigger: keeps hook_state with the hooks in force. A new version is sent to again if the one before was stopped.';
CREATE FUNCTION agentctl.hook_rules(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
    SELECT 'headers.' || left(h.key, 64), rule.problem, rule.expected
    FROM jsonb_each(CASE jsonb_typeof(document -> 'headers') WHEN 'object' THEN document -> 'headers'
        ELSE '{}' END) AS h
    CROSS JOIN LATERAL (VALUES
        (h.key !~ '^[A-Za-z0-9!#$%&''*+.^_`|~-]{1,64}$', 'is no name of a header', 'letters, digits and -'),
        (h.key ~* '^(webhook-.*|host|connection|content-.*|transfer-encoding|expect|te|trailer|upgrade|accept.*)$',
            'is a header that is made here', 'another name'),
        (h.key ~* '^(authorization|proxy-authorization|cookie)$|(secret|token|password|api-?key)',
            'would hold a secret', 'no secret: the receiver checks the signature, see secret_env'),
        (jsonb_typeof(h.value) <> 'string', 'is ' || agentctl.json_type_name(h.value), 'a string'),
        (jsonb_typeof(h.value) = 'string'
            AND ((h.value #>> '{}') !~ '^[ -~]+$' OR octet_length(h.value #>> '{}') > 1024),
            'is not printable ASCII', 'a text of 1 to 1024 characters, without line breaks')
    ) AS rule (is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT 'previous_secret_env', 'is that of secret_env', 'the variable of the secret that it replaces'
    WHERE document -> 'previous_secret_env' = document -> 'secret_env'
$_$;
COMMENT ON FUNCTION agentctl.hook_rules(document jsonb) IS 'What one field of a document of kind hook asks of another.';
CREATE FUNCTION agentctl.import_conversation(document jsonb, as_id text DEFAULT NULL::text, register boolean DEFAULT false, keep_always boolean DEFAULT false, dry_run boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
    target text;
    problems jsonb;
    outcome jsonb;
    what text;
BEGIN
    target := coalesce(as_id, CASE jsonb_typeof(document #> '{conversation,id}') WHEN 'string'
        THEN document #>> '{conversation,id}' END, '?');
    PERFORM agentctl.require_conversation_id(target);
    PERFORM agentctl.refuse_task_conversation_id(target);
    IF EXISTS (SELECT FROM conversation AS v WHERE v.id = target) THEN
        RAISE EXCEPTION 'there is a conversation "%" already', target USING ERRCODE = 'AC003',
            HINT = 'Import it under another id with --as (SQL: as_id).';
    END IF;
    SELECT jsonb_agg(to_jsonb(p)) INTO problems
    FROM agentctl.conversation_document_problems(import_conversation.document) AS p;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'invalid document of a conversation: %', (
            SELECT string_agg(format('%s %s (expected %s)', coalesce(nullif(p ->> 'path', ''), 'document'),
                p ->> 'problem', p ->> 'expected'), '; ')
            FROM (SELECT e.value AS p FROM jsonb_array_elements(problems) AS e LIMIT 20) AS first)
            USING ERRCODE = 'AC001', DETAIL = problems::text, HINT = 'Nothing was stored.';
    END IF;
    BEGIN
        outcome := agentctl.store_conversation(document, target, coalesce(register, false),
            coalesce(keep_always, false));
        IF dry_run THEN
            RAISE EXCEPTION 'rehearsed' USING ERRCODE = 'AC099';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'AC099' THEN NULL;
        WHEN unique_violation THEN
            RAISE EXCEPTION 'there is a conversation "%" already, or something of it', target USING ERRCODE = 'AC003';
        WHEN check_violation OR not_null_violation OR data_exception THEN
            GET STACKED DIAGNOSTICS what = MESSAGE_TEXT;
            RAISE EXCEPTION 'invalid document of a conversation: %', what USING ERRCODE = 'AC001',
                HINT = 'Nothing was stored.';
    END;
    RETURN outcome || jsonb_build_object('dry_run', coalesce(dry_run, false));
END $$;
COMMENT ON FUNCTION agentctl.import_conversation(document jsonb, as_id text, register boolean, keep_always boolean, dry_run boolean) IS 'Stores a conversation that export_conversation() wrote, all of it or nothing, under its id or as_id; returns what was stored. register stores versions of definitions that are missing, keep_always keeps decisions of the scope always, which otherwise count once, dry_run stores nothing. Fails with AC001, naming every problem, and with AC003 when the id is taken or versions are missing.';
CREATE FUNCTION agentctl.index_routes(names text[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    language regconfig;
    known integer[];
    emptied text[];
    kept integer;
BEGIN
    -- One at a time. Until the index is built there is nothing to keep.
    SELECT i.language::regconfig INTO language FROM route_index AS i FOR NO KEY UPDATE;
    IF language IS NULL THEN
        RETURN 0;
    END IF;
    known := ARRAY(SELECT a.id FROM route_agent AS a WHERE a.name = ANY (names));
    WITH removed AS (
        DELETE FROM route_posting AS p WHERE p.agent_id = ANY (known) RETURNING p.term
    ), counted AS (
        UPDATE route_term AS t SET agents = t.agents - r.agents
        FROM (SELECT removed.term, count(*) AS agents FROM removed GROUP BY removed.term) AS r
        WHERE t.term = r.term
        RETURNING t.term, t.agents
    )
    SELECT array_agg(c.term) INTO emptied FROM counted AS c WHERE c.agents = 0;
    DELETE FROM route_capability AS c
    USING route_agent AS a CROSS JOIN LATERAL unnest(a.capabilities) AS had (capability)
    WHERE a.id = ANY (known) AND c.capability = had.capability AND c.success_rate = a.success_rate
      AND c.agent_id = a.id;
    WITH wanted AS (
        SELECT v.name, agentctl.text_array(v.document -> 'capabilities') AS capabilities,
               CASE WHEN v.document ? 'input_schema'
                   THEN agentctl.text_array(v.document #> '{input_schema,required}') END AS required_members
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind IN ('agent', 'chain') AND d.name = ANY (names)
          AND v.document -> 'routable' IS DISTINCT FROM 'false'
          -- A relationship answers nothing itself.
          AND (d.kind = 'agent' OR NOT v.document ? 'from')
    ), removed AS (
        DELETE FROM route_agent AS a
        WHERE a.id = ANY (known) AND NOT EXISTS (SELECT FROM wanted AS w WHERE w.name = a.name)
    )
    INSERT INTO route_agent AS a (name, capabilities, required_members)
    SELECT w.name, w.capabilities, w.required_members FROM wanted AS w ORDER BY w.name
    ON CONFLICT (name) DO UPDATE
        SET capabilities = excluded.capabilities, required_members = excluded.required_members;
    GET DIAGNOSTICS kept = ROW_COUNT;
    UPDATE route_index AS i SET agents = i.agents - cardinality(known) + kept;
    WITH indexed AS (
        INSERT INTO route_posting (term, agent_id, weight)
        SELECT t.term, a.id, t.weight
        FROM route_agent AS a
        JOIN definition AS d ON d.kind IN ('agent', 'chain') AND d.name = a.name
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        CROSS JOIN LATERAL agentctl.route_terms(v.document, language) AS t
        WHERE a.name = ANY (names)
        ORDER BY t.term, a.id
        RETURNING term
    )
    INSERT INTO route_term AS t (term, agents)
    SELECT i.term, count(*) FROM indexed AS i GROUP BY i.term
    ON CONFLICT (term) DO UPDATE SET agents = t.agents + excluded.agents;
    INSERT INTO route_capability (capability, success_rate, agent_id)
    SELECT DISTINCT has.capability, a.success_rate, a.id
    FROM route_agent AS a CROSS JOIN LATERAL unnest(a.capabilities) AS has (capability)
    WHERE a.name = ANY (names);
    DELETE FROM route_term AS t WHERE t.term = ANY (emptied) AND t.agents = 0;
    RETURN kept;
END $$;
COMMENT ON FUNCTION agentctl.index_routes(names text[]) IS 'Brings the index of routing to what is in force of these agents; returns how many of them messages are routed to. Internal: a trigger calls it.';
CREATE FUNCTION agentctl.insert_function_calls(caller text, conversation text, seq bigint, request bigint, called_by text, records jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    stored integer;
BEGIN
    WITH given AS MATERIALIZED (
        SELECT gen_random_uuid() AS id,
               clock_timestamp() - make_interval(secs => coalesce(r.age_ms, r.duration_ms) / 1000) AS started_at,
               coalesce(jsonb_path_query_array(r.violations, '$[0 to 99]'), '[]') AS seen, r.*
        FROM jsonb_to_recordset(insert_function_calls.records) AS r (
            function text, version_id bigint, language text, arguments text, exit_reason agentctl.exit_reason,
            result text, error_type text, error_message text, traceback text, output text, duration_ms double precision,
            age_ms double precision, cpu_ms double precision, peak_memory_bytes bigint, violations jsonb, call_id text)
    ), called AS (
        INSERT INTO agentctl.function_call (
            id, function, version_id, version, language, arguments, caller, conversation_id, seq, call_id, request_id,
            exit_reason, result, error_type, error_message, traceback, output, duration_ms, cpu_ms, peak_memory_bytes,
            violations, started_at, called_by)
        SELECT g.id, g.function, g.version_id, v.version, g.language, left(g.arguments, 262144),
               insert_function_calls.caller, insert_function_calls.conversation, insert_function_calls.seq, g.call_id,
               insert_function_calls.request, g.exit_reason, left(g.result, 1048576), left(g.error_type, 256),
               left(g.error_message, 8192), left(g.traceback, 16384), left(coalesce(g.output, ''), 65536),
               g.duration_ms, g.cpu_ms, g.peak_memory_bytes, g.seen, g.started_at, insert_function_calls.called_by
        FROM given AS g LEFT JOIN agentctl.definition_version AS v ON v.id = g.version_id
        RETURNING 1
    ), seen AS (
        INSERT INTO agentctl.security_event (kind, source, detail, tool, conversation_id, seq, call_id,
            function_call_id)
        SELECT violation.value ->> 'kind', violation.value ->> 'source',
               left(coalesce(violation.value ->> 'detail', ''), 2000), g.function, insert_function_calls.conversation,
               insert_function_calls.seq, g.call_id, g.id
        FROM given AS g CROSS JOIN LATERAL jsonb_array_elements(g.seen) AS violation
    )
    SELECT count(*) INTO stored FROM called;
    RETURN stored;
END $_$;
COMMENT ON FUNCTION agentctl.insert_function_calls(caller text, conversation text, seq bigint, request bigint, called_by text, records jsonb) IS 'Stores calls and what they tried. Internal: record_function_calls() and finish_function_call() call it.';
CREATE FUNCTION agentctl.insert_task_row() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    IF NEW.parent_conversation_id IS NOT NULL OR NEW.parent_seq IS NOT NULL THEN
        RAISE EXCEPTION 'tasks of a turn are inserted by the turn' USING ERRCODE = 'AC003';
    END IF;
    NEW.id := agentctl.submit_task(NEW.description, coalesce(NEW.capabilities, '{}'), NEW.input, NEW.agent,
        coalesce(NEW.priority::integer, 10), NEW.deadline,
        nullif(jsonb_strip_nulls(jsonb_build_object('tokens', NEW.budget_tokens, 'cost_usd', NEW.budget_usd)), '{}'),
        coalesce(NEW.max_attempts::integer, 2), coalesce(NEW.depends_on, '{}'));
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.insert_task_row() IS 'Trigger: submits the row of the view tasks.';
CREATE FUNCTION agentctl.insert_tasks(conversation text, seq bigint, tasks jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    wrong record;
BEGIN
    PERFORM agentctl.check_task(r.description, r.input, r.capabilities, r.agent, r.deadline, r.budget_tokens,
        r.budget_usd, r.max_attempts)
    FROM jsonb_to_recordset(insert_tasks.tasks) AS r (
        description text, input jsonb, capabilities text[], agent text, deadline timestamptz, budget_tokens numeric,
        budget_usd numeric, max_attempts integer);
    SELECT r.number, r."group", r.timeout INTO wrong
    FROM jsonb_to_recordset(insert_tasks.tasks) AS r (number integer, "group" text, timeout double precision)
    WHERE r.number > 10000 OR octet_length(r."group") > 200 OR r.timeout NOT BETWEEN 0 AND 1e9 LIMIT 1;
    IF wrong.number > 10000 THEN
        RAISE EXCEPTION 'a turn has at most 10000 tasks' USING ERRCODE = 'AC003';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'a group has at most 200 bytes, and a timeout is 0 to 1e9 seconds' USING ERRCODE = 'AC001';
    END IF;
    WITH asked AS MATERIALIZED (
        SELECT r.*, coalesce(r."group", '') AS group_key,
               row_number() OVER (PARTITION BY r."group" ORDER BY r.number) AS place
        FROM jsonb_to_recordset(insert_tasks.tasks) AS r (
            number integer, "group" text, description text, input jsonb, capabilities text[], agent text,
            "limit" integer, timeout double precision, deadline timestamptz, budget_tokens bigint, budget_usd numeric,
            max_attempts smallint, choices text[])
    ), taken AS MATERIALIZED (
        -- Places of the group that earlier tasks still have.
        SELECT g.group_key, (
            SELECT count(*) FROM task AS t
            WHERE t.parent_conversation_id = insert_tasks.conversation AND t.parent_seq = insert_tasks.seq
              AND t.group_key = g.group_key AND t.conversation_id IS NOT NULL AND t.finished_at IS NULL) AS places
        FROM (SELECT DISTINCT a.group_key FROM asked AS a WHERE a."limit" IS NOT NULL) AS g
    )
    INSERT INTO task (parent_conversation_id, parent_seq, number, group_key, description, input, capabilities, agent,
        deadline, budget_tokens, budget_usd, max_attempts, choices, state)
    SELECT insert_tasks.conversation, insert_tasks.seq, a.number, a.group_key, a.description, a.input,
           coalesce(a.capabilities, '{}'), a.agent,
           least(a.deadline, clock_timestamp() + make_interval(secs => a.timeout)), a.budget_tokens, a.budget_usd,
           coalesce(a.max_attempts, CASE WHEN a.agent IS NULL THEN 2 ELSE 1 END), a.choices,
           CASE WHEN a.place + t.places > greatest(a."limit", 1) THEN 'held' ELSE 'assigned' END::task_state
    FROM asked AS a LEFT JOIN taken AS t ON t.group_key = a.group_key
    ORDER BY a.number
    ON CONFLICT (parent_conversation_id, parent_seq, number) WHERE parent_conversation_id IS NOT NULL DO NOTHING;
END $$;
COMMENT ON FUNCTION agentctl.insert_tasks(conversation text, seq bigint, tasks jsonb) IS 'Inserts tasks of a turn; the same numbers again change nothing. Of a group with a limit, those beyond it are held. Fails with AC001 for values that no task can have. Internal: spawn_tasks() calls it.';
CREATE FUNCTION agentctl.interrupt(conversation text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    stopped bigint;
BEGIN
    interrupt.conversation := agentctl.own_conversation(interrupt.conversation);
    PERFORM agentctl.lock_conversation(interrupt.conversation);
    -- Before the turn itself: its tasks end first.
    PERFORM agentctl.stop_children(c.conversation_id, c.head_seq + 1)
    FROM agentctl.conversation_control AS c WHERE c.conversation_id = interrupt.conversation AND c.has_progress;
    stopped := agentctl.stop_turn(interrupt.conversation);
    IF stopped IS NULL THEN
        RAISE EXCEPTION 'no turn of conversation "%" is running', interrupt.conversation USING ERRCODE = 'AC003';
    END IF;
    RETURN stopped;
END $$;
COMMENT ON FUNCTION agentctl.interrupt(conversation text) IS 'Stops the turn that runs in a conversation, or that waits, and all tasks below it; returns its number. What it has done stays. Fails with AC003 when no turn is running, and with 55P03, saying who it is, when another transaction holds the conversation for two seconds.';
CREATE FUNCTION agentctl.is_at_rest(conversations text[], before timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN NOT EXISTS (
            SELECT FROM conversation_control AS c JOIN conversation AS v ON v.id = c.conversation_id
            LEFT JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.tail_seq
            WHERE c.conversation_id = ANY (is_at_rest.conversations)
              AND (c.state <> 'idle' OR c.has_progress OR v.created_at >= before OR s.created_at >= before))
        AND NOT EXISTS (
            SELECT FROM event AS e WHERE e.conversation_id = ANY (is_at_rest.conversations) AND e.at >= before)
        AND NOT EXISTS (
            SELECT FROM task AS t
            WHERE t.conversation_id = ANY (is_at_rest.conversations)
              AND (t.finished_at IS NULL OR t.finished_at >= before OR NOT t.told));
END $$;
COMMENT ON FUNCTION agentctl.is_at_rest(conversations text[], before timestamp with time zone) IS 'Whether nothing is unfinished in conversations, and nothing has happened in them since a time. Internal: prune_conversations() calls it.';
CREATE FUNCTION agentctl.is_due(task bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
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
COMMENT ON FUNCTION agentctl.is_due(task bigint) IS 'Whether what a task depends on is done, or one of it has ended otherwise. Internal: release_pending() calls it.';
CREATE FUNCTION agentctl.is_locked(conversation text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM conversation_control AS c
    WHERE c.conversation_id = is_locked.conversation FOR NO KEY UPDATE SKIP LOCKED;
    RETURN NOT FOUND;
END $$;
COMMENT ON FUNCTION agentctl.is_locked(conversation text) IS 'Whether a transaction holds a conversation''s row, without waiting for it. Internal: a worker that has a turn to store asks.';
CREATE FUNCTION agentctl.is_pruned(conversation text, seq bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    -- Operations, and what another turn took up, have no turn of their own.
    RETURN EXISTS (
            SELECT FROM conversation_control AS c
            JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = is_pruned.seq
            WHERE c.conversation_id = is_pruned.conversation AND c.head_seq >= is_pruned.seq
              AND s.operation IN ('user_input', 'steer') AND s.taken_by IS NULL)
        AND NOT EXISTS (
            SELECT FROM turn AS t WHERE t.conversation_id = is_pruned.conversation AND t.seq = is_pruned.seq);
END $$;
COMMENT ON FUNCTION agentctl.is_pruned(conversation text, seq bigint) IS 'Whether the turn of a submission has ended and its records are no longer kept. Internal.';
CREATE FUNCTION agentctl.is_time(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
    SELECT value ~ '^2[01][0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?[+]00:00$'
        AND CASE WHEN substr(value, 9, 2) > '28' THEN
            (substr(value, 1, 7) || '-01')::date + substr(value, 9, 2)::integer - 1 < (substr(value, 1, 7)
                || '-01')::date + interval '1 month'
            ELSE true END
$_$;
COMMENT ON FUNCTION agentctl.is_time(value text) IS 'Whether a text is a time as a conversation''s document has it: 2026-01-31T12:00:00.5+00:00, of the years 2000 to 2199.';
CREATE FUNCTION agentctl.json_type_name(value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT CASE jsonb_typeof(value)
        WHEN 'object' THEN 'an object' WHEN 'array' THEN 'a list' WHEN 'string' THEN 'a string'
        WHEN 'number' THEN 'the number ' || left(value::text, 40) WHEN 'boolean' THEN 'the boolean ' || value::text
        ELSE 'null' END
$$;
COMMENT ON FUNCTION agentctl.json_type_name(value jsonb) IS 'The type of a JSON value, as a message says it.';
CREATE FUNCTION agentctl.keep_account() RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    who text := agentctl.caller();
    acting oid := to_regrole(quote_ident(who));
    kept text;
BEGIN
    SELECT a.name INTO kept FROM account AS a WHERE a.role = acting AND a.role_name = who;
    IF FOUND THEN
        RETURN kept;
    END IF;
    kept := agentctl.account_name();
    INSERT INTO account AS a (name, role, role_name, cluster)
    SELECT kept, acting, who, c.system_identifier FROM pg_control_system() AS c
    ON CONFLICT (name) DO UPDATE
    SET role = excluded.role, role_name = excluded.role_name, cluster = excluded.cluster
    WHERE a.role = excluded.role OR a.cluster <> excluded.cluster;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the account "%" has just become another role''s', kept USING ERRCODE = 'AC004',
            HINT = 'Run it again.';
    END IF;
    RETURN kept;
END $$;
COMMENT ON FUNCTION agentctl.keep_account() IS 'The account of the role that acts, which is stored when it is new: the default of columns created_by.';
CREATE FUNCTION agentctl.keep_retention(INOUT after text, OUT is_over boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    kept text := agentctl.setting('retention');
BEGIN
    IF kept IS NULL OR btrim(kept) = '' THEN
        is_over := true;
        RETURN;
    END IF;
    IF keep_retention.after IS NULL THEN
        after := CASE WHEN agentctl.prune_records(kept::interval, 1) -> 'dropped' = '[]' THEN '' END;
        is_over := false;
    ELSE
        after := agentctl.prune_conversations(kept::interval, keep_retention.after) ->> 'next';
        is_over := after IS NULL;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.keep_retention(INOUT after text, OUT is_over boolean) IS 'One step of what the setting retention asks for: called with NULL first, and then with the after that it returned until is_over. Workers call it.';
CREATE FUNCTION agentctl.last_due(schedule jsonb, first timestamp with time zone, until timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    last timestamptz := first;
    stop timestamptz := until;
    middle timestamptz;
    due timestamptz;
BEGIN
    WHILE stop - last > interval '1 minute' LOOP
        middle := last + (stop - last) / 2;
        due := agentctl.next_due(schedule, middle);
        IF due <= until THEN
            last := due;
        ELSE
            stop := middle;
        END IF;
    END LOOP;
    due := agentctl.next_due(schedule, last);
    RETURN CASE WHEN due <= until THEN due ELSE last END;
END $$;
COMMENT ON FUNCTION agentctl.last_due(schedule jsonb, first timestamp with time zone, until timestamp with time zone) IS 'The last time, from first on and up to until, at which a schedule is due; first is such a time. Internal.';
CREATE FUNCTION agentctl.lock_conversation(conversation text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    limit_before text := current_setting('lock_timeout');
BEGIN
    IF limit_before = '0' THEN
        PERFORM set_config('lock_timeout', '2s', true);
    END IF;
    PERFORM FROM conversation_control AS c
    WHERE c.conversation_id = lock_conversation.conversation FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', lock_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
    PERFORM set_config('lock_timeout', limit_before, true);
EXCEPTION WHEN lock_not_available THEN
    RAISE EXCEPTION 'conversation "%" is locked by %', lock_conversation.conversation,
        coalesce(agentctl.lock_holder(lock_conversation.conversation), 'another transaction')
        USING ERRCODE = 'lock_not_available', HINT = 'Try again when that transaction has ended.';
END $$;
COMMENT ON FUNCTION agentctl.lock_conversation(conversation text) IS 'Locks a conversation''s row until the transaction ends. Fails with 55P03, and says who holds it, when it was locked for two seconds, or for as long as the caller''s own lock_timeout says, and with AC002 when it has been deleted. Internal: interrupt(), submit_operation() and others call it.';
CREATE FUNCTION agentctl.lock_family(conversations text[]) RETURNS text[]
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    family text[] := conversations;
    known integer;
    busy text;
BEGIN
    -- A turn may have delegated before its row was locked.
    LOOP
        family := agentctl.conversation_family(family);
        EXIT WHEN cardinality(family) = known;
        known := cardinality(family);
        PERFORM FROM conversation_control AS c WHERE c.conversation_id = ANY (family)
        ORDER BY c.conversation_id FOR UPDATE;
    END LOOP;
    -- A worker that is gone has dropped its turn.
    SELECT c.conversation_id INTO busy FROM conversation_control AS c
    JOIN worker AS w ON w.id = c.worker_id AND w.state IN ('active', 'draining')
        AND w.heartbeat_at > clock_timestamp() - make_interval(secs => w.time_to_live)
    WHERE c.conversation_id = ANY (family) AND c.state = 'running'
    ORDER BY c.conversation_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a turn of conversation "%" is running', busy USING ERRCODE = 'AC003',
            HINT = 'Interrupt it first: agentctl.interrupt(), or agentctl interrupt ID; then delete it.';
    END IF;
    RETURN family;
END $$;
COMMENT ON FUNCTION agentctl.lock_family(conversations text[]) IS 'Locks conversations and those of their tasks, and returns all of them. Fails with AC003 while a worker runs a turn of one. Internal: delete_conversation() and delete_user() call it.';
CREATE FUNCTION agentctl.lock_holder(conversation text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    -- The row's xmax is the transaction that holds it, and each transaction holds a lock on its own number.
    RETURN (
        SELECT format('process %s of user %s', a.pid, a.usename)
            || coalesce(' (' || nullif(a.application_name, '') || ')', '')
            || coalesce(', whose transaction began '
                || round(extract(epoch FROM clock_timestamp() - a.xact_start)) || ' s ago', '')
        FROM conversation_control AS c
        JOIN pg_locks AS l ON l.locktype = 'transactionid' AND l.granted AND l.transactionid = c.xmax
        JOIN pg_stat_activity AS a ON a.pid = l.pid
        WHERE c.conversation_id = lock_holder.conversation LIMIT 1);
END $$;
COMMENT ON FUNCTION agentctl.lock_holder(conversation text) IS 'Which session''s open transaction holds a conversation''s row, in words; NULL when none does, or it is not known. Internal: lock_conversation() and workers call it.';
CREATE FUNCTION agentctl.match_definitions(document jsonb, register boolean) RETURNS TABLE(key text, id bigint, version integer, registered boolean)
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $_$
#variable_conflict use_column
DECLARE
    missing jsonb;
    documents jsonb;
    each record;
    found_id bigint;
    number integer;
    problems jsonb;
    stored bigint[] := '{}';
BEGIN
    IF register THEN
        LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    END IF;
    -- A version that nothing refers to is here for its name: what the conversation needs to go on. One of that name is
    -- enough.
    WITH given AS (
        SELECT d.*, decode(d.content_hash, 'hex') AS hash, d.kind || '/' || d.name || '/' || d.version AS key
        FROM jsonb_to_recordset(match_definitions.document -> 'definitions') AS d (
            kind text, name text, version integer, in_force boolean, content_hash text, document jsonb)
    ), named AS (
        SELECT DISTINCT e.value ->> 'definition' AS key
        FROM unnest('{turns,steps,tool_calls,compactions,function_calls}'::text[]) AS p (part)
        CROSS JOIN LATERAL jsonb_array_elements(match_definitions.document -> p.part) AS e
        WHERE e.value ? 'definition'
        UNION SELECT match_definitions.document #>> '{progress,definition}'
    )
    SELECT jsonb_agg(to_jsonb(g) - 'hash' ORDER BY g.kind, g.name, g.version) INTO missing
    FROM given AS g
    WHERE NOT EXISTS (SELECT FROM definition_version AS v WHERE v.kind = g.kind AND v.name = g.name
        AND v.content_hash = g.hash)
      AND (g.key IN (SELECT n.key FROM named AS n)
           OR NOT EXISTS (SELECT FROM definition AS d WHERE d.kind = g.kind AND d.name = g.name
               AND d.current_version IS NOT NULL));
    IF missing IS NOT NULL AND NOT register THEN
        RAISE EXCEPTION 'this database lacks %', (
            SELECT string_agg(format('%s %s version %s (%s)', m ->> 'kind', m ->> 'name', m ->> 'version',
                left(m ->> 'content_hash', 12)), ', ' ORDER BY i)
            FROM jsonb_array_elements(missing) WITH ORDINALITY AS e (m, i))
            USING ERRCODE = 'AC003',
                DETAIL = (SELECT jsonb_agg(m - 'document' - 'key') FROM jsonb_array_elements(missing) AS m)::text,
                  HINT = 'Import with --register (SQL: register => true) to store them beside what is there, or register them first.';
    END IF;
    IF missing @? '$[*] ? (!exists(@.document) || @.document == null)' THEN
        RAISE EXCEPTION 'the file does not have the documents of %', (
            SELECT string_agg(format('%s %s version %s', m ->> 'kind', m ->> 'name', m ->> 'version'), ', ' ORDER BY i)
            FROM jsonb_array_elements(missing) WITH ORDINALITY AS e (m, i)
            WHERE coalesce(m -> 'document', 'null') = 'null')
            USING ERRCODE = 'AC003',
                HINT = 'Have a member of agentctl_reader write the file, or register them first.';
    END IF;
    IF missing IS NOT NULL THEN
        documents := jsonb_path_query_array(match_definitions.document, '$.definitions[*].document');
        SELECT jsonb_agg(
            jsonb_build_object('path', format('definitions (%s %s version %s) %s', m ->> 'kind', m ->> 'name',
            m ->> 'version', p.path),
                   'problem', p.problem, 'expected', p.expected)) INTO problems
        FROM jsonb_array_elements(missing) AS m
        CROSS JOIN LATERAL agentctl.document_problems(m -> 'document', documents) AS p;
        IF problems IS NOT NULL THEN
            RAISE EXCEPTION 'a definition cannot be registered here: %', (
                SELECT string_agg(format('%s %s (expected %s)', p ->> 'path', p ->> 'problem', p ->> 'expected'), '; ')
                FROM (SELECT e.value AS p FROM jsonb_array_elements(problems) AS e LIMIT 20) AS first)
                USING ERRCODE = 'AC001', DETAIL = problems::text;
        END IF;
        FOR each IN
            SELECT m.* FROM jsonb_to_recordset(missing) AS m (kind text, name text, version integer, in_force boolean,
                content_hash text, document jsonb)
            ORDER BY m.kind, m.name, m.version
        LOOP
            -- Its own number where that is free, so that the conversation is written out again as it was.
            number := CASE WHEN EXISTS (SELECT FROM definition_version AS v WHERE v.kind = each.kind
                AND v.name = each.name AND v.version = each.version)
                THEN (SELECT max(v.version) + 1 FROM definition_version AS v WHERE v.kind = each.kind
                    AND v.name = each.name)
                ELSE each.version END;
            INSERT INTO definition_version (kind, name, version, document, content_hash)
            VALUES (each.kind, each.name, number, each.document, decode(each.content_hash, 'hex'))
            RETURNING definition_version.id INTO found_id;
            stored := stored || found_id;
            INSERT INTO definition_reference (version_id, path, kind, name)
            SELECT found_id, node.path, f.reference_kind, node.value #>> '{}'
            FROM agentctl.document_nodes(each.document) AS node
            JOIN document_field AS f ON f.kind = each.kind AND f.path = node.field AND f.reference_kind IS NOT NULL;
            INSERT INTO definition AS d (kind, name, current_version)
            VALUES (each.kind, each.name, CASE WHEN each.in_force OR each.kind = 'agent' THEN number END)
            ON CONFLICT (kind, name) DO UPDATE SET current_version = excluded.current_version,
                updated_at = clock_timestamp()
            WHERE excluded.current_version IS NOT NULL AND (d.current_version IS NULL OR each.in_force AND EXISTS (
                -- Of the same import, an earlier version that is not the one in force.
                SELECT FROM definition_version AS v WHERE v.kind = d.kind AND v.name = d.name
                    AND v.version = d.current_version
                  AND v.id = ANY (stored)));
        END LOOP;
    END IF;
    RETURN QUERY
    SELECT g.key, v.id, v.version, coalesce(missing @> jsonb_build_array(jsonb_build_object('key', g.key)), false)
    FROM (
        SELECT d.*, d.kind || '/' || d.name || '/' || d.version AS key
        FROM jsonb_to_recordset(match_definitions.document -> 'definitions') AS d (kind text, name text,
            version integer, content_hash text)
    ) AS g
    CROSS JOIN LATERAL (
        SELECT o.id, o.version FROM definition_version AS o
        WHERE o.kind = g.kind AND o.name = g.name AND o.content_hash = decode(g.content_hash, 'hex')
        ORDER BY o.version = g.version DESC, o.version DESC LIMIT 1
    ) AS v;
END $_$;
COMMENT ON FUNCTION agentctl.match_definitions(document jsonb, register boolean) IS 'The versions of this database that stand for those of a conversation''s document, by kind/name/version of the document; with register, missing ones are stored. Fails with AC003, naming them, when some are missing. Internal: store_conversation() calls it.';
CREATE FUNCTION agentctl.may_see(owner text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RETURN owner = agentctl.account_name() OR agentctl.may_see_all();
END $$;
COMMENT ON FUNCTION agentctl.may_see(owner text) IS 'Whether the caller may see what that account started, and act on it: their own, or everything for owners and workers.';
CREATE FUNCTION agentctl.may_see_all() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RETURN agentctl.sees_all(agentctl.caller());
END $$;
COMMENT ON FUNCTION agentctl.may_see_all() IS 'Whether the role that acts may act on conversations that others started.';
CREATE FUNCTION agentctl.model_metrics(of_agent text DEFAULT NULL::text, since timestamp with time zone DEFAULT NULL::timestamp with time zone, until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(model text, version integer, provider text, calls bigint, succeeded bigint, failed bigint, success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision, p50_first_token_ms double precision, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, output_tokens_per_second double precision, cost_usd numeric, last_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT s.model,
           v.version,
           s.provider,
           count(*) AS calls,
           count(*) FILTER (WHERE s.error_code IS NULL) AS succeeded,
           count(*) FILTER (WHERE s.error_code IS NOT NULL) AS failed,
           round(count(*) FILTER (WHERE s.error_code IS NULL) / count(*)::numeric, 4) AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY s.duration_ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY s.duration_ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY s.duration_ms) AS p99_ms,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY s.time_to_first_token_ms) AS p50_first_token_ms,
           sum(s.input_tokens)::bigint AS input_tokens,
           sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
           sum(s.output_tokens)::bigint AS output_tokens,
           sum(s.output_tokens) / nullif(sum(s.duration_ms) / 1000, 0) AS output_tokens_per_second,
           sum(s.cost_usd) AS cost_usd,
           max(s.started_at) AS last_at
    FROM model_calls AS s
    LEFT JOIN definition_version AS v ON v.id = s.model_version_id
    WHERE s.started_at >= coalesce(model_metrics.since, '-infinity')
      AND s.started_at < coalesce(model_metrics.until, 'infinity')
      AND (model_metrics.of_agent IS NULL OR EXISTS (
          SELECT FROM turn AS t
          WHERE t.conversation_id = s.conversation_id AND t.seq = s.seq AND t.agent = model_metrics.of_agent
      ) OR EXISTS (
          SELECT FROM submission AS o JOIN conversation AS c ON c.id = o.conversation_id
          WHERE o.conversation_id = s.conversation_id AND o.seq = s.seq AND o.operation = 'compact'
            AND coalesce(o.agent, c.agent) = model_metrics.of_agent))
    GROUP BY s.model, v.version, s.provider
$$;
COMMENT ON FUNCTION agentctl.model_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) IS 'Model calls by model and version. Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
CREATE FUNCTION agentctl.nearest(word text, candidates text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT ranked.candidate
    FROM (SELECT near.candidate, agentctl.edit_distance(given.word, near.candidate, given.maximum) AS distance
          FROM (SELECT left(nearest.word, 64) AS word,
              least(greatest(2, length(left(nearest.word, 64)) / 3), 5) AS maximum) AS given
          CROSS JOIN LATERAL (
              SELECT c.candidate FROM unnest(candidates) AS c (candidate)
              WHERE length(left(c.candidate, 64)) BETWEEN length(given.word) - given.maximum
                AND length(given.word) + given.maximum
              LIMIT 500
          ) AS near) AS ranked
    WHERE ranked.distance IS NOT NULL
    ORDER BY ranked.distance, ranked.candidate
    LIMIT 1
$$;
COMMENT ON FUNCTION agentctl.nearest(word text, candidates text[]) IS 'The candidate that the word was probably meant to be, or NULL. Looks at 500 candidates of about its length.';
CREATE FUNCTION agentctl.nearest_time_zones(zone text) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT coalesce(array_agg(near.name ORDER BY near.distance, near.name COLLATE "C"), '{}')
    FROM (
        SELECT z.name, least(
                   agentctl.edit_distance(given.place, regexp_replace(z.name, '^.*/', ''), given.by_place),
                   agentctl.edit_distance(given.name, z.name, given.by_name)) AS distance
        FROM (SELECT w.name, w.place, greatest(1, length(w.place) / 3) AS by_place,
                     greatest(1, length(w.name) / 3) AS by_name
              FROM (SELECT left(replace(nearest_time_zones.zone, ' ', '_'), 64) AS name,
                           left(regexp_replace(replace(nearest_time_zones.zone, ' ', '_'), '^.*/', ''), 64) AS place) AS w
             ) AS given
        CROSS JOIN pg_timezone_names AS z
        WHERE z.name !~ '^(posix|right)/'
        ORDER BY distance NULLS LAST, z.name COLLATE "C" LIMIT 3
    ) AS near
    WHERE near.distance IS NOT NULL
$$;
COMMENT ON FUNCTION agentctl.nearest_time_zones(zone text) IS 'Up to three time zones that a mistyped name was probably meant to be, as a whole or by its place alone.';
CREATE FUNCTION agentctl.next_due(schedule jsonb, after timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    zone text := coalesce(schedule ->> 'time_zone', 'UTC');
    -- A time that is the first moment of all counts.
    first timestamptz := agentctl.schedule_time(schedule ->> 'from', zone) - interval '1 microsecond';
    due timestamptz;
BEGIN
    due := agentctl.next_time(schedule ->> 'cron', zone, greatest(after, first));
    RETURN CASE WHEN due > agentctl.schedule_time(schedule ->> 'until', zone) THEN NULL ELSE due END;
END $$;
COMMENT ON FUNCTION agentctl.next_due(schedule jsonb, after timestamp with time zone) IS 'When a schedule, given as its document, is due after a moment; NULL for never. Internal.';
CREATE FUNCTION agentctl.next_time(cron text, time_zone text, after timestamp with time zone DEFAULT now()) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    -- The 29th of February can be eight years away.
    longest CONSTANT integer := 366 * 9;
    fields record;
    today date;
    day date;
    stop date;
    change timestamptz;
    before interval;
    since interval;
    at timestamptz;
    best timestamptz;
BEGIN
    fields := agentctl.cron_fields(cron);
    IF NOT isfinite(after) OR after NOT BETWEEN '1970-01-02Z' AND '2999-12-31Z' THEN
        RETURN NULL;
    END IF;
    today := (after AT TIME ZONE time_zone)::date;
    -- Where clocks are changed about midnight, times of the day before may still come.
    day := today - 1;
    stop := today + longest;
    WHILE day < stop LOOP
        IF extract(month FROM day)::integer <> ALL (fields.months) THEN
            EXIT WHEN best IS NOT NULL;
            day := (date_trunc('month', day) + interval '1 month')::date;
            CONTINUE;
        END IF;
        change := 'infinity';
        IF agentctl.cron_matches(day, fields.days, fields.weekdays, fields.is_any_day, fields.is_any_weekday) THEN
            SELECT c.change, c.before, c.since INTO change, before, since
            FROM agentctl.clock_change(time_zone, day) AS c;
            -- Moments are the local time less the zone's offset: the one before the change or the one since then.
            IF change < 'infinity' OR day >= today THEN
                SELECT min(moment.at) INTO at
                FROM unnest(fields.hours) AS h (hour)
                CROSS JOIN unnest(fields.minutes) AS m (minute)
                CROSS JOIN LATERAL (
                    SELECT (day + make_time(h.hour, m.minute, 0) - before) AT TIME ZONE 'UTC' AS early,
                           (day + make_time(h.hour, m.minute, 0) - since) AT TIME ZONE 'UTC' AS late
                ) AS local
                CROSS JOIN LATERAL (
                    SELECT local.early AS at WHERE local.early < change
                    UNION ALL
                    SELECT local.late WHERE local.late >= change AND (NOT fields.is_fixed OR local.early >= change)
                    UNION ALL
                    SELECT change WHERE fields.is_fixed AND local.early >= change AND local.late < change
                ) AS moment
                WHERE moment.at > next_time.after;
                best := least(best, at);
            END IF;
        END IF;
        -- Where clocks go back over midnight, the next day begins before this one ends.
        EXIT WHEN best IS NOT NULL AND change = 'infinity';
        day := day + 1;
    END LOOP;
    RETURN best;
END $$;
COMMENT ON FUNCTION agentctl.next_time(cron text, time_zone text, after timestamp with time zone) IS 'The first moment after the given one that a cron text names by the clocks of a time zone; NULL when there is none within nine years. Fields: minute hour day month weekday, with *, lists, ranges, steps, names, L and FRI#2; or @hourly, @daily, @weekly, @monthly, @yearly. Where both day and weekday are given, either will do. Fails with 22023 for what is no cron text or no time zone.';
CREATE FUNCTION agentctl.normal_answer(answer jsonb, rule jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
DECLARE
    value jsonb := answer;
    said text;
    way text;
    unit numeric := coalesce((rule ->> 'tolerance')::numeric, 0.000001);
    options text[];
BEGIN
    IF coalesce(rule ->> 'select', '') <> '' THEN
        -- A text that is JSON is read as such.
        IF jsonb_typeof(value) = 'string' THEN
            BEGIN
                value := (value #>> '{}')::jsonb;
            EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
                RETURN NULL;
            END;
        END IF;
        value := value #> ARRAY(SELECT replace(replace(t, '~1', '/'), '~0', '~')
            FROM unnest(string_to_array(substr(rule ->> 'select', 2), '/')) AS t);
    END IF;
    IF value IS NULL OR value = 'null' THEN RETURN NULL; END IF;
    said := value #>> '{}';
    FOR way IN SELECT w FROM jsonb_array_elements_text(coalesce(rule -> 'normalize', '["space"]')) AS w LOOP
        said := CASE way
            WHEN 'space' THEN btrim(regexp_replace(said, '\s+', ' ', 'g'))
            WHEN 'case' THEN lower(said)
            WHEN 'punctuation' THEN regexp_replace(said, '[[:punct:]]', '', 'g')
            WHEN 'number' THEN (SELECT trim_scale(round(m[1]::numeric / unit) * unit)::text
                FROM regexp_match(replace(said, ',', ''), '(-?\d+(?:\.\d+)?)') AS m)
            ELSE said END;
    END LOOP;
    IF NOT rule ? 'options' THEN RETURN nullif(said, ''); END IF;
    -- A sentence that names exactly one of the options is that one; any other is no vote.
    options := ARRAY(SELECT o FROM jsonb_array_elements_text(rule -> 'options') AS o
        WHERE said ~* ('(^|[^[:alnum:]_])' || regexp_replace(o, '([^[:alnum:][:space:]])', '\\\1', 'g')
            || '($|[^[:alnum:]_])'));
    RETURN CASE WHEN cardinality(options) = 1 THEN options[1] END;
END $_$;
COMMENT ON FUNCTION agentctl.normal_answer(answer jsonb, rule jsonb) IS 'An answer as it is compared with others, by the rule {select, normalize, options, tolerance} of a chain; NULL for no vote.';
CREATE FUNCTION agentctl.notify_workers(conversation text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    many CONSTANT integer := 8;
    others integer;
    newest timestamptz;
BEGIN
    IF current_setting('agentctl.wake', true) = 'off' THEN
        RETURN;
    END IF;
    -- From the end of the index that was written last: there it is shortest to what is ready now.
    SELECT count(*), max(o.ready_at) INTO others, newest FROM (
        SELECT c.ready_at FROM conversation_control AS c
        WHERE c.state = 'ready' AND c.conversation_id IS DISTINCT FROM notify_workers.conversation
        ORDER BY c.priority DESC, c.depth, c.has_progress, c.ready_at DESC, c.conversation_id DESC
        LIMIT many
    ) AS o;
    IF others < many AND (newest IS NULL OR newest < clock_timestamp() - interval '1 second') THEN
        PERFORM pg_notify('agentctl_ready', '');
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.notify_workers(conversation text) IS 'Notifies workers of a conversation that has become ready (NULL: of some that are about to), unless they have enough to do. Not in a transaction that has SET LOCAL agentctl.wake = off, as one that notifies cannot be PREPAREd. Internal: submit() and whatever else makes conversations ready calls it.';
CREATE FUNCTION agentctl.own_conversation(conversation text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    account text := agentctl.account_name();
    whole text;
BEGIN
    IF EXISTS (SELECT FROM conversation AS v
               WHERE v.id = own_conversation.conversation AND v.created_by = account) THEN
        RETURN own_conversation.conversation;
    END IF;
    whole := agentctl.conversation_id(own_conversation.conversation);
    IF NOT EXISTS (SELECT FROM conversation AS v
                   WHERE v.id = whole AND (v.created_by = account OR agentctl.may_see_all())) THEN
        RAISE EXCEPTION 'there is no conversation "%"', own_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
    RETURN whole;
END $$;
COMMENT ON FUNCTION agentctl.own_conversation(conversation text) IS 'The id of the conversation that the caller calls by this name. Fails with AC002 unless it exists and the caller may act on it; another user''s conversation is reported as if it did not exist.';
CREATE FUNCTION agentctl.park_and_claim(conversation text, seq bigint, lease uuid, save integer, record jsonb, worker bigint, maximum integer) RETURNS TABLE(parked boolean, conversation_id text, next_seq bigint, next_lease uuid, attempt smallint, operation text, body jsonb, agent text, epoch bigint, submitted_at timestamp with time zone, last_message bigint, history jsonb, generation smallint, progress jsonb, settings jsonb, task jsonb)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    done boolean := agentctl.save_progress(park_and_claim.conversation, park_and_claim.seq, park_and_claim.lease,
        park_and_claim.save, park_and_claim.record, true);
BEGIN
    RETURN QUERY SELECT done, n.* FROM agentctl.claim(park_and_claim.worker, park_and_claim.maximum) AS n;
    IF NOT FOUND THEN
        RETURN QUERY SELECT done, NULL::text, NULL::bigint, NULL::uuid, NULL::smallint, NULL::text, NULL::jsonb,
            NULL::text,
            NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::jsonb, NULL::smallint, NULL::jsonb, NULL::jsonb,
            NULL::jsonb;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.park_and_claim(conversation text, seq bigint, lease uuid, save integer, record jsonb, worker bigint, maximum integer) IS 'save_progress() of a turn that parks, and claim(), in one round trip and one commit: often what it claims is a task of the turn. Always returns a row; conversation_id is NULL when there was nothing to claim.';
CREATE FUNCTION agentctl.pause_schedule(name text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state := agentctl.require_schedule(pause_schedule.name);
BEGIN
    UPDATE schedule_state AS s
    SET paused_at = clock_timestamp(), paused_by = agentctl.caller(), due_at = NULL, look_at = NULL
    WHERE s.name = state.name AND s.paused_at IS NULL;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.pause_schedule(name text) IS 'Lets a schedule begin no run until resume_schedule(); false when it was paused already. What runs goes on.';
CREATE FUNCTION agentctl.pipeline_problems(documents jsonb) RETURNS TABLE(document integer, path text, problem text, expected text)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH RECURSIVE given AS (
        SELECT (each.ordinality - 1)::integer AS document, each.value ->> 'name' AS name, each.value -> 'steps' AS steps
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        WHERE each.value ->> 'kind' = 'tool'
    ), reached (document, step, name, depth) AS (
        SELECT g.document, step.ordinality - 1, step.value ->> 'tool', 2
        FROM given AS g
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(g.steps) WHEN 'array' THEN g.steps ELSE '[]' END)
            WITH ORDINALITY AS step
        WHERE step.value ->> 'tool' <> g.name
        UNION
        -- One deeper than is allowed is enough to tell.
        SELECT r.document, r.step, step.value ->> 'tool', r.depth + 1
        FROM reached AS r
        JOIN given AS origin ON origin.document = r.document AND origin.name <> r.name
        LEFT JOIN given AS g ON g.name = r.name
        LEFT JOIN definition AS d ON d.kind = 'tool' AND d.name = r.name AND g.name IS NULL
        LEFT JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        CROSS JOIN LATERAL (SELECT coalesce(g.steps, v.document -> 'steps') AS steps) AS pipeline
        CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(pipeline.steps) WHEN 'array' THEN pipeline.steps
            ELSE '[]' END) AS step
        WHERE r.depth <= 9
    )
    SELECT r.document, format('steps[%s].tool', r.step),
           format('is %s, which ', (each.value -> 'steps' -> r.step::integer -> 'tool')::text) ||
               CASE WHEN bool_or(r.name = each.value ->> 'name') THEN 'leads back to the pipeline itself'
                    ELSE 'makes pipelines stand within pipelines more than 8 deep' END,
           CASE WHEN bool_or(r.name = each.value ->> 'name') THEN 'a tool that does not call this one'
               ELSE 'fewer pipelines on the way' END
    FROM reached AS r
    CROSS JOIN LATERAL (SELECT documents -> r.document AS value) AS each
    WHERE r.name = each.value ->> 'name' OR r.depth > 9
    GROUP BY r.document, r.step, each.value
$$;
COMMENT ON FUNCTION agentctl.pipeline_problems(documents jsonb) IS 'The steps of pipelines, among documents that are to be registered together, that lead back to their pipeline or too deep. Internal: check_documents() calls it.';
CREATE FUNCTION agentctl.place_tasks() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
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
        LEFT JOIN LATERAL agentctl.budget_left(p.task_id, inserted) AS b ON true
        CROSS JOIN LATERAL (
            SELECT greatest(count(*) FILTER (WHERE n.finished_at IS NULL), 1) AS shares FROM new_tasks AS n
            WHERE n.parent_conversation_id = p.conversation_id) AS s
    ), chosen AS MATERIALIZED (
        SELECT n.id, n.parent_conversation_id, n.parent_seq, n.agent IS NULL AS is_routed,
               coalesce(n.agent, CASE WHEN n.finished_at IS NULL THEN
                   agentctl.choose_task_agent(n.description, n.capabilities, a.path) END) AS agent
        FROM new_tasks AS n
        LEFT JOIN above AS a ON a.conversation_id = n.parent_conversation_id AND a.seq = n.parent_seq
    ), allowed AS MATERIALIZED (
        -- A chain is no level of its own.
        SELECT d.agent, agentctl.chain_depth(d.agent) AS depth,
               CASE agentctl.responder_kind(d.agent) WHEN 'chain' THEN 0 ELSE 1 END AS levels
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
        RETURNING t.id, t.state, t.finished_at IS NULL AND (l.depth IS NULL OR t.parent_seq IS NOT NULL AND (
            a.conversation_id IS NULL OR a.is_stopped OR a.depth_left < l.levels OR t.agent = ANY (a.path)
            OR a.is_spent)) AS is_wrong
    )
    SELECT array_agg(p.id ORDER BY p.id) FILTER (WHERE p.state = 'assigned'), min(p.id) FILTER (WHERE p.is_wrong)
    INTO begun, wrong FROM placed AS p;
    IF wrong IS NOT NULL THEN
        PERFORM agentctl.refuse_task(wrong);
    END IF;
    IF parents IS NOT NULL THEN
        WITH told AS (
            INSERT INTO event (conversation_id, number, seq, type, data)
            SELECT t.parent_conversation_id,
                   c.last_event + row_number() OVER (PARTITION BY t.parent_conversation_id ORDER BY t.number),
                   t.parent_seq, 'task_assigned', jsonb_strip_nulls(jsonb_build_object(
                       'task', t.id, 'number', t.number, 'agent', t.agent, 'state', t.state,
                       'conversation', t.conversation_id))
            FROM task AS t JOIN conversation_control AS c ON c.conversation_id = t.parent_conversation_id
            WHERE t.id = ANY (inserted)
            RETURNING conversation_id
        )
        UPDATE conversation_control AS c SET last_event = c.last_event + e.events
        FROM (SELECT told.conversation_id, count(*) AS events FROM told GROUP BY 1) AS e
        WHERE c.conversation_id = e.conversation_id;
    END IF;
    IF begun IS NOT NULL THEN
        PERFORM agentctl.begin_tasks(begun);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.place_tasks() IS 'Trigger: gives new tasks their place below their parents, refuses those that go too deep or lead back (AC003), and begins the others.';
CREATE FUNCTION agentctl.plan_agent_problems(plan bigint, agent text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    own jsonb;
BEGIN
    SELECT v.document INTO own
    FROM definition AS d
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    WHERE d.kind = 'agent' AND d.name = plan_agent_problems.agent;
    IF NOT FOUND THEN
        PERFORM agentctl.raise_unknown('agent', plan_agent_problems.agent, 'See agentctl.agents.');
    END IF;
    RETURN (
        SELECT string_agg(p.problem, '; ' ORDER BY p.place, p.problem)
        FROM (
            SELECT 0 AS place, 'its model is not of the provider plan' AS problem
            WHERE NOT EXISTS (
                SELECT FROM definition AS d
                JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
                WHERE d.kind = 'model' AND d.name = own ->> 'model' AND v.document ->> 'provider' = 'plan')
            UNION ALL
            SELECT 1, 'it lacks the tool update_plan'
            WHERE NOT coalesce(own -> 'tools', '[]') ? 'update_plan'
            UNION ALL
            SELECT DISTINCT 2, format('it lacks %s %s', n.kind, n.name)
            FROM plan_step AS s
            CROSS JOIN LATERAL (VALUES
                ('the tool', s.tool, 'tools'), ('the function', s.function, 'functions'),
                ('the delegate', s.agent, 'delegates'),
                ('the capability to delegate', s.capabilities[1], 'delegate_capabilities')) AS n (kind, name, member)
            WHERE s.plan_id = plan_agent_problems.plan AND n.name IS NOT NULL
              AND NOT coalesce(own -> n.member, '[]') ? n.name
        ) AS p);
END $$;
COMMENT ON FUNCTION agentctl.plan_agent_problems(plan bigint, agent text) IS 'Why an agent cannot run a plan; NULL when it can. Internal: run_plan() calls it.';
CREATE FUNCTION agentctl.plan_problems(document jsonb) RETURNS TABLE(path text, problem text, expected text, nearest text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $_$
#variable_conflict use_column
DECLARE
    -- What a clause and the context say.
    given text[] := ARRAY(
        SELECT k FROM jsonb_object_keys(coalesce(document -> 'context', '{}')) AS k
        UNION
        SELECT m.found[1] FROM jsonb_array_elements_text(document -> 'when') AS w (pattern)
        CROSS JOIN LATERAL regexp_matches(w.pattern, '\(\?P?[<''](\w+)[>'']', 'g') AS m (found));
BEGIN
    RETURN QUERY
    WITH list AS (
        SELECT 'steps' AS path, document -> 'steps' AS value, false AS recovers
        UNION ALL
        SELECT format('recover[%s].steps', r.ordinality - 1), coalesce(r.value -> 'steps', '[]'), true
        FROM jsonb_array_elements(coalesce(document -> 'recover', '[]')) WITH ORDINALITY AS r
    ), step AS (
        SELECT format('%s[%s]', l.path, e.ordinality - 1) AS path, l.path AS list, e.ordinality AS number,
               e.value ->> 'name' AS name, e.value, l.recovers
        FROM list AS l CROSS JOIN LATERAL jsonb_array_elements(l.value) WITH ORDINALITY AS e
    ), named AS (
        SELECT s.*, ARRAY(SELECT o.name FROM step AS o WHERE o.list = s.list AND o.number < s.number
                          AND o.name IS NOT NULL) AS earlier
        FROM step AS s
        UNION ALL
        -- The new arguments of what failed come after the steps of its recovery.
        SELECT format('recover[%s]', r.ordinality - 1), format('recover[%s].steps', r.ordinality - 1), 1000, NULL,
               r.value - 'steps' - 'tool' - 'error', true,
               ARRAY(SELECT o.name FROM step AS o WHERE o.list = format('recover[%s].steps', r.ordinality - 1)
                     AND o.name IS NOT NULL)
        FROM jsonb_array_elements(coalesce(document -> 'recover', '[]')) WITH ORDINALITY AS r
    ), reference AS (
        SELECT DISTINCT n.path || '.' || place.member AS path, n.list, n.recovers, n.earlier,
               btrim(f.text) AS text, string_to_array(btrim(f.text), '.') AS parts
        FROM named AS n
        CROSS JOIN unnest('{arguments,description}'::text[]) AS place (member)
        CROSS JOIN LATERAL jsonb_path_query(n.value -> place.member, 'strict $.** ? (@.type() == "string")')
            AS t (value)
        CROSS JOIN LATERAL (
            SELECT m.found[1] AS text FROM regexp_matches(t.value #>> '{}', '\{\{(.*?)\}\}', 'g') AS m (found)
            UNION ALL
            SELECT NULL WHERE regexp_replace(t.value #>> '{}', '\{\{.*?\}\}', '', 'g') LIKE '%{{%'
        ) AS f
        WHERE t.value::text LIKE '%{{%'
    )
    SELECT s.path, CASE t.targets WHEN 0 THEN 'names nothing that does it' ELSE 'names several that do it' END,
           'one of tool, function, agent and capabilities', NULL::text
    FROM step AS s
    CROSS JOIN LATERAL (SELECT count(*) AS targets FROM unnest('{tool,function,agent,capabilities}'::text[]) AS m (k)
                        WHERE s.value ? m.k) AS t
    WHERE t.targets <> 1
    UNION ALL
    SELECT s.path || '.name', format('is "%s", as an earlier one', s.name), 'a name that no other step has', NULL
    FROM step AS s
    WHERE EXISTS (SELECT FROM step AS o WHERE o.list = s.list AND o.name = s.name AND o.number < s.number)
    UNION ALL
    SELECT format('%s.after[%s]', n.path, a.ordinality - 1), format('is "%s", which is no earlier step', a.name),
           CASE n.earlier WHEN '{}' THEN 'nothing: no step before it has a name'
               ELSE 'one of ' || array_to_string(n.earlier, ', ') END, agentctl.nearest(a.name, n.earlier)
    FROM named AS n
    CROSS JOIN LATERAL jsonb_array_elements_text(n.value -> 'after') WITH ORDINALITY AS a (name)
    WHERE NOT a.name = ANY (n.earlier)
    UNION ALL
    SELECT s.path || '.arguments', 'is ' || left((s.value -> 'arguments')::text, 64), '{task: text, input: an object}',
           NULL
    FROM step AS s
    WHERE s.value ?| '{agent,capabilities}' AND ((s.value -> 'arguments') - '{task,input}'::text[] <> '{}'
        OR jsonb_typeof(s.value #> '{arguments,task}') <> 'string'
        OR jsonb_typeof(s.value #> '{arguments,input}') <> 'object')
    UNION ALL
    SELECT r.path, coalesce('has {{' || left(r.text, 64) || '}}', 'has a {{ that is not closed'),
           concat_ws(', ', 'one of steps.NAME of an earlier step',
               CASE WHEN r.recovers THEN 'arguments.NAME, error' END, nullif(array_to_string(given, ', '), '')),
           CASE WHEN r.parts[1] = 'steps' THEN 'steps.' || agentctl.nearest(r.parts[2], r.earlier)
               ELSE agentctl.nearest(r.text, given) END
    FROM reference AS r
    WHERE NOT coalesce(CASE
        WHEN r.parts[1] = 'steps' THEN cardinality(r.parts) IN (2, 3) AND r.parts[2] = ANY (r.earlier)
            AND r.path NOT LIKE '%.description'
        WHEN r.parts[1] = 'arguments' AND r.recovers THEN cardinality(r.parts) = 2 AND r.parts[2] <> ''
        WHEN r.text = 'error' AND r.recovers THEN true
        ELSE r.text = ANY (given) END, false)
    UNION ALL
    SELECT r.path, format('has {{%s}}', left(r.text, 64)), format('a named group of find of the step %s', r.parts[2]),
           NULL
    FROM reference AS r
    WHERE r.parts[1] = 'steps' AND cardinality(r.parts) = 3 AND r.parts[2] = ANY (r.earlier)
      AND NOT EXISTS (SELECT FROM step AS o
                      CROSS JOIN LATERAL regexp_matches(o.value ->> 'find', '\(\?P?[<''](\w+)[>'']', 'g') AS m (found)
                      WHERE o.list = r.list AND o.name = r.parts[2] AND m.found[1] = r.parts[3]);
END $_$;
COMMENT ON FUNCTION agentctl.plan_problems(document jsonb) IS 'What is wrong with a document of kind plan whose fields are as they should be. Internal: check_documents() calls it.';
CREATE FUNCTION agentctl.plan_schema(specialists jsonb, maximum jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
    SELECT jsonb_build_object('type', 'object', 'required', '["subtasks"]'::jsonb, 'additionalProperties', false,
        'properties', jsonb_build_object('subtasks', jsonb_build_object('type', 'array', 'minItems', 1,
            'maxItems', maximum, 'items', jsonb_build_object('type', 'object',
                'required', '["name", "agent", "description"]'::jsonb, 'additionalProperties', false,
                'properties', jsonb_build_object('name',
                    '{"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"}'::jsonb,
                    'agent', jsonb_build_object('enum', specialists), 'description',
                        '{"type": "string", "minLength": 1}'::jsonb,
                    'after', '{"type": "array", "items": {"type": "string"}}'::jsonb)))))
$_$;
COMMENT ON FUNCTION agentctl.plan_schema(specialists jsonb, maximum jsonb) IS 'JSON Schema of the plan that the manager of a hierarchical chain makes for these specialists.';
CREATE FUNCTION agentctl.plan_step_list(plan bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('number', s.number, 'tool', s.tool,
                'function', s.function, 'agent', s.agent, 'capabilities', s.capabilities, 'find', s.find,
                'description', s.description, 'recovers', s.recovers, 'status', s.status))
            || jsonb_build_object('arguments', s.arguments, 'after', s.after) ORDER BY s.number), '[]')
        FROM plan_step AS s WHERE s.plan_id = plan_step_list.plan);
END $$;
COMMENT ON FUNCTION agentctl.plan_step_list(plan bigint) IS 'The steps of a plan as a list: what store_plan() takes, with number and status. Internal.';
CREATE FUNCTION agentctl.plan_step_problems(steps jsonb) RETURNS TABLE(path text, problem text, expected text, nearest text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $_$
#variable_conflict use_column
DECLARE
    members text[] := '{tool,function,agent,capabilities,arguments,description,after,find}';
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF jsonb_typeof(steps) IS DISTINCT FROM 'array' OR jsonb_array_length(steps) NOT BETWEEN 1 AND 200 THEN
        RETURN QUERY SELECT 'steps', CASE WHEN jsonb_typeof(steps) = 'array'
            THEN format('has %s steps', jsonb_array_length(steps)) ELSE 'is no list' END, '1 to 200 steps', NULL::text;
        RETURN;
    ELSIF octet_length(steps::text) > largest THEN
        RETURN QUERY SELECT 'steps', format('has %s bytes', octet_length(steps::text)), format('at most %s', largest),
            NULL::text;
        RETURN;
    ELSIF steps @? 'strict $.**{120}' THEN
        RETURN QUERY SELECT 'steps', 'nests deeper than 119 levels', 'less', NULL::text;
        RETURN;
    ELSIF steps @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RETURN QUERY SELECT 'steps', 'has a number beyond the range of double precision', 'a smaller one', NULL::text;
        RETURN;
    END IF;
    RETURN QUERY
    WITH step AS (
        SELECT format('steps[%s]', e.ordinality - 1) AS path, e.ordinality AS number, e.value,
               jsonb_typeof(e.value) = 'object' AS is_object
        FROM jsonb_array_elements(steps) WITH ORDINALITY AS e
    )
    SELECT s.path, 'is ' || agentctl.json_type_name(s.value), 'an object', NULL::text FROM step AS s
    WHERE NOT s.is_object
    UNION ALL
    SELECT s.path || '.' || left(k, 64), 'is unknown', 'one of ' || array_to_string(members, ', '),
           agentctl.nearest(k, members)
    FROM step AS s CROSS JOIN LATERAL jsonb_object_keys(CASE WHEN s.is_object THEN s.value ELSE '{}' END) AS k
    WHERE NOT k = ANY (members || '{number,status,recovers}'::text[])
    UNION ALL
    SELECT s.path, CASE t.targets WHEN 0 THEN 'names nothing that does it' ELSE 'names several that do it' END,
           'one of tool, function, agent and capabilities', NULL
    FROM step AS s
    CROSS JOIN LATERAL (SELECT count(*) AS targets FROM unnest('{tool,function,agent,capabilities}'::text[]) AS m (k)
                        WHERE s.value ? m.k) AS t
    WHERE s.is_object AND t.targets <> 1
    UNION ALL
    SELECT s.path || '.' || m.kind, 'is ' || left((s.value -> m.kind)::text, 64) ||
               CASE WHEN jsonb_typeof(s.value -> m.kind) = 'string' THEN ', which is not registered' ELSE '' END,
           'the name of ' || CASE m.kind WHEN 'agent' THEN 'an ' ELSE 'a ' END || m.kind,
           agentctl.nearest(s.value ->> m.kind, ARRAY(
               SELECT d.name FROM definition AS d WHERE d.kind = m.kind AND d.current_version IS NOT NULL))
    FROM step AS s CROSS JOIN unnest('{tool,function,agent}'::text[]) AS m (kind)
    WHERE s.is_object AND s.value ? m.kind AND (jsonb_typeof(s.value -> m.kind) <> 'string' OR NOT EXISTS (
        SELECT FROM definition AS d
        WHERE d.kind = m.kind AND d.name = s.value ->> m.kind AND d.current_version IS NOT NULL))
    UNION ALL
    SELECT s.path || '.' || c.member, 'is ' || left(coalesce((s.value -> c.member)::text, 'missing'), 64), c.expected,
           NULL
    FROM step AS s
    CROSS JOIN LATERAL (VALUES
        ('capabilities', s.value ? 'capabilities' AND NOT CASE
            WHEN jsonb_typeof(s.value -> 'capabilities') = 'array'
                THEN jsonb_array_length(s.value -> 'capabilities') = 1
                AND octet_length(s.value #>> '{capabilities,0}') BETWEEN 1 AND 128
                AND jsonb_typeof(s.value #> '{capabilities,0}') = 'string' ELSE false END, 'a list of one capability'),
        ('arguments', s.value ? 'arguments' AND jsonb_typeof(s.value -> 'arguments') <> 'object', 'an object'),
        ('arguments', s.value ?| '{agent,capabilities}' AND jsonb_typeof(s.value -> 'arguments') = 'object'
            AND ((s.value -> 'arguments') - '{task,input}'::text[] <> '{}'
                OR jsonb_typeof(s.value #> '{arguments,task}') <> 'string'
                OR jsonb_typeof(s.value #> '{arguments,input}') <> 'object'), '{task: text, input: an object}'),
        ('description', jsonb_typeof(s.value -> 'description') IS DISTINCT FROM 'string'
            OR octet_length(s.value ->> 'description') NOT BETWEEN 1 AND 4000
            OR s.value ->> 'description' ~ '[[:cntrl:]]', 'one line of text, up to 4000 bytes'),
        ('find', s.value ? 'find' AND (jsonb_typeof(s.value -> 'find') <> 'string'
            OR octet_length(s.value ->> 'find') NOT BETWEEN 1 AND 4096), 'a regular expression')
    ) AS c (member, is_wrong, expected)
    WHERE s.is_object AND c.is_wrong
    UNION ALL
    SELECT s.path || '.after', 'is ' || left((s.value -> 'after')::text, 64), CASE s.number
        WHEN 1 THEN 'an empty list' ELSE format('numbers of earlier steps, 1 to %s', s.number - 1) END, NULL
    FROM step AS s
    WHERE s.is_object AND s.value ? 'after' AND NOT CASE jsonb_typeof(s.value -> 'after') WHEN 'array' THEN NOT EXISTS (
        SELECT FROM jsonb_array_elements(s.value -> 'after') AS a
        WHERE a::text !~ '^[1-9][0-9]{0,2}$' OR a::text::integer >= s.number) ELSE false END
    UNION ALL
    SELECT s.path || '.arguments', coalesce('has ' || left(f.text, 64), 'has a {{ that is not closed'),
           CASE s.number WHEN 1 THEN 'no reference' ELSE format('{{step_1}} to {{step_%s}}', s.number - 1) END, NULL
    FROM step AS s
    CROSS JOIN LATERAL jsonb_path_query(CASE WHEN s.is_object THEN s.value -> 'arguments' END,
        'strict $.** ? (@.type() == "string")') AS t (value)
    CROSS JOIN LATERAL (
        SELECT m.found[1] AS text FROM regexp_matches(t.value #>> '{}', '\{\{.*?\}\}', 'g') AS m (found)
        UNION ALL
        SELECT NULL WHERE regexp_replace(t.value #>> '{}', '\{\{.*?\}\}', '', 'g') LIKE '%{{%'
    ) AS f
    WHERE t.value::text LIKE '%{{%' AND f.text IS DISTINCT FROM '{{braces}}'
      AND NOT coalesce(CASE WHEN f.text ~ '^\{\{step_[1-9][0-9]{0,2}(\.[A-Za-z_][A-Za-z0-9_]{0,31})?\}\}$'
          THEN substring(f.text FROM '[0-9]+')::integer < s.number END, false);
END $_$;
COMMENT ON FUNCTION agentctl.plan_step_problems(steps jsonb) IS 'Everything that is wrong with the steps of a plan: [{tool | function | agent | capabilities, arguments, description, after, find}]. Internal: store_plan() and edit_plan() call it.';
CREATE FUNCTION agentctl.plan_summary(plan bigint) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.plan := agentctl.require_plan(plan_summary.plan);
BEGIN
    RETURN format(E'Task: %s\nSteps:\n%s', asked.task, (
        SELECT string_agg(format('  %s. [%s] %s%s%s%s', s.number, s.status,
            coalesce(s.tool, s.function, s.agent, array_to_string(s.capabilities, '+')) || ' - ', s.description,
            ' (depends on: ' || (SELECT string_agg('step_' || d, ', ' ORDER BY d) FROM unnest(s.after) AS d) || ')',
            ' (recovers: step_' || s.recovers || ')'), E'\n' ORDER BY s.number)
        FROM plan_steps AS s WHERE s.plan_id = asked.id));
END $$;
COMMENT ON FUNCTION agentctl.plan_summary(plan bigint) IS 'A plan as text: its task, and a line for each step with its status and what it depends on.';
CREATE FUNCTION agentctl.policy_rules(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    WITH rule AS (
        SELECT format('rules[%s]', each.ordinality - 1) AS path, each.value
        FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'rules') WHEN 'array' THEN document -> 'rules'
            ELSE '[]' END)
            WITH ORDINALITY AS each
        WHERE jsonb_typeof(each.value) = 'object'
    )
    SELECT rule.path || '.' || names.key, 'is ' || agentctl.json_type_name(rule.value -> names.key),
           'a string or a list of strings'
    FROM rule CROSS JOIN unnest('{tool,implementation,agent}'::text[]) AS names (key)
    WHERE CASE jsonb_typeof(rule.value -> names.key)
        WHEN 'array' THEN rule.value -> names.key = '[]'
            OR EXISTS (SELECT FROM jsonb_array_elements(rule.value -> names.key) AS e
                WHERE jsonb_typeof(e.value) <> 'string' OR e.value = '""')
        ELSE jsonb_typeof(rule.value -> names.key) IN ('object', 'number', 'boolean') END
    UNION ALL
    SELECT rule.path || '.arguments.' || left(argument.key, 64), 'is ' || agentctl.json_type_name(argument.value),
           'a regular expression'
    FROM rule
    CROSS JOIN jsonb_each(CASE jsonb_typeof(rule.value -> 'arguments') WHEN 'object' THEN rule.value -> 'arguments'
        ELSE '{}' END) AS argument
    WHERE jsonb_typeof(argument.value) <> 'string'
    UNION ALL
    SELECT format('order[%s].%s', each.ordinality - 1, need.field), 'is missing', format('needed by rule %s', need.rule)
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'order') WHEN 'array' THEN document -> 'order'
        ELSE '[]' END)
        WITH ORDINALITY AS each
    JOIN (VALUES ('after', 'other'), ('at_most', 'count')) AS need (rule, field) ON each.value ->> 'rule' = need.rule
    WHERE NOT each.value ? need.field
$$;
COMMENT ON FUNCTION agentctl.policy_rules(document jsonb) IS 'What one field of a document of kind policy asks of another.';
CREATE FUNCTION agentctl.prune(older_than interval, dry_run boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    records jsonb := agentctl.prune_records(older_than, NULL, dry_run);
    step jsonb := '{"next": ""}';
    deleted jsonb := records -> 'deleted';
BEGIN
    WHILE step ->> 'next' IS NOT NULL LOOP
        step := agentctl.prune_conversations(older_than, step ->> 'next', 1000, dry_run);
        SELECT jsonb_object_agg(k.name, coalesce((deleted ->> k.name)::bigint, 0)
            + coalesce((step #>> ARRAY['deleted', k.name])::bigint, 0)) INTO deleted
        FROM (SELECT jsonb_object_keys(deleted) UNION SELECT jsonb_object_keys(step -> 'deleted')) AS k (name);
    END LOOP;
    RETURN records || jsonb_build_object('deleted', deleted);
END $$;
COMMENT ON FUNCTION agentctl.prune(older_than interval, dry_run boolean) IS 'prune_records() and prune_conversations() to the end, in one transaction; agentctl prune takes many short ones. Returns {dropped, kept, deleted}.';
CREATE FUNCTION agentctl.prune_conversations(older_than interval, after text DEFAULT ''::text, maximum integer DEFAULT 1000, dry_run boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    before timestamptz := agentctl.prune_time(older_than);
    page text[];
    candidate text;
    family text[];
    locked integer;
    doomed text[] := '{}';
    deleted jsonb := '{}';
BEGIN
    page := ARRAY(SELECT v.id FROM conversation AS v WHERE v.id > prune_conversations.after
                  ORDER BY v.id LIMIT prune_conversations.maximum);
    FOR candidate IN
        SELECT v.id FROM conversation AS v
        JOIN conversation_control AS c ON c.conversation_id = v.id AND c.state = 'idle'
        LEFT JOIN submission AS s ON s.conversation_id = v.id AND s.seq = c.tail_seq
        WHERE v.id = ANY (page) AND v.created_at < before AND (s.created_at < before OR s.created_at IS NULL)
          -- That of a task goes with its parent.
          AND NOT EXISTS (
              SELECT FROM submission AS o JOIN task AS t ON t.id = o.task_id
              WHERE o.conversation_id = v.id AND o.seq = 1 AND t.parent_conversation_id IS NOT NULL)
    LOOP
        family := agentctl.conversation_family(ARRAY[candidate]);
        CONTINUE WHEN family && doomed OR NOT agentctl.is_at_rest(family, before);
        PERFORM FROM conversation_control AS c WHERE c.conversation_id = ANY (family)
        ORDER BY c.conversation_id FOR UPDATE SKIP LOCKED;
        GET DIAGNOSTICS locked = ROW_COUNT;
        CONTINUE WHEN locked < cardinality(family) OR NOT agentctl.is_at_rest(family, before);
        doomed := doomed || family;
    END LOOP;
    IF cardinality(doomed) > 0 THEN
        BEGIN
            deleted := agentctl.erase_conversations(doomed);
            IF dry_run THEN
                RAISE EXCEPTION 'rehearsed' USING ERRCODE = 'AC099';
            END IF;
        EXCEPTION WHEN SQLSTATE 'AC099' THEN
            NULL;
        END;
    END IF;
    RETURN jsonb_build_object('next', CASE WHEN cardinality(page) = prune_conversations.maximum
        THEN page[cardinality(page)] END, 'deleted', deleted);
END $$;
COMMENT ON FUNCTION agentctl.prune_conversations(older_than interval, after text, maximum integer, dry_run boolean) IS 'Deletes those of the next conversations after an id in which nothing is unfinished and nothing has happened for so long, as delete_conversation() does; looks at so many at most. Returns {next, deleted}: where to go on, null at the end, and how many rows of each kind. With dry_run nothing is deleted.';
CREATE FUNCTION agentctl.prune_records(older_than interval, maximum integer DEFAULT NULL::integer, dry_run boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET lock_timeout TO '500ms'
    AS $_$
#variable_conflict use_column
DECLARE
    before timestamptz := agentctl.prune_time(older_than);
    -- The last month is among those that create_partitions() makes.
    months_before timestamptz := least(before, date_trunc('month', statement_timestamp()) - interval '1 month',
        (SELECT min(p.started_at) FROM turn_progress AS p));
    partition text;
    dropped text[] := '{}';
    kept text[] := '{}';
    part record;
    rows bigint;
    deleted jsonb := '{}';
BEGIN
    FOR partition IN
        SELECT c.relname FROM pg_class AS c
        JOIN pg_inherits AS i ON i.inhrelid = c.oid
        JOIN pg_class AS p ON p.oid = i.inhparent AND p.relkind = 'p'
        WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relispartition
          AND substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz <= months_before
        ORDER BY c.relname
    LOOP
        EXIT WHEN cardinality(dropped) >= prune_records.maximum;
        BEGIN
            IF NOT dry_run THEN
                EXECUTE format('DROP TABLE agentctl.%I', partition);
            END IF;
            dropped := dropped || partition;
        EXCEPTION WHEN lock_not_available OR undefined_table THEN
            -- Another session reads it, or has dropped it just now.
            kept := kept || partition;
        END;
    END LOOP;
    FOR part IN SELECT * FROM (VALUES
        ('function_requests', 'agentctl.function_request AS r WHERE r.created_at < $1 '
            'AND NOT EXISTS (SELECT FROM agentctl.function_queue AS q WHERE q.id = r.id) '
            'AND NOT EXISTS (SELECT FROM agentctl.function_call AS c WHERE c.request_id = r.id AND c.started_at >= $1)'),
        ('schedule_runs', 'agentctl.schedule_run AS r WHERE r.ran_at < $1 AND NOT r.is_open AND r.outcome <> ''queued'' '
            'AND r.conversation_id IS NULL AND r.task_id IS NULL'),
        ('tasks', 'agentctl.task AS t WHERE t.finished_at < $1 AND t.told AND t.parent_conversation_id IS NULL '
            'AND t.conversation_id IS NULL'),
        ('plans', 'agentctl.plan AS p WHERE p.created_at < $1 AND p.state = ''draft'''),
        ('hook_deliveries', 'agentctl.hook_delivery AS d WHERE d.finished_at < $1')) AS p (name, source)
    LOOP
        IF dry_run THEN
            EXECUTE 'SELECT count(*) FROM ' || part.source INTO rows USING before;
        ELSE
            EXECUTE 'DELETE FROM ' || part.source USING before;
            GET DIAGNOSTICS rows = ROW_COUNT;
        END IF;
        deleted := deleted || jsonb_build_object(part.name, rows);
    END LOOP;
    RETURN jsonb_build_object('dropped', to_jsonb(dropped), 'kept', to_jsonb(kept), 'deleted', deleted);
END $_$;
COMMENT ON FUNCTION agentctl.prune_records(older_than interval, maximum integer, dry_run boolean) IS 'Drops the partitions of months that have ended so long ago, at most maximum of them, and deletes what is older and belongs to no conversation: calls from SQL, runs of schedules that submitted nothing, tasks that never began, drafts of plans, deliveries. Returns {dropped, kept, deleted}; kept are partitions that somebody reads. With dry_run nothing is deleted.';
CREATE FUNCTION agentctl.prune_time(older_than interval) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    IF older_than IS NULL OR older_than <= interval '0' THEN
        RAISE EXCEPTION 'what is pruned is older than some time: an interval above 0, such as 90 days'
            USING ERRCODE = 'AC001';
    END IF;
    RETURN statement_timestamp() - older_than;
END $$;
COMMENT ON FUNCTION agentctl.prune_time(older_than interval) IS 'The time before which things are pruned. Fails with AC001 unless the interval is above 0. Internal.';
CREATE FUNCTION agentctl.publish(name text, version integer, kind text DEFAULT 'agent'::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    published bigint;
BEGIN
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    SELECT v.id INTO published FROM definition_version AS v
    WHERE v.kind = publish.kind AND v.name = publish.name AND v.version = publish.version;
    IF published IS NULL THEN
        RAISE EXCEPTION '% "%" has no version %', publish.kind, publish.name, publish.version USING ERRCODE = 'AC002';
    END IF;
    UPDATE definition AS d SET current_version = publish.version, updated_at = clock_timestamp()
    WHERE d.kind = publish.kind AND d.name = publish.name AND d.current_version IS DISTINCT FROM publish.version;
    RETURN published;
END $$;
COMMENT ON FUNCTION agentctl.publish(name text, version integer, kind text) IS 'Puts a stored version in force; returns its id. Fails with AC002 when there is no such version.';
CREATE FUNCTION agentctl.raise_unknown(kind text, name text, hint text DEFAULT 'Each kind has a view of what is in force, such as agentctl.functions.'::text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'there is no % "%"', raise_unknown.kind, coalesce(raise_unknown.name, 'null')
        USING ERRCODE = 'AC002', HINT = coalesce(
            'Did you mean ' || agentctl.nearest(raise_unknown.name, ARRAY(
                SELECT d.name FROM definition AS d
                WHERE d.kind = raise_unknown.kind AND d.current_version IS NOT NULL)) || '?',
            raise_unknown.hint);
END $$;
COMMENT ON FUNCTION agentctl.raise_unknown(kind text, name text, hint text) IS 'Fails with AC002: there is no definition of this kind and name. The hint is the closest name in force, or the given one where no name is close.';
CREATE FUNCTION agentctl.raise_unless_final(state text, message text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    -- Conflicts with others, too few resources, a server that stops: the same may succeed later.
    IF left(state, 2) IN ('40', '53', '57', '58') OR state = '55P03' THEN
        RAISE EXCEPTION '%', message USING ERRCODE = state;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.raise_unless_final(state text, message text) IS 'Raises an error again that may pass by itself. Internal: what does without a part that is refused calls it.';
CREATE FUNCTION agentctl.reap(maximum integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    released integer;
    gone bigint[];
BEGIN
    UPDATE worker AS w SET state = 'lost', stopped_at = clock_timestamp()
    WHERE w.id = ANY (ARRAY(
        SELECT dead.id FROM worker AS dead
        WHERE dead.state IN ('active', 'draining')
          AND dead.heartbeat_at < clock_timestamp() - make_interval(secs => dead.time_to_live)
        FOR NO KEY UPDATE SKIP LOCKED));
    -- Whoever holds something and is not alive: stopped, lost, or without a row at all.
    gone := ARRAY(
        SELECT DISTINCT held.worker_id FROM conversation_control AS held
        WHERE held.state = 'running'
          AND NOT EXISTS (SELECT FROM worker AS w WHERE w.id = held.worker_id AND w.state IN ('active', 'draining')));
    UPDATE conversation_control AS c
    SET state = 'ready', ready_at = clock_timestamp(), lease = NULL, worker_id = NULL,
        lease_until = greatest(c.lease_until, (
            SELECT w.stopped_at + make_interval(secs => w.time_to_live) FROM worker AS w
            WHERE w.id = c.worker_id AND w.state = 'lost'))
    WHERE c.conversation_id = ANY (ARRAY(
        SELECT held.conversation_id FROM conversation_control AS held
        WHERE held.state = 'running' AND held.worker_id = ANY (gone)
        ORDER BY held.conversation_id LIMIT reap.maximum
        FOR NO KEY UPDATE SKIP LOCKED));
    GET DIAGNOSTICS released = ROW_COUNT;
    DELETE FROM worker AS w
    WHERE w.id = ANY (ARRAY(
        SELECT old.id FROM worker AS old
        WHERE old.state IN ('stopped', 'lost') AND old.stopped_at < clock_timestamp() - interval '1 day'
          AND NOT EXISTS (SELECT FROM conversation_control AS c WHERE c.state = 'running' AND c.worker_id = old.id)
        LIMIT 1000 FOR UPDATE SKIP LOCKED));
    RETURN released;
END $$;
COMMENT ON FUNCTION agentctl.reap(maximum integer) IS 'Counts workers without heartbeat as lost and makes what they held ready again; returns how many conversations.';
CREATE FUNCTION agentctl.reap_function_calls(maximum integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    orphaned bigint[];
    doubtful record;
BEGIN
    orphaned := ARRAY(
        SELECT q.id FROM function_queue AS q
        WHERE q.lease IS NOT NULL
          AND NOT EXISTS (SELECT FROM worker AS w WHERE w.id = q.worker_id AND w.state IN ('active', 'draining'))
        ORDER BY q.id LIMIT reap_function_calls.maximum
        FOR NO KEY UPDATE SKIP LOCKED);
    IF cardinality(orphaned) = 0 THEN
        RETURN 0;
    END IF;
    -- What may have taken effect is not run again: whoever called has to look.
    FOR doubtful IN
        DELETE FROM function_queue AS q USING function_request AS r
        WHERE q.id = ANY (orphaned) AND q.effect = 'unsafe' AND r.id = q.id
        RETURNING q.id, q.version_id, r.function, r.arguments, r.created_by
    LOOP
        PERFORM agentctl.insert_function_calls('sql', NULL, NULL, doubtful.id, doubtful.created_by,
            jsonb_build_array(jsonb_build_object(
            'function', doubtful.function, 'version_id', doubtful.version_id, 'language', 'python', 'arguments',
            doubtful.arguments::text,
            'exit_reason', 'killed', 'error_type', 'in_doubt', 'duration_ms', 0,
            'error_message', 'the worker was lost while it ran: whether it took effect is not known, and it is not run again')));
    END LOOP;
    UPDATE function_queue AS q SET lease = NULL, worker_id = NULL, ready_at = clock_timestamp()
        WHERE q.id = ANY (orphaned);
    RETURN cardinality(orphaned);
END $$;
COMMENT ON FUNCTION agentctl.reap_function_calls(maximum integer) IS 'Makes the queued calls of workers that are gone ready again, or marks them in doubt when their effect is unsafe; returns how many. After reap().';
CREATE FUNCTION agentctl.rebuild_routes() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    -- In the order of register(): definitions first.
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    UPDATE route_index AS i SET language = agentctl.setting('route_language');
    DELETE FROM route_posting;
    DELETE FROM route_term;
    RETURN agentctl.index_routes(ARRAY(
        SELECT d.name FROM definition AS d WHERE d.kind IN ('agent', 'chain')
        UNION SELECT a.name FROM route_agent AS a));
END $$;
COMMENT ON FUNCTION agentctl.rebuild_routes() IS 'Builds the index of routing again, with the text search configuration that the setting route_language names; returns how many agents it has.';
CREATE FUNCTION agentctl.recall(conversation text, query text, before bigint, maximum integer DEFAULT 5) RETURNS TABLE(number bigint, seq bigint, role text, excerpt text, at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET client_min_messages TO 'warning'
    AS $$
#variable_conflict use_column
DECLARE
    all_words tsquery := websearch_to_tsquery('pg_catalog.simple', recall.query);
    any_word tsquery := replace(plainto_tsquery('pg_catalog.simple', recall.query)::text, '&', '|')::tsquery;
BEGIN
    PERFORM agentctl.require_conversation(recall.conversation);
    IF maximum IS NULL OR maximum NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'recall returns 1 to 100 messages' USING ERRCODE = 'AC001';
    END IF;
    RETURN QUERY
    SELECT f.number, f.seq, f.role::text,
           CASE WHEN f.place > 0 THEN substr(f.content, greatest(1, f.place - 200), 600)
                ELSE ts_headline('pg_catalog.simple', f.content, any_word,
                    'MaxFragments=3, MaxWords=40, MinWords=10, StartSel="", StopSel="", FragmentDelimiter=" … "') END,
           f.created_at
    FROM (
        SELECT m.number, m.seq, m.role, t.content, m.created_at, strpos(lower(t.content), lower(recall.query)) AS place,
               to_tsvector('pg_catalog.simple', t.content) AS words
        FROM message AS m
        CROSS JOIN LATERAL (
            SELECT left(concat_ws(E'\n', m.content, (
                SELECT string_agg((call ->> 'name') || ' ' || (call ->> 'arguments'), E'\n')
                FROM jsonb_array_elements(m.tool_calls) AS call)),
                100000) AS content
        ) AS t
        WHERE m.conversation_id = recall.conversation AND m.undone_by IS NULL AND m.seq < recall.before
    ) AS f
    WHERE f.place > 0 OR f.words @@ any_word
    ORDER BY f.place > 0 DESC, f.words @@ all_words DESC, ts_rank(f.words, any_word) DESC, f.number DESC
    LIMIT maximum;
END $$;
COMMENT ON FUNCTION agentctl.recall(conversation text, query text, before bigint, maximum integer) IS 'Messages of a conversation from turns before the given one that hold the query, all of its words, or some of them, in this order, with an excerpt of each. Messages that were undone are left out.';
CREATE FUNCTION agentctl.record_function_calls(conversation text, seq bigint, records jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RETURN agentctl.insert_function_calls(
        CASE WHEN record_function_calls.conversation IS NULL THEN 'command' ELSE 'turn' END,
        record_function_calls.conversation, record_function_calls.seq, NULL, agentctl.keep_account(),
        record_function_calls.records);
END $$;
COMMENT ON FUNCTION agentctl.record_function_calls(conversation text, seq bigint, records jsonb) IS 'Stores calls of functions, a list of {function, version_id, language, arguments, exit_reason, result, error_type, error_message, traceback, output, duration_ms, age_ms, cpu_ms, peak_memory_bytes, violations, call_id}, and a security event for each of their violations. Without a conversation they are a command''s.';
CREATE FUNCTION agentctl.record_security_events(conversation text, seq bigint, records jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    stored integer;
BEGIN
    WITH seen AS (
        INSERT INTO agentctl.security_event (
            kind, source, detail, tool, conversation_id, seq, call_id, guardrail, guardrail_version, place, action)
        SELECT given.kind, 'service', left(given.detail, 2000), given.tool, record_security_events.conversation,
               record_security_events.seq, given.call_id, given.guardrail, given.guardrail_version, given.place,
               given.action
        FROM (
            SELECT r.*, row_number() OVER (PARTITION BY r.call_id) AS number
            FROM jsonb_to_recordset(record_security_events.records) AS r (
                kind text, detail text, tool text, call_id text, guardrail text, guardrail_version integer, place text,
                action text)
        ) AS given
        WHERE given.number <= 100
        RETURNING 1
    )
    SELECT count(*) INTO stored FROM seen;
    RETURN stored;
END $$;
COMMENT ON FUNCTION agentctl.record_security_events(conversation text, seq bigint, records jsonb) IS 'Stores what was refused outside of the sandbox, and what guardrails found: a list of {kind, detail, tool, call_id, guardrail, guardrail_version, place, action}.';
CREATE FUNCTION agentctl.redeliver(delivery bigint) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    known record;
BEGIN
    SELECT d.*, h.owner, h.stopped_at INTO known
    FROM hook_delivery AS d LEFT JOIN hook_state AS h ON h.name = d.hook
    WHERE d.id = redeliver.delivery FOR NO KEY UPDATE OF d;
    IF NOT FOUND OR NOT agentctl.may_see(coalesce(known.owner, '')) THEN
        RAISE EXCEPTION 'there is no delivery %', coalesce(redeliver.delivery::text, 'null') USING ERRCODE = 'AC002',
            HINT = 'See agentctl.hook_deliveries.';
    ELSIF known.owner IS NULL THEN
        RAISE EXCEPTION 'hook "%" is not in force', known.hook USING ERRCODE = 'AC003',
            HINT = 'Register it, and enabled.';
    ELSIF known.state = 'pending' THEN
        RAISE EXCEPTION 'delivery % is pending', known.id USING ERRCODE = 'AC003',
            HINT = 'It is tried again by itself.';
    END IF;
    UPDATE hook_state AS h SET stopped_at = NULL, stopped_for = NULL
    WHERE h.name = known.hook AND h.stopped_at IS NOT NULL;
    UPDATE hook_delivery AS d
    SET state = 'pending', next_at = clock_timestamp(), finished_at = NULL,
        give_up_at = clock_timestamp() + interval '24 hours'
    WHERE d.id = known.id;
    RETURN known.webhook_id;
END $$;
COMMENT ON FUNCTION agentctl.redeliver(delivery bigint) IS 'Has a delivery that is dead, or was made, sent again, under the same id, which it returns. A hook that was stopped is sent to again.';
CREATE FUNCTION agentctl.refresh_routes() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    counted_at timestamptz := clock_timestamp();
    changed integer;
BEGIN
    -- Whichever worker comes first; the others find it done, or in hand.
    PERFORM FROM route_index AS i WHERE i.refreshed_at < counted_at - interval '50 seconds'
    FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    UPDATE route_index AS i SET refreshed_at = counted_at;
    WITH record AS (
        SELECT t.agent, count(*)::integer AS turns, count(*) FILTER (WHERE t.status = 'succeeded') AS succeeded
        FROM (SELECT n.agent, n.status FROM turn AS n
              WHERE n.started_at > counted_at - interval '7 days' AND n.status <> 'interrupted'
              ORDER BY n.started_at DESC LIMIT 100000) AS t
        GROUP BY t.agent
    ), load AS (
        SELECT v.agent, sum(c.tail_seq - c.head_seq)::integer AS open
        FROM (SELECT r.conversation_id, r.head_seq, r.tail_seq FROM conversation_control AS r WHERE r.state = 'ready'
              UNION ALL
              SELECT r.conversation_id, r.head_seq, r.tail_seq FROM conversation_control AS r WHERE r.state = 'running'
              UNION ALL
              SELECT r.conversation_id, r.head_seq, r.tail_seq FROM conversation_control AS r
              WHERE r.state = 'waiting') AS c
        JOIN conversation AS v ON v.id = c.conversation_id
        GROUP BY v.agent
    ), fresh AS (
        SELECT a.id, a.success_rate AS was, coalesce(r.turns, 0) AS turns, coalesce(l.open, 0) AS open,
               round((coalesce(r.succeeded, 0) + 1) / (coalesce(r.turns, 0) + 2)::numeric, 2)::real AS success_rate
        FROM route_agent AS a
        LEFT JOIN record AS r ON r.agent = a.name
        LEFT JOIN load AS l ON l.agent = a.name
    ), stored AS (
        UPDATE route_agent AS a SET success_rate = f.success_rate, turns = f.turns, open = f.open
        FROM fresh AS f
        WHERE a.id = f.id AND (a.success_rate, a.turns, a.open) IS DISTINCT FROM (f.success_rate, f.turns, f.open)
        RETURNING a.id, a.capabilities, f.was, f.success_rate
    ), ordered AS (
        UPDATE route_capability AS c SET success_rate = s.success_rate
        FROM stored AS s CROSS JOIN LATERAL unnest(s.capabilities) AS has (capability)
        WHERE s.was <> s.success_rate
          AND c.capability = has.capability AND c.success_rate = s.was AND c.agent_id = s.id
    )
    SELECT count(*) INTO changed FROM stored;
    RETURN changed;
END $$;
COMMENT ON FUNCTION agentctl.refresh_routes() IS 'Counts success rates (of the newest 100,000 turns of the last 7 days, without those that were interrupted) and load of agents for routing, at most once a minute; returns how many agents changed. Any worker''s maintenance calls it.';
CREATE FUNCTION agentctl.refuse_deletion() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    doomed CONSTANT text := to_jsonb(OLD) ->> CASE TG_TABLE_NAME WHEN 'conversation' THEN 'id' ELSE 'conversation_id' END;
BEGIN
    IF TG_TABLE_NAME = 'conversation' AND EXISTS (SELECT FROM conversation_control AS c WHERE c.conversation_id = doomed)
        OR EXISTS (SELECT FROM submission AS s WHERE s.conversation_id = doomed)
        OR EXISTS (SELECT FROM message AS m WHERE m.conversation_id = doomed)
    THEN
        RAISE EXCEPTION 'a row of agentctl.% is not deleted by itself: its messages, turns and events would stay',
            TG_TABLE_NAME USING ERRCODE = 'AC003',
            HINT = format('SELECT agentctl.delete_conversation(%L) deletes all of it.', doomed);
    END IF;
    RETURN OLD;
END $$;
COMMENT ON FUNCTION agentctl.refuse_deletion() IS 'Trigger: refuses to delete a conversation''s row before everything that belongs to it (AC003).';
CREATE FUNCTION agentctl.refuse_task(task bigint) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked record;
    parent record;
    way text;
BEGIN
    SELECT t.* INTO asked FROM task AS t WHERE t.id = refuse_task.task;
    SELECT c.cancel_seq > c.head_seq AS is_stopped INTO parent
    FROM conversation_control AS c
    JOIN turn_progress AS p ON p.conversation_id = c.conversation_id AND p.seq = c.head_seq + 1
    WHERE c.conversation_id = asked.parent_conversation_id AND p.seq = asked.parent_seq;
    way := left(array_to_string(asked.path, ' → '), 1000);
    IF asked.parent_seq IS NOT NULL AND parent IS NULL THEN
        RAISE EXCEPTION 'turn %/% is not in progress', asked.parent_conversation_id, asked.parent_seq
            USING ERRCODE = 'AC003', HINT = 'Tasks are added to a turn that has stored something and has not ended.';
    ELSIF parent.is_stopped THEN
        RAISE EXCEPTION 'turn %/% is being stopped', asked.parent_conversation_id, asked.parent_seq
            USING ERRCODE = 'AC003';
    ELSIF asked.agent IS NULL THEN
        RAISE EXCEPTION 'no agent has the capabilities %', left(array_to_string(asked.capabilities, ', '), 200)
            USING ERRCODE = 'AC002', HINT = 'See agentctl.agents; an agent above the task is not chosen again.';
    ELSIF agentctl.chain_depth(asked.agent) IS NULL THEN
        PERFORM agentctl.raise_unknown('agent', left(asked.agent, 200), 'See agentctl.agents.');
    ELSIF asked.agent = ANY (asked.path[:cardinality(asked.path) - 1]) THEN
        RAISE EXCEPTION 'delegation leads back: %', way USING ERRCODE = 'AC003',
            HINT = 'An agent may not stand twice on one path.';
    ELSIF asked.budget_tokens < 1 OR asked.budget_usd <= 0 THEN
        RAISE EXCEPTION 'the budget of turn %/% is spent', asked.parent_conversation_id, asked.parent_seq
            USING ERRCODE = 'AC003';
    END IF;
    RAISE EXCEPTION 'delegation goes too deep: %', way USING ERRCODE = 'AC003',
        DETAIL = coalesce((
            SELECT format('agent "%s" allows %s below it', p.name, agentctl.chain_depth(p.name))
            FROM unnest(asked.path) WITH ORDINALITY AS p (name, place)
            WHERE agentctl.chain_depth(p.name) < (
                SELECT count(*) FROM unnest(asked.path[p.place + 1 :]) AS b (name)
                WHERE agentctl.responder_kind(b.name) = 'agent') ORDER BY p.place LIMIT 1),
            'the agent at the root is not in force'),
        HINT = 'max_chain_depth of every agent on the path holds.';
END $$;
COMMENT ON FUNCTION agentctl.refuse_task(task bigint) IS 'Fails with the reason for which a task cannot be: AC002 or AC003. Internal: place_tasks() calls it.';
CREATE FUNCTION agentctl.refuse_task_conversation_id(id text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
BEGIN
    IF id ~ '(~[0-9]+[.][0-9]+([.][0-9]+)?|…[0-9a-f]{24}|^task:[0-9]+([.][0-9]+)?)$' THEN
        RAISE EXCEPTION 'ids like "%" belong to the conversations of tasks', id USING ERRCODE = 'AC003',
            HINT = 'An id that does not begin with task: or end like ~1.1.';
    END IF;
END $_$;
COMMENT ON FUNCTION agentctl.refuse_task_conversation_id(id text) IS 'Fails with AC003 for ids that task_conversation_id() makes or builds on. Internal: whatever begins a conversation under an id that the caller chose calls it.';
CREATE FUNCTION agentctl.register(document jsonb) RETURNS TABLE(kind text, name text, version integer, version_id bigint, changed boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    documents jsonb := CASE jsonb_typeof(document) WHEN 'array' THEN document ELSE jsonb_build_array(document) END;
    problems jsonb;
BEGIN
    IF documents IS NULL OR jsonb_array_length(documents) > 10000 THEN
        RAISE EXCEPTION 'register takes one document or a list of at most 10000' USING ERRCODE = 'AC001';
    END IF;
    SELECT jsonb_agg(to_jsonb(p)) INTO problems FROM agentctl.check_documents(documents) AS p;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'invalid document: %', (
            SELECT string_agg(format('%s %s (expected %s%s)', coalesce(nullif(p ->> 'path', ''), 'document'),
                p ->> 'problem', p ->> 'expected',
                       coalesce('; did you mean ' || (p ->> 'nearest') || '?', '')), '; ')
            FROM jsonb_array_elements(problems) AS p)
            USING ERRCODE = 'AC001', DETAIL = problems::text,
                  HINT = 'The fields of each kind are in agentctl.document_field. Nothing was stored.';
    END IF;
    -- Registration is rare: one at a time keeps versions dense and two registrations from deadlocking. The check above
    -- needs no lock: names come and stay.
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    RETURN QUERY
    WITH given AS (
        SELECT each.ordinality, complete.document, complete.document ->> 'kind' AS kind,
               complete.document ->> 'name' AS name, sha256(convert_to(complete.document::text, 'UTF8')) AS content_hash
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        CROSS JOIN LATERAL (SELECT agentctl.complete_document(each.value) AS document) AS complete
    ), current AS (
        SELECT g.*, v.id AS current_id, v.version AS current_version, v.content_hash = g.content_hash AS unchanged,
               coalesce((SELECT max(all_v.version) FROM definition_version AS all_v
                         WHERE all_v.kind = g.kind AND all_v.name = g.name), 0) AS last_version
        FROM given AS g
        LEFT JOIN definition AS d ON d.kind = g.kind AND d.name = g.name
        LEFT JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    ), stored AS (
        INSERT INTO definition_version (kind, name, version, document, content_hash)
        SELECT c.kind, c.name, c.last_version + 1, c.document, c.content_hash
        FROM current AS c WHERE c.unchanged IS NOT TRUE ORDER BY c.ordinality
        RETURNING id, kind, name, version, document
    ), referred AS (
        INSERT INTO definition_reference (version_id, path, kind, name)
        SELECT s.id, node.path, f.reference_kind, node.value #>> '{}'
        FROM stored AS s
        CROSS JOIN LATERAL agentctl.document_nodes(s.document) AS node
        JOIN document_field AS f ON f.kind = s.kind AND f.path = node.field AND f.reference_kind IS NOT NULL
    ), in_force AS (
        INSERT INTO definition AS d (kind, name, current_version)
        SELECT s.kind, s.name, s.version FROM stored AS s
        ON CONFLICT (kind, name) DO UPDATE
            SET current_version = excluded.current_version, updated_at = clock_timestamp()
    )
    SELECT c.kind, c.name, coalesce(s.version, c.current_version), coalesce(s.id, c.current_id), s.id IS NOT NULL
    FROM current AS c LEFT JOIN stored AS s ON s.kind = c.kind AND s.name = c.name
    ORDER BY c.ordinality;
END $$;
COMMENT ON FUNCTION agentctl.register(document jsonb) IS 'Stores one document, or a list of them, all or nothing. The same content is a no-op; a change is a new version, in force from the next message on. Fails with AC001, naming every problem.';
CREATE FUNCTION agentctl.register_row() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.name IS DISTINCT FROM OLD.name THEN
        RAISE EXCEPTION 'a definition keeps its name' USING ERRCODE = 'AC003', HINT = 'Insert a row with the new name.';
    END IF;
    PERFORM agentctl.register((
        SELECT jsonb_object_agg(member.key, member.value) || jsonb_build_object('kind', TG_ARGV[0])
        FROM jsonb_each(to_jsonb(NEW)) AS member
        WHERE member.value <> 'null' AND member.key <> ALL ('{version,version_id,created_at,created_by}')
          -- What the view shows besides the document.
          AND member.key <> ALL (coalesce(TG_ARGV[1:], '{}'))));
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.register_row() IS 'Trigger: registers the row of a view as a document.';
CREATE FUNCTION agentctl.release(conversation text, lease uuid, counts boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '250ms'
    AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c
    SET state = 'ready', ready_at = clock_timestamp(), lease = NULL, worker_id = NULL,
        attempt = c.attempt - CASE WHEN release.counts THEN 0 ELSE 1 END
    WHERE c.conversation_id = release.conversation AND c.lease = release.lease AND c.state = 'running';
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.release(conversation text, lease uuid, counts boolean) IS 'Gives a claimed conversation back, as if it had not been claimed; with counts, the claim stays one of the max_attempts. Fails with 55P03 like finish().';
CREATE FUNCTION agentctl.release_dependents(task bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
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
COMMENT ON FUNCTION agentctl.release_dependents(task bigint) IS 'Begins the tasks that waited for this one only, or gives them up with it, 200 at most: release_pending() sees to the others. Internal: whatever ends a task without a parent calls it.';
CREATE FUNCTION agentctl.release_function_call(call bigint, lease uuid, counts boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    UPDATE function_queue AS q
    SET lease = NULL, worker_id = NULL, ready_at = clock_timestamp(),
        attempt = q.attempt - CASE WHEN release_function_call.counts THEN 0 ELSE 1 END
    WHERE q.id = release_function_call.call AND q.lease = release_function_call.lease;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.release_function_call(call bigint, lease uuid, counts boolean) IS 'Gives a claimed call back, as if it had not been claimed; with counts, the claim stays one of the max_attempts.';
CREATE FUNCTION agentctl.release_pending(maximum integer DEFAULT 500) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
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
COMMENT ON FUNCTION agentctl.release_pending(maximum integer) IS 'Begins pending tasks whose dependencies are all done, and gives those up of which one was not done; returns how many. Internal: wake() calls it.';
CREATE FUNCTION agentctl.release_task(task bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
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
COMMENT ON FUNCTION agentctl.release_task(task bigint) IS 'Begins a pending task when all that it depends on is done; it is dead when one of these has ended otherwise. Internal: release_dependents() and the trigger on task_dependency call it.';
CREATE FUNCTION agentctl.repeated_submission(conversation text, idempotency_key text, request bytea) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    earlier record;
BEGIN
    PERFORM FROM conversation_control AS c WHERE c.conversation_id = repeated_submission.conversation
    FOR NO KEY UPDATE;
    SELECT s.seq, s.request INTO earlier FROM submission AS s
    WHERE s.conversation_id = repeated_submission.conversation
      AND s.idempotency_key = repeated_submission.idempotency_key;
    IF earlier.request <> repeated_submission.request THEN
        RAISE EXCEPTION 'idempotency key "%" stands for another submission: %/%',
            repeated_submission.idempotency_key, repeated_submission.conversation, earlier.seq
            USING ERRCODE = 'AC003',
            HINT = 'A key stands for one body, agent and priority. Send something else under a key of its own.';
    END IF;
    RETURN earlier.seq;
END $$;
COMMENT ON FUNCTION agentctl.repeated_submission(conversation text, idempotency_key text, request bytea) IS 'The submission of a conversation that has this idempotency key; NULL when none has. Fails with AC003 when it was another request. Internal: submit() and steer() call it.';
CREATE FUNCTION agentctl.reply(conversation text, seq bigint) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    ended record;
    answered bigint;
BEGIN
    reply.conversation := agentctl.own_conversation(reply.conversation);
    -- A message that another turn took up is answered by that turn.
    answered := coalesce((
        SELECT s.taken_by FROM submission AS s WHERE s.conversation_id = reply.conversation AND s.seq = reply.seq),
            reply.seq);
    SELECT t.* INTO ended FROM turn AS t
    WHERE t.conversation_id = reply.conversation AND t.seq = answered
      AND t.started_at >= (SELECT agentctl.turn_lower_bound(reply.conversation, answered));
    IF NOT FOUND THEN
        PERFORM agentctl.require_records(reply.conversation, answered);
        RETURN NULL;
    ELSIF ended.status <> 'succeeded' THEN
        RAISE EXCEPTION 'turn %/% %: %', reply.conversation, answered, ended.status,
            coalesce(ended.error_message, ended.limit_reached, '')
            USING ERRCODE = 'AC005';
    END IF;
    RETURN (SELECT m.content FROM message AS m
            WHERE m.conversation_id = reply.conversation AND m.number = ended.last_message AND m.role = 'assistant');
END $$;
COMMENT ON FUNCTION agentctl.reply(conversation text, seq bigint) IS 'The reply to a submission, or of the turn that took it up; NULL while there is none. Fails with AC005 when its turn did not succeed, and with AC002 when its records were pruned.';
CREATE FUNCTION agentctl.request_approvals(conversation text, seq bigint, requests jsonb) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    wakes timestamptz;
BEGIN
    WITH asked AS (
        INSERT INTO approval (conversation_id, seq, call_number, place, tool, arguments, agent, subject, rule,
            expires_at)
        SELECT request_approvals.conversation, request_approvals.seq, r.call_number, coalesce(r.place, 'call'), r.tool,
               r.arguments, r.agent, r.subject, r.rule, clock_timestamp() + make_interval(secs => r.timeout)
        FROM jsonb_to_recordset(requests) AS r (
            call_number integer, place text, tool text, arguments text, agent text, subject text, rule text,
            timeout double precision)
        ON CONFLICT (conversation_id, seq, call_number, place) DO UPDATE SET expires_at = excluded.expires_at
        RETURNING expires_at
    )
    SELECT min(asked.expires_at) INTO wakes FROM asked;
    RETURN wakes;
END $$;
COMMENT ON FUNCTION agentctl.request_approvals(conversation text, seq bigint, requests jsonb) IS 'Stores requests for approval; returns when the first of them expires. Internal: save_progress() calls it.';
CREATE FUNCTION agentctl.request_digest(body jsonb, agent text, priority integer) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RETURN sha256(convert_to(jsonb_build_array(body, agent, priority)::text, 'UTF8'));
END $$;
COMMENT ON FUNCTION agentctl.request_digest(body jsonb, agent text, priority integer) IS 'What an idempotency key stands for: body, agent and priority as the caller gave them. Internal: submit() and steer() call it.';
CREATE FUNCTION agentctl.require_conversation(conversation text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    started timestamptz;
BEGIN
    SELECT v.created_at INTO started FROM conversation AS v
    WHERE v.id = require_conversation.conversation AND agentctl.may_see(v.created_by);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', require_conversation.conversation USING ERRCODE = 'AC002';
    END IF;
    RETURN started;
END $$;
COMMENT ON FUNCTION agentctl.require_conversation(conversation text) IS 'Returns when the conversation began. Fails with AC002 unless it exists and the caller may act on it; another user''s conversation is reported as if it did not exist.';
CREATE FUNCTION agentctl.require_conversation_id(id text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    IF id IS NULL OR octet_length(id) NOT BETWEEN 1 AND 200 OR id ~ '[[:cntrl:]]' OR id <> btrim(id) THEN
        RAISE EXCEPTION 'a conversation''s id has 1 to 200 bytes, no control characters and no spaces around it'
            USING ERRCODE = 'AC001';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_conversation_id(id text) IS 'Fails with AC001 unless a conversation can have this id, by the rule that agentctl.conversation checks.';
CREATE TABLE agentctl.plan (
    id bigint NOT NULL,
    tenant text DEFAULT 'default'::text NOT NULL COLLATE pg_catalog."C",
    task text NOT NULL,
    context jsonb DEFAULT '{}'::jsonb NOT NULL,
    recover jsonb DEFAULT '[]'::jsonb NOT NULL,
    mode text DEFAULT 'sequential'::text NOT NULL COLLATE pg_catalog."C",
    max_steps smallint DEFAULT 10 NOT NULL,
    max_replans smallint DEFAULT 2 NOT NULL,
    state agentctl.plan_state DEFAULT 'draft'::agentctl.plan_state NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    made_by text DEFAULT 'user'::text NOT NULL COLLATE pg_catalog."C",
    agent text COLLATE pg_catalog."C",
    conversation_id text COLLATE pg_catalog."C",
    seq bigint,
    created_by text DEFAULT agentctl.keep_account() NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    approved_by text,
    approved_at timestamp with time zone,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT plan_agent_check CHECK ((octet_length(agent) <= 200)),
    CONSTRAINT plan_check CHECK ((((conversation_id IS NULL) = (seq IS NULL)) AND ((conversation_id IS NULL) = (state = ANY (ARRAY['draft'::agentctl.plan_state, 'approved'::agentctl.plan_state]))) AND ((finished_at IS NULL) = (state = ANY (ARRAY['draft'::agentctl.plan_state, 'approved'::agentctl.plan_state, 'running'::agentctl.plan_state]))) AND ((approved_at IS NULL) = (approved_by IS NULL)))),
    CONSTRAINT plan_made_by_check CHECK (((octet_length(made_by) >= 1) AND (octet_length(made_by) <= 200))),
    CONSTRAINT plan_max_replans_check CHECK (((max_replans >= 0) AND (max_replans <= 20))),
    CONSTRAINT plan_max_steps_check CHECK (((max_steps >= 1) AND (max_steps <= 200))),
    CONSTRAINT plan_mode_check CHECK ((mode = ANY (ARRAY['sequential'::text, 'parallel'::text, 'interactive'::text]))),
    CONSTRAINT plan_revision_check CHECK ((revision > 0))
);
COMMENT ON TABLE agentctl.plan IS 'What is to be done, step by step. Whether the turn that runs it still does, its conversation says: see the view plans.';
COMMENT ON COLUMN agentctl.plan.id IS 'Identifies the plan.';
COMMENT ON COLUMN agentctl.plan.tenant IS 'Whose it is.';
COMMENT ON COLUMN agentctl.plan.task IS 'The task in words.';
COMMENT ON COLUMN agentctl.plan.context IS 'Values that it was made with, by name.';
COMMENT ON COLUMN agentctl.plan.recover IS 'What is done when a step fails: [{tool, error, steps, arguments, description}], the first that fits.';
COMMENT ON COLUMN agentctl.plan.mode IS 'sequential: one step after the other; parallel: all that wait for no other at once; interactive: one after the other, each after an approval.';
COMMENT ON COLUMN agentctl.plan.max_steps IS 'Most steps that a run takes, those of recoveries included.';
COMMENT ON COLUMN agentctl.plan.max_replans IS 'Most recoveries in a run.';
COMMENT ON COLUMN agentctl.plan.state IS 'draft: not approved; approved: may run; running: a turn has it; completed; failed; cancelled.';
COMMENT ON COLUMN agentctl.plan.revision IS 'Counts from 1; each change of its steps is one.';
COMMENT ON COLUMN agentctl.plan.made_by IS 'templates, user, or the name of the agent that made it.';
COMMENT ON COLUMN agentctl.plan.agent IS 'The agent that runs it; NULL before.';
COMMENT ON COLUMN agentctl.plan.conversation_id IS 'Conversation of the turn that runs it; NULL before.';
COMMENT ON COLUMN agentctl.plan.seq IS 'Submission of the turn that runs it.';
COMMENT ON COLUMN agentctl.plan.created_by IS 'Database user who made it.';
COMMENT ON COLUMN agentctl.plan.created_at IS 'When it was made.';
COMMENT ON COLUMN agentctl.plan.approved_by IS 'Database user who approved it.';
COMMENT ON COLUMN agentctl.plan.approved_at IS 'When it was approved.';
COMMENT ON COLUMN agentctl.plan.started_at IS 'When it was given to a turn.';
COMMENT ON COLUMN agentctl.plan.finished_at IS 'When its last step ended.';
CREATE FUNCTION agentctl.require_plan(plan bigint) RETURNS agentctl.plan
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.plan;
BEGIN
    SELECT p.* INTO asked FROM plan AS p WHERE p.id = require_plan.plan AND agentctl.may_see(p.created_by);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no plan %', coalesce(require_plan.plan::text, 'null') USING ERRCODE = 'AC002',
            HINT = 'See agentctl.plans.';
    END IF;
    RETURN asked;
END $$;
COMMENT ON FUNCTION agentctl.require_plan(plan bigint) IS 'A plan''s row. Fails with AC002 unless it exists and the caller may act on it. Internal.';
CREATE FUNCTION agentctl.require_records(conversation text, seq bigint) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    failure text;
BEGIN
    IF agentctl.is_pruned(require_records.conversation, require_records.seq) THEN
        -- Of a turn whose record the database refuses there are events only.
        SELECT coalesce(e.data ->> 'message', '') INTO failure FROM event AS e
        WHERE e.conversation_id = require_records.conversation AND e.seq = require_records.seq AND e.type = 'error'
        ORDER BY e.number DESC LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'turn %/% failed: %', conversation, seq, failure USING ERRCODE = 'AC005';
        END IF;
        RAISE EXCEPTION 'the records of turn %/% were pruned', conversation, seq USING ERRCODE = 'AC002',
            HINT = 'The messages are in agentctl.conversation_history for as long as the conversation is kept.';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_records(conversation text, seq bigint) IS 'Fails with AC002 when the records of a turn that has ended are no longer kept, and with AC005 when it failed and there never were any. Internal: what waits for a turn, or reads it, calls it.';
CREATE FUNCTION agentctl.require_schedule(name text) RETURNS agentctl.schedule_state
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state;
BEGIN
    SELECT s.* INTO state FROM schedule_state AS s JOIN definition_version AS v ON v.id = s.version_id
    WHERE s.name = require_schedule.name AND agentctl.may_see(v.created_by) FOR NO KEY UPDATE OF s;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no schedule "%"', coalesce(require_schedule.name, 'null') USING ERRCODE = 'AC002',
            HINT = coalesce('Did you mean ' || agentctl.nearest(require_schedule.name, ARRAY(
                SELECT s.name FROM schedule_state AS s JOIN definition_version AS v ON v.id = s.version_id
                WHERE agentctl.may_see(v.created_by))) || '?', 'See agentctl.schedules.');
    END IF;
    RETURN state;
END $$;
COMMENT ON FUNCTION agentctl.require_schedule(name text) IS 'Locks the row of a schedule and returns it. Fails with AC002 unless it is in force and the caller may act on it. Internal.';
CREATE TABLE agentctl.task (
    id bigint NOT NULL,
    tenant text DEFAULT 'default'::text NOT NULL COLLATE pg_catalog."C",
    parent_conversation_id text COLLATE pg_catalog."C",
    parent_seq bigint,
    number integer,
    group_key text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    root_conversation_id text COLLATE pg_catalog."C",
    root_seq bigint,
    depth smallint DEFAULT 0 NOT NULL,
    depth_left smallint DEFAULT 0 NOT NULL,
    path text[] DEFAULT '{}'::text[] NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL,
    input jsonb,
    capabilities text[] DEFAULT '{}'::text[] NOT NULL COLLATE pg_catalog."C",
    agent text COLLATE pg_catalog."C",
    is_routed boolean DEFAULT false NOT NULL,
    priority smallint DEFAULT 10 NOT NULL,
    deadline timestamp with time zone,
    budget_tokens bigint,
    budget_usd numeric(20,10),
    state agentctl.task_state DEFAULT 'assigned'::agentctl.task_state NOT NULL,
    attempt smallint DEFAULT 1 NOT NULL,
    max_attempts smallint DEFAULT 1 NOT NULL,
    tried text[] DEFAULT '{}'::text[] NOT NULL COLLATE pg_catalog."C",
    conversation_id text COLLATE pg_catalog."C",
    seq bigint,
    told boolean DEFAULT false NOT NULL,
    error_code text,
    error_message text,
    effects jsonb,
    tokens bigint DEFAULT 0 NOT NULL,
    cost_usd numeric(20,10) DEFAULT 0 NOT NULL,
    created_by text DEFAULT agentctl.keep_account() NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    finished_at timestamp with time zone,
    choices text[] COLLATE pg_catalog."C",
    choices_made text[] COLLATE pg_catalog."C",
    CONSTRAINT task_check CHECK ((((number IS NULL) = (parent_conversation_id IS NULL)) AND ((number IS NULL) = (parent_seq IS NULL)) AND ((conversation_id IS NULL) = (seq IS NULL)) AND (number >= 1) AND ((attempt >= 1) AND (attempt <= max_attempts)) AND (budget_tokens >= 0) AND ((budget_usd >= (0)::numeric) AND (budget_usd <= '1000000000'::numeric)) AND isfinite(deadline) AND (cardinality(capabilities) <= 128) AND (octet_length(agent) <= 200))),
    CONSTRAINT task_check1 CHECK ((((finished_at IS NULL) = (state = ANY (ARRAY['pending'::agentctl.task_state, 'held'::agentctl.task_state, 'assigned'::agentctl.task_state]))) AND
CASE
    WHEN (number IS NULL) THEN (state <> ALL (ARRAY['held'::agentctl.task_state, 'failed'::agentctl.task_state]))
    ELSE (state <> ALL (ARRAY['pending'::agentctl.task_state, 'dead'::agentctl.task_state]))
END))
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='1000');
COMMENT ON TABLE agentctl.task IS 'Work that a turn delegates, or that submit_task() was given. The state of the turn that does it is that of its conversation: see the view tasks.';
COMMENT ON COLUMN agentctl.task.id IS 'Identifies the task.';
COMMENT ON COLUMN agentctl.task.tenant IS 'Whose it is: the parent''s.';
COMMENT ON COLUMN agentctl.task.parent_conversation_id IS 'Conversation of the turn that delegated it; NULL for a task of submit_task().';
COMMENT ON COLUMN agentctl.task.parent_seq IS 'Submission of the turn that delegated it.';
COMMENT ON COLUMN agentctl.task.number IS 'Counts from 1 within that turn: the same number is the same task.';
COMMENT ON COLUMN agentctl.task.group_key IS 'Which tasks of the turn belong together: they share a limit of how many run at once.';
COMMENT ON COLUMN agentctl.task.root_conversation_id IS 'Conversation of the turn at the top of the tree; NULL for a task of submit_task().';
COMMENT ON COLUMN agentctl.task.root_seq IS 'Submission of the turn at the top of the tree.';
COMMENT ON COLUMN agentctl.task.depth IS 'Turns above it.';
COMMENT ON COLUMN agentctl.task.depth_left IS 'Levels that may still follow below it: the least that max_chain_depth of the agents on the path leaves.';
COMMENT ON COLUMN agentctl.task.path IS 'The agents from the root to the task''s own. None stands on it twice.';
COMMENT ON COLUMN agentctl.task.description IS 'What is to be done, in words: what the agent is sent.';
COMMENT ON COLUMN agentctl.task.input IS 'Structured input. An agent with an input_schema is sent it alone, any other the description and it.';
COMMENT ON COLUMN agentctl.task.capabilities IS 'What the agent must be able to do.';
COMMENT ON COLUMN agentctl.task.agent IS 'The agent of the present attempt; NULL in a refused task for which there is none.';
COMMENT ON COLUMN agentctl.task.is_routed IS 'Whether the agent was chosen by capability: then another one may try again.';
COMMENT ON COLUMN agentctl.task.priority IS 'Lower is claimed first: the parent''s.';
COMMENT ON COLUMN agentctl.task.deadline IS 'When its turn is ended as limited: the earliest of its own and those above; NULL for never.';
COMMENT ON COLUMN agentctl.task.budget_tokens IS 'Most tokens that it and the tasks below it may take; NULL for no limit.';
COMMENT ON COLUMN agentctl.task.budget_usd IS 'Most that it and the tasks below it may cost, in USD; NULL for no limit.';
COMMENT ON COLUMN agentctl.task.state IS 'pending: waits for other tasks; held: waits for a place in its group; assigned: its conversation has it; done; failed; cancelled; dead: failed without a parent that could react.';
COMMENT ON COLUMN agentctl.task.attempt IS 'Counts from 1; each has another agent and a conversation of its own.';
COMMENT ON COLUMN agentctl.task.max_attempts IS 'Most attempts of a task that was routed.';
COMMENT ON COLUMN agentctl.task.tried IS 'The agents of earlier attempts.';
COMMENT ON COLUMN agentctl.task.conversation_id IS 'Conversation of the present attempt; NULL before the first.';
COMMENT ON COLUMN agentctl.task.seq IS 'Submission of the present attempt.';
COMMENT ON COLUMN agentctl.task.told IS 'Whether the parent''s events tell that it has ended; without a parent, whether what depends on it was seen to.';
COMMENT ON COLUMN agentctl.task.error_code IS 'Class of the error that ended it.';
COMMENT ON COLUMN agentctl.task.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.task.effects IS 'Effects of a failed attempt, for which it was not tried again: [{turn, call, tool, state}].';
COMMENT ON COLUMN agentctl.task.tokens IS 'Tokens of attempts that have ended, and of all tasks below them.';
COMMENT ON COLUMN agentctl.task.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.task.created_by IS 'Database user who submitted it, or whose conversation delegated it.';
COMMENT ON COLUMN agentctl.task.created_at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.task.finished_at IS 'When it ended.';
COMMENT ON COLUMN agentctl.task.choices IS 'The nodes of a chain that its agent may choose to go to; NULL for none.';
COMMENT ON COLUMN agentctl.task.choices_made IS 'Those that it chose.';
CREATE FUNCTION agentctl.require_task(task bigint) RETURNS agentctl.task
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.task;
BEGIN
    SELECT t.* INTO asked FROM task AS t WHERE t.id = require_task.task AND agentctl.may_see(t.created_by);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no task %', coalesce(require_task.task::text, 'null') USING ERRCODE = 'AC002',
            HINT = 'See agentctl.tasks.';
    END IF;
    RETURN asked;
END $$;
COMMENT ON FUNCTION agentctl.require_task(task bigint) IS 'A task''s row. Fails with AC002 unless it exists and the caller may act on it. Internal.';
CREATE FUNCTION agentctl.rerun_chain(conversation text, seq bigint, node text, visit integer DEFAULT NULL::integer, changes jsonb DEFAULT '{}'::jsonb, new_conversation text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    run record;
    target record;
    document jsonb;
    rerun text := rerun_chain.new_conversation;
    unknown text;
    bearer text;
    copied integer;
    began timestamptz := clock_timestamp();
BEGIN
    rerun_chain.conversation := agentctl.own_conversation(rerun_chain.conversation);
    -- It must not be deleted meanwhile.
    PERFORM FROM conversation_control AS c WHERE c.conversation_id = rerun_chain.conversation FOR KEY SHARE;
    SELECT r.* INTO run FROM chain_runs AS r
    WHERE r.conversation_id = rerun_chain.conversation AND r.seq = rerun_chain.seq;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'turn %/% is no run of a chain', rerun_chain.conversation, rerun_chain.seq
            USING ERRCODE = 'AC002', HINT = 'See agentctl.chain_runs.';
    ELSIF run.finished_at IS NULL THEN
        RAISE EXCEPTION 'run %/% has not ended', run.conversation_id, run.seq USING ERRCODE = 'AC003',
            HINT = 'Interrupt it first, or wait for its end.';
    END IF;
    SELECT v.document INTO document FROM definition AS d
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    WHERE d.kind = 'chain' AND d.name = run.chain AND d.current_version = run.version;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'run %/% is one of version % of the chain "%", which is not in force', run.conversation_id,
            run.seq, run.version, run.chain USING ERRCODE = 'AC003',
            HINT = 'agentctl.publish() puts that version in force; a new message runs the new one from its beginning.';
    END IF;
    IF jsonb_typeof(rerun_chain.changes) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'changes are an object: {"key of the state": value}' USING ERRCODE = 'AC001';
    END IF;
    SELECT k.key INTO unknown FROM jsonb_object_keys(rerun_chain.changes) AS k (key)
    WHERE NOT coalesce(document -> 'state', '{}') ? k.key LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the chain "%" has no state "%"', run.chain, unknown USING ERRCODE = 'AC001', HINT = coalesce(
            'Its state: ' || (SELECT string_agg(k.key, ', ') FROM jsonb_object_keys(document -> 'state') AS k (key)),
            'It has no state.');
    END IF;
    SELECT k.key INTO unknown FROM jsonb_object_keys(rerun_chain.changes) AS k (key)
    WHERE document #>> ARRAY['state', k.key, 'reduce'] <> 'replace'
      AND document #> ARRAY['state', k.key, 'default'] IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'state "%" is reduced with its default: a change would not be what the node sees', unknown
            USING ERRCODE = 'AC003', HINT = 'State that is replaced, or has no default, can be changed.';
    END IF;
    SELECT n.* INTO target FROM node_run AS n
    WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
      AND n.node = rerun_chain.node AND (rerun_chain.visit IS NULL OR n.visit = rerun_chain.visit)
    ORDER BY n.visit DESC LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'run %/% has no visit %of "%" that has ended', run.conversation_id, run.seq,
            coalesce(rerun_chain.visit || ' ', ''), rerun_chain.node
            USING ERRCODE = 'AC002', HINT = 'See agentctl.node_runs.';
    END IF;
    SELECT b.key INTO bearer
    FROM unnest(target.after) AS b (key)
    JOIN node_run AS n ON n.conversation_id = run.conversation_id AND n.seq = run.seq
        AND n.finished_at >= run.started_at AND b.key = n.node || '#' || n.visit AND n.status = 'succeeded'
    ORDER BY n.level DESC, n.position DESC, n.visit DESC LIMIT 1;
    IF bearer IS NULL AND rerun_chain.changes <> '{}' THEN
        RAISE EXCEPTION 'nothing comes before "%" whose state could be changed', target.node USING ERRCODE = 'AC003',
            HINT = 'Submit a new message instead.';
    END IF;
    FOR attempt IN 1 .. 10000 LOOP
        EXIT WHEN rerun IS NOT NULL;
        IF NOT EXISTS (SELECT FROM conversation AS v
                       WHERE v.id = agentctl.conversation_id(run.conversation_id || '-rerun-' || attempt)) THEN
            rerun := run.conversation_id || '-rerun-' || attempt;
        END IF;
    END LOOP;
    PERFORM agentctl.require_conversation_id(rerun);
    rerun := agentctl.conversation_id(rerun);
    PERFORM agentctl.require_conversation_id(rerun);
    IF NOT agentctl.start_conversation(rerun, run.chain) THEN
        RAISE EXCEPTION 'there is a conversation "%" already', rerun USING ERRCODE = 'AC003';
    END IF;
    UPDATE conversation AS v SET forked_from = run.conversation_id WHERE v.id = rerun;
    WITH RECURSIVE visited AS (
        SELECT n.*, n.node || '#' || n.visit AS key FROM node_run AS n
        WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
    ), following (key) AS (
        SELECT (target.node || '#' || target.visit) COLLATE "C"
        UNION
        SELECT v.key COLLATE "C" FROM following AS f JOIN visited AS v ON f.key = ANY (v.after)
    ), ancestor (key) AS (
        SELECT b.key COLLATE "C" FROM unnest(target.after) AS b (key)
        UNION
        SELECT a.key COLLATE "C" FROM ancestor AS l JOIN visited AS v ON v.key = l.key
        CROSS JOIN unnest(v.after) AS a (key)
    ), kept AS (
        SELECT v.* FROM visited AS v
        WHERE v.key NOT IN (SELECT f.key FROM following AS f)
          -- The failure that ended the run does not end this one as well.
          AND NOT (v.status = 'failed' AND v.node IS NOT DISTINCT FROM run.failed_node
                   AND v.number = (SELECT max(w.number) FROM visited AS w WHERE w.node = run.failed_node))
    )
    INSERT INTO node_run (
        conversation_id, seq, number, node, visit, level, position, after, status, attempt, input, output, writes,
        choices, error_code, error_message, copied_from, started_at, finished_at)
    SELECT rerun, 1, row_number() OVER (ORDER BY k.number), k.node, k.visit, k.level, k.position, k.after,
           k.status, k.attempt, k.input, k.output,
           -- What other branches wrote stays.
           CASE WHEN k.key IN (SELECT l.key FROM ancestor AS l) THEN nullif(coalesce(k.writes, '{}')
                   - ARRAY(SELECT jsonb_object_keys(rerun_chain.changes))
                   || CASE WHEN k.key = bearer THEN rerun_chain.changes ELSE '{}' END, '{}')
               ELSE k.writes END,
           k.choices, k.error_code, k.error_message,
           coalesce(k.copied_from, run.conversation_id || '/' || run.seq), k.started_at, clock_timestamp()
    FROM kept AS k;
    GET DIAGNOSTICS copied = ROW_COUNT;
    INSERT INTO message (conversation_id, number, seq, role, content)
    SELECT rerun, 1, 1, 'user', m.content FROM message AS m
    WHERE m.conversation_id = run.conversation_id AND m.seq = run.seq AND m.role = 'user' ORDER BY m.number LIMIT 1;
    INSERT INTO submission (conversation_id, seq, body)
    SELECT rerun, 1, s.body FROM submission AS s
    WHERE s.conversation_id = run.conversation_id AND s.seq = run.seq;
    INSERT INTO event (conversation_id, number, seq, type, data)
    VALUES (rerun, 1, 1, 'turn_started',
        jsonb_build_object('agent', run.chain, 'agent_version', run.version, 'message', 1));
    UPDATE conversation_control AS c
    SET tail_seq = 1, last_message = 1, last_event = 1, has_progress = true, state = 'ready', ready_at = began
    WHERE c.conversation_id = rerun;
    INSERT INTO turn_progress (
        conversation_id, seq, saves, started_at, first_message, agent, agent_version, steps, model_calls, tool_calls,
        input_tokens, cached_input_tokens, output_tokens, cost_usd, duration_ms)
    VALUES (rerun, 1, 1, began, 1, run.chain, run.version, 0, 0, 0, 0, 0, 0, 0, 0);
    PERFORM agentctl.notify_workers(rerun);
    RETURN jsonb_build_object('conversation', rerun, 'seq', 1, 'copied', copied,
        'effects', coalesce(agentctl.task_effects(run.conversation_id, run.seq), '[]'));
END $$;
COMMENT ON FUNCTION agentctl.rerun_chain(conversation text, seq bigint, node text, visit integer, changes jsonb, new_conversation text) IS 'Runs a chain again from a visit of a node, the last one unless said otherwise, in a new conversation: visits that do not follow from it are copied and not run again. changes: {key of the state: value}, what that visit sees instead. Returns {conversation, seq, copied, effects}: effects are those of the first run, which stay.';
CREATE FUNCTION agentctl.resolve_busy_conversation(conversation text, seq bigint, agent text) RETURNS agentctl.operation
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    choice text := (
        SELECT v.document ->> 'when_busy'
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind = 'agent'
          AND d.name = coalesce(resolve_busy_conversation.agent,
              (SELECT o.agent FROM conversation AS o WHERE o.id = resolve_busy_conversation.conversation)));
BEGIN
    IF choice = 'reject' THEN
        RAISE EXCEPTION 'conversation "%" is busy, and its agent takes one message at a time', resolve_busy_conversation.conversation
            USING ERRCODE = 'AC003', HINT = 'Send it again when the turn has ended.';
    ELSIF choice = 'interrupt' THEN
        PERFORM agentctl.stop_turn(resolve_busy_conversation.conversation);
    ELSIF choice = 'steer' AND agentctl.begin_steering(resolve_busy_conversation.conversation, resolve_busy_conversation.seq, resolve_busy_conversation.agent) THEN
        RETURN 'steer';
    END IF;
    RETURN 'user_input';
END $$;
COMMENT ON FUNCTION agentctl.resolve_busy_conversation(conversation text, seq bigint, agent text) IS 'What becomes of a message that does not come first, by the agent''s when_busy. Internal: submit() calls it.';
CREATE FUNCTION agentctl.resolve_tool_call(conversation text, seq bigint, call integer, outcome text, result text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    started timestamptz;
    remaining integer;
    certain timestamptz;
BEGIN
    IF outcome IS NULL OR outcome NOT IN ('happened', 'did_not_happen', 'run_again') THEN
        RAISE EXCEPTION 'an outcome is happened, did_not_happen or run_again' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(resolve_tool_call.result) > 1048576 THEN
        RAISE EXCEPTION 'a result has at most 1048576 bytes' USING ERRCODE = 'AC001';
    END IF;
    resolve_tool_call.conversation := agentctl.own_conversation(resolve_tool_call.conversation);
    PERFORM agentctl.lock_conversation(resolve_tool_call.conversation);
    SELECT p.started_at INTO started FROM turn_progress AS p
    WHERE p.conversation_id = resolve_tool_call.conversation AND p.seq = resolve_tool_call.seq;
    UPDATE tool_call AS t
    SET state = CASE outcome WHEN 'happened' THEN 'succeeded' WHEN 'did_not_happen' THEN 'failed'
        ELSE 'planned' END::tool_call_state,
        error_code = CASE outcome WHEN 'did_not_happen' THEN 'did_not_happen' END,
        result = CASE outcome
            WHEN 'happened' THEN coalesce(resolve_tool_call.result, 'It was done; what it returned is not known.')
            WHEN 'did_not_happen' THEN 'Error: '
                || coalesce(resolve_tool_call.result, 'It was not done: the system failed before it took effect.') END
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq
      AND t.number = resolve_tool_call.call AND t.state = 'in_doubt' AND t.started_at >= started
      AND EXISTS (SELECT FROM conversation_control AS c WHERE c.conversation_id = t.conversation_id
          AND c.state = 'parked');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'call % of turn %/% does not wait to be resolved', resolve_tool_call.call,
            resolve_tool_call.conversation, resolve_tool_call.seq
            USING ERRCODE = 'AC003', HINT = 'The calls that wait are in agentctl.calls_in_doubt.';
    END IF;
    IF outcome <> 'happened' THEN
        SELECT c.lease_until INTO certain FROM conversation_control AS c
        WHERE c.conversation_id = resolve_tool_call.conversation AND c.lease_until > clock_timestamp();
        IF FOUND THEN
            RAISE EXCEPTION 'call % of turn %/% may still be made by the worker that was lost: % can be said from % on',
                resolve_tool_call.call, resolve_tool_call.conversation, resolve_tool_call.seq, outcome,
                date_trunc('second', certain) + interval '1 second'
                USING ERRCODE = 'AC003', HINT = 'Wait ' || ceil(extract(epoch FROM certain - clock_timestamp()))
                    || ' s, and look again whether it happened.';
        END IF;
    END IF;
    SELECT count(*) INTO remaining FROM tool_call AS t
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq AND t.state = 'in_doubt'
      AND t.started_at >= started;
    UPDATE conversation_control AS c
    SET last_event = c.last_event + 1,
        state = CASE remaining WHEN 0 THEN 'ready' ELSE c.state END::conversation_state,
        ready_at = CASE remaining WHEN 0 THEN clock_timestamp() END,
        wake_at = CASE remaining WHEN 0 THEN NULL ELSE c.wake_at END
    WHERE c.conversation_id = resolve_tool_call.conversation;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT c.conversation_id, c.last_event, resolve_tool_call.seq, 'call_resolved',
           jsonb_build_object('call', resolve_tool_call.call, 'outcome', outcome, 'by', agentctl.caller())
    FROM conversation_control AS c WHERE c.conversation_id = resolve_tool_call.conversation;
    IF remaining = 0 THEN
        PERFORM agentctl.notify_workers(resolve_tool_call.conversation);
    END IF;
    RETURN remaining;
END $$;
COMMENT ON FUNCTION agentctl.resolve_tool_call(conversation text, seq bigint, call integer, outcome text, result text) IS 'Says what became of a tool call that is in doubt: happened (with what it returned), did_not_happen, or run_again. The turn goes on when none of its calls is in doubt; returns how many still are. Fails with AC003 when the call does not wait, and, for anything but happened, as long as the worker that was lost may still make it (lease_until).';
CREATE FUNCTION agentctl.responder_kind(name text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT d.kind FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind IN ('agent', 'chain') AND d.name = responder_kind.name
          AND (d.kind = 'agent' OR NOT v.document ? 'from'));
END $$;
COMMENT ON FUNCTION agentctl.responder_kind(name text) IS 'What answers under a name: agent, or chain; NULL when neither is in force, or the chain is a relationship, which answers nothing itself.';
CREATE FUNCTION agentctl.resume_schedule(name text, at timestamp with time zone DEFAULT now()) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state := agentctl.require_schedule(resume_schedule.name);
    schedule jsonb := (SELECT v.document FROM definition_version AS v WHERE v.id = state.version_id);
BEGIN
    IF state.paused_at IS NOT NULL THEN
        IF schedule -> 'enabled' <> 'false' THEN
            state.due_at := agentctl.next_due(schedule, resume_schedule.at);
        END IF;
        UPDATE schedule_state AS s
        SET paused_at = NULL, paused_by = NULL, due_at = state.due_at, look_at = CASE
            WHEN EXISTS (SELECT FROM schedule_run AS r WHERE r.name = state.name AND r.outcome = 'queued')
            THEN resume_schedule.at
            ELSE agentctl.schedule_look(state.name, state.due_at, (schedule ->> 'jitter')::double precision) END
        WHERE s.name = state.name;
        -- Workers sleep until the next time that they know of.
        PERFORM pg_notify('agentctl_definitions', '');
    END IF;
    RETURN state.due_at;
END $$;
COMMENT ON FUNCTION agentctl.resume_schedule(name text, at timestamp with time zone) IS 'Ends a pause; returns when the schedule is due next, counted from now: what was due meanwhile is not made up for. Changes nothing when it was not paused.';
CREATE FUNCTION agentctl.retry_task(task bigint, agent text DEFAULT NULL::text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.task := agentctl.require_task(retry_task.task);
    chosen text;
    allowed integer;
BEGIN
    SELECT t.* INTO asked FROM task AS t WHERE t.id = retry_task.task FOR NO KEY UPDATE;
    IF asked.parent_seq IS NOT NULL THEN
        RAISE EXCEPTION 'task % belongs to turn %/%, which decides what follows from its end', asked.id,
            asked.parent_conversation_id, asked.parent_seq USING ERRCODE = 'AC003';
    ELSIF asked.state NOT IN ('dead', 'cancelled') THEN
        RAISE EXCEPTION 'task % is %: only one that is dead or cancelled is tried again', asked.id, asked.state
            USING ERRCODE = 'AC003';
    END IF;
    chosen := coalesce(retry_task.agent, CASE WHEN asked.is_routed THEN agentctl.choose_task_agent(asked.description,
        asked.capabilities, asked.tried || asked.agent) END, asked.agent);
    allowed := agentctl.chain_depth(chosen);
    IF allowed IS NULL THEN
        PERFORM agentctl.raise_unknown('agent', chosen, 'See agentctl.agents.');
    END IF;
    UPDATE task AS t
    SET state = 'pending', agent = chosen, path = ARRAY[chosen], depth_left = allowed,
        is_routed = t.is_routed AND retry_task.agent IS NULL,
        tried = CASE WHEN t.conversation_id IS NULL THEN t.tried ELSE t.tried || t.agent END,
        attempt = t.attempt + CASE WHEN t.conversation_id IS NULL THEN 0 ELSE 1 END,
        max_attempts = greatest(t.max_attempts, t.attempt + 1),
        deadline = CASE WHEN t.deadline > clock_timestamp() THEN t.deadline END,
        error_code = NULL, error_message = NULL, effects = NULL, finished_at = NULL, told = false
    WHERE t.id = retry_task.task
    RETURNING t.attempt INTO asked.attempt;
    PERFORM agentctl.release_task(retry_task.task);
    RETURN asked.attempt;
END $$;
COMMENT ON FUNCTION agentctl.retry_task(task bigint, agent text) IS 'Tries a dead or cancelled task again, with the given agent or the next one that has the capabilities; returns the number of the attempt. What an earlier attempt has done is not undone: effects of the task lists it. A deadline that has passed no longer holds.';
CREATE FUNCTION agentctl.rollback(name text, version integer DEFAULT NULL::integer, kind text DEFAULT 'agent'::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    target integer := rollback.version;
BEGIN
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    IF target IS NULL THEN
        SELECT max(v.version) INTO target
        FROM definition AS d JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name
            AND v.version < d.current_version
        WHERE d.kind = rollback.kind AND d.name = rollback.name;
    END IF;
    IF target IS NULL THEN
        RAISE EXCEPTION '% "%" has no earlier version', rollback.kind, rollback.name USING ERRCODE = 'AC002';
    END IF;
    RETURN agentctl.publish(rollback.name, target, rollback.kind);
END $$;
COMMENT ON FUNCTION agentctl.rollback(name text, version integer, kind text) IS 'Puts an earlier version in force: the given one, or the one before the present.';
CREATE FUNCTION agentctl.route(message text DEFAULT NULL::text, capabilities text[] DEFAULT '{}'::text[], input jsonb DEFAULT NULL::jsonb, excluding text[] DEFAULT '{}'::text[]) RETURNS TABLE(place bigint, agent text, score real, words jsonb, success_rate real, turns integer, open bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    SET client_min_messages TO 'warning'
    AS $_$
#variable_conflict use_column
DECLARE
    required text[] := coalesce(route.capabilities, '{}');
    excluded text[] := coalesce(route.excluding, '{}');
    -- Plain text is {"message": text}; an agent without a schema takes text only.
    members text[] := CASE WHEN route.input IS NULL THEN '{message}'
        WHEN jsonb_typeof(route.input) = 'object' THEN ARRAY(SELECT jsonb_object_keys(route.input)) ELSE '{}' END;
    spoken text := left(coalesce(route.message, concat_ws(' ', array_to_string(members, ' '), (
        SELECT string_agg(t.value #>> '{}', ' ')
        FROM (SELECT jsonb_path_query(route.input, 'strict $.** ? (@.type() == "string")') AS value LIMIT 200) AS t))),
        4000);
    state record;
    bound integer;
    terms text[];
    idfs double precision[];
    total double precision;
    seeds integer;
    rarest text;
    capable integer[] := '{}';
BEGIN
    SELECT i.agents, i.language::regconfig AS language, i.refreshed_at INTO state FROM route_index AS i;
    IF state.agents = 0 THEN
        RETURN;
    END IF;
    bound := greatest(600, state.agents / 20);
    -- The words that tell agents apart. One that no agent has counts a quarter of the rarest.
    SELECT array_agg(k.term ORDER BY k.agents, k.term) FILTER (WHERE k.agents IS NOT NULL),
           array_agg(k.idf ORDER BY k.agents, k.term) FILTER (WHERE k.agents IS NOT NULL), sum(k.idf),
           greatest(1, count(*) FILTER (WHERE k.so_far <= bound))
    INTO terms, idfs, total, seeds
    FROM (
        SELECT w.term, w.agents, w.idf, sum(w.agents) OVER (ORDER BY w.agents, w.term) AS so_far
        FROM (
            SELECT x.term, t.agents,
                   ln(1 + state.agents::double precision / coalesce(t.agents, 1))
                       * CASE WHEN t.term IS NULL THEN 0.25 ELSE 1 END AS idf
            FROM (SELECT u.term FROM unnest(tsvector_to_array(to_tsvector(state.language, spoken))) AS u (term)
                  LIMIT 200) AS x
            LEFT JOIN route_term AS t ON t.term = x.term
            ORDER BY t.agents NULLS LAST, x.term LIMIT 16
        ) AS w
    ) AS k;
    IF required <> '{}' THEN
        SELECT r.capability INTO rarest FROM unnest(required) AS r (capability)
        ORDER BY (SELECT count(*) FROM (
            SELECT FROM route_capability AS c WHERE c.capability = r.capability LIMIT 100) AS few), 1
        LIMIT 1;
        -- The best by their record of those that have all, beside those that words speak for.
        capable := ARRAY(
            SELECT c.agent_id
            FROM (SELECT c.agent_id, c.success_rate FROM route_capability AS c WHERE c.capability = rarest
                  ORDER BY c.success_rate DESC, c.agent_id DESC LIMIT 100) AS c
            CROSS JOIN LATERAL (
                SELECT FROM route_agent AS a
                WHERE a.id = c.agent_id AND a.capabilities @> required AND a.name <> ALL (excluded)
                  AND (a.required_members <@ members OR a.required_members IS NULL AND route.input IS NULL)
                OFFSET 0) AS fits
            ORDER BY c.success_rate DESC, c.agent_id DESC LIMIT 16);
        IF NOT EXISTS (SELECT FROM route_capability AS c WHERE c.capability = rarest OFFSET 99 LIMIT 1) THEN
            -- All that have it were seen.
            seeds := CASE WHEN cardinality(capable) < 16 THEN 0 ELSE seeds END;
        ELSIF capable = '{}' THEN
            -- None of the best has all: then any that has.
            capable := ARRAY(
                SELECT a.id FROM route_agent AS a
                WHERE a.capabilities @> required AND a.name <> ALL (excluded)
                  AND (a.required_members <@ members OR a.required_members IS NULL AND route.input IS NULL)
                ORDER BY a.success_rate DESC, a.name LIMIT 16);
            seeds := CASE WHEN cardinality(capable) < 16 THEN 0 ELSE seeds END;
        END IF;
    END IF;
    RETURN QUERY
    WITH seed AS MATERIALIZED (
        SELECT h.agent_id AS id, h.score
        FROM (SELECT p.agent_id, sum(k.idf * p.weight) AS score
              FROM unnest(terms[:seeds], idfs[:seeds]) AS k (term, idf)
              CROSS JOIN LATERAL (
                  SELECT o.agent_id, o.weight FROM route_posting AS o WHERE o.term = k.term
                  ORDER BY o.agent_id LIMIT bound) AS p
              GROUP BY p.agent_id ORDER BY 2 DESC, 1 LIMIT 200) AS h
        CROSS JOIN LATERAL (
            SELECT FROM route_agent AS a
            WHERE a.id = h.agent_id AND a.capabilities @> required AND a.name <> ALL (excluded)
              AND (a.required_members <@ members OR a.required_members IS NULL AND route.input IS NULL)
            OFFSET 0) AS fits
        ORDER BY h.score DESC, h.agent_id LIMIT 20
    ), scored AS MATERIALIZED (
        -- In thousandths. Some words are counted already; the others gave no candidates.
        SELECT a.id, a.name, a.success_rate, a.turns, a.open, round((c.score + coalesce((
                   SELECT sum(k.idf * p.weight)
                   FROM unnest(terms[c.counted + 1:], idfs[c.counted + 1:]) AS k (term, idf)
                   JOIN route_posting AS p ON p.term = k.term AND p.agent_id = c.id), 0)) / total * 1000) AS score
        FROM (SELECT s.id, s.score, seeds AS counted FROM seed AS s
              UNION ALL
              SELECT u.id, 0, 0 FROM unnest(capable) AS u (id)
              WHERE NOT EXISTS (SELECT FROM seed AS s WHERE s.id = u.id)) AS c
        JOIN route_agent AS a ON a.id = c.id
    ), best AS MATERIALIZED (
        SELECT s.id, s.name, s.success_rate, s.turns, coalesce(s.score, 0) / 1000 AS score, s.open + (
                   -- What was routed to it since the last count; where no worker counts, in the last minute.
                   SELECT count(*) FROM (
                       SELECT FROM routing AS r
                       WHERE r.agent = s.name
                         AND r.decided_at > greatest(state.refreshed_at, now() - interval '1 minute')
                       LIMIT 1000) AS since) AS open
        FROM scored AS s
        ORDER BY 5 DESC, 3 DESC, 6, 2 LIMIT 5
    )
    SELECT row_number() OVER (ORDER BY b.score DESC, b.success_rate DESC, b.open, b.name), b.name, b.score::real,
           coalesce((
               SELECT jsonb_object_agg(k.term, round((k.idf * p.weight / total)::numeric, 3))
               FROM unnest(terms, idfs) AS k (term, idf)
               JOIN route_posting AS p ON p.term = k.term AND p.agent_id = b.id), '{}'),
           b.success_rate, b.turns, b.open
    FROM best AS b
    ORDER BY 1;
END $_$;
COMMENT ON FUNCTION agentctl.route(message text, capabilities text[], input jsonb, excluding text[]) IS 'The agents that fit a message or an input best, at most five, best first: those that have all the capabilities, take what is sent, and are not excluded. score is the share of what the message says that the agent answers for, from 0 to 1; words has the part of each word. Then success_rate, then open submissions, then the name decide.';
CREATE FUNCTION agentctl.route_setting_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    BEGIN
        PERFORM NEW.value::regconfig;
    EXCEPTION WHEN undefined_object OR invalid_name OR syntax_error THEN
        RAISE EXCEPTION 'there is no text search configuration "%"', NEW.value
            USING ERRCODE = 'AC001', HINT = 'SELECT cfgname FROM pg_ts_config lists them; simple fits any language.';
    END;
    PERFORM agentctl.rebuild_routes() FROM route_index AS i WHERE i.language <> NEW.value;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.route_setting_changed() IS 'Trigger: refuses a language of routing that there is not, and builds its index again for another.';
CREATE FUNCTION agentctl.route_terms(document jsonb, language regconfig) RETURNS TABLE(term text, weight real)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET client_min_messages TO 'warning'
    AS $$
    SELECT lexeme.term, max(text.weight)
    FROM (
        SELECT 1.0::real AS weight,
               regexp_replace(regexp_replace(name.value, '([a-z0-9])([A-Z])', '\1 \2', 'g'), '[-_./]+', ' ', 'g') AS value
        FROM (SELECT route_terms.document ->> 'name' AS value
              UNION ALL SELECT jsonb_array_elements_text(route_terms.document -> 'capabilities')) AS name
        UNION ALL
        SELECT 0.8, jsonb_array_elements_text(route_terms.document -> 'examples')
        UNION ALL
        SELECT 0.5, route_terms.document ->> 'description'
        UNION ALL
        SELECT 0.5, jsonb_object_keys(member.value)
        FROM (SELECT route_terms.document #> '{input_schema,properties}' AS value) AS member
        WHERE jsonb_typeof(member.value) = 'object'
    ) AS text
    CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector(route_terms.language, text.value))) AS lexeme (term)
    GROUP BY lexeme.term
    ORDER BY 2 DESC, 1
    LIMIT 2000
$$;
COMMENT ON FUNCTION agentctl.route_terms(document jsonb, language regconfig) IS 'The words that an agent answers for, at most 2000, each with its weight: 1 in its name or capabilities, 0.8 in an example, 0.5 in its description or as a member of its input.';
CREATE FUNCTION agentctl.routing_of(conversation text, seq bigint) RETURNS SETOF agentctl.routing
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    routing_of.conversation := agentctl.own_conversation(routing_of.conversation);
    RETURN QUERY
    SELECT r.* FROM routing AS r WHERE r.conversation_id = routing_of.conversation AND r.seq = routing_of.seq;
END $$;
COMMENT ON FUNCTION agentctl.routing_of(conversation text, seq bigint) IS 'Why a submission of the caller went to the agent that it went to, as agentctl.routings has it; no row when its agent was named, or the conversation''s. Fails with AC002 for another user''s conversation.';
CREATE FUNCTION agentctl.run_due_schedule(state agentctl.schedule_state, at timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    grace CONSTANT interval := '1 minute';
    most CONSTANT integer := 100;
    schedule jsonb := (SELECT v.document FROM definition_version AS v WHERE v.id = (state).version_id);
    jitter double precision := schedule ->> 'jitter';
    -- Up to here they are late, up to there too late.
    late timestamptz := at - grace - make_interval(secs => jitter);
    gone timestamptz := at - make_interval(secs => (schedule ->> 'catch_up')::double precision);
    due timestamptz := (state).due_at;
    last timestamptz;
    waiting timestamptz;
    begun integer := 0;
    is_begun boolean := true;
BEGIN
    -- The run that waits for the one before it.
    IF NOT agentctl.close_schedule_runs((state).name) THEN
        SELECT r.due_at INTO waiting FROM schedule_run AS r
        WHERE r.name = (state).name AND r.outcome = 'queued' ORDER BY r.due_at LIMIT 1;
        IF FOUND THEN
            is_begun := agentctl.begin_schedule_run(state, waiting, at);
            begun := coalesce(is_begun, false)::integer;
        END IF;
    END IF;
    IF due <= late THEN
        last := CASE schedule ->> 'missed'
            WHEN 'all' THEN CASE WHEN due < gone THEN agentctl.last_due(schedule, due, least(late, gone)) END
            ELSE agentctl.last_due(schedule, due, late) END;
        IF schedule ->> 'missed' = 'once' AND last >= gone AND is_begun IS NOT NULL THEN
            is_begun := agentctl.take_due_run(state, schedule ->> 'overlap', last, at, true);
            begun := begun + coalesce(is_begun, false)::integer;
            waiting := last;
            last := CASE WHEN last > due THEN
                agentctl.last_due(schedule, due, last - interval '1 microsecond') END;
        END IF;
        IF last IS NOT NULL AND is_begun IS NOT NULL THEN
            INSERT INTO schedule_run (name, due_at, version_id, outcome, through, ran_at)
            VALUES ((state).name, due, (state).version_id, 'missed', CASE WHEN last > due THEN last END,
                    run_due_schedule.at)
            ON CONFLICT (name, due_at) DO NOTHING;
        END IF;
        IF is_begun IS NOT NULL THEN
            due := CASE WHEN greatest(last, waiting) >= due THEN
                agentctl.next_due(schedule, greatest(last, waiting)) ELSE due END;
        END IF;
    END IF;
    FOR count IN 1..most LOOP
        EXIT WHEN is_begun IS NULL OR due IS NULL OR agentctl.schedule_look((state).name, due, jitter) > at;
        is_begun := agentctl.take_due_run(state, schedule ->> 'overlap', due, at, due <= late);
        begun := begun + coalesce(is_begun, false)::integer;
        due := CASE WHEN is_begun IS NULL THEN due ELSE agentctl.next_due(schedule, due) END;
    END LOOP;
    UPDATE schedule_state AS s
    SET due_at = due, look_at = CASE
        WHEN is_begun IS NULL THEN at + interval '1 second'
        WHEN EXISTS (SELECT FROM schedule_run AS r WHERE r.name = (state).name AND r.outcome = 'queued')
        THEN least(agentctl.schedule_look(s.name, due, jitter), at + interval '1 second')
        ELSE agentctl.schedule_look(s.name, due, jitter) END
    WHERE s.name = (state).name;
    RETURN begun;
END $$;
COMMENT ON FUNCTION agentctl.run_due_schedule(state agentctl.schedule_state, at timestamp with time zone) IS 'Begins what is due of a schedule whose row is locked, at most 100 runs at once, and says when it is due next; returns how many runs. Internal: run_schedules() calls it.';
CREATE FUNCTION agentctl.run_plan(plan bigint, agent text DEFAULT 'executor'::text, mode text DEFAULT NULL::text, max_steps integer DEFAULT NULL::integer, OUT conversation text, OUT seq bigint) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.plan := agentctl.require_plan(run_plan.plan);
    lack text;
BEGIN
    SELECT p.* INTO asked FROM plan AS p WHERE p.id = asked.id FOR NO KEY UPDATE;
    IF asked.state <> 'approved' THEN
        RAISE EXCEPTION 'plan % is %', asked.id, asked.state USING ERRCODE = 'AC003', HINT = CASE asked.state
            WHEN 'draft' THEN 'Approve it first: agentctl.approve_plan().' ELSE 'A plan runs once; store another.' END;
    ELSIF run_plan.mode NOT IN ('sequential', 'parallel', 'interactive') THEN
        RAISE EXCEPTION 'a mode is sequential, parallel or interactive' USING ERRCODE = 'AC001';
    ELSIF run_plan.max_steps NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'max_steps is 1 to 200' USING ERRCODE = 'AC001';
    END IF;
    lack := agentctl.plan_agent_problems(asked.id, run_plan.agent);
    IF lack IS NOT NULL THEN
        RAISE EXCEPTION 'agent "%" cannot run plan %: %', run_plan.agent, asked.id, lack USING ERRCODE = 'AC003';
    END IF;
    asked.mode := coalesce(run_plan.mode, asked.mode);
    asked.max_steps := coalesce(run_plan.max_steps, asked.max_steps);
    -- Whoever took the name first has no say over the plan: only a conversation of this transaction's own will do.
    conversation := agentctl.conversation_id('plan:' || asked.id);
    IF NOT agentctl.start_conversation(conversation, run_plan.agent) THEN
        conversation := conversation || ':' || left(gen_random_uuid()::text, 8);
        IF NOT agentctl.start_conversation(conversation, run_plan.agent) THEN
            RAISE EXCEPTION 'there is a conversation "%" already', conversation USING ERRCODE = 'AC003';
        END IF;
    END IF;
    seq := agentctl.submit(conversation, agent => run_plan.agent, input => jsonb_build_object('plan', asked.id, 'task',
        asked.task, 'mode', asked.mode, 'max_steps', asked.max_steps, 'max_replans', asked.max_replans,
        'recover', asked.recover, 'steps', agentctl.plan_step_list(asked.id)));
    UPDATE plan AS p
    SET state = 'running', mode = asked.mode, max_steps = asked.max_steps, agent = run_plan.agent,
        conversation_id = run_plan.conversation, seq = run_plan.seq, started_at = clock_timestamp()
    WHERE p.id = asked.id;
END $$;
COMMENT ON FUNCTION agentctl.run_plan(plan bigint, agent text, mode text, max_steps integer, OUT conversation text, OUT seq bigint) IS 'Has an agent whose model is of the provider plan run an approved plan, in a conversation of its own; returns the turn. Fails with AC003 when it is not approved, or the agent lacks what the steps call.';
CREATE FUNCTION agentctl.run_schedule(name text, at timestamp with time zone DEFAULT clock_timestamp(), OUT conversation_id text, OUT seq bigint, OUT task_id bigint) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state := agentctl.require_schedule(run_schedule.name);
    is_begun boolean := agentctl.begin_schedule_run(state, run_schedule.at, run_schedule.at,
        requested_by => agentctl.caller());
BEGIN
    IF is_begun IS NULL THEN
        RAISE EXCEPTION 'schedule "%" could not be run now', run_schedule.name USING ERRCODE = '55P03',
            HINT = 'Another session holds its conversation; try again.';
    ELSIF NOT is_begun THEN
        RAISE EXCEPTION 'schedule "%" has had its run of %', run_schedule.name, run_schedule.at
            USING ERRCODE = 'AC003';
    END IF;
    SELECT r.conversation_id, r.seq, r.task_id
    INTO run_schedule.conversation_id, run_schedule.seq, run_schedule.task_id
    FROM schedule_run AS r WHERE r.name = run_schedule.name AND r.due_at = run_schedule.at;
END $$;
COMMENT ON FUNCTION agentctl.run_schedule(name text, at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) IS 'Runs a schedule now, whatever is due, paused or in progress; returns the submission or the task. Its other runs stay as they are.';
CREATE FUNCTION agentctl.run_schedules(at timestamp with time zone DEFAULT now(), maximum integer DEFAULT 32, OUT begun integer, OUT wait double precision) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '250ms'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state;
BEGIN
    IF at IS NULL OR NOT isfinite(at) THEN
        RAISE EXCEPTION 'a time is needed' USING ERRCODE = 'AC001';
    END IF;
    begun := 0;
    FOR state IN SELECT s.* FROM schedule_state AS s WHERE s.look_at <= run_schedules.at
                 ORDER BY s.look_at LIMIT run_schedules.maximum FOR NO KEY UPDATE SKIP LOCKED LOOP
        begun := begun + agentctl.run_due_schedule(state, run_schedules.at);
    END LOOP;
    wait := extract(epoch FROM (
        SELECT s.look_at FROM schedule_state AS s WHERE s.look_at IS NOT NULL ORDER BY s.look_at LIMIT 1)
        - run_schedules.at);
END $$;
COMMENT ON FUNCTION agentctl.run_schedules(at timestamp with time zone, maximum integer, OUT begun integer, OUT wait double precision) IS 'Begins the runs of the schedules that are due at a time, of at most so many schedules, each once whoever calls it. Returns how many runs, and after how many seconds the next is due; NULL for never. Workers call it.';
CREATE FUNCTION agentctl.save_progress(conversation text, seq bigint, lease uuid, save integer, record jsonb, park boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '250ms'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    held record;
    saved record;
    wakes timestamptz;
    awaits integer;
    waits boolean;
BEGIN
    SELECT c.has_progress, c.last_message, c.last_event, c.told, c.claimed_at, c.cancel_seq > c.head_seq AS is_stopped
    INTO held
    FROM conversation_control AS c
    WHERE c.conversation_id = save_progress.conversation AND c.lease = save_progress.lease
      AND c.head_seq = save_progress.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- As in finish(): the limit is for the row.
    PERFORM set_config('lock_timeout', '10s', true);
    SELECT p.saves, p.started_at, p.first_message INTO saved
    FROM turn_progress AS p WHERE held.has_progress AND p.conversation_id = save_progress.conversation;
    -- The same save, told again because its answer was lost.
    IF saved.saves >= save_progress.save THEN
        RETURN true;
    END IF;
    IF save_progress.park AND save_progress.record ? 'awaits' THEN
        -- Tasks that ended while another session held the row: told before anything is written.
        PERFORM agentctl.tell_parent(save_progress.conversation);
        SELECT c.has_progress, c.last_message, c.last_event, c.told, c.claimed_at, c.cancel_seq > c.head_seq AS is_stopped
    INTO held
        FROM conversation_control AS c WHERE c.conversation_id = save_progress.conversation;
        awaits := (save_progress.record ->> 'awaits')::integer
            - (held.told - coalesce((save_progress.record ->> 'seen')::integer, 0));
    END IF;
    saved.started_at := coalesce(saved.started_at, greatest(held.claimed_at, (
        SELECT s.created_at FROM submission AS s
        WHERE s.conversation_id = save_progress.conversation AND s.seq = save_progress.seq)));
    saved.first_message := coalesce(saved.first_message, held.last_message + 1);
    PERFORM agentctl.write_turn_parts(save_progress.conversation, save_progress.seq, save_progress.record,
        saved.started_at,
        saved.first_message, held.last_message, held.last_event);
    IF save_progress.record ? 'approvals' THEN
        wakes := agentctl.request_approvals(save_progress.conversation, save_progress.seq,
            save_progress.record -> 'approvals');
    END IF;
    IF save_progress.park AND wakes IS NULL THEN
        -- What an operator was asked before, and has not decided.
        wakes := (SELECT min(a.expires_at) FROM approval AS a WHERE a.conversation_id = save_progress.conversation
            AND a.seq = save_progress.seq AND a.state = 'pending');
    END IF;
    -- It was decided, or stopped, while the turn ran: nothing else wakes it. What waits for its tasks ends after them.
    IF save_progress.park AND (save_progress.record -> 'asked' = 'true' AND wakes IS NULL
        OR held.is_stopped AND awaits IS NULL) THEN
        awaits := 0;
    END IF;
    waits := save_progress.park AND (awaits > 0 OR awaits IS NULL AND wakes IS NOT NULL);
    IF save_progress.park AND coalesce(awaits, 1) > 0 THEN
        -- Whatever it waits for. A deadline that has passed wakes once, and not again while the tasks below are
        -- stopped.
        wakes := least(wakes, (
            SELECT t.deadline FROM submission AS s JOIN task AS t ON t.id = s.task_id
            WHERE s.conversation_id = save_progress.conversation AND s.seq = save_progress.seq
              AND t.deadline > clock_timestamp()));
    END IF;
    INSERT INTO turn_progress AS p (
        conversation_id, seq, saves, started_at, first_message, agent, agent_version, steps, model_calls, tool_calls,
        input_tokens, cached_input_tokens, output_tokens, cost_usd, duration_ms)
    SELECT save_progress.conversation, save_progress.seq, save_progress.save, saved.started_at, saved.first_message, t.*
    FROM jsonb_to_record(save_progress.record -> 'turn') AS t (
        agent text, agent_version integer, steps integer, model_calls integer, tool_calls integer, input_tokens bigint,
        cached_input_tokens bigint, output_tokens bigint, cost_usd numeric, duration_ms double precision)
    ON CONFLICT (conversation_id) DO UPDATE
    SET saves = excluded.saves, agent = excluded.agent, agent_version = excluded.agent_version, steps = excluded.steps,
        model_calls = excluded.model_calls, tool_calls = excluded.tool_calls, input_tokens = excluded.input_tokens,
        cached_input_tokens = excluded.cached_input_tokens, output_tokens = excluded.output_tokens,
        cost_usd = excluded.cost_usd, duration_ms = excluded.duration_ms;
    UPDATE conversation_control AS c
    SET has_progress = true,
        last_message = c.last_message + jsonb_array_length(save_progress.record -> 'messages'),
        last_event = c.last_event + jsonb_array_length(save_progress.record -> 'events'),
        awaited = CASE WHEN park THEN greatest(coalesce(awaits, 0), 0) ELSE c.awaited END,
        state = CASE WHEN NOT park THEN c.state WHEN awaits <= 0 THEN 'ready'
            WHEN waits THEN 'waiting' ELSE 'parked' END::conversation_state,
        ready_at = CASE WHEN park AND awaits <= 0 THEN clock_timestamp() ELSE c.ready_at END,
        wake_at = CASE WHEN park THEN wakes END,
        lease = CASE WHEN park THEN NULL ELSE c.lease END,
        worker_id = CASE WHEN park THEN NULL ELSE c.worker_id END,
        attempt = CASE WHEN park THEN 0 ELSE c.attempt END
    WHERE c.conversation_id = save_progress.conversation;
    IF save_progress.record ? 'handed_to' THEN
        -- What is said next in the conversation goes to whom it was handed over.
        UPDATE conversation AS v
        SET settings = v.settings || jsonb_build_object('handed_to', save_progress.record -> 'handed_to')
        WHERE v.id = save_progress.conversation;
    END IF;
    IF save_progress.park AND (awaits IS NULL OR save_progress.record ? 'approvals') THEN
        PERFORM agentctl.tell_hooks_of_wait(save_progress.conversation, save_progress.seq, save_progress.record);
    END IF;
    IF save_progress.record ? 'tasks' THEN
        IF agentctl.spawn_tasks(save_progress.conversation, save_progress.seq, save_progress.record -> 'tasks') > 0 THEN
            PERFORM agentctl.tell_parent(save_progress.conversation);
        END IF;
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.save_progress(conversation text, seq bigint, lease uuid, save integer, record jsonb, park boolean) IS 'Stores what a turn has done so far, if the lease still holds. save counts from 1 within the turn: the same number again changes nothing. With park the conversation is given up and waits: for a person, or for as many endings of its tasks as awaits says, counted from the seen that the turn knows of. record: as finish() takes it, only with what is not stored yet, tasks as spawn_tasks() takes them, and handed_to: the agent of a handoff that the conversation stays with.';
CREATE FUNCTION agentctl.schedule_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    -- What decides when it is due: anything else can change without a run being lost.
    timing CONSTANT text[] := '{cron,time_zone,jitter,from,until,enabled}';
    version record;
    before jsonb;
    state record;
    due timestamptz;
BEGIN
    IF NEW.current_version IS NULL THEN
        UPDATE schedule_run AS r SET outcome = 'skipped', error_message = 'the schedule was taken out of force'
        WHERE r.name = NEW.name AND r.outcome = 'queued';
        DELETE FROM schedule_state AS s WHERE s.name = NEW.name;
        RETURN NULL;
    END IF;
    SELECT v.id, v.document INTO version FROM definition_version AS v
    WHERE v.kind = NEW.kind AND v.name = NEW.name AND v.version = NEW.current_version;
    SELECT s.*, v.document INTO state
    FROM schedule_state AS s JOIN definition_version AS v ON v.id = s.version_id
    WHERE s.name = NEW.name FOR NO KEY UPDATE OF s;
    IF FOUND AND NOT EXISTS (
        SELECT FROM unnest(timing) AS t (field)
        WHERE state.document -> t.field IS DISTINCT FROM version.document -> t.field)
    THEN
        UPDATE schedule_state AS s SET version_id = version.id WHERE s.name = NEW.name;
        RETURN NULL;
    END IF;
    IF state.paused_at IS NULL AND version.document -> 'enabled' <> 'false' THEN
        due := agentctl.next_due(version.document, now());
    END IF;
    INSERT INTO schedule_state AS s (name, version_id, due_at, look_at)
    VALUES (NEW.name, version.id, due,
            agentctl.schedule_look(NEW.name, due, (version.document ->> 'jitter')::double precision))
    ON CONFLICT (name) DO UPDATE
        SET version_id = excluded.version_id, due_at = excluded.due_at, look_at = excluded.look_at;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.schedule_changed() IS 'Trigger: keeps schedule_state with the schedules in force. Another cron text, time zone or time counts from now.';
CREATE FUNCTION agentctl.schedule_look(name text, due_at timestamp with time zone, jitter double precision) RETURNS timestamp with time zone
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RETURN due_at + make_interval(secs => coalesce(jitter, 0)
        * (hashtextextended(name || ' ' || extract(epoch FROM due_at), 0) & 1048575) / 1048576);
END $$;
COMMENT ON FUNCTION agentctl.schedule_look(name text, due_at timestamp with time zone, jitter double precision) IS 'When a run that is due is begun: up to jitter seconds later, by a hash of name and time. Internal.';
CREATE FUNCTION agentctl.schedule_rules(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
DECLARE
    given record;
    zone text;
    hint text;
    first timestamptz;
    last timestamptz;
    moment CONSTANT text := 'a time as 2026-12-01, 2026-12-01T08:00 or 2026-12-01T08:00:00+01:00';
    sent text[] := ARRAY(SELECT k.name FROM unnest('{message,input,task}'::text[]) AS k (name)
                         WHERE document ? k.name);
BEGIN
    IF cardinality(sent) <> 1 THEN
        RETURN QUERY SELECT '', CASE cardinality(sent) WHEN 0 THEN 'sends nothing'
            ELSE 'has ' || array_to_string(sent, ' and ') END, 'one of message, input and task';
    END IF;
    RETURN QUERY
    SELECT k.name, 'stands beside ' || k.other, k.wanted
    FROM (VALUES ('chain', 'agent', 'one of them'), ('agent', 'task', 'agent within task'),
                 ('chain', 'task', 'message or input, which a chain can be sent'),
                 ('conversation', 'task', 'nothing: a task has a conversation of its own')
    ) AS k (name, other, wanted)
    WHERE document ?& ARRAY[k.name, k.other];
    RETURN QUERY
    SELECT t.path, CASE WHEN t.text !~ '[^[:space:]]' THEN 'is blank' ELSE format('has %s', left(m.found[1], 64)) END,
           CASE WHEN t.text !~ '[^[:space:]]' THEN 'what is to be done' ELSE '{{due}} or {{date}}' END
    FROM (VALUES ('message', document -> 'message'), ('task.description', document #> '{task,description}')
    ) AS v (path, value)
    CROSS JOIN LATERAL (SELECT v.path, v.value #>> '{}' AS text WHERE jsonb_typeof(v.value) = 'string') AS t
    LEFT JOIN LATERAL regexp_matches(t.text, '{{.*?}}', 'g') AS m (found) ON m.found[1] !~ '^{{ *(due|date) *}}$'
    WHERE t.text !~ '[^[:space:]]' OR m.found IS NOT NULL;
    IF jsonb_typeof(document -> 'conversation') = 'string' THEN
        BEGIN
            PERFORM agentctl.require_conversation_id(document ->> 'conversation');
            PERFORM agentctl.refuse_task_conversation_id(document ->> 'conversation');
        EXCEPTION WHEN SQLSTATE 'AC001' OR SQLSTATE 'AC003' THEN
            RETURN QUERY SELECT 'conversation', format('is "%s"', left(document ->> 'conversation', 64)),
                'an id of a conversation: ' || SQLERRM;
        END;
    END IF;
    IF NOT document ? 'time_zone' THEN
        zone := 'UTC';
    ELSIF jsonb_typeof(document -> 'time_zone') = 'string' THEN
        SELECT t.name INTO zone FROM agentctl.time_in(document ->> 'time_zone') AS t;
        IF zone IS NULL OR zone <> document ->> 'time_zone' THEN
            RETURN QUERY SELECT 'time_zone', format('is "%s"', left(document ->> 'time_zone', 64)),
                coalesce('the name ' || zone, 'a time zone such as Europe/Berlin, or UTC' || coalesce(
                    '; did you mean ' || nullif(array_to_string(
                        agentctl.nearest_time_zones(document ->> 'time_zone'), ' or '), '') || '?', ''));
            zone := NULL;
        END IF;
    END IF;
    FOR given IN SELECT k.name, document ->> k.name AS written FROM unnest('{from,until}'::text[]) AS k (name)
                 WHERE zone IS NOT NULL AND jsonb_typeof(document -> k.name) = 'string' LOOP
        IF agentctl.schedule_time(given.written, zone) IS NULL THEN
            RETURN QUERY SELECT given.name, format('is "%s"', left(given.written, 64)), moment;
            zone := NULL;
        END IF;
    END LOOP;
    IF jsonb_typeof(document -> 'cron') <> 'string' THEN
        RETURN;
    END IF;
    BEGIN
        PERFORM agentctl.cron_fields(document ->> 'cron');
    EXCEPTION WHEN invalid_parameter_value THEN
        GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
        RETURN QUERY SELECT 'cron', SQLERRM, hint;
        RETURN;
    END;
    IF zone IS NULL OR jsonb_typeof(document -> 'from') <> 'string' OR jsonb_typeof(document -> 'until') <> 'string'
    THEN
        RETURN;
    END IF;
    first := agentctl.schedule_time(document ->> 'from', zone);
    last := agentctl.schedule_time(document ->> 'until', zone);
    IF last <= first THEN
        RETURN QUERY SELECT 'until', format('is "%s"', left(document ->> 'until', 64)), 'a time after from';
    ELSIF agentctl.next_time(document ->> 'cron', zone, coalesce(first, '2000-01-01Z')) IS NULL THEN
        RETURN QUERY SELECT 'cron', format('is "%s", which is never due', document ->> 'cron'),
            'a day that its months have';
    ELSIF agentctl.next_due(document, coalesce(first - interval '1 microsecond', '2000-01-01Z')) IS NULL THEN
        RETURN QUERY SELECT 'until', format('is "%s", before it is ever due', left(document ->> 'until', 64)),
            'a later time';
    END IF;
END $_$;
COMMENT ON FUNCTION agentctl.schedule_rules(document jsonb) IS 'What one field of a document of kind schedule asks of another, and what a cron text, a time zone and a time are.';
CREATE FUNCTION agentctl.schedule_text(template text, due_at timestamp with time zone, time_zone text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    shown text := (SELECT t.iso FROM agentctl.time_in(time_zone, due_at) AS t);
BEGIN
    RETURN regexp_replace(regexp_replace(template, '{{ *due *}}', shown, 'g'),
        '{{ *date *}}', left(shown, 10), 'g');
END $$;
COMMENT ON FUNCTION agentctl.schedule_text(template text, due_at timestamp with time zone, time_zone text) IS 'What a schedule sends: {{due}} is the time at which it was due, in ISO 8601 by the clocks of its time zone, {{date}} the day. Internal.';
CREATE FUNCTION agentctl.schedule_time(written text, time_zone text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    AS $_$
DECLARE
    given text[] := regexp_match(written, '^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)'
        '(Z|[+-][0-9]{2}:?[0-9]{2})?)?$');
BEGIN
    IF given IS NULL THEN
        RETURN NULL;
    ELSIF given[3] IS NOT NULL THEN
        RETURN written::timestamptz;
    END IF;
    RETURN (given[1]::date + coalesce(given[2], '00:00')::time) AT TIME ZONE time_zone;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $_$;
COMMENT ON FUNCTION agentctl.schedule_time(written text, time_zone text) IS 'The moment that a document writes as 2026-12-01, 2026-12-01T08:00 (both by the clocks of the time zone) or 2026-12-01T08:00Z; NULL when it is none. Internal.';
CREATE FUNCTION agentctl.schedule_times(name text, count integer DEFAULT 5, after timestamp with time zone DEFAULT now()) RETURNS TABLE(due_at timestamp with time zone, local_time text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    schedule jsonb := (
        SELECT v.document FROM schedule_state AS s JOIN definition_version AS v ON v.id = s.version_id
        WHERE s.name = schedule_times.name
          AND (agentctl.may_see(v.created_by)
              OR has_table_privilege(agentctl.caller(), 'agentctl.schedules', 'SELECT')));
    due timestamptz := schedule_times.after;
BEGIN
    IF schedule IS NULL THEN
        RAISE EXCEPTION 'there is no schedule "%"', coalesce(schedule_times.name, 'null') USING ERRCODE = 'AC002',
            HINT = 'See agentctl.schedules.';
    ELSIF count NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'a count is from 1 to 1000' USING ERRCODE = 'AC001';
    END IF;
    FOR number IN 1..count LOOP
        due := agentctl.next_due(schedule, due);
        EXIT WHEN due IS NULL;
        RETURN QUERY SELECT due, t.shown FROM agentctl.time_in(schedule ->> 'time_zone', due) AS t;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.schedule_times(name text, count integer, after timestamp with time zone) IS 'The next times at which a schedule is due, without jitter, also by the clocks of its time zone; whether it is paused or not.';
CREATE FUNCTION agentctl.schema_mismatch(given jsonb, wanted jsonb, place text DEFAULT ''::text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    what text := CASE place WHEN '' THEN 'it' ELSE place END;
    given_types text[];
    wanted_types text[];
    given_values jsonb;
    wanted_values jsonb;
    key text;
    problem text;
BEGIN
    IF jsonb_typeof(given) IS DISTINCT FROM 'object' OR jsonb_typeof(wanted) IS DISTINCT FROM 'object'
        OR cardinality(string_to_array(place, '.')) > 8 THEN
        RETURN NULL;
    END IF;
    given_types := ARRAY(SELECT t #>> '{}' FROM jsonb_array_elements(CASE jsonb_typeof(given -> 'type')
        WHEN 'array' THEN given -> 'type' WHEN 'string' THEN jsonb_build_array(given -> 'type') ELSE '[]' END) AS t);
    wanted_types := ARRAY(SELECT t #>> '{}' FROM jsonb_array_elements(CASE jsonb_typeof(wanted -> 'type')
        WHEN 'array' THEN wanted -> 'type' WHEN 'string' THEN jsonb_build_array(wanted -> 'type') ELSE '[]' END) AS t);
    IF given_types <> '{}' AND wanted_types <> '{}' AND NOT given_types && wanted_types
        AND NOT (given_types && '{integer,number}' AND wanted_types && '{integer,number}') THEN
        RETURN format('%s is %s, where %s is asked for', what, array_to_string(given_types, ' or '),
            array_to_string(wanted_types, ' or '));
    END IF;
    given_values := CASE WHEN given ? 'const' THEN jsonb_build_array(given -> 'const')
        WHEN jsonb_typeof(given -> 'enum') = 'array' THEN given -> 'enum' END;
    wanted_values := CASE WHEN wanted ? 'const' THEN jsonb_build_array(wanted -> 'const')
        WHEN jsonb_typeof(wanted -> 'enum') = 'array' THEN wanted -> 'enum' END;
    IF NOT EXISTS (SELECT FROM jsonb_array_elements(given_values) AS g JOIN jsonb_array_elements(wanted_values) AS w
                   ON w = g) THEN
        IF given_values IS NOT NULL AND wanted_values IS NOT NULL THEN
            RETURN format('%s is one of %s, where one of %s is asked for', what, left(given_values::text, 100),
                left(wanted_values::text, 100));
        END IF;
    END IF;
    -- A schema that lists its members and leaves one out that is asked for does not mean it.
    SELECT format('%s has no "%s", which is required', what, r #>> '{}') INTO problem
    FROM jsonb_array_elements(CASE jsonb_typeof(wanted -> 'required') WHEN 'array' THEN wanted -> 'required'
        ELSE '[]' END) WITH ORDINALITY AS e (r, i)
    WHERE (given ? 'properties' OR given ? 'required')
      AND NOT coalesce(given -> 'properties' ? (r #>> '{}'), false)
      AND NOT coalesce(given -> 'required' @> jsonb_build_array(r), false)
    ORDER BY e.i LIMIT 1;
    IF problem IS NOT NULL THEN RETURN problem; END IF;
    IF wanted -> 'additionalProperties' = 'false' AND given_types <> '{string}' THEN
        SELECT format('%s has "%s", which is not allowed', what, r #>> '{}') INTO problem
        FROM jsonb_array_elements(CASE jsonb_typeof(given -> 'required') WHEN 'array' THEN given -> 'required'
            ELSE '[]' END) WITH ORDINALITY AS e (r, i)
        WHERE NOT coalesce(wanted -> 'properties' ? (r #>> '{}'), false) AND NOT wanted ? 'patternProperties'
        ORDER BY e.i LIMIT 1;
        IF problem IS NOT NULL THEN RETURN problem; END IF;
    END IF;
    IF jsonb_typeof(given -> 'properties') = 'object' AND jsonb_typeof(wanted -> 'properties') = 'object' THEN
        FOR key IN SELECT k FROM jsonb_object_keys(given -> 'properties') AS k WHERE wanted -> 'properties' ? k
            ORDER BY k LOOP
            problem := agentctl.schema_mismatch(given #> ARRAY['properties', key], wanted #> ARRAY['properties', key],
                concat_ws('.', nullif(place, ''), key));
            IF problem IS NOT NULL THEN RETURN problem; END IF;
        END LOOP;
    END IF;
    RETURN agentctl.schema_mismatch(given -> 'items', wanted -> 'items', place || '[]');
END $$;
COMMENT ON FUNCTION agentctl.schema_mismatch(given jsonb, wanted jsonb, place text) IS 'Why no value that fits the given JSON Schema fits the wanted one, by type, const, enum and required members; NULL where that is not certain. place is where in the value.';
CREATE FUNCTION agentctl.sees_all(who name) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    role regrole := to_regrole(quote_ident(who));
BEGIN
    RETURN coalesce(
        pg_has_role(role, (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'agentctl'), 'MEMBER')
            OR coalesce(pg_has_role(role, to_regrole('agentctl_owner'), 'MEMBER'), false)
            OR coalesce(pg_has_role(role, to_regrole('agentctl_worker'), 'MEMBER'), false), false);
END $$;
COMMENT ON FUNCTION agentctl.sees_all(who name) IS 'Whether a role may act on conversations that others started; false for one that does not exist. Internal.';
CREATE FUNCTION agentctl.set(conversation text, settings jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    wrong record;
    accepted bigint;
BEGIN
    IF jsonb_typeof(set.settings) IS DISTINCT FROM 'object' OR set.settings = '{}' THEN
        RAISE EXCEPTION 'settings are an object: {"agent": name, "model": name, "max_iterations": number, …}'
            USING ERRCODE = 'AC001';
    END IF;
    -- The numbers of an agent's document; null goes back to the agent's own.
    SELECT e.key, e.value, f.type, f.minimum, f.maximum INTO wrong
    FROM jsonb_each(set.settings) AS e
    LEFT JOIN document_field AS f ON f.kind = 'agent' AND f.path = e.key AND f.type IN ('integer', 'number')
    WHERE e.key NOT IN ('agent', 'model', 'routing') AND (f.path IS NULL OR e.value <> 'null' AND CASE
        WHEN jsonb_typeof(e.value) <> 'number' THEN true
        WHEN f.type = 'integer' AND (e.value #>> '{}')::numeric % 1 <> 0 THEN true
        ELSE NOT (e.value #>> '{}')::numeric BETWEEN coalesce(f.minimum, '-infinity')::numeric
            AND coalesce(f.maximum, 'infinity')::numeric END)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'setting "%" is %', wrong.key, CASE WHEN wrong.type IS NULL THEN 'none that a conversation has'
            ELSE wrong.value::text END
            USING ERRCODE = 'AC001', HINT = CASE WHEN wrong.type IS NULL
                THEN 'agent, model, routing, or one of: '
                    || (SELECT string_agg(f.path, ', ' ORDER BY f.path) FROM document_field AS f
                    WHERE f.kind = 'agent' AND f.type IN ('integer', 'number') AND f.path !~ '[.[]')
                ELSE format('It takes %s %s from %s to %s.', CASE wrong.type WHEN 'integer' THEN 'an' ELSE 'a' END,
                    wrong.type,
                    coalesce(wrong.minimum::text, 'any'), coalesce(wrong.maximum::text, 'any')) END;
    END IF;
    IF set.settings -> 'routing' NOT IN ('"each"', '"once"', 'null') THEN
        RAISE EXCEPTION 'setting "routing" is %', set.settings -> 'routing'
            USING ERRCODE = 'AC001', HINT = 'It takes "each", for every message that names no agent, or "once".';
    END IF;
    SELECT e.key AS kind, e.value #>> '{}' AS name INTO wrong
    FROM jsonb_each(set.settings) AS e
    WHERE e.key IN ('agent', 'model') AND NOT (e.key = 'model' AND e.value = 'null') AND NOT EXISTS (
        SELECT FROM definition AS d WHERE d.kind = e.key AND d.name = e.value #>> '{}'
            AND d.current_version IS NOT NULL)
    LIMIT 1;
    IF FOUND THEN
        PERFORM agentctl.raise_unknown(wrong.kind, wrong.name, format('See agentctl.%ss.', wrong.kind));
    END IF;
    set.conversation := agentctl.own_conversation(set.conversation);
    -- An agent's limits and its model are what its author lets it cost.
    IF NOT agentctl.may_see_all() THEN
        IF set.settings ->> 'model' IS NOT NULL THEN
            RAISE EXCEPTION 'only an owner gives a conversation another model' USING ERRCODE = 'AC004',
                HINT = 'Another agent, with that model, can be named by everybody.';
        END IF;
        accepted := agentctl.submit_operation(set.conversation, 'set', set.settings || '{"lowers": true}');
    ELSE
        accepted := agentctl.submit_operation(set.conversation, 'set', set.settings);
    END IF;
    -- Messages are routed when they are submitted. A conversation whose agent is named routes no more.
    IF set.settings ?| '{agent,routing}' THEN
        UPDATE conversation AS v
        SET settings = CASE set.settings ->> 'routing' WHEN 'each' THEN v.settings || '{"routing": "each"}'
            ELSE v.settings - 'routing' END
        WHERE v.id = set.conversation AND coalesce(v.settings ->> 'routing', 'once')
            <> coalesce(set.settings ->> 'routing', 'once');
    END IF;
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.set(conversation text, settings jsonb) IS 'Changes the agent, the model or limits for what is submitted after it; returns its number. settings: {"agent": name, "model": name, "routing": "each" or "once", and numbers by their names in an agent''s document}; null goes back to the agent''s own, and another agent comes with its own. Only owners change the model or raise limits.';
CREATE FUNCTION agentctl.setting(name text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (SELECT s.value FROM setting AS s WHERE s.name = setting.name);
END $$;
COMMENT ON FUNCTION agentctl.setting(name text) IS 'The value of a setting.';
CREATE FUNCTION agentctl.settle_task(task bigint, status agentctl.turn_status, code text, message text, tokens bigint, cost_usd numeric, is_stopped boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    settled record;
    below record;
    has_failed boolean := settle_task.status IN ('failed', 'limited');
    done jsonb;
    successor text;
BEGIN
    SELECT t.* INTO settled FROM task AS t WHERE t.id = settle_task.task AND t.finished_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(b.tokens), 0) + settle_task.tokens AS tokens,
           coalesce(sum(b.cost_usd), 0) + settle_task.cost_usd AS cost_usd
    INTO below
    FROM task AS b WHERE b.parent_conversation_id = settled.conversation_id AND b.parent_seq = settled.seq;
    IF has_failed AND settled.is_routed AND settled.attempt < settled.max_attempts AND NOT is_stopped
        AND (settled.deadline IS NULL OR settled.deadline > clock_timestamp())
        AND (settled.budget_tokens IS NULL OR settled.budget_tokens > settled.tokens + below.tokens)
        AND (settled.budget_usd IS NULL OR settled.budget_usd > settled.cost_usd + below.cost_usd)
    THEN
        done := agentctl.task_effects(settled.conversation_id, settled.seq);
        IF done IS NULL THEN
            successor := agentctl.choose_task_agent(settled.description, settled.capabilities,
                settled.path || settled.tried);
        END IF;
    END IF;
    IF successor IS NOT NULL THEN
        UPDATE task AS t
        SET attempt = t.attempt + 1, tried = t.tried || t.agent, agent = successor,
            path = t.path[:cardinality(t.path) - 1] || successor,
            depth_left = coalesce(least(
                (SELECT p.depth_left - 1 FROM task AS p
                 WHERE p.conversation_id = t.parent_conversation_id AND p.seq = t.parent_seq),
                CASE WHEN t.depth = 1 THEN agentctl.chain_depth(t.path[1]) - 1 END,
                agentctl.chain_depth(successor)), 0),
            tokens = t.tokens + below.tokens, cost_usd = t.cost_usd + below.cost_usd
        WHERE t.id = settle_task.task;
        PERFORM agentctl.start_tasks(ARRAY[settle_task.task]);
        IF EXISTS (SELECT FROM task AS t WHERE t.id = settle_task.task AND t.finished_at IS NULL) THEN
            RETURN;
        END IF;
    ELSE
        UPDATE task AS t
        SET state = CASE
                WHEN settle_task.status = 'succeeded' THEN 'done'
                WHEN settle_task.status = 'interrupted' OR is_stopped THEN 'cancelled'
                WHEN t.parent_seq IS NULL THEN 'dead' ELSE 'failed' END::task_state,
            error_code = settle_task.code, error_message = settle_task.message, effects = done,
            finished_at = clock_timestamp(), tokens = t.tokens + below.tokens, cost_usd = t.cost_usd + below.cost_usd,
            told = t.parent_seq IS NULL
                AND NOT EXISTS (SELECT FROM task_dependency AS d WHERE d.depends_on = t.id)
        WHERE t.id = settle_task.task;
    END IF;
    IF settled.parent_conversation_id IS NULL THEN
        PERFORM agentctl.release_dependents(settle_task.task);
    ELSE
        PERFORM agentctl.tell_parent(settled.parent_conversation_id);
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.settle_task(task bigint, status agentctl.turn_status, code text, message text, tokens bigint, cost_usd numeric, is_stopped boolean) IS 'What the end of a turn means for the task that it was an attempt at: it has ended, or another agent tries. Internal: finish() calls it.';
CREATE FUNCTION agentctl.shutdown(conversation text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT agentctl.submit_operation(conversation, 'shutdown', '{}')
$$;
COMMENT ON FUNCTION agentctl.shutdown(conversation text) IS 'Closes a conversation: what was submitted before is processed, nothing more is accepted. Returns its number.';
CREATE FUNCTION agentctl.signals(worker bigint) RETURNS TABLE(lease uuid, is_interrupted boolean, is_steered boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.lease, c.cancel_seq > c.head_seq, c.steer_seq > c.head_seq
    FROM conversation_control AS c
    WHERE c.worker_id = signals.worker AND c.state = 'running'
      AND (c.cancel_seq > c.head_seq OR c.steer_seq > c.head_seq);
END $$;
COMMENT ON FUNCTION agentctl.signals(worker bigint) IS 'The turns of a worker that are to be stopped, and those that a message was sent into.';
CREATE FUNCTION agentctl.skip_missing_submissions(conversations text[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    gap record;
    skipped integer := 0;
BEGIN
    FOR gap IN
        SELECT c.conversation_id, c.head_seq + 1 AS seq, coalesce((
                   SELECT min(s.seq) FROM submission AS s
                   WHERE s.conversation_id = c.conversation_id AND s.seq > c.head_seq) - 1, c.tail_seq) AS through,
               (SELECT max(e.number) FROM event AS e WHERE e.conversation_id = c.conversation_id) AS last_event
        FROM conversation_control AS c
        WHERE c.conversation_id = ANY (skip_missing_submissions.conversations) AND c.state = 'running'
          AND NOT EXISTS (SELECT FROM submission AS s
                          WHERE s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1)
    LOOP
        DELETE FROM turn_progress AS p WHERE p.conversation_id = gap.conversation_id;
        UPDATE conversation_control AS c
        SET head_seq = gap.through, state = CASE WHEN c.tail_seq > gap.through THEN 'ready' ELSE 'idle' END::conversation_state,
            ready_at = CASE WHEN c.tail_seq > gap.through THEN clock_timestamp() END, lease = NULL, worker_id = NULL,
            attempt = 0, generation = 0, has_progress = false, awaited = 0, told = 0,
            last_event = greatest(c.last_event, gap.last_event, 0) + 1
        WHERE c.conversation_id = gap.conversation_id
        RETURNING c.last_event INTO gap.last_event;
        INSERT INTO event (conversation_id, number, seq, type, data)
        VALUES (gap.conversation_id, gap.last_event, gap.seq, 'error', jsonb_build_object('code', 'submission_missing',
            'message', format('the submission %s/%s is not there; it is passed over', gap.conversation_id, gap.seq)));
        skipped := skipped + 1;
    END LOOP;
    RETURN skipped;
END $$;
COMMENT ON FUNCTION agentctl.skip_missing_submissions(conversations text[]) IS 'Passes over submissions of claimed conversations whose rows are missing; returns how many. Internal: claim() calls it.';
CREATE FUNCTION agentctl.skip_steered_submissions(conversation text, seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c
    SET head_seq = passed.seq,
        state = CASE WHEN c.tail_seq > passed.seq THEN c.state ELSE 'idle' END,
        ready_at = CASE WHEN c.tail_seq > passed.seq THEN c.ready_at END
    FROM (SELECT coalesce(waiting.seq - 1, o.tail_seq) AS seq
          FROM conversation_control AS o
          LEFT JOIN LATERAL (
              SELECT s.seq FROM submission AS s
              WHERE s.conversation_id = o.conversation_id AND s.seq > skip_steered_submissions.seq AND s.taken_by IS NULL
              ORDER BY s.seq LIMIT 1
          ) AS waiting ON true
          WHERE o.conversation_id = skip_steered_submissions.conversation) AS passed
    WHERE c.conversation_id = skip_steered_submissions.conversation AND passed.seq > c.head_seq;
END $$;
COMMENT ON FUNCTION agentctl.skip_steered_submissions(conversation text, seq bigint) IS 'Goes on past the messages that a turn has taken up. Internal: finish() calls it under the lock on the control row.';
CREATE FUNCTION agentctl.spawn_tasks(conversation text, seq bigint, tasks jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    asked record;
    reason text;
    detail text;
    accepted jsonb;
    places bigint[] := '{}';
    reasons text[] := '{}';
    moment timestamptz := clock_timestamp();
    is_stopped boolean;
BEGIN
    IF EXISTS (SELECT FROM jsonb_array_elements(spawn_tasks.tasks) AS e
               WHERE CASE WHEN e.value ->> 'number' ~ '^[0-9]{1,9}$' THEN e.value ->> 'number' < '1' ELSE true END)
    THEN
        RAISE EXCEPTION 'the tasks of a turn are numbered from 1' USING ERRCODE = 'AC001';
    END IF;
    BEGIN
        PERFORM agentctl.insert_tasks(spawn_tasks.conversation, spawn_tasks.seq, spawn_tasks.tasks);
        RETURN 0;
    EXCEPTION WHEN SQLSTATE 'AC001' OR SQLSTATE 'AC002' OR SQLSTATE 'AC003' OR data_exception THEN
        NULL;
    END;
    FOR asked IN SELECT e.value, e.ordinality FROM jsonb_array_elements(spawn_tasks.tasks) WITH ORDINALITY AS e LOOP
        BEGIN
            PERFORM agentctl.insert_tasks(spawn_tasks.conversation, spawn_tasks.seq, jsonb_build_array(asked.value));
            RAISE EXCEPTION 'it can be, and is taken back' USING ERRCODE = 'ACTRY';
        EXCEPTION
            WHEN SQLSTATE 'ACTRY' THEN
                NULL;
            WHEN SQLSTATE 'AC001' OR SQLSTATE 'AC002' OR SQLSTATE 'AC003' OR data_exception THEN
                GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
                places := places || asked.ordinality;
                reasons := reasons || left(concat_ws('; ', SQLERRM, nullif(detail, '')), 2000);
        END;
    END LOOP;
    SELECT jsonb_agg(e.value) INTO accepted FROM jsonb_array_elements(spawn_tasks.tasks) WITH ORDINALITY AS e
    WHERE e.ordinality <> ALL (places);
    IF accepted IS NOT NULL THEN
        BEGIN
            PERFORM agentctl.insert_tasks(spawn_tasks.conversation, spawn_tasks.seq, accepted);
        EXCEPTION WHEN SQLSTATE 'AC003' THEN
            -- Each alone could be: the budget does not reach for all of them.
            reason := SQLERRM;
        END;
    END IF;
    -- A turn that is being stopped begins nothing: its tasks are dropped with it, and against no rule.
    SELECT c.cancel_seq > c.head_seq INTO is_stopped FROM conversation_control AS c
    WHERE c.conversation_id = spawn_tasks.conversation;
    -- Of what is refused only that is kept which is surely storable.
    INSERT INTO task (parent_conversation_id, parent_seq, number, group_key, description, agent, state, error_code,
        error_message, created_at, finished_at)
    SELECT spawn_tasks.conversation, spawn_tasks.seq, (e.value ->> 'number')::integer,
           CASE WHEN octet_length(e.value ->> 'group') <= 200 THEN e.value ->> 'group' ELSE '' END,
           left(coalesce(e.value ->> 'description', ''), 10000),
           CASE WHEN octet_length(e.value ->> 'agent') <= 200 THEN e.value ->> 'agent' END,
           CASE WHEN is_stopped THEN 'cancelled' ELSE 'failed' END::task_state,
           CASE WHEN is_stopped THEN 'interrupted' ELSE 'refused' END, coalesce(r.why, reason), moment, moment
    FROM jsonb_array_elements(spawn_tasks.tasks) WITH ORDINALITY AS e
    LEFT JOIN unnest(places, reasons) AS r (place, why) ON r.place = e.ordinality
    WHERE r.place IS NOT NULL OR reason IS NOT NULL
    ORDER BY (e.value ->> 'number')::integer
    ON CONFLICT (parent_conversation_id, parent_seq, number) WHERE parent_conversation_id IS NOT NULL DO NOTHING;
    RETURN CASE WHEN reason IS NULL THEN cardinality(places) ELSE jsonb_array_length(spawn_tasks.tasks) END;
END $_$;
COMMENT ON FUNCTION agentctl.spawn_tasks(conversation text, seq bigint, tasks jsonb) IS 'Stores and begins the tasks of a turn: [{number, group, description, input, capabilities, agent, limit, timeout, deadline, budget_tokens, budget_usd, max_attempts, choices}]; timeout in seconds from now. Those that a rule refuses, or whose values no task can have, are stored as failed; returns how many. Internal: save_progress() calls it under the lock on the control row.';
CREATE FUNCTION agentctl.standing_approval(conversation text, agent text, tool text, subject text) RETURNS agentctl.approval_state
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT a.state FROM agentctl.approval AS a
        WHERE a.tool = standing_approval.tool AND md5(a.subject) = md5(standing_approval.subject)
          AND a.subject = standing_approval.subject
          AND a.scope <> 'once' AND a.state IN ('approved', 'denied')
          AND CASE a.scope WHEN 'conversation' THEN a.conversation_id = standing_approval.conversation
              ELSE a.agent = standing_approval.agent END
        ORDER BY a.decided_at DESC LIMIT 1);
END $$;
COMMENT ON FUNCTION agentctl.standing_approval(conversation text, agent text, tool text, subject text) IS 'The last decision with a scope beyond once that covers a call: approved, denied, or NULL.';
CREATE FUNCTION agentctl.start_conversation(conversation text, agent text, account text DEFAULT agentctl.keep_account()) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    is_new boolean;
BEGIN
    IF agentctl.responder_kind(start_conversation.agent) IS NULL THEN
        PERFORM agentctl.raise_unknown('agent', start_conversation.agent,
            'Name one of agentctl.agents or agentctl.chains, or register it first.');
    END IF;
    PERFORM agentctl.refuse_task_conversation_id(start_conversation.conversation);
    INSERT INTO conversation (id, agent, created_by)
    VALUES (start_conversation.conversation, start_conversation.agent, start_conversation.account)
    ON CONFLICT DO NOTHING;
    is_new := FOUND;
    INSERT INTO conversation_control (conversation_id) VALUES (start_conversation.conversation) ON CONFLICT DO NOTHING;
    RETURN is_new;
END $$;
COMMENT ON FUNCTION agentctl.start_conversation(conversation text, agent text, account text) IS 'Makes the rows of a conversation of an account; false when another has made them meanwhile, and only who has made them may fill them. Internal: submit() and fork() call it.';
CREATE FUNCTION agentctl.start_tasks(tasks bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    -- Where the name of its conversation is taken it can never begin.
    UPDATE task AS t
    SET state = CASE WHEN t.number IS NULL THEN 'dead' ELSE 'failed' END::task_state, error_code = 'refused',
        error_message = format('there is a conversation "%s" already', v.id), finished_at = clock_timestamp()
    FROM conversation AS v
    WHERE t.id = ANY (start_tasks.tasks) AND v.id = agentctl.task_conversation_id(
        t.id, t.parent_conversation_id, t.parent_seq, t.number, t.attempt);
    UPDATE task AS t
    SET state = 'assigned', seq = 1, conversation_id = agentctl.task_conversation_id(
        t.id, t.parent_conversation_id, t.parent_seq, t.number, t.attempt)
    WHERE t.id = ANY (start_tasks.tasks) AND t.finished_at IS NULL;
    PERFORM agentctl.begin_tasks(ARRAY(
        SELECT t.id FROM task AS t WHERE t.id = ANY (start_tasks.tasks) AND t.finished_at IS NULL));
END $$;
COMMENT ON FUNCTION agentctl.start_tasks(tasks bigint[]) IS 'Begins tasks that were pending or held, or the next attempt at them. Internal: whoever has locked them calls it.';
CREATE FUNCTION agentctl.start_worker(kind text, host text, process_id integer, release text, slots integer) RETURNS TABLE(id bigint, time_to_live double precision, max_attempts integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    -- They are made together: one stands for all. A process that only works off a message of its own is a worker, too,
    -- and there may be no other for months.
    IF to_regclass('agentctl.event' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month',
        '_YYYY_MM')) IS NULL THEN
        BEGIN
            PERFORM agentctl.create_partitions();
        EXCEPTION WHEN lock_not_available THEN
            NULL;  -- There is time left, and workers try again.
        END;
    END IF;
    RETURN QUERY
    INSERT INTO worker AS w (kind, host, process_id, release, slots)
    VALUES (start_worker.kind, start_worker.host, start_worker.process_id, start_worker.release, start_worker.slots)
    RETURNING w.id, w.time_to_live, agentctl.setting('max_attempts')::integer;
END $$;
COMMENT ON FUNCTION agentctl.start_worker(kind text, host text, process_id integer, release text, slots integer) IS 'Makes the row of a worker that starts. Returns its id, the seconds without a heartbeat after which it counts as lost, and how often it may claim a submission that is not finished.';
CREATE FUNCTION agentctl.steer(conversation text, message text, idempotency_key text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
    submitted jsonb := jsonb_build_object('message', steer.message);
    asked bytea;
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    steer.conversation := agentctl.own_conversation(steer.conversation);
    IF steer.message IS NULL OR octet_length(steer.message) > largest THEN
        RAISE EXCEPTION 'a message has at most % bytes', largest USING ERRCODE = 'AC003',
            HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    IF octet_length(steer.idempotency_key) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'an idempotency key has 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    PERFORM agentctl.lock_conversation(steer.conversation);
    IF steer.idempotency_key IS NOT NULL THEN
        asked := agentctl.request_digest(submitted, NULL, 0);
        accepted := agentctl.repeated_submission(steer.conversation, steer.idempotency_key, asked);
        IF accepted IS NOT NULL THEN
            RETURN accepted;
        END IF;
    END IF;
    UPDATE conversation_control AS c SET tail_seq = c.tail_seq + 1
    WHERE c.conversation_id = steer.conversation AND c.closed_seq IS NULL AND c.head_seq < c.tail_seq
    RETURNING c.tail_seq INTO accepted;
    IF accepted IS NULL OR NOT agentctl.begin_steering(steer.conversation, accepted, NULL) THEN
        RAISE EXCEPTION 'no turn of conversation "%" is in progress', steer.conversation
            USING ERRCODE = 'AC003', HINT = 'A message of its own is sent with agentctl.submit().';
    END IF;
    INSERT INTO submission (conversation_id, seq, operation, body, idempotency_key, request)
    VALUES (steer.conversation, accepted, 'steer', submitted, steer.idempotency_key, asked);
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.steer(conversation text, message text, idempotency_key text) IS 'Sends a message into the turn in progress, which takes it up before it asks the model again; returns its number. A turn that ends without having done so leaves it to be answered next. Fails with AC003 when no turn is in progress, and when the idempotency key stands for another message.';
CREATE FUNCTION agentctl.stop_children(conversation text, seq bigint, groups text[] DEFAULT NULL::text[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    open bigint[];
    stopped integer;
    dropped integer;
BEGIN
    WITH RECURSIVE below AS (
        SELECT t.id, t.state, t.conversation_id, t.seq FROM task AS t
        WHERE t.parent_conversation_id = stop_children.conversation AND t.parent_seq = stop_children.seq
          AND t.finished_at IS NULL AND (groups IS NULL OR t.group_key = ANY (groups))
        UNION ALL
        SELECT t.id, t.state, t.conversation_id, t.seq FROM below AS b
        JOIN task AS t ON t.parent_conversation_id = b.conversation_id AND t.parent_seq = b.seq
            AND t.finished_at IS NULL
    )
    SELECT array_agg(b.id) INTO open FROM below AS b;
    IF open IS NULL THEN
        RETURN 0;
    END IF;
    WITH locked AS MATERIALIZED (
        SELECT c.conversation_id FROM conversation_control AS c
        WHERE c.conversation_id = ANY (ARRAY(
            SELECT t.conversation_id FROM task AS t WHERE t.id = ANY (open) AND t.finished_at IS NULL))
          AND c.head_seq = 0
        ORDER BY c.depth DESC, c.conversation_id FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE conversation_control AS c
    SET cancel_seq = c.head_seq + 1,
        state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
        ready_at = CASE c.state WHEN 'running' THEN NULL ELSE coalesce(c.ready_at, clock_timestamp()) END,
        wake_at = NULL
    WHERE c.conversation_id = ANY (ARRAY(SELECT l.conversation_id FROM locked AS l));
    GET DIAGNOSTICS stopped = ROW_COUNT;
    -- What has no conversation yet has nothing to stop.
    UPDATE task AS t SET state = 'cancelled', error_code = 'interrupted', finished_at = clock_timestamp()
    WHERE t.id = ANY (ARRAY(
        SELECT h.id FROM task AS h WHERE h.id = ANY (open) AND h.conversation_id IS NULL AND h.finished_at IS NULL
        ORDER BY h.id FOR NO KEY UPDATE SKIP LOCKED));
    GET DIAGNOSTICS dropped = ROW_COUNT;
    IF stopped > 0 THEN
        PERFORM pg_notify('agentctl_signal', '');
    END IF;
    RETURN stopped + dropped;
END $$;
COMMENT ON FUNCTION agentctl.stop_children(conversation text, seq bigint, groups text[]) IS 'Has all open tasks below a turn stopped, or those of some of its groups; returns how many. The turn waits until they have ended.';
CREATE FUNCTION agentctl.stop_schedule_runs(name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    run record;
BEGIN
    FOR run IN SELECT r.* FROM schedule_run AS r WHERE r.name = stop_schedule_runs.name AND r.is_open LOOP
        IF run.task_id IS NOT NULL THEN
            BEGIN
                PERFORM agentctl.cancel_task(run.task_id);
            EXCEPTION WHEN SQLSTATE 'AC002' OR SQLSTATE 'AC003' THEN
                NULL;  -- It has ended meanwhile.
            END;
        ELSE
            PERFORM agentctl.stop_children(c.conversation_id, run.seq)
            FROM conversation_control AS c
            WHERE c.conversation_id = run.conversation_id AND c.head_seq = run.seq - 1 AND c.has_progress;
            UPDATE conversation_control AS c
            SET cancel_seq = c.head_seq + 1,
                state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
                ready_at = CASE c.state WHEN 'running' THEN NULL ELSE coalesce(c.ready_at, clock_timestamp()) END,
                wake_at = NULL
            WHERE c.conversation_id = run.conversation_id AND c.head_seq = run.seq - 1;
            PERFORM pg_notify('agentctl_signal', '');
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.stop_schedule_runs(name text) IS 'Has the runs of a schedule stopped that are in progress. Internal: take_due_run() calls it.';
CREATE FUNCTION agentctl.stop_turn(conversation text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    stopped bigint;
BEGIN
    -- A turn that waits for a person, or for a worker to go on with it, is claimed once more and ended.
    UPDATE conversation_control AS c
    SET cancel_seq = c.head_seq + 1,
        state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
        ready_at = CASE c.state WHEN 'running' THEN c.ready_at ELSE coalesce(c.ready_at, clock_timestamp()) END
    WHERE c.conversation_id = stop_turn.conversation AND (c.state = 'running' OR c.has_progress)
    RETURNING c.cancel_seq INTO stopped;
    IF FOUND THEN
        PERFORM pg_notify('agentctl_signal', '');
    END IF;
    RETURN stopped;
END $$;
COMMENT ON FUNCTION agentctl.stop_turn(conversation text) IS 'Has the turn in progress stopped and returns its number; NULL when none is. Internal: interrupt() and submit() call it.';
CREATE FUNCTION agentctl.stop_worker(worker bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    UPDATE agentctl.worker AS w SET state = 'stopped', stopped_at = clock_timestamp()
    WHERE w.id = stop_worker.worker AND w.state IN ('active', 'draining');
END $$;
COMMENT ON FUNCTION agentctl.stop_worker(worker bigint) IS 'Ends a worker''s row; what it still holds goes to others with the next reap().';
CREATE FUNCTION agentctl.store_compaction(conversation text, seq bigint, lease uuid, outcome jsonb, ends boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '250ms'
    AS $$
#variable_conflict use_column
DECLARE
    held record;
    made jsonb := store_compaction.outcome -> 'compaction';
    taken record;
    told_type text := store_compaction.outcome ->> 'type';
    told jsonb := coalesce(store_compaction.outcome -> 'data', '{}');
BEGIN
    SELECT c.last_event INTO held FROM conversation_control AS c
    WHERE c.conversation_id = store_compaction.conversation AND c.lease = store_compaction.lease AND c.state = 'running'
      AND c.head_seq = store_compaction.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- As in finish(): the limit is for the row.
    PERFORM set_config('lock_timeout', '10s', true);
    -- The same, told again because its answer was lost.
    IF EXISTS (SELECT FROM compaction AS o WHERE o.conversation_id = store_compaction.conversation
               AND o.number = (made ->> 'number')::integer AND o.created_by = store_compaction.seq) THEN
        RETURN true;
    END IF;
    IF made IS NOT NULL THEN
        INSERT INTO compaction (
            conversation_id, number, first_message, last_message, summary, made_by, before_tokens, after_tokens, model,
            model_version_id, provider, input_tokens, cached_input_tokens, output_tokens, usage_estimated, cost_usd,
            duration_ms, error_code, error_message, created_by)
        SELECT store_compaction.conversation, o.*, store_compaction.seq
        FROM jsonb_to_record(made) AS o (
            number integer, first_message bigint, last_message bigint, summary text, made_by text, before_tokens bigint,
            after_tokens bigint, model text, model_version_id bigint, provider text, input_tokens bigint,
            cached_input_tokens bigint, output_tokens bigint, usage_estimated boolean, cost_usd numeric,
            duration_ms double precision, error_code text, error_message text);
    ELSIF told_type = 'compaction_undone' THEN
        UPDATE compaction AS o SET undone_by = store_compaction.seq
        WHERE o.conversation_id = store_compaction.conversation AND o.number = (
            SELECT max(i.number) FROM compaction AS i
            WHERE i.conversation_id = store_compaction.conversation AND i.undone_by IS NULL)
        RETURNING o.number, o.first_message, o.last_message INTO taken;
        IF taken.number IS NULL THEN
            told_type := 'error';
            told := '{"code": "compaction_refused", "message": "no compaction is in force"}';
        ELSE
            told := jsonb_build_object('first_message', taken.first_message, 'last_message', taken.last_message);
        END IF;
    END IF;
    INSERT INTO event (conversation_id, number, seq, type, data)
    VALUES (store_compaction.conversation, held.last_event + 1, store_compaction.seq, told_type, told);
    UPDATE conversation_control AS c
    SET last_event = c.last_event + 1,
        head_seq = CASE WHEN ends THEN store_compaction.seq ELSE c.head_seq END,
        state = CASE WHEN NOT ends THEN c.state WHEN c.tail_seq > store_compaction.seq THEN 'ready'
            ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN ends AND c.tail_seq > store_compaction.seq THEN clock_timestamp() END,
        lease = CASE WHEN NOT ends THEN c.lease END, worker_id = CASE WHEN NOT ends THEN c.worker_id END,
        attempt = CASE WHEN ends THEN 0 ELSE c.attempt END, generation = CASE WHEN ends THEN 0 ELSE c.generation END
    WHERE c.conversation_id = store_compaction.conversation;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.store_compaction(conversation text, seq bigint, lease uuid, outcome jsonb, ends boolean) IS 'Stores a compaction, takes one back, or tells that there is none, if the lease still holds; with ends the submission ends. outcome: {type, data, compaction}. Fails with 55P03 like finish().';
CREATE FUNCTION agentctl.store_conversation(document jsonb, id text, register boolean, keep_always boolean) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
DECLARE
    matched jsonb;
    registered jsonb;
    approvals bigint[];
    calls uuid[];
    deferred text;
BEGIN
    SELECT coalesce(jsonb_object_agg(m.key, jsonb_build_array(m.id, m.version)), '{}'),
           coalesce(jsonb_agg(jsonb_build_object('kind', split_part(m.key, '/', 1), 'name', split_part(m.key, '/', 2),
               'version', m.version)
               ORDER BY m.key) FILTER (WHERE m.registered), '[]')
    INTO matched, registered
    FROM agentctl.match_definitions(store_conversation.document, store_conversation.register) AS m;
    INSERT INTO conversation (id, tenant, agent, settings, created_at, created_by, forked_from, forked_message)
    SELECT store_conversation.id, c.*
    FROM jsonb_to_record(document -> 'conversation') AS c (
        tenant text, agent text, settings jsonb, created_at timestamptz, created_by text, forked_from text,
        forked_message bigint);
    INSERT INTO conversation_control (
        conversation_id, state, priority, attempt, ready_at, wake_at, head_seq, tail_seq, cancel_seq, steer_seq,
        closed_seq, last_message, last_event, has_progress)
    SELECT store_conversation.id, c.state, c.priority, c.attempt, CASE c.state WHEN 'ready' THEN clock_timestamp() END,
           c.wake_at, c.head_seq, c.tail_seq, c.cancel_seq, c.steer_seq, c.closed_seq,
           jsonb_array_length(document -> 'messages'), jsonb_array_length(document -> 'events'), document ? 'progress'
    FROM jsonb_to_record(document -> 'conversation') AS c (
        state conversation_state, priority smallint, attempt smallint, wake_at timestamptz, head_seq bigint,
        tail_seq bigint, cancel_seq bigint, steer_seq bigint, closed_seq bigint);
    INSERT INTO submission (conversation_id, seq, operation, agent, body, idempotency_key, taken_by, created_at,
        created_by)
    SELECT store_conversation.id, s.*
    FROM jsonb_to_recordset(document -> 'submissions') AS s (
        seq bigint, operation operation, agent text, body jsonb, idempotency_key text, taken_by bigint,
        created_at timestamptz, created_by text);
    INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id, created_at, undone_by)
    SELECT store_conversation.id, m.*
    FROM jsonb_to_recordset(document -> 'messages') AS m (
        number bigint, seq bigint, role message_role, content text, tool_calls jsonb, tool_call_id text,
        created_at timestamptz, undone_by bigint);
    PERFORM agentctl.create_partitions_of(p.parent, ARRAY(
        SELECT DISTINCT date_trunc('month', (e.value ->> p.field)::timestamptz)
        FROM jsonb_array_elements(document -> p.part) AS e))
    FROM (VALUES ('turn', 'turns', 'started_at'), ('step', 'steps', 'started_at'),
        ('tool_call', 'tool_calls', 'started_at'),
        ('function_call', 'function_calls', 'started_at'), ('security_event', 'security_events', 'at'),
        ('event', 'events', 'at')
    ) AS p (parent, part, field);
    -- The worker is none of this database.
    INSERT INTO turn (
        conversation_id, seq, status, attempt, worker_id, agent, agent_version, agent_version_id,
        parent_conversation_id, parent_seq, depth, limit_reached, error_code, error_message, first_message,
        last_message, model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd, submitted_at,
        started_at, finished_at, duration_ms)
    SELECT store_conversation.id, t.seq, t.status, t.attempt, 0, t.agent, (matched -> t.definition -> 1)::integer,
           (matched -> t.definition -> 0)::bigint, t.parent_conversation_id, t.parent_seq, t.depth, t.limit_reached,
           t.error_code,
           t.error_message, t.first_message, t.last_message, t.model_calls, t.tool_calls, t.input_tokens,
           t.cached_input_tokens, t.output_tokens, t.cost_usd, t.submitted_at, t.started_at, t.finished_at,
           t.duration_ms
    FROM jsonb_to_recordset(document -> 'turns') AS t (
        seq bigint, status turn_status, attempt smallint, agent text, definition text, parent_conversation_id text,
        parent_seq bigint, depth smallint, limit_reached text, error_code text, error_message text,
        first_message bigint, last_message bigint, model_calls integer, tool_calls integer, input_tokens bigint,
        cached_input_tokens bigint, output_tokens bigint, cost_usd numeric, submitted_at timestamptz,
        started_at timestamptz, finished_at timestamptz, duration_ms double precision);
    INSERT INTO step (
        conversation_id, seq, number, kind, model, model_version_id, provider, attempt, finish_reason, input_tokens,
        cached_input_tokens, output_tokens, usage_estimated, cost_usd, time_to_first_token_ms, duration_ms, started_at,
        error_code, error_message)
    SELECT store_conversation.id, s.seq, s.number, s.kind, s.model, (matched -> s.definition -> 0)::bigint, s.provider,
           s.attempt, s.finish_reason, s.input_tokens, s.cached_input_tokens, s.output_tokens, s.usage_estimated,
           s.cost_usd, s.time_to_first_token_ms, s.duration_ms, s.started_at, s.error_code, s.error_message
    FROM jsonb_to_recordset(document -> 'steps') AS s (
        seq bigint, number integer, kind step_kind, model text, definition text, provider text, attempt smallint,
        finish_reason text, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint,
        usage_estimated boolean, cost_usd numeric, time_to_first_token_ms double precision,
        duration_ms double precision, started_at timestamptz, error_code text, error_message text);
    INSERT INTO tool_call (
        conversation_id, seq, number, step_number, call_id, tool, tool_version_id, arguments, effect, idempotency_key,
        rule, state, result, truncated, error_code, duration_ms, started_at)
    SELECT store_conversation.id, c.seq, c.number, c.step_number, c.call_id, c.tool,
           (matched -> c.definition -> 0)::bigint, c.arguments, c.effect, c.idempotency_key, c.rule, c.state, c.result,
           c.truncated, c.error_code, c.duration_ms, c.started_at
    FROM jsonb_to_recordset(document -> 'tool_calls') AS c (
        seq bigint, number integer, step_number integer, call_id text, tool text, definition text, arguments text,
        effect tool_effect, idempotency_key uuid, rule text, state tool_call_state, result text, truncated boolean,
        error_code text, duration_ms double precision, started_at timestamptz);
    -- Who decided for every conversation of an agent decided about the agents of another database.
    WITH stored AS (
        INSERT INTO approval (
            conversation_id, seq, call_number, place, agent, tool, arguments, subject, rule, state, scope, reason,
            requested_at, expires_at, decided_at, decided_by)
        SELECT store_conversation.id, a.seq, a.call_number, a.place, a.agent, a.tool, a.arguments, a.subject, a.rule,
               a.state,
               CASE WHEN a.scope = 'always' AND NOT keep_always THEN 'once' ELSE a.scope END, a.reason, a.requested_at,
                   a.expires_at,
               a.decided_at, a.decided_by
        FROM jsonb_to_recordset(document -> 'approvals') AS a (
            seq bigint, call_number integer, place text, agent text, tool text, arguments text, subject text, rule text,
            state approval_state, scope approval_scope, reason text, requested_at timestamptz, expires_at timestamptz,
            decided_at timestamptz, decided_by text)
        RETURNING approval.id, approval.seq, approval.call_number, approval.place
    )
    SELECT coalesce(array_agg(s.id ORDER BY s.seq, s.call_number, s.place), '{}') INTO approvals FROM stored AS s;
    INSERT INTO compaction (
        conversation_id, number, first_message, last_message, summary, made_by, before_tokens, after_tokens, model,
        model_version_id, provider, input_tokens, cached_input_tokens, output_tokens, usage_estimated, cost_usd,
        duration_ms, error_code, error_message, created_by, created_at, undone_by)
    SELECT store_conversation.id, o.number, o.first_message, o.last_message, o.summary, o.made_by, o.before_tokens,
           o.after_tokens, o.model,
           (matched -> o.definition -> 0)::bigint, o.provider, o.input_tokens, o.cached_input_tokens, o.output_tokens,
           o.usage_estimated,
           o.cost_usd, o.duration_ms, o.error_code, o.error_message, o.created_by, o.created_at, o.undone_by
    FROM jsonb_to_recordset(document -> 'compactions') AS o (
        number integer, first_message bigint, last_message bigint, summary text, made_by text, before_tokens bigint,
        after_tokens bigint, model text, definition text, provider text, input_tokens bigint,
        cached_input_tokens bigint, output_tokens bigint, usage_estimated boolean, cost_usd numeric,
        duration_ms double precision, error_code text, error_message text, created_by bigint, created_at timestamptz,
        undone_by bigint);
    -- New ids in ascending order: rows of the same time are told apart by them, and keep their order.
    calls := ARRAY(SELECT gen_random_uuid() AS u
        FROM generate_series(1, jsonb_array_length(document -> 'function_calls')) ORDER BY u);
    INSERT INTO function_call (
        id, function, version_id, version, language, arguments, caller, conversation_id, seq, call_id, exit_reason,
        result, error_type, error_message, traceback, output, duration_ms, cpu_ms, peak_memory_bytes, violations,
        started_at, called_by)
    SELECT calls[f.place], f.function, (matched -> f.definition -> 0)::bigint, (matched -> f.definition -> 1)::integer,
           f.language, f.arguments, f.caller, store_conversation.id, f.seq, f.call_id, f.exit_reason, f.result,
           f.error_type, f.error_message, f.traceback, f.output, f.duration_ms, f.cpu_ms, f.peak_memory_bytes,
           f.violations, f.started_at, f.called_by
    FROM ROWS FROM (jsonb_to_recordset(document -> 'function_calls') AS (
            function text, definition text, language text, arguments text, caller text, seq bigint, call_id text,
            exit_reason exit_reason, result text, error_type text, error_message text, traceback text, output text,
            duration_ms double precision, cpu_ms double precision, peak_memory_bytes bigint, violations jsonb,
            started_at timestamptz, called_by text))
        WITH ORDINALITY AS f (function, definition, language, arguments, caller, seq, call_id, exit_reason, result,
            error_type, error_message,
            traceback, output, duration_ms, cpu_ms, peak_memory_bytes, violations, started_at, called_by, place);
    INSERT INTO security_event (
        id, kind, source, detail, tool, guardrail, guardrail_version, place, action, conversation_id, seq, call_id,
        function_call_id, at)
    SELECT given.id, e.kind, e.source, e.detail, e.tool, e.guardrail, e.guardrail_version, e.location, e.action,
           store_conversation.id, e.seq, e.call_id, calls[e.function_call], e.at
    FROM ROWS FROM (jsonb_to_recordset(document -> 'security_events') AS (
            kind text, source text, detail text, tool text, guardrail text, guardrail_version integer, place text,
            action text, seq bigint, call_id text, function_call integer, at timestamptz))
        WITH ORDINALITY AS e (kind, source, detail, tool, guardrail, guardrail_version, location, action, seq, call_id,
            function_call, at, place)
    JOIN (SELECT n.u AS id, row_number() OVER (ORDER BY n.u) AS place
          FROM (SELECT gen_random_uuid() AS u
              FROM generate_series(1, jsonb_array_length(document -> 'security_events'))) AS n) AS given
        ON given.place = e.place;
    INSERT INTO event (conversation_id, number, seq, type, data, at)
    SELECT store_conversation.id, e.number, e.seq, e.type,
           CASE jsonb_typeof(e.data -> 'approval') WHEN 'number'
               THEN e.data || jsonb_build_object('approval', approvals[(e.data -> 'approval')::integer])
                   ELSE e.data END, e.at
    FROM jsonb_to_recordset(document -> 'events') AS e (number bigint, seq bigint, type text, data jsonb,
        at timestamptz);
    INSERT INTO turn_progress (
        conversation_id, seq, saves, agent, agent_version, started_at, first_message, steps, model_calls, tool_calls,
        input_tokens, cached_input_tokens, output_tokens, cost_usd, duration_ms)
    SELECT store_conversation.id, p.seq, p.saves, p.agent, (matched -> p.definition -> 1)::integer, p.started_at,
           p.first_message, p.steps, p.model_calls, p.tool_calls, p.input_tokens, p.cached_input_tokens,
           p.output_tokens, p.cost_usd, p.duration_ms
    FROM jsonb_to_record(document -> 'progress') AS p (
        seq bigint, saves integer, agent text, definition text, started_at timestamptz, first_message bigint,
        steps integer, model_calls integer, tool_calls integer, input_tokens bigint, cached_input_tokens bigint,
        output_tokens bigint, cost_usd numeric, duration_ms double precision)
    WHERE document ? 'progress';
    -- What would fail only at the commit fails here, where it can be told, and in a rehearsal.
    SELECT string_agg(format('agentctl.%I', c.conname), ', ' ORDER BY c.conname) INTO deferred
    FROM pg_constraint AS c WHERE c.connamespace = 'agentctl'::regnamespace AND c.condeferred AND c.conparentid = 0;
    EXECUTE 'SET CONSTRAINTS ' || deferred || ' IMMEDIATE';
    EXECUTE 'SET CONSTRAINTS ' || deferred || ' DEFERRED';
    RETURN jsonb_build_object(
        'conversation_id', store_conversation.id,
        'state', document #> '{conversation,state}',
        'messages', jsonb_array_length(document -> 'messages'),
        'turns', jsonb_array_length(document -> 'turns'),
        'events', jsonb_array_length(document -> 'events'),
        'pending', (document #> '{conversation,tail_seq}')::bigint - (document #> '{conversation,head_seq}')::bigint,
        'registered', registered,
        'differing', coalesce((
            -- Agents and what they use that are in force here with another content: the next turn runs with these.
            SELECT jsonb_agg(jsonb_build_object('kind', g.kind, 'name', g.name, 'version', v.version) ORDER BY g.kind,
                g.name)
            FROM jsonb_to_recordset(store_conversation.document -> 'definitions') AS g (kind text, name text,
                in_force boolean, content_hash text)
            JOIN definition AS d ON d.kind = g.kind AND d.name = g.name
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE g.in_force AND v.content_hash <> decode(g.content_hash, 'hex')), '[]'),
        'narrowed_approvals', CASE WHEN keep_always THEN 0 ELSE (
            SELECT count(*) FROM jsonb_to_recordset(document -> 'approvals') AS a (scope text)
            WHERE a.scope = 'always') END);
END $$;
COMMENT ON FUNCTION agentctl.store_conversation(document jsonb, id text, register boolean, keep_always boolean) IS 'Stores a conversation''s document that was checked. Internal: import_conversation() calls it.';
CREATE FUNCTION agentctl.store_plan(task text, steps jsonb, context jsonb DEFAULT '{}'::jsonb, mode text DEFAULT 'sequential'::text, max_steps integer DEFAULT 10, max_replans integer DEFAULT 2, recover jsonb DEFAULT '[]'::jsonb, made_by text DEFAULT 'user'::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    made bigint;
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF store_plan.task IS NULL OR store_plan.task !~ '[^[:space:]]' THEN
        RAISE EXCEPTION 'a plan has a task' USING ERRCODE = 'AC001';
    ELSIF octet_length(store_plan.task) + octet_length(store_plan.context::text)
        + octet_length(store_plan.recover::text) > largest
    THEN
        RAISE EXCEPTION 'the task and its context have more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    ELSIF jsonb_typeof(store_plan.context) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'a context is an object' USING ERRCODE = 'AC001';
    ELSIF jsonb_typeof(store_plan.recover) IS DISTINCT FROM 'array'
        OR EXISTS (SELECT FROM jsonb_array_elements(store_plan.recover) AS r
                   WHERE jsonb_typeof(r.value) <> 'object' OR jsonb_typeof(r.value -> 'tool') IS DISTINCT FROM 'string'
                      OR coalesce(jsonb_typeof(r.value -> 'steps'), 'array') <> 'array'
                      OR coalesce(jsonb_typeof(r.value -> 'arguments'), 'object') <> 'object')
    THEN
        RAISE EXCEPTION 'recover is a list of {tool, error, steps, arguments, description}' USING ERRCODE = 'AC001';
    ELSIF store_plan.context @? 'strict $.**{120}' OR store_plan.recover @? 'strict $.**{120}' THEN
        RAISE EXCEPTION 'the context or the recovery nests deeper than 119 levels' USING ERRCODE = 'AC001';
    ELSIF store_plan.mode IS NULL OR store_plan.mode NOT IN ('sequential', 'parallel', 'interactive') THEN
        RAISE EXCEPTION 'a mode is sequential, parallel or interactive' USING ERRCODE = 'AC001';
    ELSIF store_plan.max_steps IS NULL OR store_plan.max_steps NOT BETWEEN 1 AND 200
        OR store_plan.max_replans IS NULL OR store_plan.max_replans NOT BETWEEN 0 AND 20
    THEN
        RAISE EXCEPTION 'max_steps is 1 to 200, and max_replans 0 to 20' USING ERRCODE = 'AC001';
    ELSIF octet_length(store_plan.made_by) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'made_by has 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    INSERT INTO plan (task, context, recover, mode, max_steps, max_replans, made_by)
    VALUES (store_plan.task, store_plan.context, store_plan.recover, store_plan.mode, store_plan.max_steps,
            store_plan.max_replans, coalesce(store_plan.made_by, 'user'))
    RETURNING id INTO made;
    PERFORM agentctl.write_plan_steps(made, store_plan.steps, 'made');
    RETURN made;
END $_$;
COMMENT ON FUNCTION agentctl.store_plan(task text, steps jsonb, context jsonb, mode text, max_steps integer, max_replans integer, recover jsonb, made_by text) IS 'Stores a plan, a draft, and returns its number. steps: [{tool | function | agent | capabilities, arguments, description, after, find}]; a step is named by its place, from 1. Fails with AC001, naming every problem.';
CREATE FUNCTION agentctl.submit(conversation text, message text DEFAULT NULL::text, agent text DEFAULT NULL::text, idempotency_key text DEFAULT NULL::text, priority integer DEFAULT 0, input jsonb DEFAULT NULL::jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    who text := agentctl.caller();
    account text;
    prefix text;
    owner text;
    id text;
    accepted bigint;
    is_first boolean;
    kind operation := 'user_input';
    routing text;
    own_agent text;
    chosen text := submit.agent;
    decision agentctl.routing;
    largest integer := agentctl.setting('max_message_bytes')::integer;
    submitted jsonb := CASE WHEN message IS NULL THEN jsonb_build_object('input', input)
        ELSE jsonb_build_object('message', message) END;
    asked bytea;
BEGIN
    PERFORM agentctl.require_conversation_id(submit.conversation);
    IF octet_length(submit.idempotency_key) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'an idempotency key has 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    IF (message IS NULL) = (input IS NULL) THEN
        RAISE EXCEPTION 'submit takes either a message or an input' USING ERRCODE = 'AC001';
    END IF;
    IF priority IS NULL OR priority NOT BETWEEN -32768 AND 32767 THEN
        RAISE EXCEPTION 'a priority is a number from -32768 to 32767' USING ERRCODE = 'AC001';
    END IF;
    IF greatest(octet_length(message), octet_length(input::text)) > largest THEN
        RAISE EXCEPTION 'the message has more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    -- What a worker could not read would only fail later.
    IF input @? 'strict $.**{128}' THEN
        RAISE EXCEPTION 'the input nests deeper than 127 levels' USING ERRCODE = 'AC001';
    END IF;
    IF input @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RAISE EXCEPTION 'the input holds a number beyond the range of double precision' USING ERRCODE = 'AC001';
    END IF;
    SELECT a.name, a.prefix INTO account, prefix FROM account AS a
    WHERE a.role = to_regrole(quote_ident(who))::oid AND a.role_name = who;
    IF NOT FOUND THEN
        account := agentctl.keep_account();
        SELECT a.prefix INTO prefix FROM account AS a WHERE a.name = account;
    END IF;
    -- The rule of conversation_id(): a client's own, by its whole id or its name.
    SELECT c.id, c.created_by, c.settings ->> 'routing', c.agent INTO id, owner, routing, own_agent
    FROM conversation AS c WHERE c.id IN (submit.conversation, prefix || submit.conversation)
    ORDER BY c.created_by = account DESC, c.id = submit.conversation DESC LIMIT 1;
    IF owner = account THEN
        conversation := id;
    ELSIF NOT starts_with(submit.conversation, prefix) AND NOT agentctl.may_see_all() THEN
        conversation := prefix || submit.conversation;
        PERFORM agentctl.require_conversation_id(submit.conversation);
        owner := NULL;
    ELSIF id <> submit.conversation THEN
        owner := NULL;
    END IF;
    IF owner IS NULL THEN
        IF submit.agent IS NULL THEN
            decision := agentctl.choose_agent(submit.message, input => submit.input);
        END IF;
        -- Another may have started it meanwhile: then its agent answers.
        IF NOT agentctl.start_conversation(submit.conversation, coalesce(submit.agent, decision.agent),
            account) THEN
            decision := NULL;
        END IF;
        SELECT c.created_by INTO owner FROM conversation AS c WHERE c.id = submit.conversation;
    ELSIF submit.agent IS NOT NULL AND agentctl.responder_kind(submit.agent) IS NULL THEN
        PERFORM agentctl.raise_unknown('agent', submit.agent, 'See agentctl.agents and agentctl.chains.');
    END IF;
    IF owner <> account AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'conversation "%" belongs to another user', submit.conversation USING ERRCODE = 'AC004';
    END IF;
    IF submit.priority < 0 AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only a worker''s or an owner''s messages may go before those of others'
            USING ERRCODE = 'AC004',
            HINT = 'A priority of 0 or more is free to everybody; higher waits longer.';
    END IF;
    IF submit.idempotency_key IS NOT NULL THEN
        asked := agentctl.request_digest(submitted, submit.agent, submit.priority);
        accepted := agentctl.repeated_submission(submit.conversation, submit.idempotency_key, asked);
        IF accepted IS NOT NULL THEN
            RETURN accepted;
        END IF;
    END IF;
    UPDATE conversation_control AS c
    SET tail_seq = c.tail_seq + 1,
        state = CASE c.state WHEN 'idle' THEN 'ready' ELSE c.state END,
        ready_at = CASE c.state WHEN 'idle' THEN clock_timestamp() ELSE c.ready_at END,
        priority = CASE c.state WHEN 'idle' THEN submit.priority ELSE least(c.priority, submit.priority) END
    WHERE c.conversation_id = submit.conversation AND c.closed_seq IS NULL
    RETURNING c.tail_seq, c.tail_seq = c.head_seq + 1 INTO accepted, is_first;
    IF accepted IS NULL THEN
        -- It was deleted meanwhile: what is submitted now begins a new one.
        IF NOT EXISTS (SELECT FROM conversation AS c WHERE c.id = submit.conversation) THEN
            RETURN agentctl.submit(submit.conversation, submit.message, submit.agent, submit.idempotency_key,
                submit.priority, submit.input);
        END IF;
        RAISE EXCEPTION 'conversation "%" is closed', submit.conversation USING ERRCODE = 'AC003',
            HINT = 'A new conversation can go on from it: agentctl.fork().';
    END IF;
    IF submit.agent IS NULL AND routing = 'each' THEN
        decision := agentctl.choose_agent(submit.message, input => submit.input, otherwise => own_agent);
        chosen := decision.agent;
    END IF;
    IF NOT is_first THEN
        kind := agentctl.resolve_busy_conversation(submit.conversation, accepted, chosen);
    END IF;
    INSERT INTO submission (conversation_id, seq, operation, agent, body, idempotency_key, request, created_by)
    VALUES (submit.conversation, accepted, kind, chosen, submitted, submit.idempotency_key, asked, account);
    IF decision.agent IS NOT NULL THEN
        decision.conversation_id := submit.conversation;
        decision.seq := accepted;
        INSERT INTO routing SELECT decision.*;
    END IF;
    IF is_first THEN
        PERFORM agentctl.notify_workers(submit.conversation);
    END IF;
    RETURN accepted;
END $_$;
COMMENT ON FUNCTION agentctl.submit(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) IS 'Queues a message (or a structured input) for a conversation and returns its number; works inside the caller''s transaction. The same idempotency key returns the same number, and fails with AC003 when body, agent or priority are others. Lower priority is processed first. A new conversation without an agent gets the one that route() finds, and keeps it.';
CREATE FUNCTION agentctl.submit_and_follow(conversation text, message text DEFAULT NULL::text, agent text DEFAULT NULL::text, idempotency_key text DEFAULT NULL::text, priority integer DEFAULT 0, input jsonb DEFAULT NULL::jsonb) RETURNS TABLE(seq bigint, is_new boolean, last_event bigint, has_service boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET lock_timeout TO '10s'
    AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
BEGIN
    BEGIN
        accepted := agentctl.submit(submit_and_follow.conversation, submit_and_follow.message,
            submit_and_follow.agent, submit_and_follow.idempotency_key, submit_and_follow.priority,
            submit_and_follow.input);
    EXCEPTION WHEN lock_not_available THEN
        RAISE EXCEPTION 'conversation "%" %', submit_and_follow.conversation, coalesce(
                'is locked by ' || agentctl.lock_holder(agentctl.conversation_id(submit_and_follow.conversation)),
                'cannot be submitted to before another transaction of the same user has ended')
            USING ERRCODE = 'lock_not_available', HINT = 'Try again when that transaction has ended.';
    END;
    submit_and_follow.conversation := agentctl.own_conversation(submit_and_follow.conversation);
    -- Nobody would ever answer who waits for a turn of which nothing is left.
    IF submit_and_follow.idempotency_key IS NOT NULL THEN
        PERFORM agentctl.require_records(submit_and_follow.conversation, accepted);
    END IF;
    RETURN QUERY
    -- Nothing of the submission can have happened before the commit.
    SELECT accepted, s.created_at >= transaction_timestamp(), c.last_event, agentctl.has_service()
    FROM conversation_control AS c
    JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = accepted
    WHERE c.conversation_id = submit_and_follow.conversation;
END $$;
COMMENT ON FUNCTION agentctl.submit_and_follow(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) IS 'submit(), for a caller that waits for the reply: returns the submission''s number, whether it is a new one or that of the same idempotency key, the number of the conversation''s last event, and whether a worker lives that will process it. Fails with 55P03, and says who it is, when another transaction holds the conversation for ten seconds.';
CREATE FUNCTION agentctl.submit_operation(conversation text, operation agentctl.operation, body jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
    is_first boolean;
BEGIN
    submit_operation.conversation := agentctl.own_conversation(submit_operation.conversation);
    PERFORM agentctl.lock_conversation(submit_operation.conversation);
    UPDATE conversation_control AS c
    SET tail_seq = c.tail_seq + 1,
        state = CASE c.state WHEN 'idle' THEN 'ready' ELSE c.state END,
        ready_at = CASE c.state WHEN 'idle' THEN clock_timestamp() ELSE c.ready_at END,
        closed_seq = CASE submit_operation.operation WHEN 'shutdown' THEN c.tail_seq + 1 END
    WHERE c.conversation_id = submit_operation.conversation AND c.closed_seq IS NULL
    RETURNING c.tail_seq, c.tail_seq = c.head_seq + 1 INTO accepted, is_first;
    IF accepted IS NULL THEN
        RAISE EXCEPTION 'conversation "%" is closed', submit_operation.conversation USING ERRCODE = 'AC003';
    END IF;
    INSERT INTO submission (conversation_id, seq, operation, body)
    VALUES (submit_operation.conversation, accepted, submit_operation.operation, submit_operation.body);
    IF is_first THEN
        PERFORM agentctl.notify_workers(submit_operation.conversation);
    END IF;
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.submit_operation(conversation text, operation agentctl.operation, body jsonb) IS 'Queues an operation for a conversation and returns its number. Fails with 55P03, and says who it is, when another transaction holds the conversation for two seconds. Internal: undo(), shutdown() and set() call it.';
CREATE FUNCTION agentctl.submit_schedule(name text, schedule jsonb, owner text, due_at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    zone text := schedule ->> 'time_zone';
    priority integer := schedule ->> 'priority';
    task jsonb := schedule -> 'task';
    id text := schedule ->> 'conversation';
    named text;
    task_conversation text;
    holder text;
BEGIN
    IF task IS NOT NULL THEN
        task_id := agentctl.submit_task(
            agentctl.schedule_text(task ->> 'description', submit_schedule.due_at, zone),
            ARRAY(SELECT jsonb_array_elements_text(task -> 'capabilities')), task -> 'input', task ->> 'agent',
            priority, clock_timestamp() + make_interval(secs => (task ->> 'timeout')::double precision),
            task -> 'budget', coalesce((task ->> 'max_attempts')::integer, 2));
        UPDATE task AS t SET created_by = owner WHERE t.id = submit_schedule.task_id
        RETURNING t.conversation_id INTO task_conversation;
        UPDATE conversation AS c SET created_by = owner WHERE c.id = task_conversation;
        UPDATE submission AS s SET created_by = owner WHERE s.conversation_id = task_conversation;
        RETURN;
    END IF;
    named := coalesce(id, format('schedule:%s:%s', submit_schedule.name,
        to_char(submit_schedule.due_at AT TIME ZONE 'UTC',
            CASE WHEN date_trunc('minute', submit_schedule.due_at) = submit_schedule.due_at
                THEN 'YYYYMMDD"T"HH24MI"Z"' ELSE 'YYYYMMDD"T"HH24MISS.US"Z"' END)));
    -- What the owner calls by this name, as conversation_id() has it.
    conversation_id := CASE
        WHEN agentctl.account_sees_all(owner)
            OR EXISTS (SELECT FROM conversation AS c WHERE c.id = named AND c.created_by = owner) THEN named
        ELSE coalesce((SELECT CASE WHEN starts_with(named, a.prefix) THEN named ELSE a.prefix || named END
                       FROM account AS a WHERE a.name = owner), named) END;
    SELECT c.created_by INTO holder FROM conversation AS c WHERE c.id = submit_schedule.conversation_id;
    -- Whoever takes the name of a run's conversation keeps no run from taking place.
    IF FOUND AND id IS NULL THEN
        conversation_id := conversation_id || '.' || substr(gen_random_uuid()::text, 1, 8);
        holder := NULL;
    END IF;
    seq := agentctl.submit(
        submit_schedule.conversation_id,
        agentctl.schedule_text(schedule ->> 'message', submit_schedule.due_at, zone),
        coalesce(schedule ->> 'agent', schedule ->> 'chain'),
        format('schedule:%s:%s', submit_schedule.name, trim_scale(extract(epoch FROM submit_schedule.due_at))),
        priority, schedule -> 'input');
    IF holder IS NULL THEN
        UPDATE conversation AS c SET created_by = owner
        WHERE c.id = submit_schedule.conversation_id AND c.created_by = agentctl.account_name();
        SELECT c.created_by INTO holder FROM conversation AS c WHERE c.id = submit_schedule.conversation_id;
    END IF;
    IF holder <> owner AND NOT agentctl.account_sees_all(owner) THEN
        RAISE EXCEPTION 'conversation "%" belongs to another user', submit_schedule.conversation_id
            USING ERRCODE = 'AC004';
    END IF;
    UPDATE submission AS s SET created_by = owner
    WHERE s.conversation_id = submit_schedule.conversation_id AND s.seq = submit_schedule.seq;
END $$;
COMMENT ON FUNCTION agentctl.submit_schedule(name text, schedule jsonb, owner text, due_at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) IS 'Submits what a schedule sends, for its owner, and returns where. Internal: begin_schedule_run() calls it.';
CREATE FUNCTION agentctl.submit_task(description text, capabilities text[] DEFAULT '{}'::text[], input jsonb DEFAULT NULL::jsonb, agent text DEFAULT NULL::text, priority integer DEFAULT 10, deadline timestamp with time zone DEFAULT NULL::timestamp with time zone, budget jsonb DEFAULT NULL::jsonb, max_attempts integer DEFAULT 2, depends_on bigint[] DEFAULT '{}'::bigint[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
    unknown bigint;
    needed bigint[] := ARRAY(SELECT DISTINCT d.id FROM unnest(submit_task.depends_on) AS d (id));
BEGIN
    IF priority IS NULL OR priority NOT BETWEEN -32768 AND 32767 THEN
        RAISE EXCEPTION 'a priority is a number from -32768 to 32767' USING ERRCODE = 'AC001';
    ELSIF priority < 0 AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only a worker''s or an owner''s tasks may go before the messages of others'
            USING ERRCODE = 'AC004', HINT = 'A priority of 0 or more is free to everybody; higher waits longer.';
    END IF;
    IF budget IS NOT NULL AND (jsonb_typeof(budget) <> 'object' OR budget - '{tokens,cost_usd}'::text[] <> '{}'
        OR EXISTS (SELECT FROM jsonb_each(budget) AS b WHERE jsonb_typeof(b.value) <> 'number'))
    THEN
        RAISE EXCEPTION 'a budget is {"tokens": number, "cost_usd": number}' USING ERRCODE = 'AC001';
    END IF;
    PERFORM agentctl.check_task(submit_task.description, submit_task.input, submit_task.capabilities,
        submit_task.agent, submit_task.deadline, ceil((budget ->> 'tokens')::numeric),
        (budget ->> 'cost_usd')::numeric, coalesce(submit_task.max_attempts, 0));
    IF cardinality(needed) > 1000 THEN
        RAISE EXCEPTION 'a task depends on at most 1000 others' USING ERRCODE = 'AC003';
    END IF;
    -- None of them is deleted meanwhile.
    PERFORM FROM task AS t WHERE t.id = ANY (needed) ORDER BY t.id FOR KEY SHARE;
    SELECT d.id INTO unknown FROM unnest(needed) AS d (id)
    WHERE NOT EXISTS (SELECT FROM task AS t WHERE t.id = d.id AND agentctl.may_see(t.created_by)) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'there is no task %', coalesce(unknown::text, 'null') USING ERRCODE = 'AC002';
    END IF;
    INSERT INTO task (description, input, capabilities, agent, priority, deadline, budget_tokens, budget_usd,
        max_attempts, state)
    VALUES (submit_task.description, submit_task.input, coalesce(submit_task.capabilities, '{}'), submit_task.agent,
            submit_task.priority, submit_task.deadline, ceil((budget ->> 'tokens')::numeric),
            (budget ->> 'cost_usd')::numeric, submit_task.max_attempts,
            CASE WHEN cardinality(needed) > 0 THEN 'pending' ELSE 'assigned' END::task_state)
    RETURNING id INTO accepted;
    INSERT INTO task_dependency (task_id, depends_on)
    SELECT accepted, d.id FROM unnest(needed) AS d (id);
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.submit_task(description text, capabilities text[], input jsonb, agent text, priority integer, deadline timestamp with time zone, budget jsonb, max_attempts integer, depends_on bigint[]) IS 'Queues a task and returns its number; works inside the caller''s transaction. Without an agent it goes to one that has the capabilities; where that fails without having had an effect, to the next, up to max_attempts. budget: {tokens, cost_usd} of it and all below it. It begins when the tasks that it depends on are done.';
CREATE FUNCTION agentctl.sweep_deliveries(maximum integer DEFAULT 10000) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    deleted integer;
BEGIN
    DELETE FROM hook_delivery AS d
    WHERE d.id = ANY (ARRAY(
        SELECT o.id FROM hook_delivery AS o
        WHERE o.finished_at < statement_timestamp() - interval '30 days'
        ORDER BY o.finished_at LIMIT sweep_deliveries.maximum FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END $$;
COMMENT ON FUNCTION agentctl.sweep_deliveries(maximum integer) IS 'Deletes deliveries that were made or given up more than 30 days ago; returns how many. Workers call it.';
CREATE FUNCTION agentctl.sweep_deltas(older_than interval DEFAULT '00:01:00'::interval) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    swept integer;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM delta WHERE at < clock_timestamp() - older_than;
    GET DIAGNOSTICS swept = ROW_COUNT;
    RETURN swept;
END $$;
COMMENT ON FUNCTION agentctl.sweep_deltas(older_than interval) IS 'Deletes pieces that no reader needs any more; returns how many.';
CREATE FUNCTION agentctl.take_due_run(state agentctl.schedule_state, overlap text, due_at timestamp with time zone, at timestamp with time zone, is_late boolean) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    most CONSTANT integer := 100;
    queued integer;
    is_full boolean;
BEGIN
    SELECT count(*) INTO queued
    FROM (SELECT FROM schedule_run AS r WHERE r.name = (state).name AND r.outcome = 'queued' LIMIT most) AS q;
    IF overlap = 'allow'
        OR queued = 0 AND NOT EXISTS (SELECT FROM schedule_run AS r WHERE r.name = (state).name AND r.is_open)
    THEN
        RETURN agentctl.begin_schedule_run(state, due_at, at, is_late);
    ELSIF overlap = 'interrupt' THEN
        BEGIN
            PERFORM agentctl.stop_schedule_runs((state).name);
        EXCEPTION WHEN lock_not_available THEN
            RETURN NULL;  -- A client holds the conversation of one: other schedules go on.
        END;
        RETURN agentctl.begin_schedule_run(state, due_at, at, is_late);
    END IF;
    is_full := overlap = 'queue' AND queued = most;
    INSERT INTO schedule_run (name, due_at, version_id, outcome, is_late, ran_at, error_message)
    VALUES ((state).name, take_due_run.due_at, (state).version_id,
            CASE WHEN overlap = 'queue' AND NOT is_full THEN 'queued' ELSE 'skipped' END, take_due_run.is_late,
            take_due_run.at, CASE WHEN is_full THEN format('%s runs are queued', most) END)
    ON CONFLICT (name, due_at) DO NOTHING;
    RETURN false;
END $$;
COMMENT ON FUNCTION agentctl.take_due_run(state agentctl.schedule_state, overlap text, due_at timestamp with time zone, at timestamp with time zone, is_late boolean) IS 'Begins a run that is due, or what its overlap says while another is in progress. Returns as begin_schedule_run() does. Internal: run_due_schedule() calls it.';
CREATE FUNCTION agentctl.task_conversation_id(task bigint, parent text, seq bigint, number integer, attempt integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    RETURN CASE
            WHEN parent IS NULL THEN 'task:' || task
            WHEN octet_length(parent) <= 160 THEN parent || '~' || seq || '.' || number
            ELSE left(parent, 30) || '…' || encode(substr(sha256(convert_to(parent, 'UTF8')), 1, 12), 'hex')
                || '~' || seq || '.' || number END
        || CASE WHEN attempt > 1 THEN '.' || attempt ELSE '' END;
END $$;
COMMENT ON FUNCTION agentctl.task_conversation_id(task bigint, parent text, seq bigint, number integer, attempt integer) IS 'Id of the conversation of an attempt at a task: parent~seq.number, or task:id without a parent, and .attempt from the second on. Internal: the routines that start tasks call it.';
CREATE FUNCTION agentctl.task_effects(conversation text, seq bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        WITH RECURSIVE below (conversation_id, seq) AS (
            SELECT task_effects.conversation COLLATE "C", task_effects.seq
            UNION ALL
            SELECT t.conversation_id, t.seq
            FROM below AS b JOIN task AS t ON t.parent_conversation_id = b.conversation_id AND t.parent_seq = b.seq
            WHERE t.conversation_id IS NOT NULL
        )
        SELECT jsonb_agg(jsonb_build_object('turn', c.conversation_id || '/' || c.seq, 'call', c.number,
            'tool', c.tool, 'state', c.state) ORDER BY c.started_at, c.conversation_id, c.number)
        FROM below AS b
        JOIN submission AS s ON s.conversation_id = b.conversation_id AND s.seq = b.seq
        JOIN tool_call AS c ON c.conversation_id = b.conversation_id AND c.seq = b.seq
            AND c.started_at >= s.created_at - interval '1 day'
        WHERE (c.effect IN ('unsafe', 'sql') AND c.state IN ('started', 'succeeded', 'in_doubt')
               -- What failed may have done a part, unless it never began.
               OR c.effect = 'unsafe' AND c.state = 'failed' AND coalesce(c.error_code, '') NOT IN (
                   'invalid_arguments', 'not_found', 'denied', 'not_begun', 'configuration', 'did_not_happen'))
          AND NOT EXISTS (
              SELECT FROM task AS t
              WHERE t.parent_conversation_id = c.conversation_id AND t.parent_seq = c.seq
                AND t.group_key = 'call ' || c.number));
END $$;
COMMENT ON FUNCTION agentctl.task_effects(conversation text, seq bigint) IS 'What a turn and all tasks below it have done that a repetition would do again: [{turn, call, tool, state}]; NULL for nothing. Internal: settle_task() calls it.';
CREATE FUNCTION agentctl.task_metrics(of_agent text DEFAULT NULL::text, since timestamp with time zone DEFAULT NULL::timestamp with time zone, until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(agent text, tasks bigint, open bigint, done bigint, failed bigint, cancelled bigint, dead bigint, retried bigint, success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision, tokens bigint, cost_usd numeric, first_at timestamp with time zone, last_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT t.agent,
           count(*) AS tasks,
           count(*) FILTER (WHERE t.finished_at IS NULL) AS open,
           count(*) FILTER (WHERE t.state = 'done') AS done,
           count(*) FILTER (WHERE t.state = 'failed') AS failed,
           count(*) FILTER (WHERE t.state = 'cancelled') AS cancelled,
           count(*) FILTER (WHERE t.state = 'dead') AS dead,
           count(*) FILTER (WHERE t.attempt > 1) AS retried,
           round(count(*) FILTER (WHERE t.state = 'done')
               / nullif(count(*) FILTER (WHERE t.state IN ('done', 'failed', 'dead')), 0)::numeric, 4) AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY w.ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY w.ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY w.ms) AS p99_ms,
           sum(t.tokens)::bigint AS tokens,
           sum(t.cost_usd) AS cost_usd,
           min(t.created_at) AS first_at,
           max(t.created_at) AS last_at
    FROM task AS t
    CROSS JOIN LATERAL (
        SELECT (extract(epoch FROM t.finished_at - t.created_at) * 1000)::double precision AS ms) AS w
    WHERE t.created_at >= coalesce(task_metrics.since, '-infinity')
      AND t.created_at < coalesce(task_metrics.until, 'infinity')
      AND (task_metrics.of_agent IS NULL OR t.agent = task_metrics.of_agent)
    GROUP BY t.agent
$$;
COMMENT ON FUNCTION agentctl.task_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) IS 'Tasks by the agent of their last attempt. Of one agent''s tasks, and of what was accepted from since on and before until, as far as they are given.';
CREATE FUNCTION agentctl.task_report(task bigint, is_stopped boolean) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'id', t.id, 'number', t.number, 'depth', t.depth, 'depth_left', t.depth_left, 'path', t.path,
            'parent_conversation', t.parent_conversation_id, 'parent_seq', t.parent_seq,
            'root_conversation', t.root_conversation_id, 'root_seq', t.root_seq, 'attempt', t.attempt,
            'seconds_left', CASE WHEN isfinite(t.deadline) THEN
                extract(epoch FROM t.deadline - clock_timestamp()) END,
            'choices', t.choices, 'tokens_left', b.tokens, 'usd_left', b.cost_usd, 'stopped', nullif(task_report.is_stopped, false)))
        FROM task AS t CROSS JOIN LATERAL agentctl.budget_left(t.id) AS b
        WHERE t.id = task_report.task);
END $$;
COMMENT ON FUNCTION agentctl.task_report(task bigint, is_stopped boolean) IS 'What the turn of a task has to know: {id, number, depth, depth_left, path, parent_conversation, parent_seq, root_conversation, root_seq, attempt, choices, seconds_left, tokens_left, usd_left, stopped}, without what is null. Internal: claim() calls it.';
CREATE FUNCTION agentctl.task_result(task bigint) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    ended agentctl.task := agentctl.require_task(task_result.task);
BEGIN
    IF ended.finished_at IS NULL THEN
        RETURN NULL;
    ELSIF ended.state <> 'done' THEN
        RAISE EXCEPTION 'task % is %: %', ended.id, ended.state, coalesce(ended.error_message, ended.error_code, '')
            USING ERRCODE = 'AC005', DETAIL = format('class %s, effects %s',
                coalesce(ended.error_code, 'none'), coalesce(ended.effects::text, 'none'));
    END IF;
    RETURN agentctl.reply(ended.conversation_id, ended.seq);
END $$;
COMMENT ON FUNCTION agentctl.task_result(task bigint) IS 'The reply of the agent that did a task; NULL while there is none. Fails with AC005 when the task was not done.';
CREATE FUNCTION agentctl.tell_hooks_of_task() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    IF EXISTS (SELECT FROM hook_state) THEN
        PERFORM agentctl.write_deliveries(
            ARRAY[CASE NEW.state WHEN 'done' THEN 'task_done' WHEN 'cancelled' THEN 'task_cancelled'
                ELSE 'task_failed' END], NEW.agent, NEW.created_by,
            jsonb_build_object('task', NEW.id, 'state', NEW.state, 'agent', NEW.agent, 'attempt', NEW.attempt,
                'conversation', NEW.conversation_id, 'seq', NEW.seq, 'parent_conversation', NEW.parent_conversation_id,
                'parent_seq', NEW.parent_seq, 'error_code', NEW.error_code, 'tokens', NEW.tokens,
                'cost_usd', NEW.cost_usd));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.tell_hooks_of_task() IS 'Trigger: writes what hooks are told of the end of a task.';
CREATE FUNCTION agentctl.tell_hooks_of_turn(conversation text, seq bigint, task bigint, turn jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
DECLARE
    facts CONSTANT text[] := '{agent,agent_version,status,limit_reached,error_code,model_calls,tool_calls,'
        'input_tokens,output_tokens,cost_usd,duration_ms}';
    events text[] := '{turn_complete}';
BEGIN
    IF turn ->> 'status' IN ('failed', 'limited') THEN
        events := events || 'turn_failed'::text;
    END IF;
    IF EXISTS (SELECT FROM definition AS d WHERE d.kind = 'chain' AND d.name = turn ->> 'agent') THEN
        events := events || 'chain_complete'::text;
    END IF;
    PERFORM agentctl.write_deliveries(events, turn ->> 'agent', c.created_by,
        jsonb_build_object('conversation', conversation, 'seq', seq, 'task', task)
            || (SELECT coalesce(jsonb_object_agg(f.name, turn -> f.name), '{}') FROM unnest(facts) AS f (name)))
    FROM conversation AS c WHERE c.id = conversation;
END $$;
COMMENT ON FUNCTION agentctl.tell_hooks_of_turn(conversation text, seq bigint, task bigint, turn jsonb) IS 'Writes what hooks are told of the end of a turn. Internal: finish() calls it where there are hooks.';
CREATE FUNCTION agentctl.tell_hooks_of_wait(conversation text, seq bigint, record jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    agent text := record #>> '{turn,agent}';
    asked jsonb;
    doubtful jsonb;
BEGIN
    IF NOT EXISTS (SELECT FROM hook_state) THEN
        RETURN;
    END IF;
    -- Those of this commit: a turn that waits on is not told of again.
    SELECT jsonb_agg(jsonb_build_object('id', a.id, 'tool', a.tool, 'call', a.call_number, 'expires_at', a.expires_at)
        ORDER BY a.id) INTO asked
    FROM approval AS a
    WHERE a.conversation_id = tell_hooks_of_wait.conversation AND a.seq = tell_hooks_of_wait.seq
      AND a.state = 'pending' AND a.requested_at >= now();
    SELECT jsonb_agg(e.value #> '{data,call}') INTO doubtful
    FROM jsonb_array_elements(record -> 'events') AS e WHERE e.value ->> 'type' = 'call_in_doubt';
    PERFORM agentctl.write_deliveries(ARRAY[t.event], agent, c.created_by, jsonb_build_object(
        'conversation', tell_hooks_of_wait.conversation, 'seq', tell_hooks_of_wait.seq, 'agent', agent) || t.data)
    FROM conversation AS c
    CROSS JOIN (VALUES ('approval_requested', jsonb_build_object('approvals', asked)),
                       ('call_in_doubt', jsonb_build_object('calls', doubtful))) AS t (event, data)
    WHERE c.id = tell_hooks_of_wait.conversation
      AND CASE t.event WHEN 'call_in_doubt' THEN doubtful ELSE asked END IS NOT NULL;
END $$;
COMMENT ON FUNCTION agentctl.tell_hooks_of_wait(conversation text, seq bigint, record jsonb) IS 'Writes what hooks are told of a turn that waits for a person: to approve calls, or to say what became of one. Internal: save_progress() calls it with its record.';
CREATE FUNCTION agentctl.tell_parent(parent text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    held record;
    news integer;
    freed bigint[];
BEGIN
    SELECT c.head_seq + 1 AS seq, c.last_event, c.cancel_seq > c.head_seq AS is_stopped INTO held
    FROM conversation_control AS c WHERE c.conversation_id = tell_parent.parent FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    WITH ended AS (
        UPDATE task AS t SET told = true
        WHERE t.parent_conversation_id = tell_parent.parent AND t.parent_seq = held.seq
          AND NOT t.told AND t.finished_at IS NOT NULL
        RETURNING t.id, t.number, t.group_key, t.state, t.agent, t.conversation_id, t.error_code
    ), written AS (
        INSERT INTO event (conversation_id, number, seq, type, data)
        SELECT tell_parent.parent, held.last_event + row_number() OVER (ORDER BY e.number), held.seq, 'task_finished',
               jsonb_strip_nulls(jsonb_build_object('task', e.id, 'number', e.number, 'agent', e.agent,
                   'state', e.state, 'conversation', e.conversation_id, 'code', e.error_code))
        FROM ended AS e
    ), places AS (
        -- What never began had no place that another could get.
        SELECT e.group_key, count(*) AS free FROM ended AS e WHERE e.conversation_id IS NOT NULL GROUP BY 1
    )
    SELECT (SELECT count(*) FROM ended), (
        SELECT array_agg(h.id) FROM places AS p CROSS JOIN LATERAL (
            SELECT t.id FROM task AS t
            WHERE t.parent_conversation_id = tell_parent.parent AND t.parent_seq = held.seq
              AND t.group_key = p.group_key AND t.state = 'held'
            ORDER BY t.number LIMIT p.free FOR NO KEY UPDATE SKIP LOCKED) AS h)
    INTO news, freed;
    IF news > 0 THEN
        -- Of a turn that is being stopped nothing more begins.
        IF freed IS NOT NULL AND NOT held.is_stopped THEN
            PERFORM agentctl.start_tasks(freed);
        END IF;
        UPDATE conversation_control AS c
        SET last_event = c.last_event + news, told = c.told + news, awaited = greatest(c.awaited - news, 0),
            state = CASE WHEN c.state = 'waiting' AND c.awaited <= news THEN 'ready' ELSE c.state END,
            ready_at = CASE WHEN c.state = 'waiting' AND c.awaited <= news THEN clock_timestamp()
                ELSE c.ready_at END,
            wake_at = CASE WHEN c.state = 'waiting' AND c.awaited <= news THEN NULL ELSE c.wake_at END
        WHERE c.conversation_id = tell_parent.parent;
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.tell_parent(parent text) IS 'Tells a turn of its tasks that have ended: an event each, held ones begin in their places, and the turn is ready when it has what it waits for. False when another session holds its row. Internal: settle_task(), claim() and save_progress() call it.';
CREATE FUNCTION agentctl.tell_parents(maximum integer DEFAULT 100) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    parent text;
    told integer := 0;
BEGIN
    FOR parent IN
        -- Turns whose row somebody holds do not count.
        SELECT h.conversation_id FROM (
            SELECT DISTINCT t.parent_conversation_id, t.parent_seq FROM task AS t
            WHERE NOT t.told AND t.finished_at IS NOT NULL AND t.parent_conversation_id IS NOT NULL
        ) AS u
        CROSS JOIN LATERAL (
            SELECT c.conversation_id FROM conversation_control AS c
            WHERE c.conversation_id = u.parent_conversation_id AND c.head_seq = u.parent_seq - 1
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS h
        LIMIT tell_parents.maximum
    LOOP
        IF agentctl.tell_parent(parent) THEN
            told := told + 1;
        END IF;
    END LOOP;
    RETURN told;
END $$;
COMMENT ON FUNCTION agentctl.tell_parents(maximum integer) IS 'Tells turns of tasks that have ended while another session held the turn''s row; returns how many turns. Workers call it a little after such an end, and wake() as part of their maintenance.';
CREATE FUNCTION agentctl.text_array(list jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT CASE jsonb_typeof(list) WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(list)) ELSE '{}' END
$$;
COMMENT ON FUNCTION agentctl.text_array(list jsonb) IS 'The elements of a JSON array as texts; none of anything else.';
CREATE FUNCTION agentctl.time_in(zone text, at timestamp with time zone DEFAULT now()) RETURNS TABLE(name text, iso text, shown text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
    wanted text := replace(time_in.zone, ' ', '_');
BEGIN
    IF lower(wanted) IN ('utc', 'z', 'gmt', 'etc/utc') THEN
        wanted := 'UTC';
    ELSIF wanted !~ '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$' OR length(wanted) > 64
        -- Without a slash it may be the rule of a zone (XXX5YYY), which is no name.
        OR wanted !~ '/' AND NOT EXISTS (SELECT FROM pg_timezone_names AS z WHERE lower(z.name) = lower(wanted))
    THEN
        RETURN;
    END IF;
    BEGIN
        PERFORM set_config('TimeZone', wanted, true);
    EXCEPTION WHEN invalid_parameter_value THEN
        RETURN;
    END;
    wanted := current_setting('TimeZone');
    RETURN QUERY SELECT wanted,
        to_char(time_in.at, 'YYYY-MM-DD"T"HH24:MI:SS')
            || CASE WHEN extract(timezone FROM time_in.at) = 0 THEN 'Z' ELSE to_char(time_in.at, 'TZH:TZM') END,
        to_char(time_in.at, 'FMDay, FMDD FMMonth YYYY, HH24:MI:SS ') || CASE WHEN wanted = 'UTC' THEN wanted
            ELSE to_char(time_in.at, 'TZ') || CASE WHEN to_char(time_in.at, 'TZ') = wanted THEN '' ELSE ', ' || wanted END
        END;
END $_$;
COMMENT ON FUNCTION agentctl.time_in(zone text, at timestamp with time zone) IS 'A moment by the clocks of a time zone: the zone''s name as it is written, the time in ISO 8601, and for people. Case and spaces in the name do not matter. No row when there is no such zone.';
CREATE FUNCTION agentctl.tool_metrics(of_agent text DEFAULT NULL::text, since timestamp with time zone DEFAULT NULL::timestamp with time zone, until timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(tool text, version integer, calls bigint, succeeded bigint, failed bigint, success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision, truncated bigint, last_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT c.tool,
           v.version,
           count(*) AS calls,
           count(*) FILTER (WHERE c.state = 'succeeded') AS succeeded,
           count(*) FILTER (WHERE c.state IN ('failed', 'denied')) AS failed,
           round(count(*) FILTER (WHERE c.state = 'succeeded') / count(*)::numeric, 4) AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY c.duration_ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY c.duration_ms) AS p99_ms,
           count(*) FILTER (WHERE c.truncated) AS truncated,
           max(c.started_at) AS last_at
    FROM tool_call AS c
    LEFT JOIN definition_version AS v ON v.id = c.tool_version_id
    WHERE c.started_at >= coalesce(tool_metrics.since, '-infinity')
      AND c.started_at < coalesce(tool_metrics.until, 'infinity')
      AND (tool_metrics.of_agent IS NULL OR EXISTS (
          SELECT FROM turn AS t
          WHERE t.conversation_id = c.conversation_id AND t.seq = c.seq AND t.agent = tool_metrics.of_agent))
    GROUP BY c.tool, v.version
$$;
COMMENT ON FUNCTION agentctl.tool_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) IS 'Tool calls by tool and version. Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
CREATE FUNCTION agentctl.tool_rules(document jsonb) RETURNS TABLE(path text, problem text, expected text)
    LANGUAGE sql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT 'steps', 'is missing', 'needed by implementation pipeline'
    WHERE document ->> 'implementation' = 'pipeline' AND NOT document ? 'steps'
    UNION ALL
    SELECT 'steps', 'is for pipelines only', 'implementation: pipeline, or no steps'
    WHERE document ->> 'implementation' <> 'pipeline' AND document ? 'steps'
    UNION ALL
    SELECT format('steps[%s].tool', step.ordinality - 1), 'is the pipeline itself', 'another tool'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'steps') WHEN 'array' THEN document -> 'steps'
        ELSE '[]' END)
        WITH ORDINALITY AS step
    WHERE jsonb_typeof(step.value) = 'object' AND step.value -> 'tool' = document -> 'name'
    UNION ALL
    SELECT format('steps[%s]', step.ordinality - 1),
           CASE WHEN step.value ? 'tool' THEN 'has both tool and function' ELSE 'has neither tool nor function' END,
               'one of them'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'steps') WHEN 'array' THEN document -> 'steps'
        ELSE '[]' END)
        WITH ORDINALITY AS step
    WHERE jsonb_typeof(step.value) = 'object' AND step.value ? 'tool' = (step.value ? 'function')
    UNION ALL
    SELECT 'configuration.default_time_zone', 'is ' || left(to_json(zone.name)::text, 64), 'the name of a time zone'
    FROM (SELECT document #>> '{configuration,default_time_zone}' AS name) AS zone
    WHERE document ->> 'implementation' = 'current_time' AND zone.name IS NOT NULL
      AND NOT EXISTS (SELECT FROM agentctl.time_in(zone.name))
$$;
COMMENT ON FUNCTION agentctl.tool_rules(document jsonb) IS 'What one field of a document of kind tool asks of another.';
CREATE FUNCTION agentctl.tree(conversation text, seq bigint) RETURNS TABLE(place integer, depth integer, conversation_id text, turn text, task bigint, number integer, attempt integer, group_key text, responder text, version integer, status text, error_code text, error_message text, submitted_at timestamp with time zone, started_at timestamp with time zone, finished_at timestamp with time zone, queue_ms double precision, model_ms double precision, tool_ms double precision, wait_ms double precision, approval_ms double precision, input_tokens bigint, output_tokens bigint, cost_usd numeric, is_critical boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    -- Partitions of other times need not be looked into. The hour is for clocks.
    first_time timestamptz;
    last_time timestamptz := clock_timestamp() + interval '1 hour';
BEGIN
    -- Readers see all conversations.
    IF NOT coalesce(pg_has_role(agentctl.caller(), to_regrole('agentctl_reader'), 'MEMBER'), false)
        OR NOT EXISTS (SELECT FROM conversation AS v WHERE v.id = tree.conversation) THEN
        tree.conversation := agentctl.own_conversation(tree.conversation);
    END IF;
    first_time := agentctl.turn_lower_bound(tree.conversation, tree.seq);
    RETURN QUERY
    -- One row at a time, by keys only (OFFSET 0): the plan must not depend on how many rows the tables had.
    WITH RECURSIVE node AS (
        SELECT '{}'::integer[] AS path, s.conversation_id, s.seq, s.task_id AS task, NULL::integer AS number,
               NULL::integer AS attempt, '' COLLATE "C" AS group_key, coalesce(s.agent, v.agent) AS agent,
               NULL::text AS state, NULL::text AS error_code, NULL::text AS error_message
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
                    WHEN c.state IS NULL THEN n.state
                    WHEN c.head_seq <> n.seq - 1 OR c.state IN ('ready', 'idle') THEN 'queued'
                    WHEN c.state = 'running' THEN 'running' ELSE 'waiting' END AS status,
               CASE WHEN n.conversation_id IS NULL THEN n.error_code
                    ELSE coalesce(t.error_code, t.limit_reached) END AS code,
               CASE WHEN n.conversation_id IS NULL THEN n.error_message ELSE t.error_message END AS message,
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
            SELECT o.state, o.head_seq FROM conversation_control AS o
            WHERE t.status IS NULL AND o.conversation_id = n.conversation_id OFFSET 0
        ) AS c ON true
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
    )
    SELECT t.place, cardinality(t.path) / 2, t.conversation_id, t.conversation_id || '/' || t.seq, t.task,
           t.number, t.attempt, nullif(t.group_key, ''), t.responder, t.version, t.status, t.code, t.message,
           t.submitted_at, t.started_at, t.finished_at,
           (1000 * (coalesce(p.for_workers, 0) + greatest(0, coalesce(extract(epoch FROM
               coalesce(t.started_at, CASE t.status WHEN 'queued' THEN t.until END) - t.submitted_at), 0))))
               ::double precision,
           t.model_ms, t.tool_ms, (1000 * coalesce(p.for_tasks, 0))::double precision,
           (1000 * coalesce(p.for_people, 0))::double precision, t.input_tokens, t.output_tokens, t.cost_usd,
           t.place IN (SELECT k.place FROM critical AS k)
    FROM timed AS t LEFT JOIN pause AS p ON p.place = t.place
    ORDER BY t.place;
END $$;
COMMENT ON FUNCTION agentctl.tree(conversation text, seq bigint) IS 'A turn and all tasks below it, with their turns, in the order of a drawing (place, depth): the times in milliseconds that each waited for a worker (queue_ms), worked (model_ms, tool_ms), and waited for its tasks (wait_ms) or for an operator (approval_ms), its own tokens and cost, and whether it is on the critical path of a tree that has ended (is_critical). status is that of the turn, queued, running or waiting; of a task that has no turn, the task''s. The caller''s own conversations; a member of agentctl_reader sees all. Fails with AC002 for others.';
CREATE FUNCTION agentctl.turn_lower_bound(conversation text, seq bigint) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT s.created_at - interval '1 day' FROM submission AS s
        WHERE s.conversation_id = turn_lower_bound.conversation AND s.seq = turn_lower_bound.seq);
END $$;
COMMENT ON FUNCTION agentctl.turn_lower_bound(conversation text, seq bigint) IS 'A time before which the turn of a submission cannot have begun: lets the server skip older partitions.';
CREATE FUNCTION agentctl.turn_nodes(conversation text, seq bigint, since timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'node', n.node, 'visit', n.visit, 'level', n.level, 'after', n.after, 'status', n.status,
                'choices', n.choices, 'code', n.error_code, 'message', n.error_message))
            -- null is a value of theirs.
            || CASE WHEN n.input IS NULL THEN '{}' ELSE jsonb_build_object('input', n.input) END
            || CASE WHEN n.output IS NULL THEN '{}' ELSE jsonb_build_object('output', n.output) END
            || CASE WHEN n.writes IS NULL THEN '{}' ELSE jsonb_build_object('writes', n.writes) END ORDER BY n.number)
        FROM node_run AS n
        WHERE n.conversation_id = turn_nodes.conversation AND n.seq = turn_nodes.seq
          AND n.finished_at >= turn_nodes.since);
END $$;
COMMENT ON FUNCTION agentctl.turn_nodes(conversation text, seq bigint, since timestamp with time zone) IS 'The visits of nodes that a run of a chain has stored since then, in order: [{node, visit, level, after, status, input, output, writes, choices, code, message}], without what is missing; NULL for none. Internal: turn_progress_report() calls it.';
CREATE FUNCTION agentctl.turn_progress_report(conversation text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT to_jsonb(p) || jsonb_build_object(
            'interrupted', c.cancel_seq > c.head_seq,
            'told', c.told,
            'tasks', agentctl.turn_tasks(p.conversation_id, p.seq),
            'nodes', agentctl.turn_nodes(p.conversation_id, p.seq, p.started_at),
            'messages', coalesce((
                SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id)
                    ORDER BY m.number)
                FROM agentctl.message AS m WHERE m.conversation_id = p.conversation_id AND m.number >= p.first_message),
                    '[]'),
            'input_approval', (
                SELECT jsonb_build_object('state', a.state, 'reason', a.reason) FROM agentctl.approval AS a
                WHERE a.conversation_id = p.conversation_id AND a.seq = p.seq AND a.place = 'input'),
            'earlier_calls', (
                SELECT jsonb_agg(jsonb_build_array(t.tool, t.state, t.call_id, t.error_code) ORDER BY t.number)
                FROM agentctl.tool_call AS t
                WHERE t.conversation_id = p.conversation_id AND t.seq = p.seq AND t.step_number <= p.steps
                  AND t.started_at >= p.started_at),
            'calls', (
                SELECT jsonb_agg(jsonb_build_object(
                    'number', t.number, 'step_number', t.step_number, 'call_id', t.call_id, 'tool', t.tool,
                    'tool_version_id', t.tool_version_id,
                    'arguments', t.arguments, 'effect', t.effect, 'idempotency_key', t.idempotency_key,
                    'state', t.state, 'result', t.result, 'truncated', t.truncated,
                    'error_code', t.error_code, 'duration_ms', t.duration_ms,
                    'approval', CASE WHEN a.id IS NOT NULL
                        THEN jsonb_build_object('state', a.state, 'reason', a.reason, 'by', a.decided_by) END,
                    'output_approval',
                    CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('state', o.state, 'reason', o.reason) END)
                    ORDER BY t.number)
                FROM agentctl.tool_call AS t
                LEFT JOIN agentctl.approval AS a ON a.conversation_id = t.conversation_id AND a.seq = t.seq
                    AND a.call_number = t.number
                    AND a.place = 'call'
                LEFT JOIN agentctl.approval AS o ON o.conversation_id = t.conversation_id AND o.seq = t.seq
                    AND o.call_number = t.number
                    AND o.place = 'tool_output'
                WHERE t.conversation_id = p.conversation_id AND t.seq = p.seq AND t.step_number > p.steps
                  AND t.started_at >= p.started_at))
        FROM agentctl.turn_progress AS p
        JOIN agentctl.conversation_control AS c ON c.conversation_id = p.conversation_id
        WHERE p.conversation_id = turn_progress_report.conversation);
END $$;
COMMENT ON FUNCTION agentctl.turn_progress_report(conversation text) IS 'What the turn in progress has stored: its totals, its messages, its tasks, how the calls of rounds that have ended ended, and the calls of a round that has not. Internal: claim() calls it.';
CREATE FUNCTION agentctl.turn_tasks(conversation text, seq bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'id', r.id, 'number', r.number, 'group', nullif(r.group_key, ''), 'agent', r.agent, 'state', r.state,
            'told', r.told, 'conversation', r.conversation_id, 'attempt', nullif(r.attempt, 1),
            'output', CASE WHEN r.bytes <= 4194304 THEN r.output END, 'code', r.error_code,
            'message', r.error_message, 'effects', r.effects, 'chosen', r.choices_made,
            -- An open task holds all that it may take.
            'tokens', nullif(CASE WHEN r.finished_at IS NULL THEN greatest(r.budget_tokens, r.tokens)
                ELSE r.tokens END, 0),
            'cost_usd', nullif(CASE WHEN r.finished_at IS NULL THEN greatest(r.budget_usd, r.cost_usd)
                ELSE r.cost_usd END, 0))) ORDER BY r.number)
        FROM (
            SELECT t.*, m.content AS output, sum(coalesce(octet_length(m.content), 0)) OVER (ORDER BY t.number) AS bytes
            FROM task AS t
            LEFT JOIN LATERAL (
                SELECT o.content FROM message AS o
                WHERE t.state = 'done' AND t.told AND o.conversation_id = t.conversation_id AND o.seq = t.seq
                  AND o.role = 'assistant'
                ORDER BY o.number DESC LIMIT 1
            ) AS m ON true
            WHERE t.parent_conversation_id = turn_tasks.conversation AND t.parent_seq = turn_tasks.seq
        ) AS r);
END $$;
COMMENT ON FUNCTION agentctl.turn_tasks(conversation text, seq bigint) IS 'The tasks of a turn with what came of them, by number: [{id, number, group, agent, state, told, conversation, attempt, output, code, message, effects, tokens, cost_usd}], without what is null; NULL for none. Of the outputs the first 4 MiB. Internal: turn_progress_report() calls it.';
CREATE FUNCTION agentctl.undo(conversation text, turns integer DEFAULT 1) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    IF turns IS NULL OR turns NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'undo takes back 1 to 10000 turns' USING ERRCODE = 'AC001';
    END IF;
    RETURN agentctl.submit_operation(conversation, 'undo', jsonb_build_object('turns', turns));
END $$;
COMMENT ON FUNCTION agentctl.undo(conversation text, turns integer) IS 'Takes the last turns out of what the model is shown, when the messages before it are processed; returns its number. Nothing is deleted, and what tools have done is done: the event undone lists it.';
CREATE FUNCTION agentctl.undo_compaction(conversation text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
    SELECT agentctl.submit_operation(conversation, 'compact', '{"undo": true}')
$$;
COMMENT ON FUNCTION agentctl.undo_compaction(conversation text) IS 'Takes the last compaction back: the model is shown the messages again, or the summary before it. Returns its number.';
CREATE FUNCTION agentctl.unregister(name text, kind text DEFAULT 'function'::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    was bigint;
    users text;
BEGIN
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    SELECT v.id INTO was
    FROM definition AS d JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name
        AND v.version = d.current_version
    WHERE d.kind = unregister.kind AND d.name = unregister.name;
    IF NOT FOUND THEN
        PERFORM agentctl.raise_unknown(unregister.kind, unregister.name);
    END IF;
    IF unregister.kind = 'agent' THEN
        RAISE EXCEPTION 'agent "%" is not taken out of force: conversations refer to agents', unregister.name
            USING ERRCODE = 'AC003', HINT = 'Register another version of it.';
    END IF;
    SELECT string_agg(DISTINCT format('%s %s', d.kind, d.name), ', ') INTO users
    FROM definition_reference AS r
    JOIN definition_version AS v ON v.id = r.version_id
    JOIN definition AS d ON d.kind = v.kind AND d.name = v.name AND d.current_version = v.version
    WHERE r.kind = unregister.kind AND r.name = unregister.name AND v.id <> was;
    IF users IS NOT NULL THEN
        RAISE EXCEPTION '% "%" is used by %', unregister.kind, unregister.name, users
            USING ERRCODE = 'AC003', HINT = 'Register them without it first.';
    END IF;
    UPDATE definition AS d SET current_version = NULL, updated_at = clock_timestamp()
    WHERE d.kind = unregister.kind AND d.name = unregister.name;
    RETURN was;
END $$;
COMMENT ON FUNCTION agentctl.unregister(name text, kind text) IS 'Takes a definition out of force and returns the id of the version that was; its versions and their history stay, and register() or publish() brings it back. Fails with AC003, naming them, when others in force refer to it, and for every agent, as conversations refer to them.';
CREATE FUNCTION agentctl.update_plan(conversation text, seq bigint, steps jsonb, reason text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    held record;
    kept agentctl.plan;
    before jsonb;
    counts record;
    moment timestamptz := clock_timestamp();
BEGIN
    SELECT v.created_by, v.tenant, coalesce(s.agent, v.agent) AS agent,
           coalesce(nullif(btrim(left(s.body ->> 'message', 1000)), ''), 'Turn ' || update_plan.seq) AS task
    INTO held
    FROM conversation_control AS c
    JOIN conversation AS v ON v.id = c.conversation_id
    JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
    WHERE c.conversation_id = update_plan.conversation AND c.state = 'running' AND s.seq = update_plan.seq
    FOR NO KEY UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'turn %/% does not run', update_plan.conversation, update_plan.seq USING ERRCODE = 'AC003';
    END IF;
    SELECT p.* INTO kept FROM plan AS p
    WHERE p.conversation_id = update_plan.conversation AND p.seq = update_plan.seq FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO plan (tenant, task, max_steps, revision, state, made_by, agent, conversation_id, seq, created_by,
            started_at)
        VALUES (held.tenant, held.task, 200, 1, 'running', left(held.agent, 50), held.agent, update_plan.conversation,
            update_plan.seq, held.created_by, moment)
        RETURNING * INTO kept;
    END IF;
    before := agentctl.plan_step_list(kept.id);
    PERFORM agentctl.change_plan_steps(kept.id, update_plan.steps, moment);
    -- What was failed and has been recovered is done.
    SELECT count(*) AS steps, count(*) FILTER (WHERE s.status = 'completed') AS completed,
           bool_or(s.status IN ('pending', 'running')) AS is_open,
           bool_or(s.status = 'skipped' AND s.error_code IS NOT NULL OR s.status = 'failed' AND NOT EXISTS (
               SELECT FROM plan_step AS r WHERE r.plan_id = kept.id AND r.recovers = s.number)) AS has_failed
    INTO counts FROM plan_step AS s WHERE s.plan_id = kept.id;
    UPDATE plan AS p
    SET state = x.state, finished_at = CASE x.state WHEN 'running' THEN NULL ELSE moment END,
        revision = p.revision + CASE WHEN x.is_revised AND before <> '[]' THEN 1 ELSE 0 END
    FROM (SELECT CASE WHEN counts.is_open THEN 'running' WHEN counts.has_failed THEN 'failed'
              ELSE 'completed' END::plan_state AS state,
              (SELECT jsonb_agg(e.value - 'status') FROM jsonb_array_elements(agentctl.plan_step_list(kept.id)) AS e)
              IS DISTINCT FROM
              (SELECT jsonb_agg(e.value - 'status') FROM jsonb_array_elements(before) AS e) AS is_revised) AS x
    WHERE p.id = kept.id
    RETURNING p.state, p.revision INTO kept.state, kept.revision;
    INSERT INTO plan_revision (plan_id, revision, reason, steps, created_by)
    SELECT kept.id, kept.revision, coalesce(nullif(left(update_plan.reason, 1000), ''), CASE kept.revision WHEN 1
        THEN 'made' ELSE 'changed' END), agentctl.plan_step_list(kept.id), held.created_by
    ON CONFLICT DO NOTHING;
    UPDATE conversation_control AS c SET last_event = c.last_event + 1
    WHERE c.conversation_id = update_plan.conversation;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT c.conversation_id, c.last_event, update_plan.seq, 'plan_updated', jsonb_build_object('plan', kept.id,
        'revision', kept.revision, 'state', kept.state, 'steps', counts.steps, 'completed', counts.completed)
    FROM conversation_control AS c WHERE c.conversation_id = update_plan.conversation;
    RETURN jsonb_build_object('plan', kept.id, 'revision', kept.revision, 'state', kept.state, 'steps', counts.steps,
        'completed', counts.completed);
END $$;
COMMENT ON FUNCTION agentctl.update_plan(conversation text, seq bigint, steps jsonb, reason text) IS 'Changes the plan of a turn that runs, and makes one for a turn that has none: [{number, status, description, after, result, error, …}]; a step without a number is added. Returns {plan, revision, state, steps, completed}. Internal: the tool update_plan calls it while its worker holds the conversation.';
CREATE FUNCTION agentctl.wake() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    woken integer;
BEGIN
    -- One time for the whole statement, so that the indexes are read up to it.
    UPDATE approval AS a SET state = 'expired'
    WHERE a.id = ANY (ARRAY(
        SELECT late.id FROM approval AS late
        WHERE late.state = 'pending' AND late.expires_at <= statement_timestamp()
        ORDER BY late.expires_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED));
    UPDATE conversation_control AS c SET state = 'ready', ready_at = clock_timestamp(), wake_at = NULL
    WHERE c.conversation_id = ANY (ARRAY(
        SELECT w.conversation_id FROM conversation_control AS w
        WHERE w.state IN ('waiting', 'parked') AND w.wake_at <= statement_timestamp()
        ORDER BY w.wake_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED));
    GET DIAGNOSTICS woken = ROW_COUNT;
    -- What a worker that was lost would have done, and what was too much for one end of a task.
    PERFORM agentctl.release_pending();
    RETURN woken + agentctl.tell_parents();
END $$;
COMMENT ON FUNCTION agentctl.wake() IS 'Makes conversations ready whose time has come, tells turns of tasks that have ended (tell_parents), and releases pending tasks that are due (release_pending); returns how many turns.';
CREATE FUNCTION agentctl.write_deliveries(events text[], responder text, owner text, data jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    written integer;
BEGIN
    INSERT INTO hook_delivery (hook, event, body, next_at)
    SELECT h.name, e.name, jsonb_build_object('type', e.name, 'timestamp', to_jsonb(clock_timestamp()),
        'data', jsonb_strip_nulls(write_deliveries.data)), clock_timestamp()
    FROM hook_state AS h CROSS JOIN unnest(write_deliveries.events) AS e (name)
    WHERE e.name = ANY (h.events) AND h.stopped_at IS NULL
      AND (h.responders IS NULL OR write_deliveries.responder = ANY (h.responders))
      AND (h.owner = write_deliveries.owner OR agentctl.account_sees_all(h.owner));
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;
COMMENT ON FUNCTION agentctl.write_deliveries(events text[], responder text, owner text, data jsonb) IS 'Writes what hooks are told of events: of an agent or chain, in what a user owns. Internal: whatever ends calls it, in its own commit.';
CREATE FUNCTION agentctl.write_deltas(deltas jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO delta (conversation_id, seq, attempt, number, type, data)
    SELECT d.* FROM jsonb_to_recordset(deltas) AS d (
        conversation_id text, seq bigint, attempt smallint, number integer, type text, data jsonb)
    ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION agentctl.write_deltas(deltas jsonb) IS 'Stores pieces of answers for live display, of many conversations at once.';
CREATE FUNCTION agentctl.write_node_runs(conversation text, seq bigint, nodes jsonb, began timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO node_run (
        conversation_id, seq, number, node, visit, level, position, after, status, attempt, input, output, writes,
        choices, task, error_code, error_message, started_at, finished_at)
    SELECT write_node_runs.conversation, write_node_runs.seq, n.number, n.node, n.visit, n.level, n.position,
           coalesce(n.after, '{}'), n.status, n.attempt,
           -- null is a value of theirs.
           e.value -> 'input', e.value -> 'output', e.value -> 'writes', n.choices,
           n.task, n.code, n.message,
           -- What tasks did may have begun in an earlier attempt at the turn.
           coalesce((SELECT t.created_at FROM task AS t
                     WHERE t.parent_conversation_id = write_node_runs.conversation
                       AND t.parent_seq = write_node_runs.seq AND t.number = n.task),
               write_node_runs.began + make_interval(secs => n.offset_ms / 1000)),
           clock_timestamp()
    FROM jsonb_array_elements(write_node_runs.nodes) AS e
    CROSS JOIN LATERAL jsonb_to_record(e.value) AS n (
        number integer, node text, visit smallint, level smallint, position smallint, after text[], status node_status,
        attempt smallint, choices text[], task integer, code text, message text, offset_ms double precision)
    ORDER BY n.number;
END $$;
COMMENT ON FUNCTION agentctl.write_node_runs(conversation text, seq bigint, nodes jsonb, began timestamp with time zone) IS 'Stores visits of nodes that have ended: [{number, node, visit, level, position, after, status, attempt, input, output, writes, choices, task, code, message, offset_ms}], the offset from the beginning of the attempt at the turn. Internal: write_turn_parts() calls it.';
CREATE FUNCTION agentctl.write_plan_steps(plan bigint, steps jsonb, reason text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $_$
#variable_conflict use_column
DECLARE
    problems jsonb;
BEGIN
    SELECT jsonb_agg(to_jsonb(p)) INTO problems FROM agentctl.plan_step_problems(write_plan_steps.steps) AS p;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'invalid plan: %', (
            SELECT string_agg(format('%s %s (expected %s%s)', p.value ->> 'path', p.value ->> 'problem',
                p.value ->> 'expected', coalesce('; did you mean ' || (p.value ->> 'nearest') || '?', '')), '; ')
            FROM (SELECT e.value FROM jsonb_array_elements(problems) AS e LIMIT 20) AS p)
            USING ERRCODE = 'AC001', DETAIL = problems::text, HINT = 'Nothing was stored.';
    END IF;
    DELETE FROM plan_step AS s WHERE s.plan_id = write_plan_steps.plan;
    INSERT INTO plan_step (plan_id, number, tool, function, agent, capabilities, arguments, description, after, find)
    SELECT write_plan_steps.plan, e.ordinality, e.value ->> 'tool', e.value ->> 'function', e.value ->> 'agent',
           CASE WHEN e.value ? 'capabilities' THEN agentctl.text_array(e.value -> 'capabilities') END,
           coalesce(e.value -> 'arguments', '{}'),
           e.value ->> 'description',
           ARRAY(SELECT a::text::smallint FROM jsonb_array_elements(e.value -> 'after') AS a
                 UNION
                 SELECT m.found[1]::smallint
                 FROM jsonb_path_query(e.value -> 'arguments', 'strict $.** ? (@.type() == "string")') AS t (value)
                 CROSS JOIN LATERAL regexp_matches(t.value #>> '{}', '\{\{step_([0-9]+)', 'g') AS m (found)
                 ORDER BY 1),
           e.value ->> 'find'
    FROM jsonb_array_elements(write_plan_steps.steps) WITH ORDINALITY AS e;
    INSERT INTO plan_revision (plan_id, revision, reason, steps)
    SELECT p.id, p.revision, write_plan_steps.reason, agentctl.plan_step_list(p.id)
    FROM plan AS p WHERE p.id = write_plan_steps.plan;
END $_$;
COMMENT ON FUNCTION agentctl.write_plan_steps(plan bigint, steps jsonb, reason text) IS 'Replaces the steps of a plan, and keeps them as a revision. Fails with AC001, naming every problem. Internal: store_plan() and edit_plan() call it.';
CREATE FUNCTION agentctl.write_turn_parts(conversation text, seq bigint, record jsonb, started timestamp with time zone, first_message bigint, last_message bigint, last_event bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'agentctl', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    -- The clock is the database's; the worker tells only how long things took, from the beginning of its attempt.
    began timestamptz := greatest(started, (
        SELECT c.claimed_at FROM conversation_control AS c
        WHERE c.conversation_id = write_turn_parts.conversation));
BEGIN
    INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id)
    SELECT write_turn_parts.conversation, write_turn_parts.last_message + m.ordinality, write_turn_parts.seq,
           (m.value ->> 'role')::message_role, m.value ->> 'content', m.value -> 'tool_calls',
           m.value ->> 'tool_call_id'
    FROM jsonb_array_elements(write_turn_parts.record -> 'messages') WITH ORDINALITY AS m;
    INSERT INTO step (
        conversation_id, seq, number, kind, model, model_version_id, provider, finish_reason, input_tokens,
        cached_input_tokens, output_tokens, usage_estimated, cost_usd, time_to_first_token_ms, duration_ms, started_at,
        error_code, error_message)
    SELECT write_turn_parts.conversation, write_turn_parts.seq, s.number, s.kind, s.model, s.model_version_id,
           s.provider, s.finish_reason, coalesce(s.input_tokens, 0), coalesce(s.cached_input_tokens, 0),
           coalesce(s.output_tokens, 0), coalesce(s.usage_estimated, false), coalesce(s.cost_usd, 0),
           s.time_to_first_token_ms, s.duration_ms, began + make_interval(secs => s.offset_ms / 1000), s.error_code,
           s.error_message
    FROM jsonb_to_recordset(write_turn_parts.record -> 'steps') AS s (
        number integer, kind step_kind, model text, model_version_id bigint, provider text, finish_reason text,
        input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, usage_estimated boolean,
        cost_usd numeric, time_to_first_token_ms double precision, duration_ms double precision,
        offset_ms double precision, error_code text, error_message text);
    IF jsonb_array_length(write_turn_parts.record -> 'tool_calls') > 0 THEN
        INSERT INTO tool_call (
            conversation_id, seq, number, step_number, call_id, tool, tool_version_id, arguments, effect,
            idempotency_key, state, result, truncated, error_code, duration_ms, rule, started_at)
        SELECT write_turn_parts.conversation, write_turn_parts.seq, c.number, c.step_number, c.call_id, c.tool,
               c.tool_version_id, c.arguments, c.effect, c.idempotency_key, c.state, c.result, c.truncated,
               c.error_code, c.duration_ms, c.rule, began + make_interval(secs => c.offset_ms / 1000)
        FROM jsonb_to_recordset(write_turn_parts.record -> 'tool_calls') AS c (
            number integer, step_number integer, call_id text, tool text, tool_version_id bigint, arguments text,
            effect tool_effect, idempotency_key uuid, state tool_call_state, result text, truncated boolean,
            error_code text, duration_ms double precision, rule text, offset_ms double precision, stored boolean)
        WHERE c.stored IS NOT TRUE;
        UPDATE tool_call AS t
        SET state = c.state, result = c.result, truncated = c.truncated, error_code = c.error_code,
            duration_ms = c.duration_ms,
            rule = coalesce(c.rule, t.rule)
        FROM jsonb_to_recordset(write_turn_parts.record -> 'tool_calls') AS c (
            number integer, state tool_call_state, result text, truncated boolean, error_code text,
            duration_ms double precision, rule text, stored boolean)
        WHERE c.stored AND t.conversation_id = write_turn_parts.conversation AND t.seq = write_turn_parts.seq
          AND t.number = c.number
          AND t.started_at >= write_turn_parts.started;
    END IF;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT write_turn_parts.conversation, write_turn_parts.last_event + e.ordinality, write_turn_parts.seq,
           e.value ->> 'type', coalesce(e.value -> 'data', '{}') || CASE WHEN e.value ? 'message'
               THEN jsonb_build_object('message', write_turn_parts.first_message - 1 + (e.value ->> 'message')::bigint)
                   ELSE '{}' END
    FROM jsonb_array_elements(write_turn_parts.record -> 'events') WITH ORDINALITY AS e;
    IF write_turn_parts.record ? 'nodes' THEN
        PERFORM agentctl.write_node_runs(write_turn_parts.conversation, write_turn_parts.seq,
            write_turn_parts.record -> 'nodes', began);
    END IF;
    IF write_turn_parts.record ? 'steered' THEN
        UPDATE submission AS s SET taken_by = write_turn_parts.seq
        WHERE s.conversation_id = write_turn_parts.conversation AND s.operation = 'steer' AND s.taken_by IS NULL
          AND s.seq = ANY (ARRAY(SELECT jsonb_array_elements_text(write_turn_parts.record -> 'steered')::bigint));
    END IF;
    IF write_turn_parts.record ? 'function_calls' THEN
        PERFORM agentctl.record_function_calls(write_turn_parts.conversation, write_turn_parts.seq,
            write_turn_parts.record -> 'function_calls');
    END IF;
    -- What a guardrail has taken out of a message is not kept in the submission either, nor in its task.
    IF write_turn_parts.record ? 'bodies' THEN
        UPDATE submission AS s SET body = left_over.value, request = NULL
        FROM jsonb_each(write_turn_parts.record -> 'bodies') AS left_over
        WHERE s.conversation_id = write_turn_parts.conversation AND s.seq = left_over.key::bigint;
        UPDATE task AS t
        SET description = coalesce(s.body ->> 'message', t.description), input = s.body -> 'input'
        FROM submission AS s
        WHERE s.conversation_id = write_turn_parts.conversation AND s.seq = write_turn_parts.seq AND t.id = s.task_id
          AND (write_turn_parts.record -> 'bodies') ? write_turn_parts.seq::text;
    END IF;
    IF write_turn_parts.record ? 'security_events' THEN
        PERFORM agentctl.record_security_events(write_turn_parts.conversation, write_turn_parts.seq,
            write_turn_parts.record -> 'security_events');
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.write_turn_parts(conversation text, seq bigint, record jsonb, started timestamp with time zone, first_message bigint, last_message bigint, last_event bigint) IS 'Stores the messages, steps, tool calls and events of a record. Internal: finish() and save_progress() call it under the lock on the control row.';
CREATE FUNCTION agentctl_sql.examine(statement text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    answer refcursor;
BEGIN
    -- As guard() explains. A member of agentctl_query may alter what that role owns, but no body.
    IF current_user OPERATOR(pg_catalog.<>) 'agentctl_query'::name
        OR session_user OPERATOR(pg_catalog.=) 'agentctl_query'::name
        OR pg_catalog.current_setting('role') OPERATOR(pg_catalog.=) 'agentctl_query'::text THEN
        RAISE EXCEPTION 'SQL functions cannot be run: this function does not run as agentctl_query, its owner'
            USING ERRCODE = 'AC003',
                HINT = 'An administrator runs: CREATE ROLE agentctl_query NOLOGIN; and then: SELECT agentctl.grant_roles();';
    END IF;
    PERFORM agentctl_sql.guard();
    BEGIN
        OPEN answer FOR EXECUTE statement USING NULL::jsonb;
    EXCEPTION WHEN invalid_cursor_definition THEN
        OPEN answer FOR EXECUTE 'WITH statement AS (' || statement || E'\n) SELECT WHERE false' USING NULL::jsonb;
    END;
    CLOSE answer;
END $$;
COMMENT ON FUNCTION agentctl_sql.examine(statement text) IS 'Plans a statement as run() would, without running it; fails as it would.';
CREATE FUNCTION agentctl_sql.guard() RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF current_user <> 'agentctl_query'
        OR (SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls OR r.rolreplication
                OR pg_has_role(r.oid, n.nspowner, 'MEMBER')
            FROM pg_roles AS r, pg_namespace AS n WHERE r.rolname = current_user AND n.nspname = 'agentctl') THEN
        RAISE EXCEPTION 'SQL functions cannot be run: the role agentctl_query is not set up, or has more rights than it should' USING ERRCODE = 'AC003',
            HINT = 'An administrator runs: CREATE ROLE agentctl_query NOLOGIN; and then: SELECT agentctl.grant_roles();';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl_sql.guard() IS 'Fails with AC003 unless it runs as agentctl_query, and that role is harmless.';
CREATE FUNCTION agentctl_sql.run(statement text, arguments jsonb, maximum_rows integer, maximum_bytes integer, read_only boolean DEFAULT true) RETURNS TABLE(rows text, row_count integer, has_more boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_variable
DECLARE
    answer refcursor;
    found_row record;
    piece text;
    pieces text[] := '{}';
    bytes bigint := 2;
    kept jsonb;
    setting record;
BEGIN
    -- As guard() explains. A member of agentctl_query may alter what that role owns, but no body.
    IF current_user OPERATOR(pg_catalog.<>) 'agentctl_query'::name
        OR session_user OPERATOR(pg_catalog.=) 'agentctl_query'::name
        OR pg_catalog.current_setting('role') OPERATOR(pg_catalog.=) 'agentctl_query'::text THEN
        RAISE EXCEPTION 'SQL functions cannot be run: this function does not run as agentctl_query, its owner'
            USING ERRCODE = 'AC003',
                HINT = 'An administrator runs: CREATE ROLE agentctl_query NOLOGIN; and then: SELECT agentctl.grant_roles();';
    END IF;
    PERFORM agentctl_sql.guard();
    SELECT pg_catalog.jsonb_object_agg(name, pg_catalog.current_setting(name)) INTO kept
    FROM pg_catalog.unnest('{DateStyle,TimeZone,client_encoding,application_name}'::text[]) AS name;
    row_count := 0;
    has_more := false;
    BEGIN
        IF read_only THEN
            PERFORM pg_catalog.set_config('transaction_read_only', 'on', true);
        END IF;
        -- A cursor takes one statement that returns rows, and neither two nor a command.
        BEGIN
            OPEN answer FOR EXECUTE statement USING arguments;
        EXCEPTION WHEN invalid_cursor_definition THEN
            IF read_only THEN
                RAISE;
            END IF;
            OPEN answer FOR EXECUTE 'WITH statement AS (' || statement || E'\n) SELECT WHERE false' USING arguments;
        END;
        LOOP
            FETCH answer INTO found_row;
            EXIT WHEN NOT FOUND;
            has_more := row_count >= maximum_rows;
            EXIT WHEN has_more;
            piece := pg_catalog.row_to_json(found_row)::text;
            bytes := bytes + octet_length(piece) + 1;
            has_more := bytes > maximum_bytes;
            EXIT WHEN has_more;
            pieces := pieces || piece;
            row_count := row_count + 1;
        END LOOP;
        CLOSE answer;
        -- Undoes what a statement can do that only reads: settings of the session, large objects, notifications.
        IF read_only THEN
            RAISE EXCEPTION SQLSTATE 'AC0RB';
        END IF;
        -- Settings of the session would outlive the statement; those that the client may have made itself stay.
        RESET ALL;
        FOR setting IN SELECT * FROM pg_catalog.jsonb_each_text(kept)
                       WHERE value IS DISTINCT FROM pg_catalog.current_setting(key) LOOP
            PERFORM pg_catalog.set_config(setting.key, setting.value, false);
        END LOOP;
    EXCEPTION
        WHEN SQLSTATE 'AC0RB' THEN
            NULL;
        WHEN query_canceled OR assert_failure OR OTHERS THEN
            PERFORM pg_catalog.pg_advisory_unlock_all();
            RAISE;
    END;
    PERFORM pg_catalog.pg_advisory_unlock_all();
    rows := '[' || array_to_string(pieces, ',') || ']';
    RETURN NEXT;
END $$;
COMMENT ON FUNCTION agentctl_sql.run(statement text, arguments jsonb, maximum_rows integer, maximum_bytes integer, read_only boolean) IS 'Runs one statement as agentctl_query, with the arguments as $1, and returns its rows as a JSON list, as many as the limits allow. Reading only is the default, and leaves nothing behind.';
CREATE TABLE agentctl.account (
    name text NOT NULL COLLATE pg_catalog."C",
    prefix text GENERATED ALWAYS AS ((replace(replace(name, '%'::text, '%25'::text), '/'::text, '%2F'::text) || '/'::text)) STORED NOT NULL COLLATE pg_catalog."C",
    role oid,
    role_name text NOT NULL COLLATE pg_catalog."C",
    cluster text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT account_name_check CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 80)))
);
COMMENT ON TABLE agentctl.account IS 'Users as owners of conversations, tasks and so on: a role that was dropped and made again is another one, a role that was renamed is the same.';
COMMENT ON COLUMN agentctl.account.name IS 'What created_by holds: the name of the role, with #oid where an earlier role had it.';
COMMENT ON COLUMN agentctl.account.prefix IS 'What the ids of the conversations begin with that a client of this account starts.';
COMMENT ON COLUMN agentctl.account.role IS 'The oid of the role in that cluster; NULL when there is none.';
COMMENT ON COLUMN agentctl.account.role_name IS 'The name under which the role was last seen.';
COMMENT ON COLUMN agentctl.account.cluster IS 'The system identifier of the cluster that the oid is of.';
COMMENT ON COLUMN agentctl.account.created_at IS 'When the role first made something.';
CREATE VIEW agentctl.agent_metrics AS
 SELECT (m.agent COLLATE "C") AS agent,
    m.version,
    m.turns,
    m.succeeded,
    m.failed,
    m.limited,
    m.interrupted,
    m.success_rate,
    m.p50_ms,
    m.p95_ms,
    m.p99_ms,
    m.mean_queue_ms,
    m.model_calls,
    m.tool_calls,
    m.input_tokens,
    m.cached_input_tokens,
    m.output_tokens,
    m.cost_usd,
    m.first_at,
    m.last_at
   FROM agentctl.agent_metrics() m(agent, version, turns, succeeded, failed, limited, interrupted, success_rate, p50_ms, p95_ms, p99_ms, mean_queue_ms, model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd, first_at, last_at);
COMMENT ON VIEW agentctl.agent_metrics IS 'Turns by agent and version.';
COMMENT ON COLUMN agentctl.agent_metrics.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.agent_metrics.version IS 'Version that ran; NULL when the agent could not be built.';
COMMENT ON COLUMN agentctl.agent_metrics.turns IS 'Turns that ended.';
COMMENT ON COLUMN agentctl.agent_metrics.succeeded IS 'Turns that ended with a reply.';
COMMENT ON COLUMN agentctl.agent_metrics.failed IS 'Turns that ended with an error.';
COMMENT ON COLUMN agentctl.agent_metrics.limited IS 'Turns that a limit ended.';
COMMENT ON COLUMN agentctl.agent_metrics.interrupted IS 'Turns that were interrupted.';
COMMENT ON COLUMN agentctl.agent_metrics.success_rate IS 'succeeded / turns, 0 to 1.';
COMMENT ON COLUMN agentctl.agent_metrics.p50_ms IS 'Median of a turn''s time from claim to finish, in ms.';
COMMENT ON COLUMN agentctl.agent_metrics.p95_ms IS '95th percentile of the same, in ms.';
COMMENT ON COLUMN agentctl.agent_metrics.p99_ms IS '99th percentile of the same, in ms.';
COMMENT ON COLUMN agentctl.agent_metrics.mean_queue_ms IS 'Mean time from submission to claim, in ms.';
COMMENT ON COLUMN agentctl.agent_metrics.model_calls IS 'Calls to models.';
COMMENT ON COLUMN agentctl.agent_metrics.tool_calls IS 'Calls to tools.';
COMMENT ON COLUMN agentctl.agent_metrics.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.agent_metrics.cached_input_tokens IS 'Input tokens that the provider had cached.';
COMMENT ON COLUMN agentctl.agent_metrics.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.agent_metrics.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.agent_metrics.first_at IS 'When the first of the turns began.';
COMMENT ON COLUMN agentctl.agent_metrics.last_at IS 'When the last of the turns began.';
CREATE TABLE agentctl.definition (
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    current_version integer,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE agentctl.definition IS 'Names and which version of each is in force. The version of an agent that a turn ran is kept with the turn.';
COMMENT ON COLUMN agentctl.definition.kind IS 'Kind of definition.';
COMMENT ON COLUMN agentctl.definition.name IS 'Name, unique within its kind.';
COMMENT ON COLUMN agentctl.definition.current_version IS 'Version that the next turn uses; NULL when it was taken out of force.';
COMMENT ON COLUMN agentctl.definition.updated_at IS 'When the version in force last changed.';
CREATE TABLE agentctl.definition_version (
    id bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    document jsonb NOT NULL,
    content_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    created_by text DEFAULT agentctl.keep_account() NOT NULL,
    CONSTRAINT definition_version_content_hash_check CHECK ((octet_length(content_hash) = 32)),
    CONSTRAINT definition_version_document_check CHECK (((jsonb_typeof(document) = 'object'::text) AND (octet_length((document)::text) <= 4194304))),
    CONSTRAINT definition_version_version_check CHECK ((version > 0))
);
COMMENT ON TABLE agentctl.definition_version IS 'Every version of every definition; immutable and complete.';
COMMENT ON COLUMN agentctl.definition_version.id IS 'Identifies the version; turns, steps and tool calls refer to it.';
COMMENT ON COLUMN agentctl.definition_version.kind IS 'Kind of definition.';
COMMENT ON COLUMN agentctl.definition_version.name IS 'Name of the definition.';
COMMENT ON COLUMN agentctl.definition_version.version IS 'Counts from 1 within a name.';
COMMENT ON COLUMN agentctl.definition_version.document IS 'The whole document, with defaults filled in.';
COMMENT ON COLUMN agentctl.definition_version.content_hash IS 'SHA-256 of the document; the same content is the same version.';
COMMENT ON COLUMN agentctl.definition_version.created_at IS 'When it was registered.';
COMMENT ON COLUMN agentctl.definition_version.created_by IS 'Database user who registered it.';
CREATE VIEW agentctl.agent_relationships AS
 SELECT r.from_agent,
    r.to_agent,
    r.capabilities,
        CASE
            WHEN (v.document ? 'from'::text) THEN COALESCE((v.document ->> 'strategy'::text), (a.document ->> 'chain_strategy'::text))
            ELSE 'handoff'::text
        END AS strategy,
    d.name AS chain,
    v.version,
    v.id AS version_id
   FROM ((((agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
     CROSS JOIN LATERAL agentctl.chain_relations(v.document) r(number, path, from_path, from_agent, to_agent, capabilities))
     LEFT JOIN agentctl.definition n ON (((n.kind = 'agent'::text) AND (n.name = r.from_agent))))
     LEFT JOIN agentctl.definition_version a ON (((a.kind = n.kind) AND (a.name = n.name) AND (a.version = n.current_version))))
  WHERE ((d.kind = 'chain'::text) AND (v.document ? 'to'::text));
COMMENT ON VIEW agentctl.agent_relationships IS 'Which agent may delegate or hand over to which, by the chains in force.';
COMMENT ON COLUMN agentctl.agent_relationships.from_agent IS 'The agent that may.';
COMMENT ON COLUMN agentctl.agent_relationships.to_agent IS 'To whom; NULL where capabilities say it.';
COMMENT ON COLUMN agentctl.agent_relationships.capabilities IS 'To any agent that has all of these; NULL where an agent is named.';
COMMENT ON COLUMN agentctl.agent_relationships.strategy IS 'How the tasks of one call are run: the chain''s strategy, or the chain_strategy of the agent; handoff where the turn goes on with the other agent.';
COMMENT ON COLUMN agentctl.agent_relationships.chain IS 'The chain that says so.';
COMMENT ON COLUMN agentctl.agent_relationships.version IS 'Its version in force.';
COMMENT ON COLUMN agentctl.agent_relationships.version_id IS 'Identifies the version.';
CREATE VIEW agentctl.agents AS
 SELECT v.name,
    (v.document ->> 'description'::text) AS description,
    (v.document ->> 'system_prompt'::text) AS system_prompt,
    (v.document ->> 'model'::text) AS model,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'tools'::text)) AS jsonb_array_elements_text) AS tools,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'capabilities'::text)) AS jsonb_array_elements_text) AS capabilities,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'examples'::text)) AS jsonb_array_elements_text) AS examples,
    (v.document -> 'input_schema'::text) AS input_schema,
    (v.document -> 'output_schema'::text) AS output_schema,
    ((v.document ->> 'output_retries'::text))::integer AS output_retries,
    ((v.document ->> 'max_chain_depth'::text))::integer AS max_chain_depth,
    (v.document ->> 'chain_strategy'::text) AS chain_strategy,
    (v.document ->> 'strategy'::text) AS strategy,
    ((v.document ->> 'temperature'::text))::double precision AS temperature,
    ((v.document ->> 'top_p'::text))::double precision AS top_p,
    ((v.document ->> 'presence_penalty'::text))::double precision AS presence_penalty,
    ((v.document ->> 'frequency_penalty'::text))::double precision AS frequency_penalty,
    ((v.document ->> 'max_output_tokens'::text))::integer AS max_output_tokens,
    ((v.document ->> 'max_iterations'::text))::integer AS max_iterations,
    ((v.document ->> 'max_turn_tokens'::text))::integer AS max_turn_tokens,
    ((v.document ->> 'history_limit'::text))::integer AS history_limit,
    ((v.document ->> 'timeout'::text))::double precision AS timeout,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'functions'::text)) AS jsonb_array_elements_text) AS functions,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'policies'::text)) AS jsonb_array_elements_text) AS policies,
    ((v.document ->> 'compact_at'::text))::double precision AS compact_at,
    (v.document ->> 'when_busy'::text) AS when_busy,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'guardrails'::text)) AS jsonb_array_elements_text) AS guardrails,
    ((v.document ->> 'routable'::text))::boolean AS routable,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'delegates'::text)) AS jsonb_array_elements_text) AS delegates,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'delegate_capabilities'::text)) AS jsonb_array_elements_text) AS delegate_capabilities
   FROM (agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
  WHERE (d.kind = 'agent'::text);
COMMENT ON VIEW agentctl.agents IS 'The agents in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.agents.name IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.agents.description IS 'What it is for.';
COMMENT ON COLUMN agentctl.agents.system_prompt IS 'The model''s instructions.';
COMMENT ON COLUMN agentctl.agents.model IS 'Name of a model.';
COMMENT ON COLUMN agentctl.agents.tools IS 'Names of the tools that it may call.';
COMMENT ON COLUMN agentctl.agents.capabilities IS 'What it can be asked for.';
COMMENT ON COLUMN agentctl.agents.examples IS 'Messages that it is meant for.';
COMMENT ON COLUMN agentctl.agents.input_schema IS 'JSON Schema of structured input; plain text is {"message": text}.';
COMMENT ON COLUMN agentctl.agents.output_schema IS 'JSON Schema that the reply must fit.';
COMMENT ON COLUMN agentctl.agents.output_retries IS 'Times that a reply which does not fit is sent back to the model.';
COMMENT ON COLUMN agentctl.agents.max_chain_depth IS 'How deep it may hand on to other agents.';
COMMENT ON COLUMN agentctl.agents.chain_strategy IS 'How the tasks that it delegates are run: sequential, one after the other; others at the same time.';
COMMENT ON COLUMN agentctl.agents.strategy IS 'How tools are called.';
COMMENT ON COLUMN agentctl.agents.temperature IS 'Sampling temperature.';
COMMENT ON COLUMN agentctl.agents.top_p IS 'Nucleus sampling.';
COMMENT ON COLUMN agentctl.agents.presence_penalty IS 'Penalty for tokens that were used at all.';
COMMENT ON COLUMN agentctl.agents.frequency_penalty IS 'Penalty for tokens by how often they were used.';
COMMENT ON COLUMN agentctl.agents.max_output_tokens IS 'Most tokens of one answer.';
COMMENT ON COLUMN agentctl.agents.max_iterations IS 'Most model calls in a turn.';
COMMENT ON COLUMN agentctl.agents.max_turn_tokens IS 'Most input and output tokens of a turn together.';
COMMENT ON COLUMN agentctl.agents.history_limit IS 'Most earlier messages that the model is shown.';
COMMENT ON COLUMN agentctl.agents.timeout IS 'Seconds that a turn may take.';
COMMENT ON COLUMN agentctl.agents.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.agents.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.agents.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.agents.created_by IS 'Database user who registered it.';
COMMENT ON COLUMN agentctl.agents.functions IS 'Names of the stored functions that it may call, beside its tools.';
COMMENT ON COLUMN agentctl.agents.policies IS 'Names of the policies that decide about its calls, before the default one.';
COMMENT ON COLUMN agentctl.agents.compact_at IS 'Share of the model''s context window from which on a turn begins with a summary of the oldest messages.';
COMMENT ON COLUMN agentctl.agents.when_busy IS 'A message that arrives while a turn is in progress waits (queue), joins the turn (steer), is refused (reject), or stops the turn (interrupt).';
COMMENT ON COLUMN agentctl.agents.guardrails IS 'Names of the guardrails that check what users say, what it answers and what its tools return, in order.';
COMMENT ON COLUMN agentctl.agents.routable IS 'Whether messages that name no agent may be routed to it.';
COMMENT ON COLUMN agentctl.agents.delegates IS 'Names of the agents that it may delegate tasks to: it gets the tool delegate.';
COMMENT ON COLUMN agentctl.agents.delegate_capabilities IS 'Capabilities by which it may delegate tasks to any agent that has them.';
CREATE TABLE agentctl.approval (
    id bigint NOT NULL,
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    call_number integer NOT NULL,
    tool text NOT NULL COLLATE pg_catalog."C",
    arguments text NOT NULL,
    state agentctl.approval_state DEFAULT 'pending'::agentctl.approval_state NOT NULL,
    scope agentctl.approval_scope DEFAULT 'once'::agentctl.approval_scope NOT NULL,
    reason text,
    requested_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone,
    decided_at timestamp with time zone,
    decided_by text,
    place text DEFAULT 'call'::text NOT NULL COLLATE pg_catalog."C",
    agent text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    subject text DEFAULT ''::text NOT NULL,
    rule text DEFAULT ''::text NOT NULL,
    CONSTRAINT approval_check CHECK (((state = ANY (ARRAY['approved'::agentctl.approval_state, 'denied'::agentctl.approval_state])) = (decided_by IS NOT NULL))),
    CONSTRAINT approval_place_check CHECK ((place = ANY (ARRAY['call'::text, 'input'::text, 'tool_output'::text]))),
    CONSTRAINT approval_subject_check CHECK ((octet_length(subject) <= 1000))
);
COMMENT ON TABLE agentctl.approval IS 'Tool calls that wait, or waited, for a person.';
COMMENT ON COLUMN agentctl.approval.id IS 'Identifies the request.';
COMMENT ON COLUMN agentctl.approval.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.approval.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.approval.call_number IS 'The tool call within the turn; 0 for the message.';
COMMENT ON COLUMN agentctl.approval.tool IS 'The tool; for what a guardrail found, guardrail: and its name.';
COMMENT ON COLUMN agentctl.approval.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.approval.state IS 'pending, approved, denied or expired.';
COMMENT ON COLUMN agentctl.approval.scope IS 'What the decision covers.';
COMMENT ON COLUMN agentctl.approval.reason IS 'Given by whoever decided.';
COMMENT ON COLUMN agentctl.approval.requested_at IS 'When it was asked for.';
COMMENT ON COLUMN agentctl.approval.expires_at IS 'When it counts as denied.';
COMMENT ON COLUMN agentctl.approval.decided_at IS 'When it was decided.';
COMMENT ON COLUMN agentctl.approval.decided_by IS 'Database user who decided.';
COMMENT ON COLUMN agentctl.approval.place IS 'What is asked about: the call; or what a guardrail found in the message (input) or in the call''s result (tool_output).';
COMMENT ON COLUMN agentctl.approval.agent IS 'The agent that asks.';
COMMENT ON COLUMN agentctl.approval.subject IS 'What is asked about, in short: a command line, a method and host, a path, the arguments. A decision of a wider scope covers calls of the same tool with the same subject.';
COMMENT ON COLUMN agentctl.approval.rule IS 'The policy''s rule that asks.';
ALTER TABLE agentctl.approval ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.approval_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agentctl.node_run (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    number integer NOT NULL,
    node text NOT NULL COLLATE pg_catalog."C",
    visit smallint NOT NULL,
    level smallint NOT NULL,
    "position" smallint NOT NULL,
    after text[] DEFAULT '{}'::text[] NOT NULL COLLATE pg_catalog."C",
    status agentctl.node_status NOT NULL,
    attempt smallint DEFAULT 1 NOT NULL,
    input jsonb,
    output jsonb,
    writes jsonb,
    choices text[] COLLATE pg_catalog."C",
    task integer,
    error_code text,
    error_message text,
    copied_from text COLLATE pg_catalog."C",
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    CONSTRAINT node_run_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT node_run_level_check CHECK ((level > 0)),
    CONSTRAINT node_run_number_check CHECK ((number > 0)),
    CONSTRAINT node_run_position_check CHECK (("position" > 0)),
    CONSTRAINT node_run_task_check CHECK ((task > 0)),
    CONSTRAINT node_run_visit_check CHECK ((visit > 0)),
    CONSTRAINT node_run_writes_check CHECK ((jsonb_typeof(writes) = 'object'::text))
)
PARTITION BY RANGE (finished_at);
COMMENT ON TABLE agentctl.node_run IS 'The visits of nodes that have ended, in runs of chains: what a run resumes from, and can be run again from.';
COMMENT ON COLUMN agentctl.node_run.conversation_id IS 'Conversation of the run.';
COMMENT ON COLUMN agentctl.node_run.seq IS 'Submission of the run.';
COMMENT ON COLUMN agentctl.node_run.number IS 'Counts from 1 within the run, in the order in which they ended.';
COMMENT ON COLUMN agentctl.node_run.node IS 'Name of the node.';
COMMENT ON COLUMN agentctl.node_run.visit IS 'Counts from 1: nodes of a loop are visited several times.';
COMMENT ON COLUMN agentctl.node_run.level IS 'The longest way of visits to it, from 1.';
COMMENT ON COLUMN agentctl.node_run."position" IS 'The node''s place in the order of the chain. What nodes wrote is folded by level, position and visit.';
COMMENT ON COLUMN agentctl.node_run.after IS 'The visits that led to it, as node#visit.';
COMMENT ON COLUMN agentctl.node_run.status IS 'How it ended.';
COMMENT ON COLUMN agentctl.node_run.attempt IS 'The attempt that ended it, from 1.';
COMMENT ON COLUMN agentctl.node_run.input IS 'What it was sent; NULL where nothing could be made of its templates.';
COMMENT ON COLUMN agentctl.node_run.output IS 'What it gave.';
COMMENT ON COLUMN agentctl.node_run.writes IS 'What it wrote, by key of the state.';
COMMENT ON COLUMN agentctl.node_run.choices IS 'The nodes that its agent chose to go to.';
COMMENT ON COLUMN agentctl.node_run.task IS 'The number of its first task within the run; NULL for none. The group_key of all begins with node#visit.';
COMMENT ON COLUMN agentctl.node_run.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.node_run.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.node_run.copied_from IS 'The run that it was copied from, as conversation/seq: it was not run again; NULL for one of this run.';
COMMENT ON COLUMN agentctl.node_run.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.node_run.finished_at IS 'When it was stored.';
CREATE VIEW agentctl.ballots AS
 SELECT n.conversation_id,
    n.seq,
    n.node,
    n.visit AS round,
    (b.ordinality)::integer AS number,
    (b.value ->> 'voter'::text) AS voter,
    COALESCE(((b.value ->> 'weight'::text))::numeric, (1)::numeric) AS weight,
    (b.value -> 'answer'::text) AS answer,
    (n.output ->> 'answer'::text) AS decision,
    ((n.output ->> 'agreement'::text))::numeric AS agreement,
    ((n.output ->> 'support'::text))::numeric AS support,
    n.finished_at AS counted_at
   FROM (agentctl.node_run n
     CROSS JOIN LATERAL jsonb_array_elements(
        CASE jsonb_typeof(n.input)
            WHEN 'array'::text THEN n.input
            ELSE NULL::jsonb
        END) WITH ORDINALITY b(value, ordinality))
  WHERE ((n.output ? 'agreement'::text) AND (n.output ? 'decided'::text));
COMMENT ON VIEW agentctl.ballots IS 'The votes of runs of chains, one row for each who was asked; count_ballots() counts them again.';
COMMENT ON COLUMN agentctl.ballots.conversation_id IS 'Conversation of the run.';
COMMENT ON COLUMN agentctl.ballots.seq IS 'Submission of the run.';
COMMENT ON COLUMN agentctl.ballots.node IS 'The node that counted.';
COMMENT ON COLUMN agentctl.ballots.round IS 'Counts from 1.';
COMMENT ON COLUMN agentctl.ballots.number IS 'Place among those who were asked, from 1.';
COMMENT ON COLUMN agentctl.ballots.voter IS 'Who was asked.';
COMMENT ON COLUMN agentctl.ballots.weight IS 'Weight of the vote.';
COMMENT ON COLUMN agentctl.ballots.answer IS 'The answer; NULL where there was none.';
COMMENT ON COLUMN agentctl.ballots.decision IS 'What the vote decided; NULL for nothing.';
COMMENT ON COLUMN agentctl.ballots.agreement IS 'The winner''s share of the votes cast, from 0 to 1.';
COMMENT ON COLUMN agentctl.ballots.support IS 'The winner''s share of all who were asked, from 0 to 1.';
COMMENT ON COLUMN agentctl.ballots.counted_at IS 'When they were counted.';
CREATE TABLE agentctl.conversation_control (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    bucket smallint GENERATED ALWAYS AS (((hashtextextended(conversation_id, (0)::bigint) & (1023)::bigint))::smallint) STORED NOT NULL,
    state agentctl.conversation_state DEFAULT 'idle'::agentctl.conversation_state NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    attempt smallint DEFAULT 0 NOT NULL,
    ready_at timestamp with time zone,
    wake_at timestamp with time zone,
    head_seq bigint DEFAULT 0 NOT NULL,
    tail_seq bigint DEFAULT 0 NOT NULL,
    cancel_seq bigint DEFAULT 0 NOT NULL,
    last_message bigint DEFAULT 0 NOT NULL,
    last_event bigint DEFAULT 0 NOT NULL,
    lease uuid,
    worker_id bigint,
    has_progress boolean DEFAULT false NOT NULL,
    generation smallint DEFAULT 0 NOT NULL,
    steer_seq bigint DEFAULT 0 NOT NULL,
    closed_seq bigint,
    lease_until timestamp with time zone,
    depth smallint DEFAULT 0 NOT NULL,
    awaited integer DEFAULT 0 NOT NULL,
    told integer DEFAULT 0 NOT NULL,
    claimed_at timestamp with time zone,
    CONSTRAINT conversation_control_check CHECK ((tail_seq >= head_seq)),
    CONSTRAINT conversation_control_check1 CHECK (((state = 'running'::agentctl.conversation_state) = (lease IS NOT NULL))),
    CONSTRAINT conversation_control_check2 CHECK (((state = 'running'::agentctl.conversation_state) = (worker_id IS NOT NULL))),
    CONSTRAINT conversation_control_check3 CHECK (((state = 'ready'::agentctl.conversation_state) = (ready_at IS NOT NULL))),
    CONSTRAINT conversation_control_check4 CHECK (((state <> 'idle'::agentctl.conversation_state) OR (head_seq = tail_seq))),
    CONSTRAINT conversation_control_head_seq_check CHECK ((head_seq >= 0))
)
WITH (fillfactor='60', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000', autovacuum_vacuum_cost_delay='0');
COMMENT ON TABLE agentctl.conversation_control IS 'The state of each conversation: the one row that is locked to write to it. It holds no wide column.';
COMMENT ON COLUMN agentctl.conversation_control.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversation_control.bucket IS 'Hash of the id, 0 to 1023: lets workers share conversations out among them.';
COMMENT ON COLUMN agentctl.conversation_control.state IS 'idle: nothing to do; ready: to be claimed; running: a worker holds the lease; waiting: for tasks, or until wake_at; parked: for a person.';
COMMENT ON COLUMN agentctl.conversation_control.priority IS 'Lower is claimed first.';
COMMENT ON COLUMN agentctl.conversation_control.attempt IS 'Times the next submission has been claimed.';
COMMENT ON COLUMN agentctl.conversation_control.ready_at IS 'Since when it is ready.';
COMMENT ON COLUMN agentctl.conversation_control.wake_at IS 'When a turn that waits goes on at the latest; NULL for never.';
COMMENT ON COLUMN agentctl.conversation_control.head_seq IS 'Last submission that is finished.';
COMMENT ON COLUMN agentctl.conversation_control.tail_seq IS 'Last submission that has come.';
COMMENT ON COLUMN agentctl.conversation_control.cancel_seq IS 'Submissions up to this one are to be interrupted.';
COMMENT ON COLUMN agentctl.conversation_control.last_message IS 'Number of the last message.';
COMMENT ON COLUMN agentctl.conversation_control.last_event IS 'Number of the last event.';
COMMENT ON COLUMN agentctl.conversation_control.lease IS 'Random, new with each claim; a writer must know it.';
COMMENT ON COLUMN agentctl.conversation_control.worker_id IS 'The worker that holds the lease.';
COMMENT ON COLUMN agentctl.conversation_control.has_progress IS 'The next submission''s turn has stored something already: see turn_progress.';
COMMENT ON COLUMN agentctl.conversation_control.generation IS 'Counts claims of the next submission, also those that were given back: pieces of answers are told apart by it.';
COMMENT ON COLUMN agentctl.conversation_control.steer_seq IS 'The last message that is for the turn in progress and not for one of its own.';
COMMENT ON COLUMN agentctl.conversation_control.closed_seq IS 'The shutdown after which nothing more is accepted; NULL while the conversation is open.';
COMMENT ON COLUMN agentctl.conversation_control.lease_until IS 'Until when the worker that was lost while it held the conversation may believe that it still does; NULL when none was.';
COMMENT ON COLUMN agentctl.conversation_control.depth IS 'Turns above its own: the deepest are claimed first, so that a tree is finished before another is begun.';
COMMENT ON COLUMN agentctl.conversation_control.awaited IS 'Endings of tasks that the turn still waits for.';
COMMENT ON COLUMN agentctl.conversation_control.told IS 'Endings of its tasks that the turn in progress was told.';
COMMENT ON COLUMN agentctl.conversation_control.claimed_at IS 'When it was last claimed.';
CREATE TABLE agentctl.submission (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    operation agentctl.operation DEFAULT 'user_input'::agentctl.operation NOT NULL,
    agent text COLLATE pg_catalog."C",
    body jsonb NOT NULL,
    idempotency_key text COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    created_by text DEFAULT agentctl.keep_account() NOT NULL,
    taken_by bigint,
    task_id bigint,
    request bytea,
    CONSTRAINT submission_idempotency_key_check CHECK (((octet_length(idempotency_key) >= 1) AND (octet_length(idempotency_key) <= 200))),
    CONSTRAINT submission_seq_check CHECK ((seq > 0))
)
WITH (autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000');
COMMENT ON TABLE agentctl.submission IS 'What was sent in: one operation each, worked off in order of seq.';
COMMENT ON COLUMN agentctl.submission.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.submission.seq IS 'Counts from 1 within the conversation, in order of commit.';
COMMENT ON COLUMN agentctl.submission.operation IS 'What is asked for.';
COMMENT ON COLUMN agentctl.submission.agent IS 'Agent for this submission, when it is not the conversation''s own.';
COMMENT ON COLUMN agentctl.submission.body IS '{"message": text}, {"input": value}, or what belongs to the operation.';
COMMENT ON COLUMN agentctl.submission.idempotency_key IS 'Given by the client: the same key in a conversation is the same submission.';
COMMENT ON COLUMN agentctl.submission.created_at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.submission.created_by IS 'Database user who sent it.';
COMMENT ON COLUMN agentctl.submission.taken_by IS 'The turn that took it up while it ran; NULL for what is worked off by itself.';
COMMENT ON COLUMN agentctl.submission.task_id IS 'The task that it is an attempt at; NULL for a user''s own.';
COMMENT ON COLUMN agentctl.submission.request IS 'Digest of what was submitted with the idempotency key: body, agent and priority. NULL without a key, and once a guardrail has taken something out of the body.';
CREATE TABLE agentctl.tool_call (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    number integer NOT NULL,
    step_number integer NOT NULL,
    call_id text NOT NULL,
    tool text NOT NULL COLLATE pg_catalog."C",
    tool_version_id bigint,
    arguments text NOT NULL,
    effect agentctl.tool_effect NOT NULL,
    idempotency_key uuid,
    state agentctl.tool_call_state NOT NULL,
    result text,
    truncated boolean DEFAULT false NOT NULL,
    error_code text,
    duration_ms double precision,
    started_at timestamp with time zone NOT NULL,
    rule text,
    CONSTRAINT tool_call_number_check CHECK ((number > 0))
)
PARTITION BY RANGE (started_at);
COMMENT ON TABLE agentctl.tool_call IS 'Calls to tools. Partitioned by month.';
COMMENT ON COLUMN agentctl.tool_call.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.tool_call.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.tool_call.number IS 'Counts from 1 within the turn.';
COMMENT ON COLUMN agentctl.tool_call.step_number IS 'The tool round it was part of.';
COMMENT ON COLUMN agentctl.tool_call.call_id IS 'The model''s name for the call.';
COMMENT ON COLUMN agentctl.tool_call.tool IS 'Name that the model called.';
COMMENT ON COLUMN agentctl.tool_call.tool_version_id IS 'Version of the tool, an id in definition_version; NULL when there is no such tool.';
COMMENT ON COLUMN agentctl.tool_call.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.tool_call.effect IS 'What running it twice would do.';
COMMENT ON COLUMN agentctl.tool_call.idempotency_key IS 'Given to tools that can use one: every attempt of a call has the same. Random and stored with the intent before the first attempt; of an idempotent call, made from what is asked for.';
COMMENT ON COLUMN agentctl.tool_call.state IS 'How far it came; in_doubt: a crash left its outcome unknown.';
COMMENT ON COLUMN agentctl.tool_call.result IS 'What the model was told.';
COMMENT ON COLUMN agentctl.tool_call.truncated IS 'Whether the result was cut at the tool''s limit.';
COMMENT ON COLUMN agentctl.tool_call.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.tool_call.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.tool_call.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.tool_call.rule IS 'What decided whether it may run: the policy and the rule; NULL when it was not asked.';
CREATE VIEW agentctl.calls_in_doubt AS
 SELECT t.conversation_id,
    t.seq,
    t.number AS call,
    t.tool,
    t.arguments,
    t.started_at,
    COALESCE(k.root_conversation_id, t.conversation_id) AS root_conversation_id,
    COALESCE(k.root_seq, t.seq) AS root_seq
   FROM (((agentctl.tool_call t
     JOIN agentctl.conversation_control c ON (((c.conversation_id = t.conversation_id) AND (c.state = 'parked'::agentctl.conversation_state) AND (c.head_seq = (t.seq - 1)))))
     LEFT JOIN agentctl.submission s ON (((s.conversation_id = t.conversation_id) AND (s.seq = t.seq))))
     LEFT JOIN agentctl.task k ON ((k.id = s.task_id)))
  WHERE (t.state = 'in_doubt'::agentctl.tool_call_state);
COMMENT ON VIEW agentctl.calls_in_doubt IS 'Tool calls whose outcome a crash left unknown and that a person has to resolve with resolve_tool_call().';
COMMENT ON COLUMN agentctl.calls_in_doubt.conversation_id IS 'The conversation, which is parked.';
COMMENT ON COLUMN agentctl.calls_in_doubt.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.calls_in_doubt.call IS 'The call within the turn.';
COMMENT ON COLUMN agentctl.calls_in_doubt.tool IS 'The tool.';
COMMENT ON COLUMN agentctl.calls_in_doubt.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.calls_in_doubt.started_at IS 'When the call was to begin.';
COMMENT ON COLUMN agentctl.calls_in_doubt.root_conversation_id IS 'Conversation at the top of the tree of tasks: its own, for a user''s own turn.';
COMMENT ON COLUMN agentctl.calls_in_doubt.root_seq IS 'Turn at the top of the tree of tasks.';
CREATE TABLE agentctl.chain_edge (
    version_id bigint NOT NULL,
    number smallint NOT NULL,
    from_node text NOT NULL COLLATE pg_catalog."C",
    to_node text COLLATE pg_catalog."C",
    upon text NOT NULL COLLATE pg_catalog."C",
    condition jsonb,
    is_otherwise boolean NOT NULL,
    is_chosen boolean NOT NULL,
    loop smallint,
    CONSTRAINT chain_edge_loop_check CHECK ((loop > 0)),
    CONSTRAINT chain_edge_number_check CHECK ((number > 0)),
    CONSTRAINT chain_edge_upon_check CHECK ((upon = ANY (ARRAY['success'::text, 'failure'::text, 'always'::text, 'limit'::text])))
);
COMMENT ON TABLE agentctl.chain_edge IS 'The ways between the nodes of a version of a chain.';
COMMENT ON COLUMN agentctl.chain_edge.version_id IS 'The version of the chain.';
COMMENT ON COLUMN agentctl.chain_edge.number IS 'Counts from 1 in the order of the document.';
COMMENT ON COLUMN agentctl.chain_edge.from_node IS 'The node that it leaves.';
COMMENT ON COLUMN agentctl.chain_edge.to_node IS 'The node that it leads to; NULL for the end of the chain.';
COMMENT ON COLUMN agentctl.chain_edge.upon IS 'What takes it: the success or failure of its node, either (always), or that the bound of a loop was reached (limit).';
COMMENT ON COLUMN agentctl.chain_edge.condition IS 'What has to hold: a template, or JSON Schemas by the reference that has to fit them; NULL for no condition.';
COMMENT ON COLUMN agentctl.chain_edge.is_otherwise IS 'Whether it is taken only where no other edge upon the success of its node is.';
COMMENT ON COLUMN agentctl.chain_edge.is_chosen IS 'Whether the agent of its node chooses it.';
COMMENT ON COLUMN agentctl.chain_edge.loop IS 'For an edge that leads back: the most iterations of its loop, the first included; NULL for one that leads on.';
CREATE VIEW agentctl.chain_edges AS
 SELECT d.name AS chain,
    d.current_version AS version,
    e.number,
    e.from_node,
    e.to_node,
    e.upon,
    e.condition,
    e.is_otherwise,
    e.is_chosen,
    e.loop,
    v.id AS version_id
   FROM ((agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
     JOIN agentctl.chain_edge e ON ((e.version_id = v.id)))
  WHERE (d.kind = 'chain'::text);
COMMENT ON VIEW agentctl.chain_edges IS 'The ways between the nodes of the chains in force.';
COMMENT ON COLUMN agentctl.chain_edges.chain IS 'Name of the chain.';
COMMENT ON COLUMN agentctl.chain_edges.version IS 'Version in force.';
COMMENT ON COLUMN agentctl.chain_edges.number IS 'Counts from 1 in the order of the document.';
COMMENT ON COLUMN agentctl.chain_edges.from_node IS 'The node that it leaves.';
COMMENT ON COLUMN agentctl.chain_edges.to_node IS 'The node that it leads to; NULL for the end of the chain.';
COMMENT ON COLUMN agentctl.chain_edges.upon IS 'What takes it: success, failure, either (always), or that the bound of a loop was reached (limit).';
COMMENT ON COLUMN agentctl.chain_edges.condition IS 'What has to hold; NULL for no condition.';
COMMENT ON COLUMN agentctl.chain_edges.is_otherwise IS 'Whether it is taken only where no other edge upon the success of its node is.';
COMMENT ON COLUMN agentctl.chain_edges.is_chosen IS 'Whether the agent of its node chooses it.';
COMMENT ON COLUMN agentctl.chain_edges.loop IS 'For an edge that leads back: the most iterations of its loop.';
COMMENT ON COLUMN agentctl.chain_edges.version_id IS 'Identifies the version.';
CREATE TABLE agentctl.chain_node (
    version_id bigint NOT NULL,
    number smallint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    "position" smallint NOT NULL,
    loop text COLLATE pg_catalog."C",
    definition jsonb NOT NULL,
    CONSTRAINT chain_node_definition_check CHECK ((jsonb_typeof(definition) = 'object'::text)),
    CONSTRAINT chain_node_kind_check CHECK ((kind = ANY (ARRAY['agent'::text, 'chain'::text, 'tool'::text, 'function'::text, 'approval'::text, 'map'::text, 'plan'::text, 'vote'::text, 'collect'::text, 'set'::text]))),
    CONSTRAINT chain_node_number_check CHECK ((number > 0)),
    CONSTRAINT chain_node_position_check CHECK (("position" > 0))
);
COMMENT ON TABLE agentctl.chain_node IS 'The nodes that a version of a chain is compiled to.';
COMMENT ON COLUMN agentctl.chain_node.version_id IS 'The version of the chain.';
COMMENT ON COLUMN agentctl.chain_node.number IS 'Counts from 1 in the order of the document; a run begins at 1.';
COMMENT ON COLUMN agentctl.chain_node.name IS 'Name, unique within the version.';
COMMENT ON COLUMN agentctl.chain_node.kind IS 'What running the node does.';
COMMENT ON COLUMN agentctl.chain_node."position" IS 'Its place in an order in which a node comes after all that lead to it. What nodes wrote is folded in this order.';
COMMENT ON COLUMN agentctl.chain_node.loop IS 'The node at which the innermost loop around it begins; NULL outside of loops.';
COMMENT ON COLUMN agentctl.chain_node.definition IS 'The rest of the node: its target, templates, schemas and limits, with defaults filled in.';
CREATE VIEW agentctl.chain_nodes AS
 SELECT d.name AS chain,
    d.current_version AS version,
    n.number,
    n.name,
    n.kind,
    COALESCE((n.definition ->> 'agent'::text), (n.definition ->> 'chain'::text), (n.definition ->> 'tool'::text), (n.definition ->> 'function'::text)) AS target,
        CASE
            WHEN (n.definition ? 'capabilities'::text) THEN ARRAY( SELECT jsonb_array_elements_text((n.definition -> 'capabilities'::text)) AS jsonb_array_elements_text)
            ELSE NULL::text[]
        END AS capabilities,
    n."position",
    n.loop,
    n.definition,
    v.id AS version_id
   FROM ((agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
     JOIN agentctl.chain_node n ON ((n.version_id = v.id)))
  WHERE (d.kind = 'chain'::text);
COMMENT ON VIEW agentctl.chain_nodes IS 'The nodes of the chains in force, as they run. Handoffs and relationships have none: see agent_relationships.';
COMMENT ON COLUMN agentctl.chain_nodes.chain IS 'Name of the chain.';
COMMENT ON COLUMN agentctl.chain_nodes.version IS 'Version in force.';
COMMENT ON COLUMN agentctl.chain_nodes.number IS 'Counts from 1 in the order of the document; a run begins at 1.';
COMMENT ON COLUMN agentctl.chain_nodes.name IS 'Name of the node.';
COMMENT ON COLUMN agentctl.chain_nodes.kind IS 'What running it does: agent, chain, tool, function, approval, map, plan, vote, collect or set.';
COMMENT ON COLUMN agentctl.chain_nodes.target IS 'The agent, chain, tool or function that it runs; NULL for others.';
COMMENT ON COLUMN agentctl.chain_nodes.capabilities IS 'What the agent must be able to do where none is named; NULL otherwise.';
COMMENT ON COLUMN agentctl.chain_nodes."position" IS 'Its place in the order in which what nodes wrote is folded.';
COMMENT ON COLUMN agentctl.chain_nodes.loop IS 'The node at which the innermost loop around it begins.';
COMMENT ON COLUMN agentctl.chain_nodes.definition IS 'The rest of the node, with defaults filled in.';
COMMENT ON COLUMN agentctl.chain_nodes.version_id IS 'Identifies the version.';
CREATE TABLE agentctl.turn (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    status agentctl.turn_status NOT NULL,
    attempt smallint NOT NULL,
    worker_id bigint NOT NULL,
    agent text NOT NULL COLLATE pg_catalog."C",
    agent_version integer,
    agent_version_id bigint,
    parent_conversation_id text COLLATE pg_catalog."C",
    parent_seq bigint,
    depth smallint DEFAULT 0 NOT NULL,
    limit_reached text,
    error_code text,
    error_message text,
    first_message bigint NOT NULL,
    last_message bigint NOT NULL,
    model_calls integer NOT NULL,
    tool_calls integer NOT NULL,
    input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric(20,10) NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    duration_ms double precision NOT NULL,
    recorded_by xid8 DEFAULT pg_current_xact_id() NOT NULL
)
PARTITION BY RANGE (started_at);
COMMENT ON TABLE agentctl.turn IS 'The processing of one submission: the execution. Partitioned by month.';
COMMENT ON COLUMN agentctl.turn.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.turn.seq IS 'The submission that was processed; conversation/seq names the turn.';
COMMENT ON COLUMN agentctl.turn.status IS 'How it ended: succeeded, failed (error_code), limited (limit_reached), interrupted.';
COMMENT ON COLUMN agentctl.turn.attempt IS 'Claims that it took; more than 1 after a crash.';
COMMENT ON COLUMN agentctl.turn.worker_id IS 'The worker that finished it.';
COMMENT ON COLUMN agentctl.turn.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.turn.agent_version IS 'Version of the agent that ran; NULL when the agent could not be built.';
COMMENT ON COLUMN agentctl.turn.agent_version_id IS 'The same, as an id in definition_version.';
COMMENT ON COLUMN agentctl.turn.parent_conversation_id IS 'Conversation of the turn that delegated to this one.';
COMMENT ON COLUMN agentctl.turn.parent_seq IS 'Submission of the turn that delegated to this one.';
COMMENT ON COLUMN agentctl.turn.depth IS 'How deep in a chain of delegation; 0 is a user''s own.';
COMMENT ON COLUMN agentctl.turn.limit_reached IS 'Which limit ended it: max_iterations, max_turn_tokens or timeout.';
COMMENT ON COLUMN agentctl.turn.error_code IS 'Class of the error that ended it.';
COMMENT ON COLUMN agentctl.turn.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.turn.first_message IS 'Number of its first message (the user''s).';
COMMENT ON COLUMN agentctl.turn.last_message IS 'Number of its last message.';
COMMENT ON COLUMN agentctl.turn.model_calls IS 'Calls to the model.';
COMMENT ON COLUMN agentctl.turn.tool_calls IS 'Calls to tools.';
COMMENT ON COLUMN agentctl.turn.input_tokens IS 'Input tokens of all model calls.';
COMMENT ON COLUMN agentctl.turn.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.turn.output_tokens IS 'Output tokens of all model calls.';
COMMENT ON COLUMN agentctl.turn.cost_usd IS 'Cost by the model''s prices, in USD.';
COMMENT ON COLUMN agentctl.turn.submitted_at IS 'When the submission was accepted.';
COMMENT ON COLUMN agentctl.turn.started_at IS 'When it was first claimed; after a crash without stored progress, when the finishing attempt claimed it. Never before submitted_at, even if the clock is set back.';
COMMENT ON COLUMN agentctl.turn.finished_at IS 'When it was stored, which may wait for a lock or the database.';
COMMENT ON COLUMN agentctl.turn.duration_ms IS 'Milliseconds of work, not counting what lay between attempts and the time that storing took.';
COMMENT ON COLUMN agentctl.turn.recorded_by IS 'Transaction that stored it: the watermark of incremental summaries.';
CREATE TABLE agentctl.turn_progress (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    saves integer NOT NULL,
    agent text NOT NULL COLLATE pg_catalog."C",
    agent_version integer,
    started_at timestamp with time zone NOT NULL,
    first_message bigint NOT NULL,
    steps integer NOT NULL,
    model_calls integer NOT NULL,
    tool_calls integer NOT NULL,
    input_tokens bigint NOT NULL,
    cached_input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric(20,10) NOT NULL,
    duration_ms double precision NOT NULL,
    CONSTRAINT turn_progress_saves_check CHECK ((saves > 0))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000');
COMMENT ON TABLE agentctl.turn_progress IS 'Turns that have stored something and have not ended: one row each, gone when the turn ends.';
COMMENT ON COLUMN agentctl.turn_progress.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.turn_progress.seq IS 'The submission that is processed.';
COMMENT ON COLUMN agentctl.turn_progress.saves IS 'Times that something was stored: tells a repeated save from a new one.';
COMMENT ON COLUMN agentctl.turn_progress.agent IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.turn_progress.agent_version IS 'Version of the agent that stored last.';
COMMENT ON COLUMN agentctl.turn_progress.started_at IS 'When the turn began.';
COMMENT ON COLUMN agentctl.turn_progress.first_message IS 'Number of its first message.';
COMMENT ON COLUMN agentctl.turn_progress.steps IS 'Steps that are stored.';
COMMENT ON COLUMN agentctl.turn_progress.model_calls IS 'Calls to the model so far.';
COMMENT ON COLUMN agentctl.turn_progress.tool_calls IS 'Calls to tools so far.';
COMMENT ON COLUMN agentctl.turn_progress.input_tokens IS 'Input tokens so far.';
COMMENT ON COLUMN agentctl.turn_progress.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.turn_progress.output_tokens IS 'Output tokens so far.';
COMMENT ON COLUMN agentctl.turn_progress.cost_usd IS 'Cost so far, in USD.';
COMMENT ON COLUMN agentctl.turn_progress.duration_ms IS 'Milliseconds of work so far, not counting what lay between attempts.';
CREATE VIEW agentctl.chain_runs AS
 SELECT t.conversation_id,
    t.seq,
    t.agent AS chain,
    t.agent_version AS version,
    (t.status)::text AS status,
    r.nodes,
    r.failed_node,
    t.error_code,
    t.error_message,
    w.tasks,
    w.tokens,
    w.cost_usd,
    t.parent_conversation_id,
    t.parent_seq,
    t.started_at,
    t.finished_at,
    ((EXTRACT(epoch FROM (t.finished_at - t.started_at)))::double precision * (1000)::double precision) AS duration_ms
   FROM (((agentctl.turn t
     JOIN agentctl.definition_version v ON (((v.id = t.agent_version_id) AND (v.kind = 'chain'::text))))
     CROSS JOIN LATERAL ( SELECT count(*) AS nodes,
            (array_agg(n.node ORDER BY n.number DESC) FILTER (WHERE ((n.status = 'failed'::agentctl.node_status) AND (t.status = 'failed'::agentctl.turn_status))))[1] AS failed_node
           FROM agentctl.node_run n
          WHERE ((n.conversation_id = t.conversation_id) AND (n.seq = t.seq) AND (n.finished_at >= t.started_at))) r)
     CROSS JOIN LATERAL ( SELECT count(*) AS tasks,
            (COALESCE(sum(k.tokens), (0)::numeric))::bigint AS tokens,
            COALESCE(sum(k.cost_usd), (0)::numeric) AS cost_usd
           FROM agentctl.task k
          WHERE ((k.parent_conversation_id = t.conversation_id) AND (k.parent_seq = t.seq))) w)
UNION ALL
 SELECT p.conversation_id,
    p.seq,
    p.agent AS chain,
    p.agent_version AS version,
        CASE
            WHEN (c.state = ANY (ARRAY['waiting'::agentctl.conversation_state, 'parked'::agentctl.conversation_state])) THEN 'waiting'::text
            ELSE 'running'::text
        END AS status,
    r.nodes,
    NULL::text AS failed_node,
    NULL::text AS error_code,
    NULL::text AS error_message,
    w.tasks,
    w.tokens,
    w.cost_usd,
    k.parent_conversation_id,
    k.parent_seq,
    p.started_at,
    NULL::timestamp with time zone AS finished_at,
    NULL::double precision AS duration_ms
   FROM (((((agentctl.turn_progress p
     JOIN agentctl.conversation_control c ON (((c.conversation_id = p.conversation_id) AND (c.head_seq = (p.seq - 1)))))
     JOIN agentctl.definition_version v ON (((v.kind = 'chain'::text) AND (v.name = p.agent) AND (v.version = p.agent_version))))
     LEFT JOIN agentctl.task k ON (((k.conversation_id = p.conversation_id) AND (k.seq = p.seq))))
     CROSS JOIN LATERAL ( SELECT count(*) AS nodes
           FROM agentctl.node_run n
          WHERE ((n.conversation_id = p.conversation_id) AND (n.seq = p.seq) AND (n.finished_at >= p.started_at))) r)
     CROSS JOIN LATERAL ( SELECT count(*) AS tasks,
            (COALESCE(sum(o.tokens), (0)::numeric))::bigint AS tokens,
            COALESCE(sum(o.cost_usd), (0)::numeric) AS cost_usd
           FROM agentctl.task o
          WHERE ((o.parent_conversation_id = p.conversation_id) AND (o.parent_seq = p.seq))) w);
COMMENT ON VIEW agentctl.chain_runs IS 'Runs of chains: the turns that chains answered, and those that they work on.';
COMMENT ON COLUMN agentctl.chain_runs.conversation_id IS 'Conversation of the run.';
COMMENT ON COLUMN agentctl.chain_runs.seq IS 'Submission of the run.';
COMMENT ON COLUMN agentctl.chain_runs.chain IS 'Name of the chain.';
COMMENT ON COLUMN agentctl.chain_runs.version IS 'Its version.';
COMMENT ON COLUMN agentctl.chain_runs.status IS 'running, waiting, succeeded, failed, limited or interrupted.';
COMMENT ON COLUMN agentctl.chain_runs.nodes IS 'Visits of nodes that have ended.';
COMMENT ON COLUMN agentctl.chain_runs.failed_node IS 'The node whose failure ended it.';
COMMENT ON COLUMN agentctl.chain_runs.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.chain_runs.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.chain_runs.tasks IS 'Tasks that it gave out.';
COMMENT ON COLUMN agentctl.chain_runs.tokens IS 'Tokens of these and all below them, as far as they have ended.';
COMMENT ON COLUMN agentctl.chain_runs.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.chain_runs.parent_conversation_id IS 'Conversation of the turn above it; NULL for none.';
COMMENT ON COLUMN agentctl.chain_runs.parent_seq IS 'Submission of the turn above it.';
COMMENT ON COLUMN agentctl.chain_runs.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.chain_runs.finished_at IS 'When it ended; NULL while it has not.';
COMMENT ON COLUMN agentctl.chain_runs.duration_ms IS 'Milliseconds from its beginning to its end.';
CREATE VIEW agentctl.chains AS
 SELECT v.name,
    (v.document ->> 'description'::text) AS description,
    (v.document ->> 'strategy'::text) AS strategy,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'capabilities'::text)) AS jsonb_array_elements_text) AS capabilities,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'examples'::text)) AS jsonb_array_elements_text) AS examples,
    ((v.document ->> 'routable'::text))::boolean AS routable,
    (v.document -> 'input_schema'::text) AS input_schema,
    (v.document -> 'output_schema'::text) AS output_schema,
    ((v.document ->> 'timeout'::text))::double precision AS timeout,
    (v.document -> 'budget'::text) AS budget,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'policies'::text)) AS jsonb_array_elements_text) AS policies,
    (v.document -> 'from'::text) AS "from",
    (v.document -> 'to'::text) AS "to",
    (v.document -> 'stages'::text) AS stages,
    (v.document -> 'branches'::text) AS branches,
    (v.document ->> 'for_each'::text) AS for_each,
    (v.document ->> 'agent'::text) AS agent,
    (v.document ->> 'chain'::text) AS chain,
    (v.document ->> 'tool'::text) AS tool,
    (v.document ->> 'function'::text) AS function,
    (v.document -> 'input'::text) AS input,
    (v.document -> 'arguments'::text) AS arguments,
    ((v.document ->> 'attempts'::text))::integer AS attempts,
    ((v.document ->> 'task_timeout'::text))::double precision AS task_timeout,
    ((v.document ->> 'max_parallel'::text))::integer AS max_parallel,
    (v.document ->> 'on_failure'::text) AS on_failure,
    (v.document ->> 'question'::text) AS question,
    ((v.document ->> 'rounds'::text))::integer AS rounds,
    (v.document -> 'voters'::text) AS voters,
    (v.document -> 'answer'::text) AS answer,
    (v.document -> 'decide'::text) AS decide,
    (v.document ->> 'manager'::text) AS manager,
        CASE
            WHEN (v.document ? 'specialists'::text) THEN ARRAY( SELECT jsonb_array_elements_text((v.document -> 'specialists'::text)) AS jsonb_array_elements_text)
            ELSE NULL::text[]
        END AS specialists,
    ((v.document ->> 'max_subtasks'::text))::integer AS max_subtasks,
    ((v.document ->> 'max_replans'::text))::integer AS max_replans,
    ((v.document ->> 'approve_plan'::text))::boolean AS approve_plan,
    (v.document ->> 'start'::text) AS start,
    ((v.document ->> 'sticky'::text))::boolean AS sticky,
    ((v.document ->> 'max_handoffs'::text))::integer AS max_handoffs,
    (v.document -> 'state'::text) AS state,
    (v.document -> 'nodes'::text) AS nodes,
    (v.document -> 'edges'::text) AS edges,
    (v.document -> 'output'::text) AS output,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by
   FROM (agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
  WHERE (d.kind = 'chain'::text);
COMMENT ON VIEW agentctl.chains IS 'The chains in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.chains.name IS 'Name of the chain; no agent has it.';
COMMENT ON COLUMN agentctl.chains.description IS 'What it is for.';
COMMENT ON COLUMN agentctl.chains.strategy IS 'How its parts are run; of a relationship, how the tasks of one call are run.';
COMMENT ON COLUMN agentctl.chains.capabilities IS 'What it can be asked for.';
COMMENT ON COLUMN agentctl.chains.examples IS 'Messages that it is meant for.';
COMMENT ON COLUMN agentctl.chains.routable IS 'Whether messages that name no agent may be routed to it.';
COMMENT ON COLUMN agentctl.chains.input_schema IS 'JSON Schema of structured input; plain text is {"message": text}.';
COMMENT ON COLUMN agentctl.chains.output_schema IS 'JSON Schema that its result must fit.';
COMMENT ON COLUMN agentctl.chains.timeout IS 'Seconds that its own work may take; waiting for tasks and approvals is none.';
COMMENT ON COLUMN agentctl.chains.budget IS 'What it and all below it may use.';
COMMENT ON COLUMN agentctl.chains.policies IS 'Names of the policies that decide about the calls of its tool and function nodes, before the default one.';
COMMENT ON COLUMN agentctl.chains."from" IS 'Of a relationship: the agent that may delegate, or a list of them.';
COMMENT ON COLUMN agentctl.chains."to" IS 'Of a relationship: names of agents and {capabilities: […]}, one or a list. Of a handoff: lists of names by the name of the agent that may hand over to them.';
COMMENT ON COLUMN agentctl.chains.stages IS 'Of a sequence: what runs, in order.';
COMMENT ON COLUMN agentctl.chains.branches IS 'What runs in parallel.';
COMMENT ON COLUMN agentctl.chains.for_each IS 'The list, such as {{input.files}}, for each item of which the target runs.';
COMMENT ON COLUMN agentctl.chains.agent IS 'Beside for_each: the agent that runs.';
COMMENT ON COLUMN agentctl.chains.chain IS 'Beside for_each: the chain that runs.';
COMMENT ON COLUMN agentctl.chains.tool IS 'Beside for_each: the tool that runs.';
COMMENT ON COLUMN agentctl.chains.function IS 'Beside for_each: the function that runs.';
COMMENT ON COLUMN agentctl.chains.input IS 'Beside for_each: what each run is sent, with {{item}} and {{index}}.';
COMMENT ON COLUMN agentctl.chains.arguments IS 'Beside for_each: the arguments of each call, with {{item}} and {{index}}.';
COMMENT ON COLUMN agentctl.chains.attempts IS 'Beside for_each: most attempts an item.';
COMMENT ON COLUMN agentctl.chains.task_timeout IS 'Seconds that each task may take that says no time of its own.';
COMMENT ON COLUMN agentctl.chains.max_parallel IS 'Most nodes or items at once; 16.';
COMMENT ON COLUMN agentctl.chains.on_failure IS 'What a failed branch or item does: it is one of the results (collect, the default); the chain fails after the others (fail) or at once (cancel).';
COMMENT ON COLUMN agentctl.chains.question IS 'Of a consensus: what each voter is asked; {{input}}.';
COMMENT ON COLUMN agentctl.chains.rounds IS 'Of a consensus: most rounds; later ones show the other answers, without names.';
COMMENT ON COLUMN agentctl.chains.voters IS 'Of a consensus: who is asked.';
COMMENT ON COLUMN agentctl.chains.answer IS 'How an answer is read.';
COMMENT ON COLUMN agentctl.chains.decide IS 'What decides.';
COMMENT ON COLUMN agentctl.chains.manager IS 'Of a hierarchy: the agent that plans and sums up.';
COMMENT ON COLUMN agentctl.chains.specialists IS 'Of a hierarchy: who does the subtasks.';
COMMENT ON COLUMN agentctl.chains.max_subtasks IS 'Most subtasks of a plan; 12.';
COMMENT ON COLUMN agentctl.chains.max_replans IS 'Times that the manager plans again after a failure; 0.';
COMMENT ON COLUMN agentctl.chains.approve_plan IS 'Whether a person approves a plan before it runs.';
COMMENT ON COLUMN agentctl.chains.start IS 'Of a handoff: who answers first.';
COMMENT ON COLUMN agentctl.chains.sticky IS 'Whether the conversation stays with the agent that it was handed over to.';
COMMENT ON COLUMN agentctl.chains.max_handoffs IS 'Most handoffs in a turn; 5.';
COMMENT ON COLUMN agentctl.chains.state IS 'Of a graph: what nodes share, {schema, reduce, default} by key.';
COMMENT ON COLUMN agentctl.chains.nodes IS 'Of a graph: what runs; it begins at the first.';
COMMENT ON COLUMN agentctl.chains.edges IS 'Of a graph: the ways between nodes.';
COMMENT ON COLUMN agentctl.chains.output IS 'Of a graph: its result, with {{…}}; without it, the output of the last node.';
COMMENT ON COLUMN agentctl.chains.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.chains.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.chains.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.chains.created_by IS 'Database user who registered it.';
CREATE TABLE agentctl.compaction (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    number integer NOT NULL,
    first_message bigint NOT NULL,
    last_message bigint NOT NULL,
    summary text NOT NULL,
    made_by text NOT NULL,
    before_tokens bigint NOT NULL,
    after_tokens bigint NOT NULL,
    model text COLLATE pg_catalog."C",
    model_version_id bigint,
    provider text,
    input_tokens bigint DEFAULT 0 NOT NULL,
    cached_input_tokens bigint DEFAULT 0 NOT NULL,
    output_tokens bigint DEFAULT 0 NOT NULL,
    usage_estimated boolean DEFAULT false NOT NULL,
    cost_usd numeric(20,10) DEFAULT 0 NOT NULL,
    duration_ms double precision DEFAULT 0 NOT NULL,
    error_code text,
    error_message text,
    created_by bigint NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    undone_by bigint,
    CONSTRAINT compaction_check CHECK ((last_message >= first_message)),
    CONSTRAINT compaction_first_message_check CHECK ((first_message > 0)),
    CONSTRAINT compaction_made_by_check CHECK ((made_by = ANY (ARRAY['model'::text, 'extraction'::text]))),
    CONSTRAINT compaction_number_check CHECK ((number > 0)),
    CONSTRAINT compaction_summary_check CHECK ((summary <> ''::text))
);
COMMENT ON TABLE agentctl.compaction IS 'Summaries that stand for the oldest messages of conversations. In force is the last that is not undone; each tells also what the one before it told.';
COMMENT ON COLUMN agentctl.compaction.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.compaction.number IS 'Counts from 1 within the conversation.';
COMMENT ON COLUMN agentctl.compaction.first_message IS 'Number of the first message that it stands for.';
COMMENT ON COLUMN agentctl.compaction.last_message IS 'Number of the last message that it stands for; the model is shown those after it.';
COMMENT ON COLUMN agentctl.compaction.summary IS 'What the model is shown instead of them.';
COMMENT ON COLUMN agentctl.compaction.made_by IS 'model, or extraction: put together from the messages without one.';
COMMENT ON COLUMN agentctl.compaction.before_tokens IS 'Tokens of what it stands for, by estimate.';
COMMENT ON COLUMN agentctl.compaction.after_tokens IS 'Tokens of the summary, by estimate.';
COMMENT ON COLUMN agentctl.compaction.model IS 'Name of the model row that was asked; NULL if none was.';
COMMENT ON COLUMN agentctl.compaction.model_version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.compaction.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.compaction.input_tokens IS 'Input tokens of the call.';
COMMENT ON COLUMN agentctl.compaction.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.compaction.output_tokens IS 'Output tokens of the call.';
COMMENT ON COLUMN agentctl.compaction.usage_estimated IS 'The provider told no usage: the tokens are an estimate.';
COMMENT ON COLUMN agentctl.compaction.cost_usd IS 'Cost of the call by the model''s prices, in USD. Of a compaction that a turn began with it is part of the turn''s cost as well.';
COMMENT ON COLUMN agentctl.compaction.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.compaction.error_code IS 'Why the model gave no summary, when it was asked and failed.';
COMMENT ON COLUMN agentctl.compaction.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.compaction.created_by IS 'The submission that made it: an operation compact, or the message whose turn began with it.';
COMMENT ON COLUMN agentctl.compaction.created_at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.compaction.undone_by IS 'The submission that took it back; NULL while it stands.';
CREATE TABLE agentctl.conversation (
    id text NOT NULL COLLATE pg_catalog."C",
    tenant text DEFAULT 'default'::text NOT NULL COLLATE pg_catalog."C",
    agent text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    created_by text DEFAULT agentctl.keep_account() NOT NULL,
    forked_from text COLLATE pg_catalog."C",
    forked_message bigint,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT conversation_id_check CHECK ((((octet_length(id) >= 1) AND (octet_length(id) <= 200)) AND (id !~ '[[:cntrl:]]'::text) AND (id = btrim(id)))),
    CONSTRAINT conversation_settings_check CHECK ((jsonb_typeof(settings) = 'object'::text))
);
COMMENT ON TABLE agentctl.conversation IS 'A conversation: what does not change while it goes on.';
COMMENT ON COLUMN agentctl.conversation.id IS 'Chosen by the caller: up to 200 bytes, no control characters.';
COMMENT ON COLUMN agentctl.conversation.tenant IS 'Whose it is.';
COMMENT ON COLUMN agentctl.conversation.agent IS 'Agent or chain of messages that name no other.';
COMMENT ON COLUMN agentctl.conversation.created_at IS 'When the first submission came.';
COMMENT ON COLUMN agentctl.conversation.created_by IS 'Database user who started it; agentctl_client users see only their own.';
COMMENT ON COLUMN agentctl.conversation.forked_from IS 'The conversation that it went on from; NULL if it began by itself.';
COMMENT ON COLUMN agentctl.conversation.forked_message IS 'The last message of that conversation that it has.';
COMMENT ON COLUMN agentctl.conversation.settings IS 'What set() has changed for the conversation: the model, and limits in place of the agent''s.';
CREATE TABLE agentctl.message (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL,
    seq bigint NOT NULL,
    role agentctl.message_role NOT NULL,
    content text NOT NULL,
    tool_calls jsonb,
    tool_call_id text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    undone_by bigint,
    CONSTRAINT message_number_check CHECK ((number > 0))
);
COMMENT ON TABLE agentctl.message IS 'The transcript. Each message is stored once; turns refer to ranges of numbers.';
COMMENT ON COLUMN agentctl.message.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.message.number IS 'Counts from 1 within the conversation, without gaps.';
COMMENT ON COLUMN agentctl.message.seq IS 'The submission whose turn wrote it.';
COMMENT ON COLUMN agentctl.message.role IS 'Who speaks: user, assistant, or tool (a result).';
COMMENT ON COLUMN agentctl.message.content IS 'The text.';
COMMENT ON COLUMN agentctl.message.tool_calls IS 'Calls that the assistant asks for: [{id, name, arguments}].';
COMMENT ON COLUMN agentctl.message.tool_call_id IS 'Of a result: the call that it answers.';
COMMENT ON COLUMN agentctl.message.created_at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.message.undone_by IS 'The submission that took it out of the context; NULL while the model is shown it.';
CREATE VIEW agentctl.conversation_history AS
 SELECT m.conversation_id,
    m.number,
    m.seq,
    (m.role)::text AS role,
    m.content,
    m.tool_calls,
    m.tool_call_id,
    t.agent,
    t.agent_version,
    (t.status)::text AS turn_status,
    m.created_at,
    m.undone_by
   FROM (agentctl.message m
     LEFT JOIN agentctl.turn t ON (((t.conversation_id = m.conversation_id) AND (t.seq = m.seq))));
COMMENT ON VIEW agentctl.conversation_history IS 'The transcripts. Order by number. What was undone is part of them, and the model is not shown it: see undone_by.';
COMMENT ON COLUMN agentctl.conversation_history.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversation_history.number IS 'Number of the message, from 1.';
COMMENT ON COLUMN agentctl.conversation_history.seq IS 'The turn that wrote it.';
COMMENT ON COLUMN agentctl.conversation_history.role IS 'user, assistant or tool.';
COMMENT ON COLUMN agentctl.conversation_history.content IS 'The text.';
COMMENT ON COLUMN agentctl.conversation_history.tool_calls IS 'Calls that the assistant asks for: [{id, name, arguments}].';
COMMENT ON COLUMN agentctl.conversation_history.tool_call_id IS 'Of a result: the call that it answers.';
COMMENT ON COLUMN agentctl.conversation_history.agent IS 'Agent of the turn.';
COMMENT ON COLUMN agentctl.conversation_history.agent_version IS 'Its version.';
COMMENT ON COLUMN agentctl.conversation_history.turn_status IS 'How the turn ended.';
COMMENT ON COLUMN agentctl.conversation_history.created_at IS 'When the message was stored.';
COMMENT ON COLUMN agentctl.conversation_history.undone_by IS 'Number of the operation that took the message out of what the model is shown; NULL while it is shown.';
CREATE VIEW agentctl.conversations AS
 SELECT v.id AS conversation_id,
    v.agent,
    (c.state)::text AS state,
    c.head_seq AS finished,
    (c.tail_seq - c.head_seq) AS pending,
    c.last_message AS messages,
    v.created_at,
    v.created_by
   FROM (agentctl.conversation v
     JOIN agentctl.conversation_control c ON ((c.conversation_id = v.id)));
COMMENT ON VIEW agentctl.conversations IS 'The conversations and how they stand.';
COMMENT ON COLUMN agentctl.conversations.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversations.agent IS 'The agent that answers unless a submission names another.';
COMMENT ON COLUMN agentctl.conversations.state IS 'idle, ready, running, waiting or parked.';
COMMENT ON COLUMN agentctl.conversations.finished IS 'Submissions that are finished.';
COMMENT ON COLUMN agentctl.conversations.pending IS 'Submissions that wait or are being processed.';
COMMENT ON COLUMN agentctl.conversations.messages IS 'Messages in the transcript.';
COMMENT ON COLUMN agentctl.conversations.created_at IS 'When the first submission came.';
COMMENT ON COLUMN agentctl.conversations.created_by IS 'Database user who started it.';
CREATE TABLE agentctl.definition_epoch (
    only_row boolean DEFAULT true NOT NULL,
    epoch bigint NOT NULL,
    CONSTRAINT definition_epoch_only_row_check CHECK (only_row)
);
COMMENT ON TABLE agentctl.definition_epoch IS 'One number that grows with every change to a definition in force. Each claim carries it, so that a worker knows without asking whether its cache is fresh.';
COMMENT ON COLUMN agentctl.definition_epoch.only_row IS 'Always true: there is one row.';
COMMENT ON COLUMN agentctl.definition_epoch.epoch IS 'Grows with every change.';
CREATE TABLE agentctl.definition_kind (
    kind text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL
);
COMMENT ON TABLE agentctl.definition_kind IS 'The kinds of documents that can be registered.';
COMMENT ON COLUMN agentctl.definition_kind.kind IS 'The word that stands in a document as kind.';
COMMENT ON COLUMN agentctl.definition_kind.description IS 'What a definition of this kind is.';
CREATE TABLE agentctl.definition_reference (
    version_id bigint NOT NULL,
    path text NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C"
);
COMMENT ON TABLE agentctl.definition_reference IS 'Which version names which other definition; keeps a definition that is in use from being removed.';
COMMENT ON COLUMN agentctl.definition_reference.version_id IS 'The version that refers.';
COMMENT ON COLUMN agentctl.definition_reference.path IS 'Where in its document.';
COMMENT ON COLUMN agentctl.definition_reference.kind IS 'Kind that is referred to.';
COMMENT ON COLUMN agentctl.definition_reference.name IS 'Name that is referred to.';
ALTER TABLE agentctl.definition_version ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.definition_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE UNLOGGED TABLE agentctl.delta (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    attempt smallint NOT NULL,
    number integer NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT delta_type CHECK ((type = ANY (ARRAY['text'::text, 'reset'::text, 'steered'::text, 'tool_started'::text, 'tool_output'::text, 'tool_finished'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_threshold='1000');
COMMENT ON TABLE agentctl.delta IS 'Pieces of answers while they are written, for live display. Unlogged: lost on a crash of the database, superseded by the message.';
COMMENT ON COLUMN agentctl.delta.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.delta.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.delta.attempt IS 'The generation of the claim; a higher one begins the answer anew.';
COMMENT ON COLUMN agentctl.delta.number IS 'Counts from 1 within the attempt.';
COMMENT ON COLUMN agentctl.delta.type IS 'What it is a piece of.';
COMMENT ON COLUMN agentctl.delta.data IS 'What belongs to the type.';
COMMENT ON COLUMN agentctl.delta.at IS 'When it was stored.';
CREATE TABLE agentctl.document_field (
    kind text NOT NULL COLLATE pg_catalog."C",
    path text NOT NULL COLLATE pg_catalog."C",
    "position" smallint NOT NULL,
    type text NOT NULL,
    required boolean DEFAULT false NOT NULL,
    default_value jsonb,
    allowed text[],
    pattern text,
    minimum numeric,
    maximum numeric,
    reference_kind text COLLATE pg_catalog."C",
    description text NOT NULL,
    CONSTRAINT document_field_type_check CHECK ((type = ANY (ARRAY['string'::text, 'integer'::text, 'number'::text, 'boolean'::text, 'object'::text, 'array'::text, 'schema'::text, 'map'::text, 'any'::text, 'value'::text])))
);
COMMENT ON TABLE agentctl.document_field IS 'What a document of each kind may hold: one row a field. Nested fields are written prices.input, elements of a list rules[].';
COMMENT ON COLUMN agentctl.document_field.kind IS 'Kind of document.';
COMMENT ON COLUMN agentctl.document_field.path IS 'Where the field stands in the document.';
COMMENT ON COLUMN agentctl.document_field."position" IS 'Order in which fields are shown.';
COMMENT ON COLUMN agentctl.document_field.type IS 'JSON type; schema is a JSON Schema, map an object with free keys; any is not looked into, nor is value, which may be null.';
COMMENT ON COLUMN agentctl.document_field.required IS 'Whether the object that holds the field must have it.';
COMMENT ON COLUMN agentctl.document_field.default_value IS 'Filled in when a document is stored without the field (top level only).';
COMMENT ON COLUMN agentctl.document_field.allowed IS 'The values that a string may have.';
COMMENT ON COLUMN agentctl.document_field.pattern IS 'Regular expression that a string must match.';
COMMENT ON COLUMN agentctl.document_field.minimum IS 'Least value of a number, least length of a string (bytes) or list (elements).';
COMMENT ON COLUMN agentctl.document_field.maximum IS 'Greatest value of a number, greatest length of a string (bytes) or list (elements).';
COMMENT ON COLUMN agentctl.document_field.reference_kind IS 'The string is the name of a definition of this kind, which must exist.';
COMMENT ON COLUMN agentctl.document_field.description IS 'What the field means, with its unit.';
ALTER TABLE agentctl.document_field ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.document_field_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE VIEW agentctl.error_patterns AS
 SELECT m.source,
    (m.subject COLLATE "C") AS subject,
    m.error_code,
    m.occurrences,
    m.conversations,
    m.last_message,
    m.first_at,
    m.last_at
   FROM agentctl.error_patterns() m(source, subject, error_code, occurrences, conversations, last_message, first_at, last_at);
COMMENT ON VIEW agentctl.error_patterns IS 'What goes wrong, by class: turns, model calls and tool calls.';
COMMENT ON COLUMN agentctl.error_patterns.source IS 'turn, model or tool.';
COMMENT ON COLUMN agentctl.error_patterns.subject IS 'Name of the agent, model or tool.';
COMMENT ON COLUMN agentctl.error_patterns.error_code IS 'Class of the error, or the limit that was reached.';
COMMENT ON COLUMN agentctl.error_patterns.occurrences IS 'How often.';
COMMENT ON COLUMN agentctl.error_patterns.conversations IS 'In how many conversations.';
COMMENT ON COLUMN agentctl.error_patterns.last_message IS 'Message of the latest.';
COMMENT ON COLUMN agentctl.error_patterns.first_at IS 'When it first happened.';
COMMENT ON COLUMN agentctl.error_patterns.last_at IS 'When it last happened.';
CREATE TABLE agentctl.event (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT event_type CHECK ((type = ANY (ARRAY['approval_decided'::text, 'approval_requested'::text, 'call_in_doubt'::text, 'call_resolved'::text, 'closed'::text, 'compacted'::text, 'compaction_undone'::text, 'error'::text, 'guardrail_hit'::text, 'handed_over'::text, 'interrupted'::text, 'limit_reached'::text, 'message'::text, 'node_finished'::text, 'settings_changed'::text, 'steered'::text, 'task_assigned'::text, 'task_finished'::text, 'tool_call_requested'::text, 'tool_finished'::text, 'tool_started'::text, 'turn_complete'::text, 'turn_started'::text, 'undone'::text, 'waiting'::text, 'plan_updated'::text])))
)
PARTITION BY RANGE (at);
COMMENT ON TABLE agentctl.event IS 'What happened in a conversation, as a stream that a client can resume. Partitioned by month.';
COMMENT ON COLUMN agentctl.event.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.event.number IS 'Counts from 1 within the conversation, without gaps.';
COMMENT ON COLUMN agentctl.event.seq IS 'The turn it belongs to.';
COMMENT ON COLUMN agentctl.event.type IS 'What happened; docs/conversations.md has the list.';
COMMENT ON COLUMN agentctl.event.data IS 'What belongs to the type.';
COMMENT ON COLUMN agentctl.event.at IS 'When it was stored.';
CREATE TABLE agentctl.exchange_field (
    part text NOT NULL COLLATE pg_catalog."C",
    field text NOT NULL COLLATE pg_catalog."C",
    "position" smallint NOT NULL,
    type text NOT NULL,
    required boolean NOT NULL,
    minimum numeric,
    maximum numeric,
    allowed text[],
    CONSTRAINT exchange_field_type_check CHECK ((type = ANY (ARRAY['text'::text, 'integer'::text, 'number'::text, 'boolean'::text, 'time'::text, 'uuid'::text, 'object'::text, 'array'::text, 'definition'::text])))
);
COMMENT ON TABLE agentctl.exchange_field IS 'What the parts of a conversation''s document hold: one row a field. A field means what the column of its name means.';
COMMENT ON COLUMN agentctl.exchange_field.part IS 'The part.';
COMMENT ON COLUMN agentctl.exchange_field.field IS 'Name of the field.';
COMMENT ON COLUMN agentctl.exchange_field."position" IS 'Order in which fields are shown.';
COMMENT ON COLUMN agentctl.exchange_field.type IS 'Type of its value; time is a text such as 2026-01-31T12:00:00.5+00:00, definition a text kind/name/version of the part definitions.';
COMMENT ON COLUMN agentctl.exchange_field.required IS 'Whether it must be there; one that need not be is left out where the column is NULL.';
COMMENT ON COLUMN agentctl.exchange_field.minimum IS 'Least value of a number, least length of a text in bytes.';
COMMENT ON COLUMN agentctl.exchange_field.maximum IS 'Greatest value of a number, greatest length of a text in bytes.';
COMMENT ON COLUMN agentctl.exchange_field.allowed IS 'The values that a text may have.';
ALTER TABLE agentctl.exchange_field ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.exchange_field_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agentctl.exchange_part (
    part text NOT NULL COLLATE pg_catalog."C",
    "position" smallint NOT NULL,
    is_list boolean NOT NULL,
    required boolean NOT NULL,
    description text NOT NULL
);
COMMENT ON TABLE agentctl.exchange_part IS 'The parts of a conversation''s document, beside format and version.';
COMMENT ON COLUMN agentctl.exchange_part.part IS 'Name of the member.';
COMMENT ON COLUMN agentctl.exchange_part."position" IS 'Order in which parts are written.';
COMMENT ON COLUMN agentctl.exchange_part.is_list IS 'Whether it is a list of objects, and not one.';
COMMENT ON COLUMN agentctl.exchange_part.required IS 'Whether every document has it.';
COMMENT ON COLUMN agentctl.exchange_part.description IS 'What it holds.';
ALTER TABLE agentctl.exchange_part ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.exchange_part_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agentctl.function_call (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    function text NOT NULL COLLATE pg_catalog."C",
    version_id bigint,
    version integer,
    language text NOT NULL COLLATE pg_catalog."C",
    arguments text NOT NULL,
    caller text NOT NULL COLLATE pg_catalog."C",
    conversation_id text COLLATE pg_catalog."C",
    seq bigint,
    call_id text,
    request_id bigint,
    exit_reason agentctl.exit_reason NOT NULL,
    result text,
    error_type text,
    error_message text,
    traceback text,
    output text DEFAULT ''::text NOT NULL,
    duration_ms double precision NOT NULL,
    cpu_ms double precision,
    peak_memory_bytes bigint,
    violations jsonb DEFAULT '[]'::jsonb NOT NULL,
    started_at timestamp with time zone NOT NULL,
    called_by text DEFAULT agentctl.caller() NOT NULL,
    CONSTRAINT function_call_caller_check CHECK ((caller = ANY (ARRAY['turn'::text, 'command'::text, 'sql'::text]))),
    CONSTRAINT function_call_language_check CHECK ((language = ANY (ARRAY['python'::text, 'sql'::text, 'shell'::text])))
)
PARTITION BY RANGE (started_at);
COMMENT ON TABLE agentctl.function_call IS 'Every call of a stored function, and of code that a model wrote. Partitioned by month.';
COMMENT ON COLUMN agentctl.function_call.id IS 'Identifies the call.';
COMMENT ON COLUMN agentctl.function_call.function IS 'Name of the function; for code that a model wrote, of the tool.';
COMMENT ON COLUMN agentctl.function_call.version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.function_call.version IS 'The same, counted from 1.';
COMMENT ON COLUMN agentctl.function_call.language IS 'python, sql or shell.';
COMMENT ON COLUMN agentctl.function_call.arguments IS 'The arguments as JSON, or the code that a model wrote.';
COMMENT ON COLUMN agentctl.function_call.caller IS 'turn: an agent; command: agentctl; sql: call_function().';
COMMENT ON COLUMN agentctl.function_call.conversation_id IS 'The conversation, when an agent called.';
COMMENT ON COLUMN agentctl.function_call.seq IS 'The turn, when an agent called.';
COMMENT ON COLUMN agentctl.function_call.call_id IS 'The model''s name for the tool call that it was part of.';
COMMENT ON COLUMN agentctl.function_call.request_id IS 'What call_function() returned, when it was called by SQL.';
COMMENT ON COLUMN agentctl.function_call.exit_reason IS 'How it ended: ok, error, timeout, memory, output (too much of it), denied, killed.';
COMMENT ON COLUMN agentctl.function_call.result IS 'The result as JSON text.';
COMMENT ON COLUMN agentctl.function_call.error_type IS 'Class of the error.';
COMMENT ON COLUMN agentctl.function_call.error_message IS 'What went wrong.';
COMMENT ON COLUMN agentctl.function_call.traceback IS 'Where in the source it went wrong.';
COMMENT ON COLUMN agentctl.function_call.output IS 'What it printed, at most 64 KiB of it.';
COMMENT ON COLUMN agentctl.function_call.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.function_call.cpu_ms IS 'Milliseconds of processor time.';
COMMENT ON COLUMN agentctl.function_call.peak_memory_bytes IS 'The most memory that was resident, in bytes.';
COMMENT ON COLUMN agentctl.function_call.violations IS 'What it tried and may not do: [{kind, source, detail}], at most 100.';
COMMENT ON COLUMN agentctl.function_call.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.function_call.called_by IS 'Database user who called, or whose worker did.';
CREATE VIEW agentctl.function_metrics AS
 SELECT (m.function COLLATE "C") AS function,
    m.version,
    (m.language COLLATE "C") AS language,
    m.calls,
    m.ok,
    m.error,
    m.timeout,
    m.memory,
    m.output,
    m.denied,
    m.killed,
    m.success_rate,
    m.p50_ms,
    m.p95_ms,
    m.p99_ms,
    m.mean_cpu_ms,
    m.peak_memory_bytes,
    m.violations,
    m.first_at,
    m.last_at
   FROM agentctl.function_metrics() m(function, version, language, calls, ok, error, timeout, memory, output, denied, killed, success_rate, p50_ms, p95_ms, p99_ms, mean_cpu_ms, peak_memory_bytes, violations, first_at, last_at);
COMMENT ON VIEW agentctl.function_metrics IS 'Calls of stored functions, and of code that models wrote, by function and version.';
COMMENT ON COLUMN agentctl.function_metrics.function IS 'Name of the function; for code that a model wrote, of the tool.';
COMMENT ON COLUMN agentctl.function_metrics.version IS 'Its version.';
COMMENT ON COLUMN agentctl.function_metrics.language IS 'python, sql or shell.';
COMMENT ON COLUMN agentctl.function_metrics.calls IS 'Calls.';
COMMENT ON COLUMN agentctl.function_metrics.ok IS 'Calls that returned a result.';
COMMENT ON COLUMN agentctl.function_metrics.error IS 'Calls that ended with an error of their own.';
COMMENT ON COLUMN agentctl.function_metrics.timeout IS 'Calls that took too long.';
COMMENT ON COLUMN agentctl.function_metrics.memory IS 'Calls that needed more memory than they may have.';
COMMENT ON COLUMN agentctl.function_metrics.output IS 'Calls that printed or returned more than they may.';
COMMENT ON COLUMN agentctl.function_metrics.denied IS 'Calls that were refused something, and failed.';
COMMENT ON COLUMN agentctl.function_metrics.killed IS 'Calls that ended without an answer, or whose worker was lost.';
COMMENT ON COLUMN agentctl.function_metrics.success_rate IS 'ok / calls, 0 to 1.';
COMMENT ON COLUMN agentctl.function_metrics.p50_ms IS 'Median duration in ms.';
COMMENT ON COLUMN agentctl.function_metrics.p95_ms IS '95th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.function_metrics.p99_ms IS '99th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.function_metrics.mean_cpu_ms IS 'Mean processor time in ms.';
COMMENT ON COLUMN agentctl.function_metrics.peak_memory_bytes IS 'The most memory that one of the calls had resident, in bytes.';
COMMENT ON COLUMN agentctl.function_metrics.violations IS 'Things that the calls tried and may not do.';
COMMENT ON COLUMN agentctl.function_metrics.first_at IS 'When the first call began.';
COMMENT ON COLUMN agentctl.function_metrics.last_at IS 'When the last call began.';
CREATE TABLE agentctl.function_queue (
    id bigint NOT NULL,
    ready_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    attempt smallint DEFAULT 0 NOT NULL,
    version_id bigint,
    effect agentctl.tool_effect,
    lease uuid,
    worker_id bigint,
    CONSTRAINT function_queue_check CHECK (((lease IS NULL) = (worker_id IS NULL)))
)
WITH (fillfactor='60', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000', autovacuum_vacuum_cost_delay='0');
COMMENT ON TABLE agentctl.function_queue IS 'Queued calls that have no result yet.';
COMMENT ON COLUMN agentctl.function_queue.id IS 'The call, a row of function_request.';
COMMENT ON COLUMN agentctl.function_queue.ready_at IS 'Since when it may be claimed.';
COMMENT ON COLUMN agentctl.function_queue.attempt IS 'Times it was claimed.';
COMMENT ON COLUMN agentctl.function_queue.version_id IS 'The version that was in force at the last claim.';
COMMENT ON COLUMN agentctl.function_queue.effect IS 'What running that version twice would do.';
COMMENT ON COLUMN agentctl.function_queue.lease IS 'Random, new with each claim; NULL while nobody runs it.';
COMMENT ON COLUMN agentctl.function_queue.worker_id IS 'The worker that runs it.';
CREATE TABLE agentctl.function_request (
    id bigint NOT NULL,
    function text NOT NULL COLLATE pg_catalog."C",
    arguments jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    created_by text DEFAULT agentctl.keep_account() NOT NULL
);
COMMENT ON TABLE agentctl.function_request IS 'Calls that call_function() queued.';
COMMENT ON COLUMN agentctl.function_request.id IS 'Identifies the call.';
COMMENT ON COLUMN agentctl.function_request.function IS 'Name of the function.';
COMMENT ON COLUMN agentctl.function_request.arguments IS 'Its arguments.';
COMMENT ON COLUMN agentctl.function_request.created_at IS 'When it was queued.';
COMMENT ON COLUMN agentctl.function_request.created_by IS 'Database user who called; only that user may see the result.';
ALTER TABLE agentctl.function_request ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.function_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE VIEW agentctl.functions AS
 SELECT v.name,
    (v.document ->> 'description'::text) AS description,
    (v.document ->> 'language'::text) AS language,
    (v.document ->> 'source'::text) AS source,
    (v.document -> 'input_schema'::text) AS input_schema,
    (v.document -> 'output_schema'::text) AS output_schema,
    ((v.document ->> 'is_async'::text))::boolean AS is_async,
    ((v.document ->> 'requires_context'::text))::boolean AS requires_context,
    ((v.document ->> 'timeout'::text))::double precision AS timeout,
    ((v.document ->> 'memory_limit'::text))::integer AS memory_limit,
    ((v.document ->> 'safe_mode'::text))::boolean AS safe_mode,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'allowed_imports'::text)) AS jsonb_array_elements_text) AS allowed_imports,
    (v.document ->> 'effect'::text) AS effect,
    (v.document ->> 'workspace'::text) AS workspace,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'secrets'::text)) AS jsonb_array_elements_text) AS secrets,
    ((v.document ->> 'read_only'::text))::boolean AS read_only,
    ((v.document ->> 'output_limit'::text))::integer AS output_limit,
    (v.document -> 'examples'::text) AS examples,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by
   FROM (agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
  WHERE (d.kind = 'function'::text);
COMMENT ON VIEW agentctl.functions IS 'The stored functions in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.functions.name IS 'Name that is called; in Python, that of the function in the source.';
COMMENT ON COLUMN agentctl.functions.description IS 'What it does, as models read it.';
COMMENT ON COLUMN agentctl.functions.language IS 'Language of the source.';
COMMENT ON COLUMN agentctl.functions.source IS 'A Python module with a function of this name, or one SQL statement with its arguments as :name.';
COMMENT ON COLUMN agentctl.functions.input_schema IS 'JSON Schema of the arguments: of an object.';
COMMENT ON COLUMN agentctl.functions.output_schema IS 'JSON Schema that the result must fit.';
COMMENT ON COLUMN agentctl.functions.is_async IS 'Whether it is an async def.';
COMMENT ON COLUMN agentctl.functions.requires_context IS 'Whether it is given the conversation as the keyword context.';
COMMENT ON COLUMN agentctl.functions.timeout IS 'Seconds that one call may take.';
COMMENT ON COLUMN agentctl.functions.memory_limit IS 'Megabytes that one call may use beyond the interpreter''s own.';
COMMENT ON COLUMN agentctl.functions.safe_mode IS 'Whether names such as open, eval and exec are refused: a courtesy, the kernel is the boundary.';
COMMENT ON COLUMN agentctl.functions.allowed_imports IS 'Modules of the standard library that it may import.';
COMMENT ON COLUMN agentctl.functions.effect IS 'What running it twice would do; sql runs in the transaction that stores its result: exactly once.';
COMMENT ON COLUMN agentctl.functions.workspace IS 'What it may do with the directory that the process was given.';
COMMENT ON COLUMN agentctl.functions.secrets IS 'Environment variables of the worker whose values it is given in the context.';
COMMENT ON COLUMN agentctl.functions.read_only IS 'Whether a SQL statement may only read.';
COMMENT ON COLUMN agentctl.functions.output_limit IS 'Bytes of a result that the model is shown.';
COMMENT ON COLUMN agentctl.functions.examples IS 'Calls with what has to come of them: the tests of the function.';
COMMENT ON COLUMN agentctl.functions.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.functions.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.functions.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.functions.created_by IS 'Database user who registered it.';
CREATE VIEW agentctl.guardrails AS
 SELECT v.name,
    (v.document ->> 'description'::text) AS description,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'applies_to'::text)) AS jsonb_array_elements_text) AS applies_to,
    (v.document -> 'check'::text) AS "check",
    (v.document ->> 'action'::text) AS action,
    (v.document ->> 'message'::text) AS message,
    ((v.document ->> 'approval_timeout'::text))::double precision AS approval_timeout,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by
   FROM (agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
  WHERE (d.kind = 'guardrail'::text);
COMMENT ON VIEW agentctl.guardrails IS 'The guardrails in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.guardrails.name IS 'Name that agents refer to.';
COMMENT ON COLUMN agentctl.guardrails.description IS 'What it is for.';
COMMENT ON COLUMN agentctl.guardrails.applies_to IS 'The places that it checks.';
COMMENT ON COLUMN agentctl.guardrails."check" IS 'What it searches for: exactly one of its members.';
COMMENT ON COLUMN agentctl.guardrails.action IS 'What is done on a hit: the text goes no further; what was found is taken out; it is recorded; a person decides.';
COMMENT ON COLUMN agentctl.guardrails.message IS 'What is said instead of a blocked text.';
COMMENT ON COLUMN agentctl.guardrails.approval_timeout IS 'Seconds that a person may take to decide.';
COMMENT ON COLUMN agentctl.guardrails.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.guardrails.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.guardrails.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.guardrails.created_by IS 'Database user who registered it.';
CREATE TABLE agentctl.hook_delivery (
    id bigint NOT NULL,
    webhook_id uuid DEFAULT gen_random_uuid() NOT NULL,
    hook text NOT NULL COLLATE pg_catalog."C",
    event text NOT NULL COLLATE pg_catalog."C",
    body jsonb NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    give_up_at timestamp with time zone DEFAULT (clock_timestamp() + '24:00:00'::interval) NOT NULL,
    status smallint,
    error_message text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT hook_delivery_attempt_check CHECK ((attempt >= 0)),
    CONSTRAINT hook_delivery_check CHECK (((state = 'pending'::text) = (next_at IS NOT NULL))),
    CONSTRAINT hook_delivery_check1 CHECK (((state = 'pending'::text) = (finished_at IS NULL))),
    CONSTRAINT hook_delivery_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'dead'::text])))
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='1000');
COMMENT ON TABLE agentctl.hook_delivery IS 'What hooks are told, and what became of it.';
COMMENT ON COLUMN agentctl.hook_delivery.id IS 'Identifies the delivery.';
COMMENT ON COLUMN agentctl.hook_delivery.webhook_id IS 'What the receiver knows it by: the same with each attempt.';
COMMENT ON COLUMN agentctl.hook_delivery.hook IS 'Name of the hook.';
COMMENT ON COLUMN agentctl.hook_delivery.event IS 'What has happened.';
COMMENT ON COLUMN agentctl.hook_delivery.body IS 'What is sent: {type, timestamp, data}.';
COMMENT ON COLUMN agentctl.hook_delivery.state IS 'pending; delivered: the receiver has answered 2xx; dead: it is not tried again.';
COMMENT ON COLUMN agentctl.hook_delivery.attempt IS 'Attempts that were begun.';
COMMENT ON COLUMN agentctl.hook_delivery.next_at IS 'When the next attempt is due; while one is made, when another worker takes it over.';
COMMENT ON COLUMN agentctl.hook_delivery.give_up_at IS 'After which a failed attempt is the last.';
COMMENT ON COLUMN agentctl.hook_delivery.status IS 'HTTP status of the last answer.';
COMMENT ON COLUMN agentctl.hook_delivery.error_message IS 'Why the last attempt failed.';
COMMENT ON COLUMN agentctl.hook_delivery.created_at IS 'When it happened.';
COMMENT ON COLUMN agentctl.hook_delivery.finished_at IS 'When it was delivered or given up.';
CREATE VIEW agentctl.hook_deliveries AS
 SELECT d.id,
    d.webhook_id,
    d.hook,
    d.event,
    d.state,
    d.attempt,
    d.status,
    d.error_message,
    d.next_at,
    d.created_at,
    d.finished_at,
    d.body
   FROM agentctl.hook_delivery d;
COMMENT ON VIEW agentctl.hook_deliveries IS 'What hooks are told, and what became of it; for 30 days after that.';
COMMENT ON COLUMN agentctl.hook_deliveries.id IS 'Identifies the delivery: see redeliver().';
COMMENT ON COLUMN agentctl.hook_deliveries.webhook_id IS 'What the receiver knows it by, as msg_…: the same with each attempt.';
COMMENT ON COLUMN agentctl.hook_deliveries.hook IS 'Name of the hook.';
COMMENT ON COLUMN agentctl.hook_deliveries.event IS 'What has happened.';
COMMENT ON COLUMN agentctl.hook_deliveries.state IS 'pending; delivered: the receiver has answered 2xx; dead: it is not tried again.';
COMMENT ON COLUMN agentctl.hook_deliveries.attempt IS 'Attempts that were begun.';
COMMENT ON COLUMN agentctl.hook_deliveries.status IS 'HTTP status of the last answer.';
COMMENT ON COLUMN agentctl.hook_deliveries.error_message IS 'Why the last attempt failed.';
COMMENT ON COLUMN agentctl.hook_deliveries.next_at IS 'When the next attempt is due; while one is made, when another worker takes it over.';
COMMENT ON COLUMN agentctl.hook_deliveries.created_at IS 'When it happened.';
COMMENT ON COLUMN agentctl.hook_deliveries.finished_at IS 'When it was delivered or given up.';
COMMENT ON COLUMN agentctl.hook_deliveries.body IS 'What is sent: {type, timestamp, data}.';
ALTER TABLE agentctl.hook_delivery ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.hook_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agentctl.hook_state (
    name text NOT NULL COLLATE pg_catalog."C",
    version_id bigint NOT NULL,
    owner text NOT NULL,
    events text[] NOT NULL COLLATE pg_catalog."C",
    responders text[] COLLATE pg_catalog."C",
    stopped_at timestamp with time zone,
    stopped_for text,
    CONSTRAINT hook_state_check CHECK (((stopped_at IS NULL) = (stopped_for IS NULL)))
);
COMMENT ON TABLE agentctl.hook_state IS 'The hooks in force that are enabled. Without a row here the end of a turn looks no further.';
COMMENT ON COLUMN agentctl.hook_state.name IS 'Name of the hook.';
COMMENT ON COLUMN agentctl.hook_state.version_id IS 'Its version in force.';
COMMENT ON COLUMN agentctl.hook_state.owner IS 'Database user who registered it: it is told of conversations that this user may see.';
COMMENT ON COLUMN agentctl.hook_state.events IS 'What it is told of.';
COMMENT ON COLUMN agentctl.hook_state.responders IS 'The agents and chains that it is told of; NULL for all.';
COMMENT ON COLUMN agentctl.hook_state.stopped_at IS 'Since when nothing is sent, as the receiver is gone; NULL while it is sent to.';
COMMENT ON COLUMN agentctl.hook_state.stopped_for IS 'What the receiver answered.';
CREATE VIEW agentctl.hooks AS
 SELECT v.name,
    (v.document ->> 'description'::text) AS description,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'events'::text)) AS jsonb_array_elements_text) AS events,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'agents'::text)) AS jsonb_array_elements_text) AS agents,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'chains'::text)) AS jsonb_array_elements_text) AS chains,
    (v.document ->> 'url'::text) AS url,
    (v.document ->> 'secret_env'::text) AS secret_env,
    (v.document ->> 'previous_secret_env'::text) AS previous_secret_env,
    (v.document -> 'headers'::text) AS headers,
    ((v.document ->> 'timeout'::text))::double precision AS timeout,
    ((v.document ->> 'allow_private'::text))::boolean AS allow_private,
    ((v.document ->> 'enabled'::text))::boolean AS enabled,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by,
    h.stopped_at,
    h.stopped_for
   FROM ((agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
     LEFT JOIN agentctl.hook_state h ON ((h.name = d.name)))
  WHERE (d.kind = 'hook'::text);
COMMENT ON VIEW agentctl.hooks IS 'The hooks in force, and whether they are sent to. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.hooks.name IS 'Name of the hook.';
COMMENT ON COLUMN agentctl.hooks.description IS 'What it is for.';
COMMENT ON COLUMN agentctl.hooks.events IS 'What the receiver is told of.';
COMMENT ON COLUMN agentctl.hooks.agents IS 'Only of these agents; with neither agents nor chains, of all.';
COMMENT ON COLUMN agentctl.hooks.chains IS 'Only of these chains.';
COMMENT ON COLUMN agentctl.hooks.url IS 'Where it is sent; https, unless the receiver is in a network of your own.';
COMMENT ON COLUMN agentctl.hooks.secret_env IS 'Name of the environment variable, where workers run, that holds the secret; never the secret.';
COMMENT ON COLUMN agentctl.hooks.previous_secret_env IS 'The same of the secret that is being replaced: until receivers know the new one, both sign.';
COMMENT ON COLUMN agentctl.hooks.headers IS 'Header fields that are sent as well; nothing secret.';
COMMENT ON COLUMN agentctl.hooks.timeout IS 'Seconds that one attempt may take.';
COMMENT ON COLUMN agentctl.hooks.allow_private IS 'Whether the receiver may be on this machine or in a private network.';
COMMENT ON COLUMN agentctl.hooks.enabled IS 'Whether it is told of anything.';
COMMENT ON COLUMN agentctl.hooks.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.hooks.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.hooks.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.hooks.created_by IS 'Database user who registered it.';
COMMENT ON COLUMN agentctl.hooks.stopped_at IS 'Since when nothing is sent, as the receiver is gone; NULL while it is sent to.';
COMMENT ON COLUMN agentctl.hooks.stopped_for IS 'What the receiver answered.';
CREATE TABLE agentctl.migration (
    name text NOT NULL COLLATE pg_catalog."C",
    checksum text NOT NULL,
    release text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
COMMENT ON TABLE agentctl.migration IS 'The files that made this schema.';
COMMENT ON COLUMN agentctl.migration.name IS 'Path of the file below migrations.';
COMMENT ON COLUMN agentctl.migration.checksum IS 'SHA-256 of its text, in hex; of schema/fingerprint a digest of all of them.';
COMMENT ON COLUMN agentctl.migration.release IS 'Release of agentctl that applied it.';
COMMENT ON COLUMN agentctl.migration.applied_at IS 'When it was last applied.';
CREATE TABLE agentctl.step (
    conversation_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    number integer NOT NULL,
    kind agentctl.step_kind NOT NULL,
    model text COLLATE pg_catalog."C",
    model_version_id bigint,
    provider text,
    attempt smallint DEFAULT 1 NOT NULL,
    finish_reason text,
    input_tokens bigint DEFAULT 0 NOT NULL,
    cached_input_tokens bigint DEFAULT 0 NOT NULL,
    output_tokens bigint DEFAULT 0 NOT NULL,
    usage_estimated boolean DEFAULT false NOT NULL,
    cost_usd numeric(20,10) DEFAULT 0 NOT NULL,
    time_to_first_token_ms double precision,
    duration_ms double precision NOT NULL,
    started_at timestamp with time zone NOT NULL,
    error_code text,
    error_message text,
    CONSTRAINT step_number_check CHECK ((number > 0))
)
PARTITION BY RANGE (started_at);
COMMENT ON TABLE agentctl.step IS 'What a turn did, in order. Partitioned by month.';
COMMENT ON COLUMN agentctl.step.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.step.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.step.number IS 'Counts from 1 within the turn.';
COMMENT ON COLUMN agentctl.step.kind IS 'model_call, tool_round (the calls of one answer, at once), validation (a check that failed), …';
COMMENT ON COLUMN agentctl.step.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.step.model_version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.step.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.step.attempt IS 'Counts tries of one call from 1.';
COMMENT ON COLUMN agentctl.step.finish_reason IS 'Why the model stopped.';
COMMENT ON COLUMN agentctl.step.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.step.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.step.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.step.usage_estimated IS 'The provider told no usage: the tokens are an estimate.';
COMMENT ON COLUMN agentctl.step.cost_usd IS 'Cost by the model''s prices, in USD.';
COMMENT ON COLUMN agentctl.step.time_to_first_token_ms IS 'Milliseconds to the first piece of the answer.';
COMMENT ON COLUMN agentctl.step.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.step.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.step.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.step.error_message IS 'What happened.';
CREATE VIEW agentctl.model_calls AS
 SELECT s.conversation_id,
    s.seq,
    s.kind,
    s.model,
    s.model_version_id,
    s.provider,
    s.input_tokens,
    s.cached_input_tokens,
    s.output_tokens,
    s.cost_usd,
    s.time_to_first_token_ms,
    s.duration_ms,
    s.started_at,
    s.error_code,
    s.error_message
   FROM agentctl.step s
  WHERE ((s.model IS NOT NULL) AND ((s.kind <> 'compaction'::agentctl.step_kind) OR (NOT (EXISTS ( SELECT
           FROM agentctl.compaction o
          WHERE ((o.conversation_id = s.conversation_id) AND (o.created_by = s.seq) AND (o.model IS NOT NULL)))))))
UNION ALL
 SELECT o.conversation_id,
    o.created_by AS seq,
    'compaction'::agentctl.step_kind AS kind,
    o.model,
    o.model_version_id,
    o.provider,
    o.input_tokens,
    o.cached_input_tokens,
    o.output_tokens,
    o.cost_usd,
    NULL::double precision AS time_to_first_token_ms,
    o.duration_ms,
    (o.created_at - make_interval(secs => (o.duration_ms / (1000)::double precision))) AS started_at,
    o.error_code,
    o.error_message
   FROM agentctl.compaction o
  WHERE (o.model IS NOT NULL);
COMMENT ON VIEW agentctl.model_calls IS 'Calls to models: of turns, for summaries, and of agents that judge.';
COMMENT ON COLUMN agentctl.model_calls.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.model_calls.seq IS 'The turn, or the operation compact.';
COMMENT ON COLUMN agentctl.model_calls.kind IS 'model_call; compaction: for a summary; guardrail: of an agent that judges.';
COMMENT ON COLUMN agentctl.model_calls.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.model_calls.model_version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.model_calls.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.model_calls.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.model_calls.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.model_calls.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.model_calls.cost_usd IS 'Cost by the model''s prices, in USD.';
COMMENT ON COLUMN agentctl.model_calls.time_to_first_token_ms IS 'Milliseconds to the first piece of the answer; NULL for a summary.';
COMMENT ON COLUMN agentctl.model_calls.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.model_calls.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.model_calls.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.model_calls.error_message IS 'What happened.';
CREATE VIEW agentctl.model_metrics AS
 SELECT (m.model COLLATE "C") AS model,
    m.version,
    m.provider,
    m.calls,
    m.succeeded,
    m.failed,
    m.success_rate,
    m.p50_ms,
    m.p95_ms,
    m.p99_ms,
    m.p50_first_token_ms,
    m.input_tokens,
    m.cached_input_tokens,
    m.output_tokens,
    m.output_tokens_per_second,
    m.cost_usd,
    m.last_at
   FROM agentctl.model_metrics() m(model, version, provider, calls, succeeded, failed, success_rate, p50_ms, p95_ms, p99_ms, p50_first_token_ms, input_tokens, cached_input_tokens, output_tokens, output_tokens_per_second, cost_usd, last_at);
COMMENT ON VIEW agentctl.model_metrics IS 'Model calls by model and version.';
COMMENT ON COLUMN agentctl.model_metrics.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.model_metrics.version IS 'Its version.';
COMMENT ON COLUMN agentctl.model_metrics.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.model_metrics.calls IS 'Calls.';
COMMENT ON COLUMN agentctl.model_metrics.succeeded IS 'Calls that gave an answer.';
COMMENT ON COLUMN agentctl.model_metrics.failed IS 'Calls that ended with an error.';
COMMENT ON COLUMN agentctl.model_metrics.success_rate IS 'succeeded / calls, 0 to 1.';
COMMENT ON COLUMN agentctl.model_metrics.p50_ms IS 'Median duration in ms.';
COMMENT ON COLUMN agentctl.model_metrics.p95_ms IS '95th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.model_metrics.p99_ms IS '99th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.model_metrics.p50_first_token_ms IS 'Median time to the first piece of the answer, in ms.';
COMMENT ON COLUMN agentctl.model_metrics.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.model_metrics.cached_input_tokens IS 'Input tokens that the provider had cached.';
COMMENT ON COLUMN agentctl.model_metrics.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.model_metrics.output_tokens_per_second IS 'Output tokens by the time of the calls.';
COMMENT ON COLUMN agentctl.model_metrics.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.model_metrics.last_at IS 'When the last call began.';
CREATE VIEW agentctl.models AS
 SELECT v.name,
    (v.document ->> 'description'::text) AS description,
    (v.document ->> 'provider'::text) AS provider,
    (v.document ->> 'base_url'::text) AS base_url,
    (v.document ->> 'model'::text) AS model,
    (v.document ->> 'api_key_env'::text) AS api_key_env,
    ((v.document ->> 'context_window'::text))::integer AS context_window,
    (v.document ->> 'max_tokens_field'::text) AS max_tokens_field,
    ((v.document ->> 'max_tool_calls'::text))::integer AS max_tool_calls,
    ((v.document ->> 'max_response_bytes'::text))::integer AS max_response_bytes,
    ((v.document ->> 'timeout'::text))::double precision AS timeout,
    ((v.document ->> 'idle_timeout'::text))::double precision AS idle_timeout,
    (v.document -> 'prices'::text) AS prices,
    (v.document -> 'rules'::text) AS rules,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by
   FROM (agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
  WHERE (d.kind = 'model'::text);
COMMENT ON VIEW agentctl.models IS 'The models in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.models.name IS 'Name that agents refer to.';
COMMENT ON COLUMN agentctl.models.description IS 'What the model is for.';
COMMENT ON COLUMN agentctl.models.provider IS 'Protocol that the model is spoken to in; program.name is a provider of a program that embeds the engine.';
COMMENT ON COLUMN agentctl.models.base_url IS 'Address of the API, up to and with the version (https://host/v1).';
COMMENT ON COLUMN agentctl.models.model IS 'Model id as the API knows it.';
COMMENT ON COLUMN agentctl.models.api_key_env IS 'Name of the environment variable that holds the key; never the key.';
COMMENT ON COLUMN agentctl.models.context_window IS 'Tokens that fit into one request with its answer.';
COMMENT ON COLUMN agentctl.models.max_tokens_field IS 'Field of the request that limits an answer''s tokens.';
COMMENT ON COLUMN agentctl.models.max_tool_calls IS 'Most tool calls that one answer may ask for.';
COMMENT ON COLUMN agentctl.models.max_response_bytes IS 'Largest answer that is read, in bytes.';
COMMENT ON COLUMN agentctl.models.timeout IS 'Seconds that one call may take.';
COMMENT ON COLUMN agentctl.models.idle_timeout IS 'Seconds without a byte after which a call is given up.';
COMMENT ON COLUMN agentctl.models.prices IS 'Prices in USD per million tokens.';
COMMENT ON COLUMN agentctl.models.rules IS 'Rules of the offline provider, tried in order.';
COMMENT ON COLUMN agentctl.models.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.models.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.models.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.models.created_by IS 'Database user who registered it.';
CREATE VIEW agentctl.node_runs AS
 SELECT n.conversation_id,
    n.seq,
    n.number,
    n.node,
    n.visit,
    n.level,
    n."position",
    n.after,
    n.status,
    n.attempt,
    n.input,
    n.output,
    n.writes,
    n.choices,
    n.task,
    n.error_code,
    n.error_message,
    n.copied_from,
    n.started_at,
    n.finished_at,
    ((EXTRACT(epoch FROM (n.finished_at - n.started_at)))::double precision * (1000)::double precision) AS duration_ms
   FROM agentctl.node_run n;
COMMENT ON VIEW agentctl.node_runs IS 'The visits of nodes that have ended, in runs of chains.';
COMMENT ON COLUMN agentctl.node_runs.conversation_id IS 'Conversation of the run.';
COMMENT ON COLUMN agentctl.node_runs.seq IS 'Submission of the run.';
COMMENT ON COLUMN agentctl.node_runs.number IS 'Counts from 1 within the run, in the order in which they ended.';
COMMENT ON COLUMN agentctl.node_runs.node IS 'Name of the node.';
COMMENT ON COLUMN agentctl.node_runs.visit IS 'Counts from 1: nodes of a loop are visited several times.';
COMMENT ON COLUMN agentctl.node_runs.level IS 'The longest way of visits to it, from 1.';
COMMENT ON COLUMN agentctl.node_runs."position" IS 'The node''s place in the order of the chain.';
COMMENT ON COLUMN agentctl.node_runs.after IS 'The visits that led to it, as node#visit.';
COMMENT ON COLUMN agentctl.node_runs.status IS 'succeeded or failed.';
COMMENT ON COLUMN agentctl.node_runs.attempt IS 'The attempt that ended it, from 1.';
COMMENT ON COLUMN agentctl.node_runs.input IS 'What it was sent.';
COMMENT ON COLUMN agentctl.node_runs.output IS 'What it gave.';
COMMENT ON COLUMN agentctl.node_runs.writes IS 'What it wrote, by key of the state.';
COMMENT ON COLUMN agentctl.node_runs.choices IS 'The nodes that its agent chose to go to.';
COMMENT ON COLUMN agentctl.node_runs.task IS 'The number of its first task within the run; NULL for none. The group_key of all begins with node#visit.';
COMMENT ON COLUMN agentctl.node_runs.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.node_runs.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.node_runs.copied_from IS 'The run that it was copied from, as conversation/seq; NULL for one of this run.';
COMMENT ON COLUMN agentctl.node_runs.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.node_runs.finished_at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.node_runs.duration_ms IS 'Milliseconds from its beginning to its end.';
CREATE VIEW agentctl.pending_approvals AS
 SELECT a.id,
    a.conversation_id,
    a.seq,
    a.call_number,
    a.tool,
    a.arguments,
    a.requested_at,
    a.expires_at,
    a.agent,
    a.subject,
    a.rule,
    a.place,
    COALESCE(t.root_conversation_id, a.conversation_id) AS root_conversation_id,
    COALESCE(t.root_seq, a.seq) AS root_seq
   FROM (((agentctl.approval a
     JOIN agentctl.conversation_control c ON (((c.conversation_id = a.conversation_id) AND (c.head_seq < a.seq))))
     LEFT JOIN agentctl.submission s ON (((s.conversation_id = a.conversation_id) AND (s.seq = a.seq))))
     LEFT JOIN agentctl.task t ON ((t.id = s.task_id)))
  WHERE (a.state = 'pending'::agentctl.approval_state);
COMMENT ON VIEW agentctl.pending_approvals IS 'Tool calls that wait for a person.';
COMMENT ON COLUMN agentctl.pending_approvals.id IS 'Identifies the request.';
COMMENT ON COLUMN agentctl.pending_approvals.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.pending_approvals.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.pending_approvals.call_number IS 'The tool call within the turn.';
COMMENT ON COLUMN agentctl.pending_approvals.tool IS 'The tool.';
COMMENT ON COLUMN agentctl.pending_approvals.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.pending_approvals.requested_at IS 'When it was asked for.';
COMMENT ON COLUMN agentctl.pending_approvals.expires_at IS 'When it counts as denied.';
COMMENT ON COLUMN agentctl.pending_approvals.agent IS 'The agent that asks.';
COMMENT ON COLUMN agentctl.pending_approvals.subject IS 'What is asked about, in short.';
COMMENT ON COLUMN agentctl.pending_approvals.rule IS 'The policy''s rule that asks.';
COMMENT ON COLUMN agentctl.pending_approvals.place IS 'What is asked about: the call; or what a guardrail found in the message (input) or in the call''s result (tool_output).';
COMMENT ON COLUMN agentctl.pending_approvals.root_conversation_id IS 'Conversation at the top of the tree of tasks: its own, for a user''s own turn.';
COMMENT ON COLUMN agentctl.pending_approvals.root_seq IS 'Turn at the top of the tree of tasks.';
ALTER TABLE agentctl.plan ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agentctl.plan_revision (
    plan_id bigint NOT NULL,
    revision integer NOT NULL,
    reason text NOT NULL,
    steps jsonb NOT NULL,
    created_by text DEFAULT agentctl.keep_account() NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT plan_revision_revision_check CHECK ((revision > 0))
);
COMMENT ON TABLE agentctl.plan_revision IS 'The steps of plans as they were after each change.';
COMMENT ON COLUMN agentctl.plan_revision.plan_id IS 'The plan.';
COMMENT ON COLUMN agentctl.plan_revision.revision IS 'Counts from 1 within the plan.';
COMMENT ON COLUMN agentctl.plan_revision.reason IS 'made, edited, or why steps were added while it ran.';
COMMENT ON COLUMN agentctl.plan_revision.steps IS 'The steps: what store_plan() takes, with number and status.';
COMMENT ON COLUMN agentctl.plan_revision.created_by IS 'Database user who changed it.';
COMMENT ON COLUMN agentctl.plan_revision.created_at IS 'When it was changed.';
CREATE TABLE agentctl.plan_step (
    plan_id bigint NOT NULL,
    number smallint NOT NULL,
    tool text COLLATE pg_catalog."C",
    function text COLLATE pg_catalog."C",
    agent text COLLATE pg_catalog."C",
    capabilities text[] COLLATE pg_catalog."C",
    arguments jsonb DEFAULT '{}'::jsonb NOT NULL,
    description text NOT NULL,
    after smallint[] DEFAULT '{}'::smallint[] NOT NULL,
    find text,
    recovers smallint,
    status agentctl.plan_step_status DEFAULT 'pending'::agentctl.plan_step_status NOT NULL,
    result text,
    error_code text COLLATE pg_catalog."C",
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT plan_step_check CHECK (((number > ALL (after)) AND (0 < ALL (after)))),
    CONSTRAINT plan_step_check1 CHECK (((recovers >= 1) AND (recovers <= (number - 1)))),
    CONSTRAINT plan_step_check2 CHECK ((num_nonnulls(tool, function, agent, capabilities) <= 1)),
    CONSTRAINT plan_step_number_check CHECK (((number >= 1) AND (number <= 1000)))
);
COMMENT ON TABLE agentctl.plan_step IS 'The steps of plans as they are now.';
COMMENT ON COLUMN agentctl.plan_step.plan_id IS 'The plan.';
COMMENT ON COLUMN agentctl.plan_step.number IS 'Counts from 1 within the plan.';
COMMENT ON COLUMN agentctl.plan_step.tool IS 'The tool that it calls.';
COMMENT ON COLUMN agentctl.plan_step.function IS 'The function that it calls.';
COMMENT ON COLUMN agentctl.plan_step.agent IS 'The agent that it delegates to.';
COMMENT ON COLUMN agentctl.plan_step.capabilities IS 'What the agent must be able to do that it delegates to.';
COMMENT ON COLUMN agentctl.plan_step.arguments IS 'The arguments, with {{step_N}} for results of earlier steps; for an agent {task, input}.';
COMMENT ON COLUMN agentctl.plan_step.description IS 'What it does, in words.';
COMMENT ON COLUMN agentctl.plan_step.after IS 'Steps that have to be completed first: earlier ones.';
COMMENT ON COLUMN agentctl.plan_step.find IS 'Regular expression that its result must contain; {{step_N.group}} is what a named group of it found.';
COMMENT ON COLUMN agentctl.plan_step.recovers IS 'The failed step in whose place it stands.';
COMMENT ON COLUMN agentctl.plan_step.status IS 'How far it came.';
COMMENT ON COLUMN agentctl.plan_step.result IS 'Beginning of its result, or of its error.';
COMMENT ON COLUMN agentctl.plan_step.error_code IS 'Class of the error that ended it; of a skipped one, why: dependency, stopped or max_steps.';
COMMENT ON COLUMN agentctl.plan_step.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.plan_step.finished_at IS 'When it ended.';
CREATE VIEW agentctl.plan_steps AS
 SELECT s.plan_id,
    s.number,
        CASE
            WHEN ((s.status = ANY (ARRAY['pending'::agentctl.plan_step_status, 'running'::agentctl.plan_step_status])) AND (p.state = 'running'::agentctl.plan_state) AND (c.head_seq >= p.seq)) THEN
            CASE s.status
                WHEN 'running'::agentctl.plan_step_status THEN 'failed'::text
                ELSE 'skipped'::text
            END
            ELSE (s.status)::text
        END AS status,
    s.tool,
    s.function,
    s.agent,
    s.capabilities,
    s.arguments,
    s.description,
    s.after,
    s.find,
    s.recovers,
    s.result,
    s.error_code,
    s.started_at,
    s.finished_at
   FROM ((agentctl.plan_step s
     JOIN agentctl.plan p ON ((p.id = s.plan_id)))
     LEFT JOIN agentctl.conversation_control c ON ((c.conversation_id = p.conversation_id)));
COMMENT ON VIEW agentctl.plan_steps IS 'The steps of plans.';
COMMENT ON COLUMN agentctl.plan_steps.plan_id IS 'The plan.';
COMMENT ON COLUMN agentctl.plan_steps.number IS 'Counts from 1 within the plan.';
COMMENT ON COLUMN agentctl.plan_steps.status IS 'pending, running, completed, failed or skipped.';
COMMENT ON COLUMN agentctl.plan_steps.tool IS 'The tool that it calls.';
COMMENT ON COLUMN agentctl.plan_steps.function IS 'The function that it calls.';
COMMENT ON COLUMN agentctl.plan_steps.agent IS 'The agent that it delegates to.';
COMMENT ON COLUMN agentctl.plan_steps.capabilities IS 'What the agent must be able to do that it delegates to.';
COMMENT ON COLUMN agentctl.plan_steps.arguments IS 'The arguments, with {{step_N}} for results of earlier steps.';
COMMENT ON COLUMN agentctl.plan_steps.description IS 'What it does, in words.';
COMMENT ON COLUMN agentctl.plan_steps.after IS 'Steps that have to be completed first.';
COMMENT ON COLUMN agentctl.plan_steps.find IS 'Regular expression that its result must contain.';
COMMENT ON COLUMN agentctl.plan_steps.recovers IS 'The failed step in whose place it stands.';
COMMENT ON COLUMN agentctl.plan_steps.result IS 'Beginning of its result, or of its error.';
COMMENT ON COLUMN agentctl.plan_steps.error_code IS 'Class of the error that ended it, or why it was skipped.';
COMMENT ON COLUMN agentctl.plan_steps.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.plan_steps.finished_at IS 'When it ended.';
CREATE VIEW agentctl.plan_templates AS
 SELECT v.name,
    (v.document ->> 'description'::text) AS description,
    ARRAY( SELECT jsonb_array_elements_text((v.document -> 'when'::text)) AS jsonb_array_elements_text) AS "when",
    (v.document -> 'context'::text) AS context,
    (v.document -> 'steps'::text) AS steps,
    (v.document -> 'recover'::text) AS recover,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by
   FROM (agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
  WHERE (d.kind = 'plan'::text);
COMMENT ON VIEW agentctl.plan_templates IS 'The templates that plans are made from, in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.plan_templates.name IS 'Name of the template.';
COMMENT ON COLUMN agentctl.plan_templates.description IS 'What it is for.';
COMMENT ON COLUMN agentctl.plan_templates."when" IS 'Regular expressions, one of which the whole clause of a task must match; the case of letters does not matter.';
COMMENT ON COLUMN agentctl.plan_templates.context IS 'Values by name where neither the clause nor the caller says one; null: the caller has to.';
COMMENT ON COLUMN agentctl.plan_templates.steps IS 'What is done.';
COMMENT ON COLUMN agentctl.plan_templates.recover IS 'What is done when a step fails: the first that fits.';
COMMENT ON COLUMN agentctl.plan_templates.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.plan_templates.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.plan_templates.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.plan_templates.created_by IS 'Database user who registered it.';
CREATE VIEW agentctl.plans AS
 SELECT p.id,
    p.task,
        CASE
            WHEN ((p.state = 'running'::agentctl.plan_state) AND (c.head_seq >= p.seq)) THEN
            CASE ( SELECT t.status
                   FROM agentctl.turn t
                  WHERE ((t.conversation_id = p.conversation_id) AND (t.seq = p.seq)))
                WHEN 'failed'::agentctl.turn_status THEN 'failed'::text
                WHEN 'limited'::agentctl.turn_status THEN 'failed'::text
                ELSE 'cancelled'::text
            END
            WHEN ((p.state = 'running'::agentctl.plan_state) AND (c.state = ANY (ARRAY['waiting'::agentctl.conversation_state, 'parked'::agentctl.conversation_state]))) THEN 'waiting'::text
            ELSE (p.state)::text
        END AS state,
    p.mode,
    p.max_steps,
    p.max_replans,
    p.context,
    p.recover,
    p.revision,
    steps.total AS steps,
    steps.completed,
    p.made_by,
    p.agent,
    p.conversation_id,
    p.seq,
    p.created_by,
    p.created_at,
    p.approved_by,
    p.approved_at,
    p.started_at,
    p.finished_at
   FROM ((agentctl.plan p
     LEFT JOIN agentctl.conversation_control c ON ((c.conversation_id = p.conversation_id)))
     CROSS JOIN LATERAL ( SELECT (count(*))::integer AS total,
            (count(*) FILTER (WHERE (s.status = 'completed'::agentctl.plan_step_status)))::integer AS completed
           FROM agentctl.plan_step s
          WHERE (s.plan_id = p.id)
         OFFSET 0) steps);
COMMENT ON VIEW agentctl.plans IS 'The plans: of store_plan(), and those that agents keep of their turns.';
COMMENT ON COLUMN agentctl.plans.id IS 'Identifies the plan.';
COMMENT ON COLUMN agentctl.plans.task IS 'The task in words.';
COMMENT ON COLUMN agentctl.plans.state IS 'draft: not approved; approved: may run; running; waiting: for tasks, or for a person; completed; failed; cancelled: its turn ended before it.';
COMMENT ON COLUMN agentctl.plans.mode IS 'sequential, parallel or interactive.';
COMMENT ON COLUMN agentctl.plans.max_steps IS 'Most steps that a run takes.';
COMMENT ON COLUMN agentctl.plans.max_replans IS 'Most recoveries in a run.';
COMMENT ON COLUMN agentctl.plans.context IS 'Values that it was made with, by name.';
COMMENT ON COLUMN agentctl.plans.recover IS 'What is done when a step fails.';
COMMENT ON COLUMN agentctl.plans.revision IS 'Counts from 1; each change of its steps is one.';
COMMENT ON COLUMN agentctl.plans.steps IS 'How many steps it has.';
COMMENT ON COLUMN agentctl.plans.completed IS 'How many of them are completed.';
COMMENT ON COLUMN agentctl.plans.made_by IS 'templates, user, or the name of the agent that made it.';
COMMENT ON COLUMN agentctl.plans.agent IS 'The agent that runs it.';
COMMENT ON COLUMN agentctl.plans.conversation_id IS 'Conversation of the turn that runs it.';
COMMENT ON COLUMN agentctl.plans.seq IS 'Submission of the turn that runs it.';
COMMENT ON COLUMN agentctl.plans.created_by IS 'Database user who made it.';
COMMENT ON COLUMN agentctl.plans.created_at IS 'When it was made.';
COMMENT ON COLUMN agentctl.plans.approved_by IS 'Database user who approved it.';
COMMENT ON COLUMN agentctl.plans.approved_at IS 'When it was approved.';
COMMENT ON COLUMN agentctl.plans.started_at IS 'When it was given to a turn.';
COMMENT ON COLUMN agentctl.plans.finished_at IS 'When its last step ended.';
CREATE VIEW agentctl.policies AS
 SELECT v.name,
    (v.document ->> 'description'::text) AS description,
    (v.document -> 'rules'::text) AS rules,
    (v.document -> 'order'::text) AS "order",
    ((v.document ->> 'approval_timeout'::text))::double precision AS approval_timeout,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by
   FROM (agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
  WHERE (d.kind = 'policy'::text);
COMMENT ON VIEW agentctl.policies IS 'The policies in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.policies.name IS 'Name that agents refer to.';
COMMENT ON COLUMN agentctl.policies.description IS 'What it is for.';
COMMENT ON COLUMN agentctl.policies.rules IS 'Rules about single calls: the first that a call fits decides.';
COMMENT ON COLUMN agentctl.policies."order" IS 'Rules about the order of calls in a turn; a call that breaks one is denied.';
COMMENT ON COLUMN agentctl.policies.approval_timeout IS 'Seconds that a person may take to decide.';
COMMENT ON COLUMN agentctl.policies.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.policies.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.policies.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.policies.created_by IS 'Database user who registered it.';
CREATE TABLE agentctl.role_grant (
    role text NOT NULL COLLATE pg_catalog."C",
    object_type text NOT NULL COLLATE pg_catalog."C",
    object text NOT NULL COLLATE pg_catalog."C",
    privileges text,
    CONSTRAINT role_grant_object_check CHECK ((object ~ '^agentctl(_sql)?([.].+)?$'::text)),
    CONSTRAINT role_grant_object_type_check CHECK ((object_type = ANY (ARRAY['schema'::text, 'table'::text, 'function'::text]))),
    CONSTRAINT role_grant_privileges_check CHECK ((privileges = ANY (ARRAY['USAGE'::text, 'SELECT'::text, 'SELECT, INSERT, UPDATE, DELETE'::text, 'EXECUTE'::text]))),
    CONSTRAINT role_grant_role_check CHECK ((role ~ '^agentctl_[a-z_]+$'::text))
);
COMMENT ON TABLE agentctl.role_grant IS 'What each role may do. A row for one object says all of it; a row for every object of a schema (schema.*) holds for those without a row of their own.';
COMMENT ON COLUMN agentctl.role_grant.role IS 'The role.';
COMMENT ON COLUMN agentctl.role_grant.object_type IS 'schema, table (or view) or function.';
COMMENT ON COLUMN agentctl.role_grant.object IS 'The object: agentctl, agentctl.agents, agentctl.setting(text), or agentctl.* for all.';
COMMENT ON COLUMN agentctl.role_grant.privileges IS 'USAGE, SELECT, "SELECT, INSERT, UPDATE, DELETE" or EXECUTE; NULL for nothing.';
CREATE TABLE agentctl.route_agent (
    id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    capabilities text[] NOT NULL,
    required_members text[],
    success_rate real DEFAULT 0.5 NOT NULL,
    turns integer DEFAULT 0 NOT NULL,
    open integer DEFAULT 0 NOT NULL
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05');
COMMENT ON TABLE agentctl.route_agent IS 'The agents in force that messages are routed to.';
COMMENT ON COLUMN agentctl.route_agent.id IS 'Identifies the agent within the index.';
COMMENT ON COLUMN agentctl.route_agent.name IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.route_agent.capabilities IS 'Its capabilities.';
COMMENT ON COLUMN agentctl.route_agent.required_members IS 'Members that its input schema requires; NULL when it has no schema and takes text only.';
COMMENT ON COLUMN agentctl.route_agent.success_rate IS 'Share of its turns that succeeded, from 0 to 1: (succeeded + 1) / (turns + 2).';
COMMENT ON COLUMN agentctl.route_agent.turns IS 'Turns that the share was counted from.';
COMMENT ON COLUMN agentctl.route_agent.open IS 'Submissions that waited for it or ran when it was last counted.';
ALTER TABLE agentctl.route_agent ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.route_agent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE agentctl.route_capability (
    capability text NOT NULL COLLATE pg_catalog."C",
    success_rate real NOT NULL,
    agent_id integer NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.05');
COMMENT ON TABLE agentctl.route_capability IS 'Which agents have which capability, in order of their success rate.';
COMMENT ON COLUMN agentctl.route_capability.capability IS 'The capability.';
COMMENT ON COLUMN agentctl.route_capability.success_rate IS 'The agent''s success rate, as in route_agent.';
COMMENT ON COLUMN agentctl.route_capability.agent_id IS 'The agent, a row of route_agent.';
CREATE TABLE agentctl.route_index (
    only_row boolean DEFAULT true NOT NULL,
    agents integer DEFAULT 0 NOT NULL,
    language text,
    refreshed_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT route_index_only_row_check CHECK (only_row)
);
COMMENT ON TABLE agentctl.route_index IS 'The index of agents as a whole: one row. A change of the index locks it first.';
COMMENT ON COLUMN agentctl.route_index.only_row IS 'Always true: there is one row.';
COMMENT ON COLUMN agentctl.route_index.agents IS 'How many agents the index has.';
COMMENT ON COLUMN agentctl.route_index.language IS 'Text search configuration that its words were made with; NULL until it is built.';
COMMENT ON COLUMN agentctl.route_index.refreshed_at IS 'When success rates and load were last counted.';
CREATE TABLE agentctl.route_posting (
    term text NOT NULL COLLATE pg_catalog."C",
    agent_id integer NOT NULL,
    weight real NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_insert_scale_factor='0.05');
COMMENT ON TABLE agentctl.route_posting IS 'Which agent answers for which word.';
COMMENT ON COLUMN agentctl.route_posting.term IS 'The word, as the configuration of the index reduces it.';
COMMENT ON COLUMN agentctl.route_posting.agent_id IS 'The agent, a row of route_agent.';
COMMENT ON COLUMN agentctl.route_posting.weight IS 'How much the word says about the agent: 1 in its name or capabilities, 0.8 in an example, 0.5 in its description or as a member of its input.';
CREATE TABLE agentctl.route_term (
    term text NOT NULL COLLATE pg_catalog."C",
    agents integer NOT NULL
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05');
COMMENT ON TABLE agentctl.route_term IS 'How many agents have each word: rare words tell agents apart.';
COMMENT ON COLUMN agentctl.route_term.term IS 'The word.';
COMMENT ON COLUMN agentctl.route_term.agents IS 'Number of agents that have it.';
CREATE VIEW agentctl.routings AS
 SELECT r.conversation_id,
    r.seq,
    r.agent,
    r.is_default,
    r.score,
    r.threshold,
    r.candidates,
    r.epoch,
    r.decided_at
   FROM agentctl.routing r;
COMMENT ON VIEW agentctl.routings IS 'Why messages that named no agent went to the agent that they went to.';
COMMENT ON COLUMN agentctl.routings.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.routings.seq IS 'The submission.';
COMMENT ON COLUMN agentctl.routings.agent IS 'The agent that was chosen.';
COMMENT ON COLUMN agentctl.routings.is_default IS 'No agent reached the threshold: the default agent was chosen, or the conversation''s own.';
COMMENT ON COLUMN agentctl.routings.score IS 'Score of the best candidate, from 0 to 1; 0 when there was none.';
COMMENT ON COLUMN agentctl.routings.threshold IS 'The setting route_threshold at that time.';
COMMENT ON COLUMN agentctl.routings.candidates IS 'The best agents, at most five, best first: [{agent, score, words, success_rate, turns, open}].';
COMMENT ON COLUMN agentctl.routings.epoch IS 'The epoch of the definitions that the decision was made with.';
COMMENT ON COLUMN agentctl.routings.decided_at IS 'When it was decided.';
CREATE TABLE agentctl.schedule_run (
    name text NOT NULL COLLATE pg_catalog."C",
    due_at timestamp with time zone NOT NULL,
    version_id bigint NOT NULL,
    outcome text NOT NULL,
    is_late boolean DEFAULT false NOT NULL,
    requested_by text,
    through timestamp with time zone,
    ran_at timestamp with time zone NOT NULL,
    conversation_id text COLLATE pg_catalog."C",
    seq bigint,
    task_id bigint,
    is_open boolean DEFAULT false NOT NULL,
    error_code text,
    error_message text,
    CONSTRAINT schedule_run_check CHECK ((through >= due_at)),
    CONSTRAINT schedule_run_check1 CHECK (((conversation_id IS NULL) = (seq IS NULL))),
    CONSTRAINT schedule_run_check2 CHECK (((outcome = 'submitted'::text) = ((seq IS NOT NULL) OR (task_id IS NOT NULL)))),
    CONSTRAINT schedule_run_check3 CHECK (((outcome = 'submitted'::text) OR (NOT is_open))),
    CONSTRAINT schedule_run_outcome_check CHECK ((outcome = ANY (ARRAY['submitted'::text, 'queued'::text, 'skipped'::text, 'missed'::text, 'failed'::text])))
);
COMMENT ON TABLE agentctl.schedule_run IS 'What became of each time at which a schedule was due.';
COMMENT ON COLUMN agentctl.schedule_run.name IS 'Name of the schedule.';
COMMENT ON COLUMN agentctl.schedule_run.due_at IS 'When it was due; of a run that was asked for, when that was.';
COMMENT ON COLUMN agentctl.schedule_run.version_id IS 'The version that was in force, an id in definition_version.';
COMMENT ON COLUMN agentctl.schedule_run.outcome IS 'submitted; queued: waits for the run before it; skipped: the one before it was in progress; missed: no worker ran in time, and it is not made up for; failed: it could not be submitted.';
COMMENT ON COLUMN agentctl.schedule_run.is_late IS 'Whether a missed time was made up for.';
COMMENT ON COLUMN agentctl.schedule_run.requested_by IS 'Database user who asked for it with run_schedule(); NULL when it was due.';
COMMENT ON COLUMN agentctl.schedule_run.through IS 'Of missed times: the last one of those that the row stands for; NULL when it stands for one.';
COMMENT ON COLUMN agentctl.schedule_run.ran_at IS 'When a worker came to it.';
COMMENT ON COLUMN agentctl.schedule_run.conversation_id IS 'The conversation that it was submitted to.';
COMMENT ON COLUMN agentctl.schedule_run.seq IS 'Its submission there.';
COMMENT ON COLUMN agentctl.schedule_run.task_id IS 'The task that it submitted.';
COMMENT ON COLUMN agentctl.schedule_run.is_open IS 'Whether it was in progress when a worker last looked.';
COMMENT ON COLUMN agentctl.schedule_run.error_code IS 'SQLSTATE of the reason why it was not submitted.';
COMMENT ON COLUMN agentctl.schedule_run.error_message IS 'What happened.';
CREATE TABLE agentctl.task_dependency (
    task_id bigint NOT NULL,
    depends_on bigint NOT NULL,
    CONSTRAINT task_dependency_check CHECK ((depends_on < task_id))
);
COMMENT ON TABLE agentctl.task_dependency IS 'Which tasks without a parent wait for which others.';
COMMENT ON COLUMN agentctl.task_dependency.task_id IS 'The task that waits.';
COMMENT ON COLUMN agentctl.task_dependency.depends_on IS 'The task that has to be done first; an earlier one.';
CREATE VIEW agentctl.tasks AS
 SELECT t.id,
    t.parent_conversation_id,
    t.parent_seq,
    t.number,
    NULLIF(t.group_key, ''::text) AS group_key,
    t.root_conversation_id,
    t.root_seq,
    t.depth,
    t.depth_left,
    t.path,
    t.description,
    t.input,
    t.capabilities,
    t.agent,
    t.is_routed,
    t.priority,
    t.deadline,
    t.budget_tokens,
    t.budget_usd,
        CASE
            WHEN (t.state <> 'assigned'::agentctl.task_state) THEN (t.state)::text
            WHEN (c.state = 'running'::agentctl.conversation_state) THEN 'running'::text
            WHEN (c.state = ANY (ARRAY['waiting'::agentctl.conversation_state, 'parked'::agentctl.conversation_state])) THEN 'waiting'::text
            ELSE 'assigned'::text
        END AS state,
    t.attempt,
    t.max_attempts,
    t.tried,
    ARRAY( SELECT d.depends_on
           FROM agentctl.task_dependency d
          WHERE (d.task_id = t.id)
          ORDER BY d.depends_on) AS depends_on,
    t.conversation_id,
    t.seq,
    t.error_code,
    t.error_message,
    t.effects,
    t.tokens,
    t.cost_usd,
    t.created_by,
    t.created_at,
    t.finished_at
   FROM (agentctl.task t
     LEFT JOIN agentctl.conversation_control c ON (((c.conversation_id = t.conversation_id) AND (t.state = 'assigned'::agentctl.task_state) AND (c.head_seq = (t.seq - 1)))));
COMMENT ON VIEW agentctl.tasks IS 'The tasks: work that a turn delegates, or that was submitted with submit_task(). INSERT submits one.';
COMMENT ON COLUMN agentctl.tasks.id IS 'Identifies the task.';
COMMENT ON COLUMN agentctl.tasks.parent_conversation_id IS 'Conversation of the turn that delegated it; NULL for a task of submit_task().';
COMMENT ON COLUMN agentctl.tasks.parent_seq IS 'Submission of the turn that delegated it.';
COMMENT ON COLUMN agentctl.tasks.number IS 'Counts from 1 within that turn.';
COMMENT ON COLUMN agentctl.tasks.group_key IS 'Which tasks of the turn share a limit of how many run at once.';
COMMENT ON COLUMN agentctl.tasks.root_conversation_id IS 'Conversation of the turn at the top of the tree; NULL for a task of submit_task().';
COMMENT ON COLUMN agentctl.tasks.root_seq IS 'Submission of the turn at the top of the tree.';
COMMENT ON COLUMN agentctl.tasks.depth IS 'Turns above it.';
COMMENT ON COLUMN agentctl.tasks.depth_left IS 'Levels that may still follow below it.';
COMMENT ON COLUMN agentctl.tasks.path IS 'The agents from the root to the task''s own.';
COMMENT ON COLUMN agentctl.tasks.description IS 'What is to be done, in words.';
COMMENT ON COLUMN agentctl.tasks.input IS 'Structured input.';
COMMENT ON COLUMN agentctl.tasks.capabilities IS 'What the agent must be able to do.';
COMMENT ON COLUMN agentctl.tasks.agent IS 'The agent of the present attempt.';
COMMENT ON COLUMN agentctl.tasks.is_routed IS 'Whether the agent was chosen by capability.';
COMMENT ON COLUMN agentctl.tasks.priority IS 'Lower is claimed first.';
COMMENT ON COLUMN agentctl.tasks.deadline IS 'When its turn is ended as limited; NULL for never.';
COMMENT ON COLUMN agentctl.tasks.budget_tokens IS 'Most tokens that it and the tasks below it may take.';
COMMENT ON COLUMN agentctl.tasks.budget_usd IS 'Most that it and the tasks below it may cost, in USD.';
COMMENT ON COLUMN agentctl.tasks.state IS 'pending: waits for other tasks; held: waits for a place in its group; assigned: waits for a worker; running; waiting: for tasks below it, or for a person; done; failed; cancelled; dead: given up, without a parent that could react.';
COMMENT ON COLUMN agentctl.tasks.attempt IS 'Counts from 1; each has another agent and a conversation of its own.';
COMMENT ON COLUMN agentctl.tasks.max_attempts IS 'Most attempts of a task whose agent was chosen.';
COMMENT ON COLUMN agentctl.tasks.tried IS 'The agents of earlier attempts.';
COMMENT ON COLUMN agentctl.tasks.depends_on IS 'The tasks that have to be done first.';
COMMENT ON COLUMN agentctl.tasks.conversation_id IS 'Conversation of the present attempt.';
COMMENT ON COLUMN agentctl.tasks.seq IS 'Submission of the present attempt.';
COMMENT ON COLUMN agentctl.tasks.error_code IS 'Class of the error that ended it.';
COMMENT ON COLUMN agentctl.tasks.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.tasks.effects IS 'Effects of a failed attempt, for which it was not tried again: [{turn, call, tool, state}].';
COMMENT ON COLUMN agentctl.tasks.tokens IS 'Tokens of attempts that have ended, and of all tasks below them.';
COMMENT ON COLUMN agentctl.tasks.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.tasks.created_by IS 'Database user who submitted it, or whose conversation delegated it.';
COMMENT ON COLUMN agentctl.tasks.created_at IS 'When it was accepted.';
COMMENT ON COLUMN agentctl.tasks.finished_at IS 'When it ended.';
CREATE VIEW agentctl.schedule_runs AS
 SELECT r.name AS schedule,
    r.due_at,
    r.through,
    r.ran_at,
    r.outcome,
        CASE
            WHEN (r.outcome <> 'submitted'::text) THEN NULL::text
            WHEN (r.task_id IS NOT NULL) THEN t.state
            ELSE COALESCE(d.status,
            CASE
                WHEN (c.head_seq < r.seq) THEN
                CASE c.state
                    WHEN 'parked'::agentctl.conversation_state THEN 'waiting'::text
                    WHEN 'idle'::agentctl.conversation_state THEN 'ready'::text
                    ELSE (c.state)::text
                END
                ELSE NULL::text
            END)
        END AS status,
    r.is_late,
    r.requested_by,
    r.conversation_id,
    r.seq,
    r.task_id,
    r.error_code,
    r.error_message,
    r.version_id
   FROM (((agentctl.schedule_run r
     LEFT JOIN agentctl.conversation_control c ON ((c.conversation_id = r.conversation_id)))
     LEFT JOIN LATERAL ( SELECT (e.status)::text AS status
           FROM agentctl.turn e
          WHERE ((e.conversation_id = r.conversation_id) AND (e.seq = r.seq))
         LIMIT 1) d ON (true))
     LEFT JOIN LATERAL ( SELECT k.state
           FROM agentctl.tasks k
          WHERE (k.id = r.task_id)
         OFFSET 0) t ON (true));
COMMENT ON VIEW agentctl.schedule_runs IS 'What became of each time at which a schedule was due or asked for.';
COMMENT ON COLUMN agentctl.schedule_runs.schedule IS 'Name of the schedule.';
COMMENT ON COLUMN agentctl.schedule_runs.due_at IS 'When it was due; of a run that was asked for, when that was.';
COMMENT ON COLUMN agentctl.schedule_runs.through IS 'Of missed times: the last one of those that the row stands for; NULL when it stands for one.';
COMMENT ON COLUMN agentctl.schedule_runs.ran_at IS 'When a worker came to it.';
COMMENT ON COLUMN agentctl.schedule_runs.outcome IS 'submitted; queued: waits for the run before it; skipped: the one before it was in progress; missed: no worker ran in time, and it is not made up for; failed: it could not be submitted.';
COMMENT ON COLUMN agentctl.schedule_runs.status IS 'How its turn or task stands: ready, running or waiting, then as in turn_trace and tasks; NULL when there is none.';
COMMENT ON COLUMN agentctl.schedule_runs.is_late IS 'Whether a missed time was made up for.';
COMMENT ON COLUMN agentctl.schedule_runs.requested_by IS 'Database user who asked for it with run_schedule(); NULL when it was due.';
COMMENT ON COLUMN agentctl.schedule_runs.conversation_id IS 'The conversation that it was submitted to.';
COMMENT ON COLUMN agentctl.schedule_runs.seq IS 'Its submission there.';
COMMENT ON COLUMN agentctl.schedule_runs.task_id IS 'The task that it submitted.';
COMMENT ON COLUMN agentctl.schedule_runs.error_code IS 'SQLSTATE of the reason why it was not submitted.';
COMMENT ON COLUMN agentctl.schedule_runs.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.schedule_runs.version_id IS 'The version of the schedule that was in force.';
CREATE VIEW agentctl.schedules AS
 SELECT s.name,
    (v.document ->> 'description'::text) AS description,
    (v.document ->> 'cron'::text) AS cron,
    (v.document ->> 'time_zone'::text) AS time_zone,
    (v.document ->> 'message'::text) AS message,
    (v.document -> 'input'::text) AS input,
    (v.document ->> 'agent'::text) AS agent,
    (v.document ->> 'chain'::text) AS chain,
    (v.document ->> 'conversation'::text) AS conversation,
    (v.document -> 'task'::text) AS task,
    ((v.document ->> 'priority'::text))::integer AS priority,
    (v.document ->> 'missed'::text) AS missed,
    ((v.document ->> 'catch_up'::text))::double precision AS catch_up,
    (v.document ->> 'overlap'::text) AS overlap,
    ((v.document ->> 'jitter'::text))::double precision AS jitter,
    (v.document ->> 'from'::text) AS "from",
    (v.document ->> 'until'::text) AS until,
    ((v.document ->> 'enabled'::text))::boolean AS enabled,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by,
    s.due_at AS next_at,
    s.paused_at,
    s.paused_by,
    r.due_at AS last_at,
    r.outcome AS last_outcome
   FROM ((agentctl.schedule_state s
     JOIN agentctl.definition_version v ON ((v.id = s.version_id)))
     LEFT JOIN LATERAL ( SELECT l.due_at,
            l.outcome
           FROM agentctl.schedule_run l
          WHERE (l.name = s.name)
          ORDER BY l.due_at DESC
         LIMIT 1) r ON (true));
COMMENT ON VIEW agentctl.schedules IS 'The schedules in force, and when each is due next. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.schedules.name IS 'Name of the schedule.';
COMMENT ON COLUMN agentctl.schedules.description IS 'What it is for.';
COMMENT ON COLUMN agentctl.schedules.cron IS 'When it is due: minute hour day month weekday, or @hourly, @daily, @weekly, @monthly, @yearly.';
COMMENT ON COLUMN agentctl.schedules.time_zone IS 'Whose clocks it goes by, such as Europe/Berlin.';
COMMENT ON COLUMN agentctl.schedules.message IS 'What is sent; {{due}} and {{date}} are replaced by the time at which it was due.';
COMMENT ON COLUMN agentctl.schedules.input IS 'Structured input that is sent instead of a message.';
COMMENT ON COLUMN agentctl.schedules.agent IS 'The agent that answers; without it, the one that fits best.';
COMMENT ON COLUMN agentctl.schedules.chain IS 'The chain that answers, instead.';
COMMENT ON COLUMN agentctl.schedules.conversation IS 'The conversation that all runs are sent to; without it, each run has one of its own.';
COMMENT ON COLUMN agentctl.schedules.task IS 'The task that is submitted instead of a message.';
COMMENT ON COLUMN agentctl.schedules.priority IS 'Lower is claimed first; messages that people send have 0.';
COMMENT ON COLUMN agentctl.schedules.missed IS 'What becomes of runs that are more than a minute late, as no worker ran: none (skip), the last (once) or each (all) is made up for.';
COMMENT ON COLUMN agentctl.schedules.catch_up IS 'Seconds after which a missed run is not made up for.';
COMMENT ON COLUMN agentctl.schedules.overlap IS 'What becomes of a run that is due while the one before it is in progress: it is left out (skip), waits (queue), stops the other (interrupt), or runs beside it (allow).';
COMMENT ON COLUMN agentctl.schedules.jitter IS 'Most seconds by which runs are put off, so that schedules of the same time do not all begin at once.';
COMMENT ON COLUMN agentctl.schedules."from" IS 'No run is due before: 2026-12-01, 2026-12-01T08:00, or with an offset from UTC.';
COMMENT ON COLUMN agentctl.schedules.until IS 'No run is due after.';
COMMENT ON COLUMN agentctl.schedules.enabled IS 'Whether it runs at all.';
COMMENT ON COLUMN agentctl.schedules.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.schedules.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.schedules.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.schedules.created_by IS 'Database user who registered it.';
COMMENT ON COLUMN agentctl.schedules.next_at IS 'When it is due next; NULL for never, or while it is paused or not enabled.';
COMMENT ON COLUMN agentctl.schedules.paused_at IS 'Since when it is paused; NULL when it is not.';
COMMENT ON COLUMN agentctl.schedules.paused_by IS 'Database user who paused it.';
COMMENT ON COLUMN agentctl.schedules.last_at IS 'The last time at which it was due or asked for.';
COMMENT ON COLUMN agentctl.schedules.last_outcome IS 'What became of that: see schedule_runs.';
CREATE TABLE agentctl.security_event (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    detail text NOT NULL,
    tool text COLLATE pg_catalog."C",
    conversation_id text COLLATE pg_catalog."C",
    seq bigint,
    call_id text,
    function_call_id uuid,
    guardrail text COLLATE pg_catalog."C",
    guardrail_version integer,
    place text COLLATE pg_catalog."C",
    action text COLLATE pg_catalog."C",
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT security_event_action_check CHECK ((action = ANY (ARRAY['block'::text, 'redact'::text, 'warn'::text, 'ask'::text]))),
    CONSTRAINT security_event_check CHECK (((tool IS NOT NULL) OR (kind = 'guardrail'::text))),
    CONSTRAINT security_event_check1 CHECK (((guardrail IS NOT NULL) = (kind = 'guardrail'::text))),
    CONSTRAINT security_event_kind CHECK ((kind = ANY (ARRAY['system_call'::text, 'denied_import'::text, 'write_outside'::text, 'denied_path'::text, 'denied_host'::text, 'denied_statement'::text, 'guardrail'::text]))),
    CONSTRAINT security_event_place_check CHECK ((place = ANY (ARRAY['input'::text, 'output'::text, 'tool_output'::text]))),
    CONSTRAINT security_event_source_check CHECK ((source = ANY (ARRAY['kernel'::text, 'interpreter'::text, 'service'::text])))
)
PARTITION BY RANGE (at);
COMMENT ON TABLE agentctl.security_event IS 'What was tried and refused, and what guardrails found, one row each, at most 100 a call. Partitioned by month.';
COMMENT ON COLUMN agentctl.security_event.id IS 'Identifies the event.';
COMMENT ON COLUMN agentctl.security_event.kind IS 'system_call, denied_import, write_outside, denied_path, denied_host, denied_statement or guardrail.';
COMMENT ON COLUMN agentctl.security_event.source IS 'Who saw it: the kernel, the interpreter that the code runs in (which hostile code can avoid), or the service.';
COMMENT ON COLUMN agentctl.security_event.detail IS 'The system call, module, path, host or statement; of a guardrail what it found, without the text that it found.';
COMMENT ON COLUMN agentctl.security_event.tool IS 'The function or tool; NULL when a guardrail looked at a message.';
COMMENT ON COLUMN agentctl.security_event.conversation_id IS 'The conversation, when an agent called.';
COMMENT ON COLUMN agentctl.security_event.seq IS 'The turn, when an agent called.';
COMMENT ON COLUMN agentctl.security_event.call_id IS 'The model''s name for the tool call.';
COMMENT ON COLUMN agentctl.security_event.function_call_id IS 'The function_call that it happened in, if it was one.';
COMMENT ON COLUMN agentctl.security_event.guardrail IS 'The guardrail that found something; NULL for other kinds.';
COMMENT ON COLUMN agentctl.security_event.guardrail_version IS 'Its version, counted from 1.';
COMMENT ON COLUMN agentctl.security_event.place IS 'Where it found it: input, output or tool_output.';
COMMENT ON COLUMN agentctl.security_event.action IS 'What was done: block, redact, warn or ask.';
COMMENT ON COLUMN agentctl.security_event.at IS 'When it was stored.';
CREATE VIEW agentctl.security_events AS
 SELECT e.at,
    e.kind,
    e.source,
    e.detail,
    e.tool,
    e.conversation_id,
    e.seq,
    e.call_id,
    e.function_call_id,
    e.id,
    e.guardrail,
    e.guardrail_version,
    e.place,
    e.action
   FROM agentctl.security_event e;
COMMENT ON VIEW agentctl.security_events IS 'What was tried and refused, by the kernel, the interpreter or the service, and what guardrails found.';
COMMENT ON COLUMN agentctl.security_events.at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.security_events.kind IS 'system_call, denied_import, write_outside, denied_path, denied_host, denied_statement or guardrail.';
COMMENT ON COLUMN agentctl.security_events.source IS 'Who saw it: kernel, interpreter (which hostile code can avoid) or service.';
COMMENT ON COLUMN agentctl.security_events.detail IS 'The system call, module, path, host or statement; of a guardrail what it found, without the text that it found.';
COMMENT ON COLUMN agentctl.security_events.tool IS 'The function or tool; NULL when a guardrail looked at a message.';
COMMENT ON COLUMN agentctl.security_events.conversation_id IS 'The conversation, when an agent called.';
COMMENT ON COLUMN agentctl.security_events.seq IS 'The turn, when an agent called.';
COMMENT ON COLUMN agentctl.security_events.call_id IS 'The model''s name for the tool call.';
COMMENT ON COLUMN agentctl.security_events.function_call_id IS 'The call of a function that it happened in, if it was one.';
COMMENT ON COLUMN agentctl.security_events.id IS 'Identifies the event.';
COMMENT ON COLUMN agentctl.security_events.guardrail IS 'The guardrail that found something; NULL for other kinds.';
COMMENT ON COLUMN agentctl.security_events.guardrail_version IS 'Its version, counted from 1.';
COMMENT ON COLUMN agentctl.security_events.place IS 'Where it found it: input, output or tool_output.';
COMMENT ON COLUMN agentctl.security_events.action IS 'What was done: block, redact, warn or ask.';
CREATE TABLE agentctl.setting (
    name text NOT NULL,
    value text NOT NULL,
    description text NOT NULL,
    type text,
    minimum double precision,
    maximum double precision,
    CONSTRAINT setting_type_check CHECK ((type = ANY (ARRAY['integer'::text, 'number'::text, 'text'::text]))),
    CONSTRAINT setting_value_check CHECK ((octet_length(value) <= 8192))
);
COMMENT ON TABLE agentctl.setting IS 'Settings of this installation, one row each.';
COMMENT ON COLUMN agentctl.setting.name IS 'Name of the setting.';
COMMENT ON COLUMN agentctl.setting.value IS 'Its value, as text.';
COMMENT ON COLUMN agentctl.setting.description IS 'What it does, with its unit.';
COMMENT ON COLUMN agentctl.setting.type IS 'integer, number or text.';
COMMENT ON COLUMN agentctl.setting.minimum IS 'The least value of a number; NULL for text.';
COMMENT ON COLUMN agentctl.setting.maximum IS 'The greatest value of a number; NULL for text.';
ALTER TABLE agentctl.task ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE VIEW agentctl.task_metrics AS
 SELECT (m.agent COLLATE "C") AS agent,
    m.tasks,
    m.open,
    m.done,
    m.failed,
    m.cancelled,
    m.dead,
    m.retried,
    m.success_rate,
    m.p50_ms,
    m.p95_ms,
    m.p99_ms,
    m.tokens,
    m.cost_usd,
    m.first_at,
    m.last_at
   FROM agentctl.task_metrics() m(agent, tasks, open, done, failed, cancelled, dead, retried, success_rate, p50_ms, p95_ms, p99_ms, tokens, cost_usd, first_at, last_at);
COMMENT ON VIEW agentctl.task_metrics IS 'Tasks by the agent of their last attempt.';
COMMENT ON COLUMN agentctl.task_metrics.agent IS 'Name of the agent; NULL for tasks that found none.';
COMMENT ON COLUMN agentctl.task_metrics.tasks IS 'Tasks that were accepted.';
COMMENT ON COLUMN agentctl.task_metrics.open IS 'Tasks that have not ended.';
COMMENT ON COLUMN agentctl.task_metrics.done IS 'Tasks that ended with a reply.';
COMMENT ON COLUMN agentctl.task_metrics.failed IS 'Tasks that failed below a turn, which reacted.';
COMMENT ON COLUMN agentctl.task_metrics.cancelled IS 'Tasks that were cancelled.';
COMMENT ON COLUMN agentctl.task_metrics.dead IS 'Tasks that were given up and wait for an operator.';
COMMENT ON COLUMN agentctl.task_metrics.retried IS 'Tasks that took more than one attempt.';
COMMENT ON COLUMN agentctl.task_metrics.success_rate IS 'done / (done + failed + dead), 0 to 1; NULL for none.';
COMMENT ON COLUMN agentctl.task_metrics.p50_ms IS 'Median of the time from acceptance to end, in ms.';
COMMENT ON COLUMN agentctl.task_metrics.p95_ms IS '95th percentile of the same, in ms.';
COMMENT ON COLUMN agentctl.task_metrics.p99_ms IS '99th percentile of the same, in ms.';
COMMENT ON COLUMN agentctl.task_metrics.tokens IS 'Tokens of them and of all tasks below them.';
COMMENT ON COLUMN agentctl.task_metrics.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.task_metrics.first_at IS 'When the first of the tasks was accepted.';
COMMENT ON COLUMN agentctl.task_metrics.last_at IS 'When the last of the tasks was accepted.';
CREATE VIEW agentctl.tool_metrics AS
 SELECT (m.tool COLLATE "C") AS tool,
    m.version,
    m.calls,
    m.succeeded,
    m.failed,
    m.success_rate,
    m.p50_ms,
    m.p95_ms,
    m.p99_ms,
    m.truncated,
    m.last_at
   FROM agentctl.tool_metrics() m(tool, version, calls, succeeded, failed, success_rate, p50_ms, p95_ms, p99_ms, truncated, last_at);
COMMENT ON VIEW agentctl.tool_metrics IS 'Tool calls by tool and version.';
COMMENT ON COLUMN agentctl.tool_metrics.tool IS 'Name that the model called.';
COMMENT ON COLUMN agentctl.tool_metrics.version IS 'Version of the tool; NULL when there is no such tool.';
COMMENT ON COLUMN agentctl.tool_metrics.calls IS 'Calls.';
COMMENT ON COLUMN agentctl.tool_metrics.succeeded IS 'Calls that returned a result.';
COMMENT ON COLUMN agentctl.tool_metrics.failed IS 'Calls that returned an error or were denied.';
COMMENT ON COLUMN agentctl.tool_metrics.success_rate IS 'succeeded / calls, 0 to 1.';
COMMENT ON COLUMN agentctl.tool_metrics.p50_ms IS 'Median duration in ms.';
COMMENT ON COLUMN agentctl.tool_metrics.p95_ms IS '95th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.tool_metrics.p99_ms IS '99th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.tool_metrics.truncated IS 'Calls whose result was cut at the tool''s limit.';
COMMENT ON COLUMN agentctl.tool_metrics.last_at IS 'When the last call began.';
CREATE VIEW agentctl.tools AS
 SELECT v.name,
    (v.document ->> 'description'::text) AS description,
    (v.document ->> 'implementation'::text) AS implementation,
    (v.document -> 'input_schema'::text) AS input_schema,
    (v.document -> 'configuration'::text) AS configuration,
    (v.document ->> 'effect'::text) AS effect,
    ((v.document ->> 'timeout'::text))::double precision AS timeout,
    ((v.document ->> 'output_limit'::text))::integer AS output_limit,
    v.version,
    v.id AS version_id,
    v.created_at,
    v.created_by,
    (v.document -> 'steps'::text) AS steps
   FROM (agentctl.definition d
     JOIN agentctl.definition_version v ON (((v.kind = d.kind) AND (v.name = d.name) AND (v.version = d.current_version))))
  WHERE (d.kind = 'tool'::text);
COMMENT ON VIEW agentctl.tools IS 'The tools in force. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.tools.name IS 'Name that models call.';
COMMENT ON COLUMN agentctl.tools.description IS 'What it does, as models read it.';
COMMENT ON COLUMN agentctl.tools.implementation IS 'The code that carries it out; program.name is that of a program that embeds the engine.';
COMMENT ON COLUMN agentctl.tools.input_schema IS 'JSON Schema of the arguments, instead of the generated one.';
COMMENT ON COLUMN agentctl.tools.configuration IS 'Settings of the implementation.';
COMMENT ON COLUMN agentctl.tools.effect IS 'What running it twice would do; without it, what the implementation says of itself.';
COMMENT ON COLUMN agentctl.tools.timeout IS 'Seconds that one call may take.';
COMMENT ON COLUMN agentctl.tools.output_limit IS 'Bytes of a result that the model is shown.';
COMMENT ON COLUMN agentctl.tools.version IS 'Version in force, counted from 1.';
COMMENT ON COLUMN agentctl.tools.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.tools.created_at IS 'When the version was registered.';
COMMENT ON COLUMN agentctl.tools.created_by IS 'Database user who registered it.';
COMMENT ON COLUMN agentctl.tools.steps IS 'Steps of a pipeline, run in order until one fails.';
CREATE VIEW agentctl.turn_trace AS
 SELECT s.conversation_id,
    s.seq,
    ((s.conversation_id || '/'::text) || s.seq) AS turn,
    s.number AS step,
    NULL::integer AS call,
    (s.kind)::text AS kind,
    s.model AS name,
        CASE
            WHEN (s.error_code IS NULL) THEN 'succeeded'::text
            ELSE 'failed'::text
        END AS status,
    s.finish_reason AS detail,
    s.started_at,
    s.duration_ms,
    s.time_to_first_token_ms,
    s.input_tokens,
    s.cached_input_tokens,
    s.output_tokens,
    s.cost_usd,
    s.error_code,
    s.error_message
   FROM agentctl.step s
UNION ALL
 SELECT c.conversation_id,
    c.seq,
    ((c.conversation_id || '/'::text) || c.seq) AS turn,
    c.step_number AS step,
    c.number AS call,
    'tool_call'::text AS kind,
    c.tool AS name,
    (c.state)::text AS status,
    c.arguments AS detail,
    c.started_at,
    c.duration_ms,
    NULL::double precision AS time_to_first_token_ms,
    NULL::bigint AS input_tokens,
    NULL::bigint AS cached_input_tokens,
    NULL::bigint AS output_tokens,
    NULL::numeric AS cost_usd,
    c.error_code,
    c.result AS error_message
   FROM agentctl.tool_call c;
COMMENT ON VIEW agentctl.turn_trace IS 'What each turn did: its steps, and under a tool round its calls. Order by step, call NULLS FIRST.';
COMMENT ON COLUMN agentctl.turn_trace.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.turn_trace.seq IS 'The turn within the conversation.';
COMMENT ON COLUMN agentctl.turn_trace.turn IS 'conversation/seq, as agentctl trace takes it.';
COMMENT ON COLUMN agentctl.turn_trace.step IS 'Number of the step.';
COMMENT ON COLUMN agentctl.turn_trace.call IS 'Number of the tool call; NULL for the step itself.';
COMMENT ON COLUMN agentctl.turn_trace.kind IS 'Kind of step, or tool_call.';
COMMENT ON COLUMN agentctl.turn_trace.name IS 'Name of the model or tool.';
COMMENT ON COLUMN agentctl.turn_trace.status IS 'succeeded, failed, or the state of the tool call.';
COMMENT ON COLUMN agentctl.turn_trace.detail IS 'Why the model stopped, or the arguments of the call.';
COMMENT ON COLUMN agentctl.turn_trace.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.turn_trace.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.turn_trace.time_to_first_token_ms IS 'Milliseconds to the first piece of the answer.';
COMMENT ON COLUMN agentctl.turn_trace.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.turn_trace.cached_input_tokens IS 'Input tokens that the provider had cached.';
COMMENT ON COLUMN agentctl.turn_trace.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.turn_trace.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.turn_trace.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.turn_trace.error_message IS 'What happened; of a tool call, its result.';
CREATE TABLE agentctl.worker (
    id bigint NOT NULL,
    instance uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    host text NOT NULL,
    process_id integer NOT NULL,
    release text NOT NULL,
    slots integer NOT NULL,
    state agentctl.worker_state DEFAULT 'active'::agentctl.worker_state NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    heartbeat_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    stopped_at timestamp with time zone,
    time_to_live double precision DEFAULT (agentctl.setting('worker_ttl'::text))::double precision NOT NULL,
    CONSTRAINT worker_kind_check CHECK ((kind = ANY (ARRAY['service'::text, 'inline'::text]))),
    CONSTRAINT worker_slots_check CHECK ((slots > 0)),
    CONSTRAINT worker_time_to_live_check CHECK (((time_to_live >= (0.1)::double precision) AND (time_to_live <= (86400)::double precision)))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000');
COMMENT ON TABLE agentctl.worker IS 'One row per start of a process that processes messages.';
COMMENT ON COLUMN agentctl.worker.id IS 'Identifies the start.';
COMMENT ON COLUMN agentctl.worker.instance IS 'Random name of the start.';
COMMENT ON COLUMN agentctl.worker.kind IS 'service: agentctl work; inline: a command that processes its own message.';
COMMENT ON COLUMN agentctl.worker.host IS 'Host name.';
COMMENT ON COLUMN agentctl.worker.process_id IS 'Process id on that host.';
COMMENT ON COLUMN agentctl.worker.release IS 'Release of agentctl.';
COMMENT ON COLUMN agentctl.worker.slots IS 'Conversations that it processes at once.';
COMMENT ON COLUMN agentctl.worker.state IS 'active, draining (finishes what it has), stopped, lost (no heartbeat).';
COMMENT ON COLUMN agentctl.worker.started_at IS 'When it started.';
COMMENT ON COLUMN agentctl.worker.heartbeat_at IS 'Last sign of life, by the clock of the database.';
COMMENT ON COLUMN agentctl.worker.stopped_at IS 'When it ended or was found lost.';
COMMENT ON COLUMN agentctl.worker.time_to_live IS 'Seconds without a heartbeat after which it counts as lost: the setting worker_ttl when it started.';
ALTER TABLE agentctl.worker ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME agentctl.worker_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE VIEW agentctl.worker_status AS
 SELECT w.id AS worker_id,
    w.kind,
    w.host,
    w.process_id,
    w.release,
        CASE
            WHEN ((w.state = ANY (ARRAY['active'::agentctl.worker_state, 'draining'::agentctl.worker_state])) AND (w.heartbeat_at < (clock_timestamp() - make_interval(secs => w.time_to_live)))) THEN 'lost'::text
            ELSE (w.state)::text
        END AS state,
    w.slots,
    ( SELECT count(*) AS count
           FROM agentctl.conversation_control c
          WHERE ((c.state = 'running'::agentctl.conversation_state) AND (c.worker_id = w.id))) AS running,
    w.started_at,
    w.heartbeat_at
   FROM agentctl.worker w;
COMMENT ON VIEW agentctl.worker_status IS 'The workers: those that live, and those that ended within the last day.';
COMMENT ON COLUMN agentctl.worker_status.worker_id IS 'Identifies the start of the worker.';
COMMENT ON COLUMN agentctl.worker_status.kind IS 'service: agentctl work; inline: a command that processes its own message.';
COMMENT ON COLUMN agentctl.worker_status.host IS 'Host name.';
COMMENT ON COLUMN agentctl.worker_status.process_id IS 'Process id on that host.';
COMMENT ON COLUMN agentctl.worker_status.release IS 'Release of agentctl.';
COMMENT ON COLUMN agentctl.worker_status.state IS 'active, draining, stopped or lost.';
COMMENT ON COLUMN agentctl.worker_status.slots IS 'Conversations that it processes at once.';
COMMENT ON COLUMN agentctl.worker_status.running IS 'Conversations that it holds now.';
COMMENT ON COLUMN agentctl.worker_status.started_at IS 'When it started.';
COMMENT ON COLUMN agentctl.worker_status.heartbeat_at IS 'Last sign of life.';
ALTER TABLE ONLY agentctl.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (name);
ALTER TABLE ONLY agentctl.approval
    ADD CONSTRAINT approval_conversation_id_seq_call_number_place_key UNIQUE (conversation_id, seq, call_number, place);
ALTER TABLE ONLY agentctl.approval
    ADD CONSTRAINT approval_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agentctl.chain_edge
    ADD CONSTRAINT chain_edge_pkey PRIMARY KEY (version_id, number);
ALTER TABLE ONLY agentctl.chain_node
    ADD CONSTRAINT chain_node_pkey PRIMARY KEY (version_id, number);
ALTER TABLE ONLY agentctl.chain_node
    ADD CONSTRAINT chain_node_version_id_name_key UNIQUE (version_id, name);
ALTER TABLE ONLY agentctl.compaction
    ADD CONSTRAINT compaction_pkey PRIMARY KEY (conversation_id, number);
ALTER TABLE ONLY agentctl.conversation_control
    ADD CONSTRAINT conversation_control_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY agentctl.conversation
    ADD CONSTRAINT conversation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agentctl.definition_epoch
    ADD CONSTRAINT definition_epoch_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY agentctl.definition_kind
    ADD CONSTRAINT definition_kind_pkey PRIMARY KEY (kind);
ALTER TABLE ONLY agentctl.definition
    ADD CONSTRAINT definition_pkey PRIMARY KEY (kind, name);
ALTER TABLE ONLY agentctl.definition_reference
    ADD CONSTRAINT definition_reference_pkey PRIMARY KEY (version_id, path);
ALTER TABLE ONLY agentctl.definition_version
    ADD CONSTRAINT definition_version_kind_name_version_key UNIQUE (kind, name, version);
ALTER TABLE ONLY agentctl.definition_version
    ADD CONSTRAINT definition_version_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agentctl.delta
    ADD CONSTRAINT delta_pkey PRIMARY KEY (conversation_id, seq, attempt, number);
ALTER TABLE ONLY agentctl.document_field
    ADD CONSTRAINT document_field_pkey PRIMARY KEY (kind, path);
ALTER TABLE ONLY agentctl.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (conversation_id, number, at);
ALTER TABLE ONLY agentctl.exchange_field
    ADD CONSTRAINT exchange_field_pkey PRIMARY KEY (part, field);
ALTER TABLE ONLY agentctl.exchange_part
    ADD CONSTRAINT exchange_part_pkey PRIMARY KEY (part);
ALTER TABLE ONLY agentctl.function_call
    ADD CONSTRAINT function_call_pkey PRIMARY KEY (id, started_at);
ALTER TABLE ONLY agentctl.function_queue
    ADD CONSTRAINT function_queue_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agentctl.function_request
    ADD CONSTRAINT function_request_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agentctl.hook_delivery
    ADD CONSTRAINT hook_delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agentctl.hook_state
    ADD CONSTRAINT hook_state_pkey PRIMARY KEY (name);
ALTER TABLE ONLY agentctl.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (conversation_id, number);
ALTER TABLE ONLY agentctl.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY agentctl.node_run
    ADD CONSTRAINT node_run_pkey PRIMARY KEY (conversation_id, seq, number, finished_at);
ALTER TABLE ONLY agentctl.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agentctl.plan_revision
    ADD CONSTRAINT plan_revision_pkey PRIMARY KEY (plan_id, revision);
ALTER TABLE ONLY agentctl.plan_step
    ADD CONSTRAINT plan_step_pkey PRIMARY KEY (plan_id, number);
ALTER TABLE ONLY agentctl.role_grant
    ADD CONSTRAINT role_grant_pkey PRIMARY KEY (role, object_type, object);
ALTER TABLE ONLY agentctl.route_agent
    ADD CONSTRAINT route_agent_name_key UNIQUE (name);
ALTER TABLE ONLY agentctl.route_agent
    ADD CONSTRAINT route_agent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agentctl.route_capability
    ADD CONSTRAINT route_capability_pkey PRIMARY KEY (capability, success_rate, agent_id);
ALTER TABLE ONLY agentctl.route_index
    ADD CONSTRAINT route_index_pkey PRIMARY KEY (only_row);
ALTER TABLE ONLY agentctl.route_posting
    ADD CONSTRAINT route_posting_pkey PRIMARY KEY (term, agent_id) INCLUDE (weight);
ALTER TABLE ONLY agentctl.route_term
    ADD CONSTRAINT route_term_pkey PRIMARY KEY (term);
ALTER TABLE ONLY agentctl.routing
    ADD CONSTRAINT routing_pkey PRIMARY KEY (conversation_id, seq);
ALTER TABLE ONLY agentctl.schedule_run
    ADD CONSTRAINT schedule_run_pkey PRIMARY KEY (name, due_at);
ALTER TABLE ONLY agentctl.schedule_state
    ADD CONSTRAINT schedule_state_pkey PRIMARY KEY (name);
ALTER TABLE ONLY agentctl.security_event
    ADD CONSTRAINT security_event_pkey PRIMARY KEY (id, at);
ALTER TABLE ONLY agentctl.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);
ALTER TABLE ONLY agentctl.step
    ADD CONSTRAINT step_pkey PRIMARY KEY (conversation_id, seq, number, started_at);
ALTER TABLE ONLY agentctl.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (conversation_id, seq);
ALTER TABLE ONLY agentctl.task_dependency
    ADD CONSTRAINT task_dependency_pkey PRIMARY KEY (task_id, depends_on);
ALTER TABLE ONLY agentctl.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);
ALTER TABLE ONLY agentctl.tool_call
    ADD CONSTRAINT tool_call_pkey PRIMARY KEY (conversation_id, seq, number, started_at);
ALTER TABLE ONLY agentctl.turn
    ADD CONSTRAINT turn_pkey PRIMARY KEY (conversation_id, seq, started_at);
ALTER TABLE ONLY agentctl.turn_progress
    ADD CONSTRAINT turn_progress_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY agentctl.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (id);
CREATE INDEX account_role ON agentctl.account USING btree (role);
CREATE INDEX account_role_name ON agentctl.account USING btree (role_name, created_at);
CREATE INDEX approval_expiring ON agentctl.approval USING btree (expires_at) WHERE (state = 'pending'::agentctl.approval_state);
CREATE INDEX approval_pending ON agentctl.approval USING btree (requested_at) WHERE (state = 'pending'::agentctl.approval_state);
CREATE INDEX approval_standing ON agentctl.approval USING btree (tool, md5(subject)) WHERE (scope <> 'once'::agentctl.approval_scope);
CREATE INDEX conversation_fork ON agentctl.conversation USING btree (forked_from) WHERE (forked_from IS NOT NULL);
CREATE INDEX conversation_ready ON agentctl.conversation_control USING btree (priority, depth DESC, has_progress DESC, ready_at, conversation_id) WHERE (state = 'ready'::agentctl.conversation_state);
CREATE INDEX conversation_running ON agentctl.conversation_control USING btree (worker_id) WHERE (state = 'running'::agentctl.conversation_state);
CREATE INDEX conversation_waiting ON agentctl.conversation_control USING btree (wake_at) WHERE ((state = ANY (ARRAY['waiting'::agentctl.conversation_state, 'parked'::agentctl.conversation_state])) AND (wake_at IS NOT NULL));
CREATE INDEX definition_out_of_force ON agentctl.definition USING btree (kind, name) WHERE (current_version IS NULL);
CREATE INDEX definition_reference_kind_name_idx ON agentctl.definition_reference USING btree (kind, name);
CREATE UNIQUE INDEX definition_responder ON agentctl.definition USING btree (name) WHERE ((kind = ANY (ARRAY['agent'::text, 'chain'::text])) AND (current_version IS NOT NULL));
CREATE INDEX delta_by_time ON agentctl.delta USING btree (at);
CREATE INDEX function_call_by_function ON ONLY agentctl.function_call USING btree (function, started_at);
CREATE INDEX function_call_by_request ON ONLY agentctl.function_call USING btree (request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX function_call_by_turn ON ONLY agentctl.function_call USING btree (conversation_id, seq) WHERE (conversation_id IS NOT NULL);
CREATE INDEX function_queue_ready ON agentctl.function_queue USING btree (ready_at, id) WHERE (lease IS NULL);
CREATE INDEX function_queue_running ON agentctl.function_queue USING btree (worker_id) WHERE (lease IS NOT NULL);
CREATE INDEX hook_delivery_finished ON agentctl.hook_delivery USING btree (finished_at) WHERE (finished_at IS NOT NULL);
CREATE INDEX hook_delivery_pending ON agentctl.hook_delivery USING btree (hook, next_at, id) WHERE (state = 'pending'::text);
CREATE UNIQUE INDEX plan_of_turn ON agentctl.plan USING btree (conversation_id, seq) WHERE (conversation_id IS NOT NULL);
CREATE INDEX route_agent_capabilities ON agentctl.route_agent USING gin (capabilities) WITH (fastupdate=off);
CREATE INDEX route_posting_agent ON agentctl.route_posting USING btree (agent_id);
CREATE INDEX routing_agent ON agentctl.routing USING btree (agent, decided_at);
CREATE INDEX schedule_look ON agentctl.schedule_state USING btree (look_at) WHERE (look_at IS NOT NULL);
CREATE INDEX schedule_run_conversation ON agentctl.schedule_run USING btree (conversation_id) WHERE (conversation_id IS NOT NULL);
CREATE INDEX schedule_run_open ON agentctl.schedule_run USING btree (name, due_at) WHERE is_open;
CREATE INDEX schedule_run_queued ON agentctl.schedule_run USING btree (name, due_at) WHERE (outcome = 'queued'::text);
CREATE INDEX schedule_run_task ON agentctl.schedule_run USING btree (task_id) WHERE (task_id IS NOT NULL);
CREATE INDEX security_event_by_time ON ONLY agentctl.security_event USING btree (at);
CREATE INDEX security_event_by_turn ON ONLY agentctl.security_event USING btree (conversation_id, seq) WHERE (conversation_id IS NOT NULL);
CREATE INDEX step_by_model ON ONLY agentctl.step USING btree (model, started_at) WHERE (kind = 'model_call'::agentctl.step_kind);
CREATE UNIQUE INDEX submission_idempotency_key ON agentctl.submission USING btree (conversation_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX submission_steering ON agentctl.submission USING btree (conversation_id, seq) WHERE ((operation = 'steer'::agentctl.operation) AND (taken_by IS NULL));
CREATE UNIQUE INDEX task_by_turn ON agentctl.task USING btree (conversation_id, seq) WHERE (conversation_id IS NOT NULL);
CREATE INDEX task_dependency_reverse ON agentctl.task_dependency USING btree (depends_on, task_id);
CREATE INDEX task_held ON agentctl.task USING btree (parent_conversation_id, parent_seq, group_key, number) WHERE (state = 'held'::agentctl.task_state);
CREATE INDEX task_of_root ON agentctl.task USING btree (root_conversation_id, root_seq) WHERE (root_conversation_id IS NOT NULL);
CREATE UNIQUE INDEX task_of_turn ON agentctl.task USING btree (parent_conversation_id, parent_seq, number) WHERE (parent_conversation_id IS NOT NULL);
CREATE INDEX task_pending ON agentctl.task USING btree (id) WHERE (state = 'pending'::agentctl.task_state);
CREATE INDEX task_unseen ON agentctl.task USING btree (id) WHERE ((NOT told) AND (finished_at IS NOT NULL) AND (parent_conversation_id IS NULL));
CREATE INDEX task_untold ON agentctl.task USING btree (parent_conversation_id, parent_seq) WHERE ((NOT told) AND (finished_at IS NOT NULL) AND (parent_conversation_id IS NOT NULL));
CREATE INDEX tool_call_by_tool ON ONLY agentctl.tool_call USING btree (tool, started_at);
CREATE INDEX tool_call_in_doubt ON ONLY agentctl.tool_call USING btree (conversation_id, seq) WHERE (state = 'in_doubt'::agentctl.tool_call_state);
CREATE INDEX turn_by_time ON ONLY agentctl.turn USING btree (started_at);
CREATE INDEX turn_by_version ON ONLY agentctl.turn USING btree (agent, agent_version_id, started_at);
CREATE INDEX worker_alive ON agentctl.worker USING btree (heartbeat_at) WHERE (state = ANY (ARRAY['active'::agentctl.worker_state, 'draining'::agentctl.worker_state]));
CREATE INDEX worker_gone ON agentctl.worker USING btree (id) WHERE (state = ANY (ARRAY['stopped'::agentctl.worker_state, 'lost'::agentctl.worker_state]));
CREATE TRIGGER check_conversation_settings BEFORE INSERT OR UPDATE OF settings ON agentctl.conversation FOR EACH ROW WHEN ((new.settings <> '{}'::jsonb)) EXECUTE FUNCTION agentctl.check_conversation_settings();
CREATE TRIGGER check_dependencies AFTER INSERT ON agentctl.task_dependency REFERENCING NEW TABLE AS new_dependencies FOR EACH STATEMENT EXECUTE FUNCTION agentctl.check_dependencies();
CREATE TRIGGER check_setting BEFORE INSERT OR DELETE OR UPDATE OF name, value ON agentctl.setting FOR EACH ROW EXECUTE FUNCTION agentctl.check_setting();
CREATE TRIGGER compile_chain_version AFTER INSERT ON agentctl.definition_version FOR EACH ROW WHEN ((new.kind = 'chain'::text)) EXECUTE FUNCTION agentctl.compile_chain_version();
CREATE TRIGGER definition_changed AFTER INSERT OR DELETE OR UPDATE ON agentctl.definition FOR EACH ROW EXECUTE FUNCTION agentctl.definition_changed();
CREATE TRIGGER definition_changed AFTER INSERT OR DELETE OR UPDATE ON agentctl.setting FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_changed();
CREATE CONSTRAINT TRIGGER definition_keeps_references AFTER INSERT OR UPDATE ON agentctl.definition DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agentctl.definition_keeps_references();
CREATE TRIGGER definition_routed_delete AFTER DELETE ON agentctl.definition REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_routed();
CREATE TRIGGER definition_routed_insert AFTER INSERT ON agentctl.definition REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_routed();
CREATE TRIGGER definition_routed_update AFTER UPDATE ON agentctl.definition REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_routed();
CREATE TRIGGER definition_version_is_immutable BEFORE UPDATE ON agentctl.definition_version FOR EACH ROW EXECUTE FUNCTION agentctl.definition_version_is_immutable();
CREATE TRIGGER hook_changed AFTER INSERT OR UPDATE OF current_version ON agentctl.definition FOR EACH ROW WHEN ((new.kind = 'hook'::text)) EXECUTE FUNCTION agentctl.hook_changed();
CREATE TRIGGER insert_task_row INSTEAD OF INSERT ON agentctl.tasks FOR EACH ROW EXECUTE FUNCTION agentctl.insert_task_row();
CREATE TRIGGER place_tasks AFTER INSERT ON agentctl.task REFERENCING NEW TABLE AS new_tasks FOR EACH STATEMENT EXECUTE FUNCTION agentctl.place_tasks();
CREATE TRIGGER refuse_deletion BEFORE DELETE ON agentctl.conversation FOR EACH ROW EXECUTE FUNCTION agentctl.refuse_deletion();
CREATE TRIGGER refuse_deletion BEFORE DELETE ON agentctl.conversation_control FOR EACH ROW EXECUTE FUNCTION agentctl.refuse_deletion();
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.agents FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('agent');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.chains FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('chain');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.functions FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('function');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.guardrails FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('guardrail');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.hooks FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('hook', 'stopped_at', 'stopped_for');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.models FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('model');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.plan_templates FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('plan');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.policies FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('policy');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.schedules FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('schedule', 'next_at', 'paused_at', 'paused_by', 'last_at', 'last_outcome');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.tools FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('tool');
CREATE TRIGGER route_setting_changed AFTER UPDATE OF value ON agentctl.setting FOR EACH ROW WHEN ((new.name = 'route_language'::text)) EXECUTE FUNCTION agentctl.route_setting_changed();
CREATE TRIGGER schedule_changed AFTER INSERT OR UPDATE OF current_version ON agentctl.definition FOR EACH ROW WHEN ((new.kind = 'schedule'::text)) EXECUTE FUNCTION agentctl.schedule_changed();
CREATE TRIGGER tell_hooks_of_task AFTER UPDATE OF state ON agentctl.task FOR EACH ROW WHEN (((old.finished_at IS NULL) AND (new.finished_at IS NOT NULL))) EXECUTE FUNCTION agentctl.tell_hooks_of_task();
ALTER TABLE ONLY agentctl.approval
    ADD CONSTRAINT approval_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES agentctl.conversation(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.chain_edge
    ADD CONSTRAINT chain_edge_version_id_from_node_fkey FOREIGN KEY (version_id, from_node) REFERENCES agentctl.chain_node(version_id, name) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.chain_edge
    ADD CONSTRAINT chain_edge_version_id_to_node_fkey FOREIGN KEY (version_id, to_node) REFERENCES agentctl.chain_node(version_id, name) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.chain_node
    ADD CONSTRAINT chain_node_version_id_fkey FOREIGN KEY (version_id) REFERENCES agentctl.definition_version(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.compaction
    ADD CONSTRAINT compaction_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES agentctl.conversation(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.conversation_control
    ADD CONSTRAINT conversation_control_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES agentctl.conversation(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.definition
    ADD CONSTRAINT definition_kind_fkey FOREIGN KEY (kind) REFERENCES agentctl.definition_kind(kind);
ALTER TABLE ONLY agentctl.definition
    ADD CONSTRAINT definition_kind_name_current_version_fkey FOREIGN KEY (kind, name, current_version) REFERENCES agentctl.definition_version(kind, name, version) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agentctl.definition_reference
    ADD CONSTRAINT definition_reference_kind_name_fkey FOREIGN KEY (kind, name) REFERENCES agentctl.definition(kind, name) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agentctl.definition_reference
    ADD CONSTRAINT definition_reference_version_id_fkey FOREIGN KEY (version_id) REFERENCES agentctl.definition_version(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.definition_version
    ADD CONSTRAINT definition_version_kind_name_fkey FOREIGN KEY (kind, name) REFERENCES agentctl.definition(kind, name) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY agentctl.document_field
    ADD CONSTRAINT document_field_kind_fkey FOREIGN KEY (kind) REFERENCES agentctl.definition_kind(kind);
ALTER TABLE ONLY agentctl.document_field
    ADD CONSTRAINT document_field_reference_kind_fkey FOREIGN KEY (reference_kind) REFERENCES agentctl.definition_kind(kind);
ALTER TABLE ONLY agentctl.exchange_field
    ADD CONSTRAINT exchange_field_part_fkey FOREIGN KEY (part) REFERENCES agentctl.exchange_part(part);
ALTER TABLE ONLY agentctl.function_queue
    ADD CONSTRAINT function_queue_id_fkey FOREIGN KEY (id) REFERENCES agentctl.function_request(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.hook_state
    ADD CONSTRAINT hook_state_version_id_fkey FOREIGN KEY (version_id) REFERENCES agentctl.definition_version(id);
ALTER TABLE ONLY agentctl.plan_revision
    ADD CONSTRAINT plan_revision_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES agentctl.plan(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.plan_step
    ADD CONSTRAINT plan_step_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES agentctl.plan(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.routing
    ADD CONSTRAINT routing_conversation_id_seq_fkey FOREIGN KEY (conversation_id, seq) REFERENCES agentctl.submission(conversation_id, seq) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.schedule_state
    ADD CONSTRAINT schedule_state_version_id_fkey FOREIGN KEY (version_id) REFERENCES agentctl.definition_version(id);
ALTER TABLE ONLY agentctl.submission
    ADD CONSTRAINT submission_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES agentctl.conversation_control(conversation_id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.task_dependency
    ADD CONSTRAINT task_dependency_depends_on_fkey FOREIGN KEY (depends_on) REFERENCES agentctl.task(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.task_dependency
    ADD CONSTRAINT task_dependency_task_id_fkey FOREIGN KEY (task_id) REFERENCES agentctl.task(id) ON DELETE CASCADE;
ALTER TABLE ONLY agentctl.turn_progress
    ADD CONSTRAINT turn_progress_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES agentctl.conversation_control(conversation_id) ON DELETE CASCADE;
GRANT USAGE ON SCHEMA agentctl TO agentctl_client;
GRANT USAGE ON SCHEMA agentctl TO agentctl_owner;
GRANT USAGE ON SCHEMA agentctl TO agentctl_reader;
GRANT USAGE ON SCHEMA agentctl TO agentctl_worker;
GRANT USAGE ON SCHEMA agentctl_sql TO agentctl_owner;
GRANT USAGE ON SCHEMA agentctl_sql TO agentctl_query;
GRANT USAGE ON SCHEMA agentctl_sql TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.account_name() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.account_name() TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.account_name() TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.account_sees_all(account text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.account_sees_all(account text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.account_sees_all(account text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.agent_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.agent_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.agent_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.agent_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.agent_parts(name text, model text, chain_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.agent_parts(name text, model text, chain_version integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.agent_parts(name text, model text, chain_version integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.apply_operation(conversation text, seq bigint, lease uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.apply_operation(conversation text, seq bigint, lease uuid) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.apply_operation(conversation text, seq bigint, lease uuid) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.apply_settings(conversation text, change jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.apply_settings(conversation text, change jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.apply_settings(conversation text, change jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.apply_undo(conversation text, seq bigint, turns integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.apply_undo(conversation text, seq bigint, turns integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.apply_undo(conversation text, seq bigint, turns integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.approve(approval bigint, reason text, scope text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.approve(approval bigint, reason text, scope text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.approve(approval bigint, reason text, scope text) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.approve_plan(plan bigint, revision integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.approve_plan(plan bigint, revision integer) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.approve_plan(plan bigint, revision integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.approve_plan(plan bigint, revision integer) TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.schedule_state TO agentctl_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.schedule_state TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.begin_schedule_run(state agentctl.schedule_state, due_at timestamp with time zone, at timestamp with time zone, is_late boolean, requested_by text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.begin_schedule_run(state agentctl.schedule_state, due_at timestamp with time zone, at timestamp with time zone, is_late boolean, requested_by text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.begin_schedule_run(state agentctl.schedule_state, due_at timestamp with time zone, at timestamp with time zone, is_late boolean, requested_by text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.begin_steering(conversation text, seq bigint, agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.begin_steering(conversation text, seq bigint, agent text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.begin_steering(conversation text, seq bigint, agent text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.begin_tasks(tasks bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.begin_tasks(tasks bigint[]) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.begin_tasks(tasks bigint[]) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.bind_accounts() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.bind_accounts() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.budget_left(task bigint, besides bigint[], OUT tokens bigint, OUT cost_usd numeric) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.budget_left(task bigint, besides bigint[], OUT tokens bigint, OUT cost_usd numeric) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.budget_left(task bigint, besides bigint[], OUT tokens bigint, OUT cost_usd numeric) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.bury_deliveries(hook text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.bury_deliveries(hook text, reason text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.bury_deliveries(hook text, reason text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.call_function(name text, arguments jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.call_function(name text, arguments jsonb) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.call_function(name text, arguments jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.call_function(name text, arguments jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.caller() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.caller() TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.caller() TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.cancel_task(task bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.cancel_task(task bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.cancel_task(task bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.cancel_task(task bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_condition(edge jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_condition(edge jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_condition(edge jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_depth(agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_depth(agent text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_depth(agent text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_document(name text, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_document(name text, version integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_document(name text, version integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_dot(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_dot(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_dot(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_dot(name text, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_dot(name text, version integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_dot(name text, version integer) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.chain_dot(name text, version integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_graph(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_graph(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_graph(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_graph(name text, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_graph(name text, version integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_graph(name text, version integer) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.chain_graph(name text, version integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_graph_problems(graph jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_graph_problems(graph jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_graph_problems(graph jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_input(node jsonb, input jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_input(node jsonb, input jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_input(node jsonb, input jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_lanes(lanes text[], first integer, last integer, touched integer[], inner_mark text, last_mark text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_lanes(lanes text[], first integer, last integer, touched integer[], inner_mark text, last_mark text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_lanes(lanes text[], first integer, last integer, touched integer[], inner_mark text, last_mark text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_mermaid(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_mermaid(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_mermaid(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_mermaid(name text, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_mermaid(name text, version integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_mermaid(name text, version integer) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.chain_mermaid(name text, version integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_nesting_problems(documents jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_nesting_problems(documents jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_nesting_problems(documents jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_node_words(node jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_node_words(node jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_node_words(node jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_parts(document jsonb, list text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_parts(document jsonb, list text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_parts(document jsonb, list text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_problems(document jsonb, documents jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_problems(document jsonb, documents jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_problems(document jsonb, documents jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_references(graph jsonb, document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_references(graph jsonb, document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_references(graph jsonb, document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_relation_rules(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_relation_rules(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_relation_rules(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_relations(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_relations(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_relations(document jsonb) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.chain_relations(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_result(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_result(conversation text, seq bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.chain_result(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_result(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_rules(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_rules(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_rules(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_state(conversation text, seq bigint, node text, visit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_state(conversation text, seq bigint, node text, visit integer) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.chain_state(conversation text, seq bigint, node text, visit integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_state(conversation text, seq bigint, node text, visit integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_state_problems(graph jsonb, state jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_state_problems(graph jsonb, state jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_state_problems(graph jsonb, state jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_structure(graph jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_structure(graph jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_structure(graph jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_template_problems(graph jsonb, document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_template_problems(graph jsonb, document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_template_problems(graph jsonb, document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_text(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_text(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_text(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_text(name text, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_text(name text, version integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_text(name text, version integer) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.chain_text(name text, version integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_type_problems(graph jsonb, document jsonb, documents jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_type_problems(graph jsonb, document jsonb, documents jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_type_problems(graph jsonb, document jsonb, documents jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.chain_ways(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.chain_ways(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.chain_ways(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.change_plan_steps(plan bigint, steps jsonb, moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.change_plan_steps(plan bigint, steps jsonb, moment timestamp with time zone) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.check_conversation_settings() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.check_conversation_settings() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.check_dependencies() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.check_dependencies() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.check_documents(documents jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.check_documents(documents jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.check_documents(documents jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.check_setting() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.check_setting() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.check_task(description text, input jsonb, capabilities text[], agent text, deadline timestamp with time zone, budget_tokens numeric, budget_usd numeric, max_attempts integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.check_task(description text, input jsonb, capabilities text[], agent text, deadline timestamp with time zone, budget_tokens numeric, budget_usd numeric, max_attempts integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.check_task(description text, input jsonb, capabilities text[], agent text, deadline timestamp with time zone, budget_tokens numeric, budget_usd numeric, max_attempts integer) TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.routing TO agentctl_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.routing TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.choose_agent(message text, capabilities text[], input jsonb, excluding text[], otherwise text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.choose_agent(message text, capabilities text[], input jsonb, excluding text[], otherwise text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.choose_agent(message text, capabilities text[], input jsonb, excluding text[], otherwise text) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.choose_agent(message text, capabilities text[], input jsonb, excluding text[], otherwise text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.choose_task_agent(description text, capabilities text[], excluded text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.choose_task_agent(description text, capabilities text[], excluded text[]) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.choose_task_agent(description text, capabilities text[], excluded text[]) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.claim(worker bigint, maximum integer, conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.claim(worker bigint, maximum integer, conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.claim(worker bigint, maximum integer, conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.claim_deliveries(maximum integer, busy text[], at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.claim_deliveries(maximum integer, busy text[], at timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.claim_deliveries(maximum integer, busy text[], at timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.claim_function_calls(worker bigint, maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.claim_function_calls(worker bigint, maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.claim_function_calls(worker bigint, maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.clock_change(time_zone text, day date, OUT change timestamp with time zone, OUT before interval, OUT since interval) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.clock_change(time_zone text, day date, OUT change timestamp with time zone, OUT before interval, OUT since interval) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.clock_change(time_zone text, day date, OUT change timestamp with time zone, OUT before interval, OUT since interval) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.close_schedule_runs(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.close_schedule_runs(name text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.close_schedule_runs(name text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.comment_definition_views() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.comment_definition_views() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.compact(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.compact(conversation text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.compact(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.compact(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.compaction_source(conversation text, upto bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.compaction_source(conversation text, upto bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.compaction_source(conversation text, upto bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.compile_chain(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.compile_chain(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.compile_chain(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.compile_chain_version() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.compile_chain_version() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.complete_document(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.complete_document(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.complete_document(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.conversation_document_problems(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.conversation_document_problems(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.conversation_document_problems(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.conversation_family(conversations text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.conversation_family(conversations text[]) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.conversation_id(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.conversation_id(name text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.conversation_id(name text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.conversation_id(name text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.count_ballots(ballots jsonb, answer jsonb, decide jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.count_ballots(ballots jsonb, answer jsonb, decide jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.count_ballots(ballots jsonb, answer jsonb, decide jsonb) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.count_ballots(ballots jsonb, answer jsonb, decide jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.create_partitions(months_ahead integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.create_partitions(months_ahead integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.create_partitions(months_ahead integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.create_partitions_of(parent text, times timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.create_partitions_of(parent text, times timestamp with time zone[]) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.cron_field(field text, name text, low integer, high integer, names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.cron_field(field text, name text, low integer, high integer, names text[]) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.cron_field(field text, name text, low integer, high integer, names text[]) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.cron_fields(cron text, OUT minutes integer[], OUT hours integer[], OUT days integer[], OUT months integer[], OUT weekdays integer[], OUT is_fixed boolean, OUT is_any_day boolean, OUT is_any_weekday boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.cron_fields(cron text, OUT minutes integer[], OUT hours integer[], OUT days integer[], OUT months integer[], OUT weekdays integer[], OUT is_fixed boolean, OUT is_any_day boolean, OUT is_any_weekday boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.cron_fields(cron text, OUT minutes integer[], OUT hours integer[], OUT days integer[], OUT months integer[], OUT weekdays integer[], OUT is_fixed boolean, OUT is_any_day boolean, OUT is_any_weekday boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.cron_matches(day date, days integer[], weekdays integer[], is_any_day boolean, is_any_weekday boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.cron_matches(day date, days integer[], weekdays integer[], is_any_day boolean, is_any_weekday boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.cron_matches(day date, days integer[], weekdays integer[], is_any_day boolean, is_any_weekday boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.decide(approval bigint, approves boolean, reason text, scope text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.decide(approval bigint, approves boolean, reason text, scope text) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.definition_changed() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.definition_changed() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.definition_keeps_references() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.definition_keeps_references() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.definition_routed() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.definition_routed() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.definition_version_is_immutable() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.definition_version_is_immutable() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.delete_conversation(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.delete_conversation(conversation text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.delete_conversation(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.delete_conversation(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.delete_user(owner text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.delete_user(owner text) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.deny(approval bigint, reason text, scope text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.deny(approval bigint, reason text, scope text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.deny(approval bigint, reason text, scope text) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.document_nodes(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.document_nodes(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.document_nodes(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.document_problems(document jsonb, documents jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.document_problems(document jsonb, documents jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.document_problems(document jsonb, documents jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.document_rules(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.document_rules(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.document_rules(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.edit_distance(a text, b text, maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.edit_distance(a text, b text, maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.edit_distance(a text, b text, maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.edit_plan(plan bigint, steps jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.edit_plan(plan bigint, steps jsonb) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.edit_plan(plan bigint, steps jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.edit_plan(plan bigint, steps jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.erase_conversations(conversations text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.erase_conversations(conversations text[]) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.error_patterns(of_agent text, since timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.error_patterns(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.error_patterns(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.error_patterns(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.events(conversation text, after bigint, maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.events(conversation text, after bigint, maximum integer) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.events(conversation text, after bigint, maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.events(conversation text, after bigint, maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.exchange_consistency_problems(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.exchange_consistency_problems(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.exchange_consistency_problems(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.exchange_path(key text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.exchange_path(key text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.exchange_path(key text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.exchange_shape_problems(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.exchange_shape_problems(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.exchange_shape_problems(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.exchange_versions(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.exchange_versions(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.exchange_versions(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.export_conversation(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.export_conversation(conversation text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.export_conversation(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.export_conversation(conversation text) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.export_conversation(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.export_items(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.export_items(conversation text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.export_items(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.export_items(conversation text) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.export_items(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.finish(conversation text, seq bigint, lease uuid, record jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.finish(conversation text, seq bigint, lease uuid, record jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.finish(conversation text, seq bigint, lease uuid, record jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.finish_and_claim(conversation text, seq bigint, lease uuid, record jsonb, worker bigint, maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.finish_and_claim(conversation text, seq bigint, lease uuid, record jsonb, worker bigint, maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.finish_and_claim(conversation text, seq bigint, lease uuid, record jsonb, worker bigint, maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.finish_delivery(id bigint, attempt integer, status integer, error text, is_final boolean, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.finish_delivery(id bigint, attempt integer, status integer, error text, is_final boolean, at timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.finish_delivery(id bigint, attempt integer, status integer, error text, is_final boolean, at timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.finish_function_call(call bigint, lease uuid, record jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.finish_function_call(call bigint, lease uuid, record jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.finish_function_call(call bigint, lease uuid, record jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.follow(conversation text, seq bigint, after_event bigint, after_attempt integer, after_delta integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.follow(conversation text, seq bigint, after_event bigint, after_attempt integer, after_delta integer) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.follow(conversation text, seq bigint, after_event bigint, after_attempt integer, after_delta integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.follow(conversation text, seq bigint, after_event bigint, after_attempt integer, after_delta integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.fork(conversation text, new_conversation text, message bigint, agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.fork(conversation text, new_conversation text, message bigint, agent text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.fork(conversation text, new_conversation text, message bigint, agent text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.fork(conversation text, new_conversation text, message bigint, agent text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.function_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.function_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.function_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.function_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.function_result(call bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.function_result(call bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.function_result(call bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.function_result(call bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.function_rules(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.function_rules(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.function_rules(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.give_to_query_role() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.give_to_query_role() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.give_to_schema_role() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.give_to_schema_role() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.give_up(conversation text, seq bigint, lease uuid, code text, message text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.give_up(conversation text, seq bigint, lease uuid, code text, message text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.give_up(conversation text, seq bigint, lease uuid, code text, message text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.grant_roles() FROM PUBLIC;
REVOKE ALL ON FUNCTION agentctl.guardrail_rules(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.guardrail_rules(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.guardrail_rules(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.has_service() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.has_service() TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.has_service() TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.heartbeat(worker bigint, draining boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.heartbeat(worker bigint, draining boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.heartbeat(worker bigint, draining boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.hold(conversation text, lease uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.hold(conversation text, lease uuid) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.hold(conversation text, lease uuid) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.hold_function_call(call bigint, lease uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.hold_function_call(call bigint, lease uuid) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.hold_function_call(call bigint, lease uuid) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.hook_changed() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.hook_changed() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.hook_rules(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.hook_rules(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.hook_rules(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.import_conversation(document jsonb, as_id text, register boolean, keep_always boolean, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.import_conversation(document jsonb, as_id text, register boolean, keep_always boolean, dry_run boolean) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.index_routes(names text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.index_routes(names text[]) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.insert_function_calls(caller text, conversation text, seq bigint, request bigint, called_by text, records jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.insert_function_calls(caller text, conversation text, seq bigint, request bigint, called_by text, records jsonb) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.insert_task_row() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.insert_task_row() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.insert_tasks(conversation text, seq bigint, tasks jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.insert_tasks(conversation text, seq bigint, tasks jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.insert_tasks(conversation text, seq bigint, tasks jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.interrupt(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.interrupt(conversation text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.interrupt(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.interrupt(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.is_at_rest(conversations text[], before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.is_at_rest(conversations text[], before timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.is_at_rest(conversations text[], before timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.is_due(task bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.is_due(task bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.is_due(task bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.is_locked(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.is_locked(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.is_locked(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.is_pruned(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.is_pruned(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.is_pruned(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.is_time(value text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.is_time(value text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.is_time(value text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.json_type_name(value jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.json_type_name(value jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.json_type_name(value jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.keep_account() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.keep_account() TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.keep_account() TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.keep_retention(INOUT after text, OUT is_over boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.keep_retention(INOUT after text, OUT is_over boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.keep_retention(INOUT after text, OUT is_over boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.last_due(schedule jsonb, first timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.last_due(schedule jsonb, first timestamp with time zone, until timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.last_due(schedule jsonb, first timestamp with time zone, until timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.lock_conversation(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.lock_conversation(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.lock_conversation(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.lock_family(conversations text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.lock_family(conversations text[]) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.lock_holder(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.lock_holder(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.lock_holder(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.match_definitions(document jsonb, register boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.match_definitions(document jsonb, register boolean) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.may_see(owner text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.may_see(owner text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.may_see(owner text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.may_see_all() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.may_see_all() TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.may_see_all() TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.model_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.model_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.model_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.model_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.nearest(word text, candidates text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.nearest(word text, candidates text[]) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.nearest(word text, candidates text[]) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.nearest_time_zones(zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.nearest_time_zones(zone text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.nearest_time_zones(zone text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.next_due(schedule jsonb, after timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.next_due(schedule jsonb, after timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.next_due(schedule jsonb, after timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.next_time(cron text, time_zone text, after timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.next_time(cron text, time_zone text, after timestamp with time zone) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.next_time(cron text, time_zone text, after timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.next_time(cron text, time_zone text, after timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.normal_answer(answer jsonb, rule jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.normal_answer(answer jsonb, rule jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.normal_answer(answer jsonb, rule jsonb) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.normal_answer(answer jsonb, rule jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.notify_workers(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.notify_workers(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.notify_workers(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.own_conversation(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.own_conversation(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.own_conversation(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.park_and_claim(conversation text, seq bigint, lease uuid, save integer, record jsonb, worker bigint, maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.park_and_claim(conversation text, seq bigint, lease uuid, save integer, record jsonb, worker bigint, maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.park_and_claim(conversation text, seq bigint, lease uuid, save integer, record jsonb, worker bigint, maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.pause_schedule(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.pause_schedule(name text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.pause_schedule(name text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.pause_schedule(name text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.pipeline_problems(documents jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.pipeline_problems(documents jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.pipeline_problems(documents jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.place_tasks() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.place_tasks() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.plan_agent_problems(plan bigint, agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.plan_agent_problems(plan bigint, agent text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.plan_agent_problems(plan bigint, agent text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.plan_problems(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.plan_problems(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.plan_problems(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.plan_schema(specialists jsonb, maximum jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.plan_schema(specialists jsonb, maximum jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.plan_schema(specialists jsonb, maximum jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.plan_step_list(plan bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.plan_step_list(plan bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.plan_step_list(plan bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.plan_step_problems(steps jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.plan_step_problems(steps jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.plan_step_problems(steps jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.plan_summary(plan bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.plan_summary(plan bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.plan_summary(plan bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.plan_summary(plan bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.policy_rules(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.policy_rules(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.policy_rules(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.prune(older_than interval, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.prune(older_than interval, dry_run boolean) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.prune_conversations(older_than interval, after text, maximum integer, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.prune_conversations(older_than interval, after text, maximum integer, dry_run boolean) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.prune_records(older_than interval, maximum integer, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.prune_records(older_than interval, maximum integer, dry_run boolean) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.prune_time(older_than interval) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.prune_time(older_than interval) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.prune_time(older_than interval) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.publish(name text, version integer, kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.publish(name text, version integer, kind text) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.raise_unknown(kind text, name text, hint text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.raise_unknown(kind text, name text, hint text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.raise_unknown(kind text, name text, hint text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.raise_unless_final(state text, message text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.raise_unless_final(state text, message text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.raise_unless_final(state text, message text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.reap(maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.reap(maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.reap(maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.reap_function_calls(maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.reap_function_calls(maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.reap_function_calls(maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.rebuild_routes() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.rebuild_routes() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.recall(conversation text, query text, before bigint, maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.recall(conversation text, query text, before bigint, maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.recall(conversation text, query text, before bigint, maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.record_function_calls(conversation text, seq bigint, records jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.record_function_calls(conversation text, seq bigint, records jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.record_function_calls(conversation text, seq bigint, records jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.record_security_events(conversation text, seq bigint, records jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.record_security_events(conversation text, seq bigint, records jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.record_security_events(conversation text, seq bigint, records jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.redeliver(delivery bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.redeliver(delivery bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.redeliver(delivery bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.redeliver(delivery bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.refresh_routes() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.refresh_routes() TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.refresh_routes() TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.refuse_deletion() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.refuse_deletion() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.refuse_task(task bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.refuse_task(task bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.refuse_task(task bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.refuse_task_conversation_id(id text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.refuse_task_conversation_id(id text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.refuse_task_conversation_id(id text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.register(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.register(document jsonb) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.register_row() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.register_row() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.release(conversation text, lease uuid, counts boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.release(conversation text, lease uuid, counts boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.release(conversation text, lease uuid, counts boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.release_dependents(task bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.release_dependents(task bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.release_dependents(task bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.release_function_call(call bigint, lease uuid, counts boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.release_function_call(call bigint, lease uuid, counts boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.release_function_call(call bigint, lease uuid, counts boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.release_pending(maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.release_pending(maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.release_pending(maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.release_task(task bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.release_task(task bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.release_task(task bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.repeated_submission(conversation text, idempotency_key text, request bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.repeated_submission(conversation text, idempotency_key text, request bytea) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.repeated_submission(conversation text, idempotency_key text, request bytea) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.reply(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.reply(conversation text, seq bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.reply(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.reply(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.request_approvals(conversation text, seq bigint, requests jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.request_approvals(conversation text, seq bigint, requests jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.request_approvals(conversation text, seq bigint, requests jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.request_digest(body jsonb, agent text, priority integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.request_digest(body jsonb, agent text, priority integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.request_digest(body jsonb, agent text, priority integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.require_conversation(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.require_conversation(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.require_conversation(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.require_conversation_id(id text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.require_conversation_id(id text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.require_conversation_id(id text) TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.plan TO agentctl_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.plan TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.require_plan(plan bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.require_plan(plan bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.require_plan(plan bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.require_records(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.require_records(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.require_records(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.require_schedule(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.require_schedule(name text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.require_schedule(name text) TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.task TO agentctl_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.task TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.require_task(task bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.require_task(task bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.require_task(task bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.rerun_chain(conversation text, seq bigint, node text, visit integer, changes jsonb, new_conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.rerun_chain(conversation text, seq bigint, node text, visit integer, changes jsonb, new_conversation text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.rerun_chain(conversation text, seq bigint, node text, visit integer, changes jsonb, new_conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.rerun_chain(conversation text, seq bigint, node text, visit integer, changes jsonb, new_conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.resolve_busy_conversation(conversation text, seq bigint, agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.resolve_busy_conversation(conversation text, seq bigint, agent text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.resolve_busy_conversation(conversation text, seq bigint, agent text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.resolve_tool_call(conversation text, seq bigint, call integer, outcome text, result text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.resolve_tool_call(conversation text, seq bigint, call integer, outcome text, result text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.resolve_tool_call(conversation text, seq bigint, call integer, outcome text, result text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.resolve_tool_call(conversation text, seq bigint, call integer, outcome text, result text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.responder_kind(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.responder_kind(name text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.responder_kind(name text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.resume_schedule(name text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.resume_schedule(name text, at timestamp with time zone) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.resume_schedule(name text, at timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.resume_schedule(name text, at timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.retry_task(task bigint, agent text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.retry_task(task bigint, agent text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.retry_task(task bigint, agent text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.retry_task(task bigint, agent text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.rollback(name text, version integer, kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.rollback(name text, version integer, kind text) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.route(message text, capabilities text[], input jsonb, excluding text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.route(message text, capabilities text[], input jsonb, excluding text[]) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.route(message text, capabilities text[], input jsonb, excluding text[]) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.route(message text, capabilities text[], input jsonb, excluding text[]) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.route_setting_changed() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.route_setting_changed() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.route_terms(document jsonb, language regconfig) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.route_terms(document jsonb, language regconfig) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.route_terms(document jsonb, language regconfig) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.routing_of(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.routing_of(conversation text, seq bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.routing_of(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.routing_of(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.run_due_schedule(state agentctl.schedule_state, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.run_due_schedule(state agentctl.schedule_state, at timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.run_due_schedule(state agentctl.schedule_state, at timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.run_plan(plan bigint, agent text, mode text, max_steps integer, OUT conversation text, OUT seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.run_plan(plan bigint, agent text, mode text, max_steps integer, OUT conversation text, OUT seq bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.run_plan(plan bigint, agent text, mode text, max_steps integer, OUT conversation text, OUT seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.run_plan(plan bigint, agent text, mode text, max_steps integer, OUT conversation text, OUT seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.run_schedule(name text, at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.run_schedule(name text, at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.run_schedule(name text, at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.run_schedule(name text, at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.run_schedules(at timestamp with time zone, maximum integer, OUT begun integer, OUT wait double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.run_schedules(at timestamp with time zone, maximum integer, OUT begun integer, OUT wait double precision) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.run_schedules(at timestamp with time zone, maximum integer, OUT begun integer, OUT wait double precision) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.save_progress(conversation text, seq bigint, lease uuid, save integer, record jsonb, park boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.save_progress(conversation text, seq bigint, lease uuid, save integer, record jsonb, park boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.save_progress(conversation text, seq bigint, lease uuid, save integer, record jsonb, park boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.schedule_changed() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.schedule_changed() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.schedule_look(name text, due_at timestamp with time zone, jitter double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.schedule_look(name text, due_at timestamp with time zone, jitter double precision) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.schedule_look(name text, due_at timestamp with time zone, jitter double precision) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.schedule_rules(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.schedule_rules(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.schedule_rules(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.schedule_text(template text, due_at timestamp with time zone, time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.schedule_text(template text, due_at timestamp with time zone, time_zone text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.schedule_text(template text, due_at timestamp with time zone, time_zone text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.schedule_time(written text, time_zone text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.schedule_time(written text, time_zone text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.schedule_time(written text, time_zone text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.schedule_times(name text, count integer, after timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.schedule_times(name text, count integer, after timestamp with time zone) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.schedule_times(name text, count integer, after timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.schedule_times(name text, count integer, after timestamp with time zone) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.schedule_times(name text, count integer, after timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.schema_mismatch(given jsonb, wanted jsonb, place text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.schema_mismatch(given jsonb, wanted jsonb, place text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.schema_mismatch(given jsonb, wanted jsonb, place text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.sees_all(who name) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.sees_all(who name) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.sees_all(who name) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.set(conversation text, settings jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.set(conversation text, settings jsonb) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.set(conversation text, settings jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.set(conversation text, settings jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.setting(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.setting(name text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.setting(name text) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.setting(name text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.settle_task(task bigint, status agentctl.turn_status, code text, message text, tokens bigint, cost_usd numeric, is_stopped boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.settle_task(task bigint, status agentctl.turn_status, code text, message text, tokens bigint, cost_usd numeric, is_stopped boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.settle_task(task bigint, status agentctl.turn_status, code text, message text, tokens bigint, cost_usd numeric, is_stopped boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.shutdown(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.shutdown(conversation text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.shutdown(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.shutdown(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.signals(worker bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.signals(worker bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.signals(worker bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.skip_missing_submissions(conversations text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.skip_missing_submissions(conversations text[]) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.skip_steered_submissions(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.skip_steered_submissions(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.skip_steered_submissions(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.spawn_tasks(conversation text, seq bigint, tasks jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.spawn_tasks(conversation text, seq bigint, tasks jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.spawn_tasks(conversation text, seq bigint, tasks jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.standing_approval(conversation text, agent text, tool text, subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.standing_approval(conversation text, agent text, tool text, subject text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.standing_approval(conversation text, agent text, tool text, subject text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.start_conversation(conversation text, agent text, account text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.start_conversation(conversation text, agent text, account text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.start_conversation(conversation text, agent text, account text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.start_tasks(tasks bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.start_tasks(tasks bigint[]) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.start_tasks(tasks bigint[]) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.start_worker(kind text, host text, process_id integer, release text, slots integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.start_worker(kind text, host text, process_id integer, release text, slots integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.start_worker(kind text, host text, process_id integer, release text, slots integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.steer(conversation text, message text, idempotency_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.steer(conversation text, message text, idempotency_key text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.steer(conversation text, message text, idempotency_key text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.steer(conversation text, message text, idempotency_key text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.stop_children(conversation text, seq bigint, groups text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.stop_children(conversation text, seq bigint, groups text[]) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.stop_children(conversation text, seq bigint, groups text[]) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.stop_schedule_runs(name text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.stop_schedule_runs(name text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.stop_schedule_runs(name text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.stop_turn(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.stop_turn(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.stop_turn(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.stop_worker(worker bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.stop_worker(worker bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.stop_worker(worker bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.store_compaction(conversation text, seq bigint, lease uuid, outcome jsonb, ends boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.store_compaction(conversation text, seq bigint, lease uuid, outcome jsonb, ends boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.store_compaction(conversation text, seq bigint, lease uuid, outcome jsonb, ends boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.store_conversation(document jsonb, id text, register boolean, keep_always boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.store_conversation(document jsonb, id text, register boolean, keep_always boolean) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.store_plan(task text, steps jsonb, context jsonb, mode text, max_steps integer, max_replans integer, recover jsonb, made_by text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.store_plan(task text, steps jsonb, context jsonb, mode text, max_steps integer, max_replans integer, recover jsonb, made_by text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.store_plan(task text, steps jsonb, context jsonb, mode text, max_steps integer, max_replans integer, recover jsonb, made_by text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.store_plan(task text, steps jsonb, context jsonb, mode text, max_steps integer, max_replans integer, recover jsonb, made_by text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.submit(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.submit(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.submit(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.submit(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.submit_and_follow(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.submit_and_follow(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.submit_and_follow(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.submit_and_follow(conversation text, message text, agent text, idempotency_key text, priority integer, input jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.submit_operation(conversation text, operation agentctl.operation, body jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.submit_operation(conversation text, operation agentctl.operation, body jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.submit_operation(conversation text, operation agentctl.operation, body jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.submit_schedule(name text, schedule jsonb, owner text, due_at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.submit_schedule(name text, schedule jsonb, owner text, due_at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.submit_schedule(name text, schedule jsonb, owner text, due_at timestamp with time zone, OUT conversation_id text, OUT seq bigint, OUT task_id bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.submit_task(description text, capabilities text[], input jsonb, agent text, priority integer, deadline timestamp with time zone, budget jsonb, max_attempts integer, depends_on bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.submit_task(description text, capabilities text[], input jsonb, agent text, priority integer, deadline timestamp with time zone, budget jsonb, max_attempts integer, depends_on bigint[]) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.submit_task(description text, capabilities text[], input jsonb, agent text, priority integer, deadline timestamp with time zone, budget jsonb, max_attempts integer, depends_on bigint[]) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.submit_task(description text, capabilities text[], input jsonb, agent text, priority integer, deadline timestamp with time zone, budget jsonb, max_attempts integer, depends_on bigint[]) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.sweep_deliveries(maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.sweep_deliveries(maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.sweep_deliveries(maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.sweep_deltas(older_than interval) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.sweep_deltas(older_than interval) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.sweep_deltas(older_than interval) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.take_due_run(state agentctl.schedule_state, overlap text, due_at timestamp with time zone, at timestamp with time zone, is_late boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.take_due_run(state agentctl.schedule_state, overlap text, due_at timestamp with time zone, at timestamp with time zone, is_late boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.take_due_run(state agentctl.schedule_state, overlap text, due_at timestamp with time zone, at timestamp with time zone, is_late boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.task_conversation_id(task bigint, parent text, seq bigint, number integer, attempt integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.task_conversation_id(task bigint, parent text, seq bigint, number integer, attempt integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.task_conversation_id(task bigint, parent text, seq bigint, number integer, attempt integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.task_effects(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.task_effects(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.task_effects(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.task_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.task_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.task_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.task_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.task_report(task bigint, is_stopped boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.task_report(task bigint, is_stopped boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.task_report(task bigint, is_stopped boolean) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.task_result(task bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.task_result(task bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.task_result(task bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.task_result(task bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.tell_hooks_of_task() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.tell_hooks_of_task() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.tell_hooks_of_turn(conversation text, seq bigint, task bigint, turn jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.tell_hooks_of_turn(conversation text, seq bigint, task bigint, turn jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.tell_hooks_of_turn(conversation text, seq bigint, task bigint, turn jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.tell_hooks_of_wait(conversation text, seq bigint, record jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.tell_hooks_of_wait(conversation text, seq bigint, record jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.tell_hooks_of_wait(conversation text, seq bigint, record jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.tell_parent(parent text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.tell_parent(parent text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.tell_parent(parent text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.tell_parents(maximum integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.tell_parents(maximum integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.tell_parents(maximum integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.text_array(list jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.text_array(list jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.text_array(list jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.time_in(zone text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.time_in(zone text, at timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.time_in(zone text, at timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.tool_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.tool_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.tool_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.tool_metrics(of_agent text, since timestamp with time zone, until timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.tool_rules(document jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.tool_rules(document jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.tool_rules(document jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.tree(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.tree(conversation text, seq bigint) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.tree(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.tree(conversation text, seq bigint) TO agentctl_reader;
GRANT ALL ON FUNCTION agentctl.tree(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.turn_lower_bound(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.turn_lower_bound(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.turn_lower_bound(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.turn_nodes(conversation text, seq bigint, since timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.turn_nodes(conversation text, seq bigint, since timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.turn_nodes(conversation text, seq bigint, since timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.turn_progress_report(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.turn_progress_report(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.turn_progress_report(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.turn_tasks(conversation text, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.turn_tasks(conversation text, seq bigint) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.turn_tasks(conversation text, seq bigint) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.undo(conversation text, turns integer) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.undo(conversation text, turns integer) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.undo(conversation text, turns integer) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.undo(conversation text, turns integer) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.undo_compaction(conversation text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.undo_compaction(conversation text) TO agentctl_client;
GRANT ALL ON FUNCTION agentctl.undo_compaction(conversation text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.undo_compaction(conversation text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.unregister(name text, kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.unregister(name text, kind text) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.update_plan(conversation text, seq bigint, steps jsonb, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.update_plan(conversation text, seq bigint, steps jsonb, reason text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.update_plan(conversation text, seq bigint, steps jsonb, reason text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.wake() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.wake() TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.wake() TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.write_deliveries(events text[], responder text, owner text, data jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.write_deliveries(events text[], responder text, owner text, data jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.write_deliveries(events text[], responder text, owner text, data jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.write_deltas(deltas jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.write_deltas(deltas jsonb) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.write_deltas(deltas jsonb) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.write_node_runs(conversation text, seq bigint, nodes jsonb, began timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.write_node_runs(conversation text, seq bigint, nodes jsonb, began timestamp with time zone) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl.write_node_runs(conversation text, seq bigint, nodes jsonb, began timestamp with time zone) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl.write_plan_steps(plan bigint, steps jsonb, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.write_plan_steps(plan bigint, steps jsonb, reason text) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl.write_turn_parts(conversation text, seq bigint, record jsonb, started timestamp with time zone, first_message bigint, last_message bigint, last_event bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl.write_turn_parts(conversation text, seq bigint, record jsonb, started timestamp with time zone, first_message bigint, last_message bigint, last_event bigint) TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl_sql.examine(statement text) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl_sql.examine(statement text) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl_sql.examine(statement text) TO agentctl_worker;
REVOKE ALL ON FUNCTION agentctl_sql.guard() FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl_sql.guard() TO agentctl_owner;
REVOKE ALL ON FUNCTION agentctl_sql.run(statement text, arguments jsonb, maximum_rows integer, maximum_bytes integer, read_only boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION agentctl_sql.run(statement text, arguments jsonb, maximum_rows integer, maximum_bytes integer, read_only boolean) TO agentctl_owner;
GRANT ALL ON FUNCTION agentctl_sql.run(statement text, arguments jsonb, maximum_rows integer, maximum_bytes integer, read_only boolean) TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.account TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.agent_metrics TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.agent_metrics TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.agent_relationships TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.agent_relationships TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.agents TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.agents TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.approval TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.ballots TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.ballots TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.calls_in_doubt TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.calls_in_doubt TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.chain_edge TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.chain_edges TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.chain_edges TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.chain_node TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.chain_nodes TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.chain_nodes TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.chain_runs TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.chain_runs TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.chains TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.chains TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.compaction TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.conversation TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.conversation_control TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.conversation_history TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.conversation_history TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.conversations TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.conversations TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.definition TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.definition_epoch TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.definition_kind TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.definition_reference TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.definition_version TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.delta TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.document_field TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.error_patterns TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.error_patterns TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.event TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.exchange_field TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.exchange_part TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.function_call TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.function_metrics TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.function_metrics TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.function_queue TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.function_request TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.functions TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.functions TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.guardrails TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.guardrails TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.hook_deliveries TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.hook_deliveries TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.hook_delivery TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.hook_state TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.hooks TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.hooks TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.message TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.migration TO agentctl_client;
GRANT SELECT ON TABLE agentctl.migration TO agentctl_owner;
GRANT SELECT ON TABLE agentctl.migration TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.migration TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.model_calls TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.model_calls TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.model_metrics TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.model_metrics TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.models TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.models TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.node_run TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.node_runs TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.node_runs TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.pending_approvals TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.pending_approvals TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.plan_revision TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.plan_step TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.plan_steps TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.plan_steps TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.plan_templates TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.plan_templates TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.plans TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.plans TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.policies TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.policies TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.role_grant TO agentctl_owner;
GRANT SELECT ON TABLE agentctl.role_grant TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.route_agent TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.route_capability TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.route_index TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.route_posting TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.route_term TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.routings TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.routings TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.schedule_run TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.schedule_runs TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.schedule_runs TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.schedules TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.schedules TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.security_event TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.security_events TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.security_events TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.setting TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.setting TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.step TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.submission TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.task_dependency TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.task_metrics TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.task_metrics TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.tasks TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.tasks TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.tool_call TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.tool_metrics TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.tool_metrics TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.tools TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.tools TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.turn TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.turn_progress TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.turn_trace TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.turn_trace TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.worker TO agentctl_worker;
GRANT SELECT ON TABLE agentctl.worker_status TO agentctl_reader;
GRANT SELECT ON TABLE agentctl.worker_status TO agentctl_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.account TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.agent_metrics TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.agent_relationships TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.agents TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.approval TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.ballots TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.calls_in_doubt TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.chain_edge TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.chain_edges TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.chain_node TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.chain_nodes TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.chain_runs TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.chains TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.compaction TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.conversation TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.conversation_control TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.conversation_history TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.conversations TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.definition TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.definition_epoch TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.definition_kind TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.definition_reference TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.definition_version TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.delta TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.document_field TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.error_patterns TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.event TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.exchange_field TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.exchange_part TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.function_call TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.function_metrics TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.function_queue TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.function_request TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.functions TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.guardrails TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.hook_deliveries TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.hook_delivery TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.hook_state TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.hooks TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.message TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.model_calls TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.model_metrics TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.models TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.node_run TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.node_runs TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.pending_approvals TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.plan_revision TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.plan_step TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.plan_steps TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.plan_templates TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.plans TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.policies TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.route_agent TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.route_capability TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.route_index TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.route_posting TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.route_term TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.routings TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.schedule_run TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.schedule_runs TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.schedules TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.security_event TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.security_events TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.setting TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.step TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.submission TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.task_dependency TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.task_metrics TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.tasks TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.tool_call TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.tool_metrics TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.tools TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.turn TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.turn_progress TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.turn_trace TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.worker TO agentctl_owner;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE agentctl.worker_status TO agentctl_owner;
