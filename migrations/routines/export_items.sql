-- The parts of the document in their order, a row an item: a caller that reads them with a cursor needs no more memory
-- for a long conversation than for a short one. One call sees one state of the database.
CREATE OR REPLACE FUNCTION agentctl.export_items(conversation text) RETURNS TABLE (part text, item jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET timezone = 'UTC'
    SET extra_float_digits = 1 SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    held record;
    versions bigint[];
    is_reader boolean := agentctl.holds_role(agentctl.caller(), 'agentctl_reader');
    -- What an agent is told, what a function consists of and what a policy allows is not for whom it is used by.
    sees_definitions boolean := is_reader OR agentctl.may_see_all();
BEGIN
    export_items.conversation := agentctl.readable_conversation(export_items.conversation);
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
               -- One that waits for a model asks it again elsewhere.
               CASE WHEN m.waits THEN 'ready' ELSE c.state::text END AS state, c.priority, c.attempt, c.head_seq, c.tail_seq, c.cancel_seq, c.steer_seq, c.closed_seq,
               CASE WHEN c.state = 'waiting' AND NOT m.waits THEN c.wake_at END AS wake_at
        FROM conversation AS v JOIN conversation_control AS c ON c.conversation_id = v.id
        CROSS JOIN LATERAL (SELECT c.state = 'waiting' AND c.has_progress AND coalesce((
            SELECT p.postponed_by IS NOT NULL FROM turn_progress AS p
            WHERE p.conversation_id = c.conversation_id), false)) AS m (waits)
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
    CROSS JOIN LATERAL (SELECT s.seq, s.operation, s.agent, s.idempotency_key, s.taken_by, s.queue,
        s.workspace, s.created_at, s.created_by) AS r
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
               h.kind || '/' || h.name || '/' || h.version AS chain, t.parent_conversation_id, t.parent_seq, t.depth, t.limit_reached, t.error_code, t.error_message,
               t.first_message, t.last_message, t.model_calls, t.tool_calls, t.input_tokens, t.cached_input_tokens,
               t.output_tokens, trim_scale(t.cost_usd) AS cost_usd, t.submitted_at, t.started_at, t.finished_at,
               t.duration_ms
        FROM turn AS t LEFT JOIN definition_version AS v ON v.id = t.agent_version_id
        LEFT JOIN definition_version AS h ON h.id = t.chain_version_id
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
               a.reason, a.requested_at, a.expires_at, a.decided_at, a.decided_by, a.approvers,
               nullif(a.not_requester, true) AS not_requester, a.cause
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
    SELECT 'events', to_jsonb(r) || jsonb_build_object('data', e.data
               || CASE WHEN a.place IS NULL THEN '{}' ELSE jsonb_build_object('approval', a.place) END
               || CASE WHEN l.place IS NULL THEN '{}' ELSE jsonb_build_object('plan', l.place) END)
    FROM unpacked_events AS e
    CROSS JOIN LATERAL (SELECT e.number, e.seq, e.type, e.at) AS r
    LEFT JOIN (
        SELECT o.id, row_number() OVER (ORDER BY o.seq, o.call_number, o.place) AS place
        FROM approval AS o WHERE o.conversation_id = export_items.conversation) AS a
        ON jsonb_typeof(e.data -> 'approval') = 'number' AND e.data -> 'approval' = to_jsonb(a.id)
    LEFT JOIN (
        SELECT p.id, row_number() OVER (ORDER BY p.seq) AS place
        FROM plan AS p WHERE p.conversation_id = export_items.conversation) AS l
        ON e.type = 'plan_updated' AND e.data -> 'plan' = to_jsonb(l.id)
    WHERE e.conversation_id = export_items.conversation
    ORDER BY e.number;
    RETURN QUERY
    SELECT 'progress', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT p.seq, p.saves, p.agent, v.kind || '/' || v.name || '/' || v.version AS definition,
               h.kind || '/' || h.name || '/' || h.version AS chain, p.started_at, p.first_message, p.steps, p.model_calls, p.tool_calls, p.input_tokens, p.cached_input_tokens,
               p.output_tokens, trim_scale(p.cost_usd) AS cost_usd, p.duration_ms
        FROM turn_progress AS p
        LEFT JOIN definition_version AS v ON v.kind = 'agent' AND v.name = p.agent AND v.version = p.agent_version
        LEFT JOIN definition_version AS h ON h.id = p.chain_version_id
        WHERE p.conversation_id = export_items.conversation) AS r;
    RETURN QUERY SELECT r.part, r.item FROM agentctl.export_run_items(export_items.conversation, sees_definitions) AS r;
END $$;
COMMENT ON FUNCTION agentctl.export_items(text) IS
    'The parts of a conversation''s document, an item a row, in order: what export_conversation() puts together. '
    'Documents of definitions and tracebacks are for members of agentctl_reader, agentctl_worker and agentctl_owner. '
    'Fails with AC003 while a turn runs.';
REVOKE ALL ON FUNCTION agentctl.export_items(text) FROM PUBLIC;
