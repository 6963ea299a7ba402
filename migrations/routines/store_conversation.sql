CREATE OR REPLACE FUNCTION agentctl.store_conversation(document jsonb, id text, register boolean, keep_always boolean)
    RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET jit = off
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    matched jsonb;
    registered jsonb;
    approvals bigint[];
    calls uuid[];
    plans bigint[];
    left_out bigint;
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
        closed_seq, last_message, last_event, has_progress, account_key, queue_key)
    SELECT store_conversation.id, c.state, c.priority, c.attempt, CASE c.state WHEN 'ready' THEN clock_timestamp() END,
           c.wake_at, c.head_seq, c.tail_seq, c.cancel_seq, c.steer_seq, c.closed_seq,
           jsonb_array_length(document -> 'messages'), jsonb_array_length(document -> 'events'), document ? 'progress',
           agentctl.account_key(c.created_by),
           (SELECT agentctl.queue_for(coalesce(min(s.value ->> 'agent'), c.agent), min(s.value ->> 'queue'),
                min(s.value ->> 'workspace'))
            FROM jsonb_array_elements(document -> 'submissions') AS s
            WHERE (s.value ->> 'seq')::bigint = c.head_seq + 1)
    FROM jsonb_to_record(document -> 'conversation') AS c (
        state conversation_state, priority smallint, attempt smallint, wake_at timestamptz, head_seq bigint,
        tail_seq bigint, cancel_seq bigint, steer_seq bigint, closed_seq bigint, created_by text, agent text);
    INSERT INTO submission (conversation_id, seq, operation, agent, body, idempotency_key, taken_by, queue, workspace,
        created_at, created_by)
    SELECT store_conversation.id, s.*
    FROM jsonb_to_recordset(document -> 'submissions') AS s (
        seq bigint, operation operation, agent text, body jsonb, idempotency_key text, taken_by bigint,
        queue text, workspace text, created_at timestamptz, created_by text);
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
        chain_version_id, parent_conversation_id, parent_seq, depth, limit_reached, error_code, error_message, first_message,
        last_message, model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd, submitted_at,
        started_at, finished_at, duration_ms)
    SELECT store_conversation.id, t.seq, t.status, t.attempt, 0, t.agent, (matched -> t.definition -> 1)::integer,
           (matched -> t.definition -> 0)::bigint, (matched -> t.chain -> 0)::bigint, t.parent_conversation_id, t.parent_seq, t.depth, t.limit_reached,
           t.error_code,
           t.error_message, t.first_message, t.last_message, t.model_calls, t.tool_calls, t.input_tokens,
           t.cached_input_tokens, t.output_tokens, t.cost_usd, t.submitted_at, t.started_at, t.finished_at,
           t.duration_ms
    FROM jsonb_to_recordset(document -> 'turns') AS t (
        seq bigint, status turn_status, attempt smallint, agent text, definition text, chain text,
        parent_conversation_id text,
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
            requested_at, expires_at, decided_at, decided_by, approvers, not_requester, cause, tool_version_id)
        SELECT store_conversation.id, a.seq, a.call_number, a.place, a.agent, a.tool, a.arguments, a.subject, a.rule,
               a.state,
               CASE WHEN a.scope = 'always' AND NOT keep_always THEN 'once' ELSE a.scope END, a.reason, a.requested_at,
                   a.expires_at,
               a.decided_at, a.decided_by, nullif(a.approvers[1:64], '{}'), coalesce(a.not_requester, true),
               a.cause,
               (SELECT t.tool_version_id FROM tool_call AS t WHERE t.conversation_id = store_conversation.id
                   AND t.seq = a.seq AND t.number = a.call_number AND a.place = 'call')
        FROM jsonb_to_recordset(document -> 'approvals') AS a (
            seq bigint, call_number integer, place text, agent text, tool text, arguments text, subject text, rule text,
            state approval_state, scope approval_scope, reason text, requested_at timestamptz, expires_at timestamptz,
            decided_at timestamptz, decided_by text, approvers text[], not_requester boolean, cause text)
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
    SELECT r.plans, r.left_out INTO plans, left_out FROM agentctl.store_runs(document, store_conversation.id) AS r;
    INSERT INTO event (conversation_id, number, seq, type, data, at)
    SELECT store_conversation.id, e.number, e.seq, e.type,
           e.data || CASE WHEN jsonb_typeof(e.data -> 'approval') = 'number'
               THEN jsonb_build_object('approval', approvals[(e.data -> 'approval')::integer])
               WHEN e.type = 'plan_updated' AND document ? 'plans'
               THEN jsonb_build_object('plan', plans[(e.data -> 'plan')::integer]) ELSE '{}' END, e.at
    FROM jsonb_to_recordset(document -> 'events') AS e (number bigint, seq bigint, type text, data jsonb,
        at timestamptz);
    INSERT INTO turn_progress (
        conversation_id, seq, saves, agent, agent_version, chain_version_id, started_at, first_message, steps, model_calls, tool_calls,
        input_tokens, cached_input_tokens, output_tokens, cost_usd, duration_ms)
    SELECT store_conversation.id, p.seq, p.saves, p.agent, (matched -> p.definition -> 1)::integer,
           (matched -> p.chain -> 0)::bigint, p.started_at,
           p.first_message, p.steps, p.model_calls, p.tool_calls, p.input_tokens, p.cached_input_tokens,
           p.output_tokens, p.cost_usd, p.duration_ms
    FROM jsonb_to_record(document -> 'progress') AS p (
        seq bigint, saves integer, agent text, definition text, chain text, started_at timestamptz, first_message bigint,
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
        'left_out_schedule_runs', left_out,
        'narrowed_approvals', CASE WHEN keep_always THEN 0 ELSE (
            SELECT count(*) FROM jsonb_to_recordset(document -> 'approvals') AS a (scope text)
            WHERE a.scope = 'always') END);
END $$;
COMMENT ON FUNCTION agentctl.store_conversation(jsonb, text, boolean, boolean) IS
    'Stores a conversation''s document that was checked. Internal: import_conversation() calls it.';
REVOKE ALL ON FUNCTION agentctl.store_conversation(jsonb, text, boolean, boolean) FROM PUBLIC;
