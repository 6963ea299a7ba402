-- Conversations as documents: written out of one database and read into another, complete or not at all.
--
-- What a document may hold is data: a row a field. export_items() writes what stands there, import_conversation() takes
-- nothing else, and what is checked is checked for every caller. Ids that mean something in one database only (of versions,
-- approvals, function calls, workers) are never in a document: it refers to its own parts, so that the same conversation is
-- the same document wherever it is written.

CREATE TABLE agentctl.exchange_part (
    part text COLLATE "C" PRIMARY KEY,
    position smallint GENERATED ALWAYS AS IDENTITY,
    is_list boolean NOT NULL,
    required boolean NOT NULL,
    description text NOT NULL
);
COMMENT ON TABLE agentctl.exchange_part IS 'The parts of a conversation''s document, beside format and version.';
COMMENT ON COLUMN agentctl.exchange_part.part IS 'Name of the member.';
COMMENT ON COLUMN agentctl.exchange_part.position IS 'Order in which parts are written.';
COMMENT ON COLUMN agentctl.exchange_part.is_list IS 'Whether it is a list of objects, and not one.';
COMMENT ON COLUMN agentctl.exchange_part.required IS 'Whether every document has it.';
COMMENT ON COLUMN agentctl.exchange_part.description IS 'What it holds.';

INSERT INTO agentctl.exchange_part (part, is_list, required, description) VALUES
    ('conversation', false, true, 'The conversation and how it stands.'),
    ('definitions', true, true, 'The versions of agents, models, tools and functions that other parts name, and those that the conversation needs to go on.'),
    ('submissions', true, true, 'What was sent in, in order of seq.'),
    ('messages', true, true, 'The transcript, in order of number.'),
    ('turns', true, true, 'Turns that have ended, in order of seq.'),
    ('steps', true, true, 'What turns did, in order of seq and number.'),
    ('tool_calls', true, true, 'Calls to tools, in order of seq and number.'),
    ('approvals', true, true, 'Requests for approval, in order of seq and call_number; events refer to them by their place, from 1.'),
    ('compactions', true, true, 'Summaries, in order of number.'),
    ('function_calls', true, true, 'Runs of stored functions and of code, in order of time; security events refer to them by their place, from 1.'),
    ('security_events', true, true, 'What was tried and refused, in order of time.'),
    ('events', true, true, 'The event stream, in order of number.'),
    ('progress', false, false, 'What a turn that has not ended has stored; missing when there is none.');

CREATE TABLE agentctl.exchange_field (
    part text COLLATE "C" NOT NULL REFERENCES agentctl.exchange_part,
    field text COLLATE "C" NOT NULL,
    position smallint GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL CHECK (type IN ('text', 'integer', 'number', 'boolean', 'time', 'uuid', 'object', 'array', 'definition')),
    required boolean NOT NULL,
    minimum numeric,
    maximum numeric,
    allowed text[],
    PRIMARY KEY (part, field)
);
COMMENT ON TABLE agentctl.exchange_field IS 'What the parts of a conversation''s document hold: one row a field. A field means what the column of its name means.';
COMMENT ON COLUMN agentctl.exchange_field.part IS 'The part.';
COMMENT ON COLUMN agentctl.exchange_field.field IS 'Name of the field.';
COMMENT ON COLUMN agentctl.exchange_field.position IS 'Order in which fields are shown.';
COMMENT ON COLUMN agentctl.exchange_field.type IS 'Type of its value; time is a text such as 2026-01-31T12:00:00.5+00:00, definition a text kind/name/version of the part definitions.';
COMMENT ON COLUMN agentctl.exchange_field.required IS 'Whether it must be there; one that need not be is left out where the column is NULL.';
COMMENT ON COLUMN agentctl.exchange_field.minimum IS 'Least value of a number, least length of a text in bytes.';
COMMENT ON COLUMN agentctl.exchange_field.maximum IS 'Greatest value of a number, greatest length of a text in bytes.';
COMMENT ON COLUMN agentctl.exchange_field.allowed IS 'The values that a text may have.';

INSERT INTO agentctl.exchange_field (part, field, type, required, minimum, maximum, allowed) VALUES
    ('conversation', 'id', 'text', true, 1, 200, NULL),
    ('conversation', 'tenant', 'text', true, 1, 200, NULL),
    ('conversation', 'agent', 'text', true, 1, 64, NULL),
    ('conversation', 'settings', 'object', true, NULL, NULL, NULL),
    ('conversation', 'created_at', 'time', true, NULL, NULL, NULL),
    ('conversation', 'created_by', 'text', true, 1, 63, NULL),
    ('conversation', 'forked_from', 'text', false, 1, 200, NULL),
    ('conversation', 'forked_message', 'integer', false, 1, NULL, NULL),
    ('conversation', 'state', 'text', true, NULL, NULL, '{idle,ready,waiting,parked}'),
    ('conversation', 'priority', 'integer', true, -32768, 32767, NULL),
    ('conversation', 'attempt', 'integer', true, 0, 32767, NULL),
    ('conversation', 'head_seq', 'integer', true, 0, NULL, NULL),
    ('conversation', 'tail_seq', 'integer', true, 0, NULL, NULL),
    ('conversation', 'cancel_seq', 'integer', true, 0, NULL, NULL),
    ('conversation', 'steer_seq', 'integer', true, 0, NULL, NULL),
    ('conversation', 'closed_seq', 'integer', false, 1, NULL, NULL),
    ('conversation', 'wake_at', 'time', false, NULL, NULL, NULL),

    ('definitions', 'kind', 'text', true, 1, 64, NULL),
    ('definitions', 'name', 'text', true, 1, 64, NULL),
    ('definitions', 'version', 'integer', true, 1, 2147483647, NULL),
    ('definitions', 'in_force', 'boolean', true, NULL, NULL, NULL),
    ('definitions', 'content_hash', 'text', true, 64, 64, NULL),
    ('definitions', 'document', 'object', true, NULL, NULL, NULL),

    ('submissions', 'seq', 'integer', true, 1, NULL, NULL),
    ('submissions', 'operation', 'text', true, NULL, NULL, enum_range(NULL::agentctl.operation)::text[]),
    ('submissions', 'agent', 'text', false, 1, 64, NULL),
    ('submissions', 'body', 'object', true, NULL, NULL, NULL),
    ('submissions', 'idempotency_key', 'text', false, 1, 200, NULL),
    ('submissions', 'taken_by', 'integer', false, 1, NULL, NULL),
    ('submissions', 'created_at', 'time', true, NULL, NULL, NULL),
    ('submissions', 'created_by', 'text', true, 1, 63, NULL),

    ('messages', 'number', 'integer', true, 1, NULL, NULL),
    ('messages', 'seq', 'integer', true, 1, NULL, NULL),
    ('messages', 'role', 'text', true, NULL, NULL, enum_range(NULL::agentctl.message_role)::text[]),
    ('messages', 'content', 'text', true, NULL, NULL, NULL),
    ('messages', 'tool_calls', 'array', false, NULL, NULL, NULL),
    ('messages', 'tool_call_id', 'text', false, NULL, NULL, NULL),
    ('messages', 'undone_by', 'integer', false, 1, NULL, NULL),
    ('messages', 'created_at', 'time', true, NULL, NULL, NULL),

    ('turns', 'seq', 'integer', true, 1, NULL, NULL),
    ('turns', 'status', 'text', true, NULL, NULL, '{succeeded,failed,limited,interrupted}'),
    ('turns', 'attempt', 'integer', true, 0, 32767, NULL),
    ('turns', 'agent', 'text', true, NULL, 64, NULL),
    ('turns', 'definition', 'definition', false, NULL, NULL, NULL),
    ('turns', 'parent_conversation_id', 'text', false, 1, 200, NULL),
    ('turns', 'parent_seq', 'integer', false, 1, NULL, NULL),
    ('turns', 'depth', 'integer', true, 0, 32767, NULL),
    ('turns', 'limit_reached', 'text', false, NULL, NULL, NULL),
    ('turns', 'error_code', 'text', false, NULL, NULL, NULL),
    ('turns', 'error_message', 'text', false, NULL, NULL, NULL),
    ('turns', 'first_message', 'integer', true, 1, NULL, NULL),
    ('turns', 'last_message', 'integer', true, 0, NULL, NULL),
    ('turns', 'model_calls', 'integer', true, 0, 2147483647, NULL),
    ('turns', 'tool_calls', 'integer', true, 0, 2147483647, NULL),
    ('turns', 'input_tokens', 'integer', true, 0, NULL, NULL),
    ('turns', 'cached_input_tokens', 'integer', true, 0, NULL, NULL),
    ('turns', 'output_tokens', 'integer', true, 0, NULL, NULL),
    ('turns', 'cost_usd', 'number', true, 0, 999999999, NULL),
    ('turns', 'submitted_at', 'time', true, NULL, NULL, NULL),
    ('turns', 'started_at', 'time', true, NULL, NULL, NULL),
    ('turns', 'finished_at', 'time', true, NULL, NULL, NULL),
    ('turns', 'duration_ms', 'number', true, 0, 1e15, NULL),

    ('steps', 'seq', 'integer', true, 1, NULL, NULL),
    ('steps', 'number', 'integer', true, 1, 2147483647, NULL),
    ('steps', 'kind', 'text', true, NULL, NULL, enum_range(NULL::agentctl.step_kind)::text[]),
    ('steps', 'model', 'text', false, NULL, 64, NULL),
    ('steps', 'definition', 'definition', false, NULL, NULL, NULL),
    ('steps', 'provider', 'text', false, NULL, NULL, NULL),
    ('steps', 'attempt', 'integer', true, 0, 32767, NULL),
    ('steps', 'finish_reason', 'text', false, NULL, NULL, NULL),
    ('steps', 'input_tokens', 'integer', true, 0, NULL, NULL),
    ('steps', 'cached_input_tokens', 'integer', true, 0, NULL, NULL),
    ('steps', 'output_tokens', 'integer', true, 0, NULL, NULL),
    ('steps', 'usage_estimated', 'boolean', true, NULL, NULL, NULL),
    ('steps', 'cost_usd', 'number', true, 0, 999999999, NULL),
    ('steps', 'time_to_first_token_ms', 'number', false, 0, 1e15, NULL),
    ('steps', 'duration_ms', 'number', true, 0, 1e15, NULL),
    ('steps', 'started_at', 'time', true, NULL, NULL, NULL),
    ('steps', 'error_code', 'text', false, NULL, NULL, NULL),
    ('steps', 'error_message', 'text', false, NULL, NULL, NULL),

    ('tool_calls', 'seq', 'integer', true, 1, NULL, NULL),
    ('tool_calls', 'number', 'integer', true, 1, 2147483647, NULL),
    ('tool_calls', 'step_number', 'integer', true, 1, 2147483647, NULL),
    ('tool_calls', 'call_id', 'text', true, NULL, NULL, NULL),
    ('tool_calls', 'tool', 'text', true, NULL, NULL, NULL),
    ('tool_calls', 'definition', 'definition', false, NULL, NULL, NULL),
    ('tool_calls', 'arguments', 'text', true, NULL, NULL, NULL),
    ('tool_calls', 'effect', 'text', true, NULL, NULL, enum_range(NULL::agentctl.tool_effect)::text[]),
    ('tool_calls', 'idempotency_key', 'uuid', false, NULL, NULL, NULL),
    ('tool_calls', 'rule', 'text', false, NULL, NULL, NULL),
    ('tool_calls', 'state', 'text', true, NULL, NULL, enum_range(NULL::agentctl.tool_call_state)::text[]),
    ('tool_calls', 'result', 'text', false, NULL, NULL, NULL),
    ('tool_calls', 'truncated', 'boolean', true, NULL, NULL, NULL),
    ('tool_calls', 'error_code', 'text', false, NULL, NULL, NULL),
    ('tool_calls', 'duration_ms', 'number', false, 0, 1e15, NULL),
    ('tool_calls', 'started_at', 'time', true, NULL, NULL, NULL),

    ('approvals', 'seq', 'integer', true, 1, NULL, NULL),
    ('approvals', 'call_number', 'integer', true, 0, 2147483647, NULL),
    ('approvals', 'place', 'text', true, NULL, NULL, '{call,input,tool_output}'),
    ('approvals', 'agent', 'text', true, NULL, 64, NULL),
    ('approvals', 'tool', 'text', true, NULL, NULL, NULL),
    ('approvals', 'arguments', 'text', true, NULL, NULL, NULL),
    ('approvals', 'subject', 'text', true, NULL, 1000, NULL),
    ('approvals', 'rule', 'text', true, NULL, NULL, NULL),
    ('approvals', 'state', 'text', true, NULL, NULL, enum_range(NULL::agentctl.approval_state)::text[]),
    ('approvals', 'scope', 'text', true, NULL, NULL, enum_range(NULL::agentctl.approval_scope)::text[]),
    ('approvals', 'reason', 'text', false, NULL, 8192, NULL),
    ('approvals', 'requested_at', 'time', true, NULL, NULL, NULL),
    ('approvals', 'expires_at', 'time', false, NULL, NULL, NULL),
    ('approvals', 'decided_at', 'time', false, NULL, NULL, NULL),
    ('approvals', 'decided_by', 'text', false, 1, 63, NULL),

    ('compactions', 'number', 'integer', true, 1, 2147483647, NULL),
    ('compactions', 'first_message', 'integer', true, 1, NULL, NULL),
    ('compactions', 'last_message', 'integer', true, 1, NULL, NULL),
    ('compactions', 'summary', 'text', true, 1, NULL, NULL),
    ('compactions', 'made_by', 'text', true, NULL, NULL, '{model,extraction}'),
    ('compactions', 'before_tokens', 'integer', true, 0, NULL, NULL),
    ('compactions', 'after_tokens', 'integer', true, 0, NULL, NULL),
    ('compactions', 'model', 'text', false, NULL, 64, NULL),
    ('compactions', 'definition', 'definition', false, NULL, NULL, NULL),
    ('compactions', 'provider', 'text', false, NULL, NULL, NULL),
    ('compactions', 'input_tokens', 'integer', true, 0, NULL, NULL),
    ('compactions', 'cached_input_tokens', 'integer', true, 0, NULL, NULL),
    ('compactions', 'output_tokens', 'integer', true, 0, NULL, NULL),
    ('compactions', 'usage_estimated', 'boolean', true, NULL, NULL, NULL),
    ('compactions', 'cost_usd', 'number', true, 0, 999999999, NULL),
    ('compactions', 'duration_ms', 'number', true, 0, 1e15, NULL),
    ('compactions', 'error_code', 'text', false, NULL, NULL, NULL),
    ('compactions', 'error_message', 'text', false, NULL, NULL, NULL),
    ('compactions', 'created_by', 'integer', true, 1, NULL, NULL),
    ('compactions', 'created_at', 'time', true, NULL, NULL, NULL),
    ('compactions', 'undone_by', 'integer', false, 1, NULL, NULL),

    ('function_calls', 'seq', 'integer', true, 1, NULL, NULL),
    ('function_calls', 'call_id', 'text', false, NULL, NULL, NULL),
    ('function_calls', 'function', 'text', true, NULL, NULL, NULL),
    ('function_calls', 'definition', 'definition', false, NULL, NULL, NULL),
    ('function_calls', 'language', 'text', true, NULL, NULL, '{python,sql,shell}'),
    ('function_calls', 'arguments', 'text', true, NULL, NULL, NULL),
    ('function_calls', 'caller', 'text', true, NULL, NULL, '{turn,command,sql}'),
    ('function_calls', 'exit_reason', 'text', true, NULL, NULL, enum_range(NULL::agentctl.exit_reason)::text[]),
    ('function_calls', 'result', 'text', false, NULL, NULL, NULL),
    ('function_calls', 'error_type', 'text', false, NULL, NULL, NULL),
    ('function_calls', 'error_message', 'text', false, NULL, NULL, NULL),
    ('function_calls', 'traceback', 'text', false, NULL, NULL, NULL),
    ('function_calls', 'output', 'text', true, NULL, NULL, NULL),
    ('function_calls', 'duration_ms', 'number', true, 0, 1e15, NULL),
    ('function_calls', 'cpu_ms', 'number', false, 0, 1e15, NULL),
    ('function_calls', 'peak_memory_bytes', 'integer', false, 0, NULL, NULL),
    ('function_calls', 'violations', 'array', true, NULL, NULL, NULL),
    ('function_calls', 'started_at', 'time', true, NULL, NULL, NULL),
    ('function_calls', 'called_by', 'text', true, 1, 63, NULL),

    ('security_events', 'seq', 'integer', true, 1, NULL, NULL),
    ('security_events', 'call_id', 'text', false, NULL, NULL, NULL),
    ('security_events', 'function_call', 'integer', false, 1, NULL, NULL),
    ('security_events', 'kind', 'text', true, 1, 64, NULL),
    ('security_events', 'source', 'text', true, 1, 64, NULL),
    ('security_events', 'tool', 'text', false, NULL, NULL, NULL),
    ('security_events', 'guardrail', 'text', false, 1, 64, NULL),
    ('security_events', 'guardrail_version', 'integer', false, 1, 2147483647, NULL),
    ('security_events', 'place', 'text', false, NULL, NULL, '{input,output,tool_output}'),
    ('security_events', 'action', 'text', false, NULL, NULL, '{block,redact,warn,ask}'),
    ('security_events', 'detail', 'text', true, NULL, NULL, NULL),
    ('security_events', 'at', 'time', true, NULL, NULL, NULL),

    ('events', 'number', 'integer', true, 1, NULL, NULL),
    ('events', 'seq', 'integer', true, 0, NULL, NULL),
    ('events', 'type', 'text', true, 1, 64, NULL),
    ('events', 'data', 'object', true, NULL, NULL, NULL),
    ('events', 'at', 'time', true, NULL, NULL, NULL),

    ('progress', 'seq', 'integer', true, 1, NULL, NULL),
    ('progress', 'saves', 'integer', true, 1, 2147483647, NULL),
    ('progress', 'agent', 'text', true, NULL, 64, NULL),
    ('progress', 'definition', 'definition', false, NULL, NULL, NULL),
    ('progress', 'started_at', 'time', true, NULL, NULL, NULL),
    ('progress', 'first_message', 'integer', true, 1, NULL, NULL),
    ('progress', 'steps', 'integer', true, 0, 2147483647, NULL),
    ('progress', 'model_calls', 'integer', true, 0, 2147483647, NULL),
    ('progress', 'tool_calls', 'integer', true, 0, 2147483647, NULL),
    ('progress', 'input_tokens', 'integer', true, 0, NULL, NULL),
    ('progress', 'cached_input_tokens', 'integer', true, 0, NULL, NULL),
    ('progress', 'output_tokens', 'integer', true, 0, NULL, NULL),
    ('progress', 'cost_usd', 'number', true, 0, 999999999, NULL),
    ('progress', 'duration_ms', 'number', true, 0, 1e15, NULL);
-- So many submissions, messages or tokens no conversation has; it keeps sums of them within bigint.
UPDATE agentctl.exchange_field SET maximum = 1e15 WHERE type = 'integer' AND maximum IS NULL;

-- Whose versions a conversation refers to, and what it needs to go on: the agents that it names with all that these refer to.
CREATE FUNCTION agentctl.exchange_versions(conversation text) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH RECURSIVE used (id) AS (
        SELECT t.agent_version_id FROM agentctl.turn AS t WHERE t.conversation_id = exchange_versions.conversation
        UNION SELECT s.model_version_id FROM agentctl.step AS s WHERE s.conversation_id = exchange_versions.conversation
        UNION SELECT c.tool_version_id FROM agentctl.tool_call AS c WHERE c.conversation_id = exchange_versions.conversation
        UNION SELECT o.model_version_id FROM agentctl.compaction AS o WHERE o.conversation_id = exchange_versions.conversation
        UNION SELECT f.version_id FROM agentctl.function_call AS f WHERE f.conversation_id = exchange_versions.conversation
        UNION SELECT v.id FROM agentctl.turn_progress AS p
              JOIN agentctl.definition_version AS v ON v.kind = 'agent' AND v.name = p.agent AND v.version = p.agent_version
              WHERE p.conversation_id = exchange_versions.conversation
    ), named (kind, name) AS (
        SELECT k.kind, k.name FROM agentctl.conversation AS v
        CROSS JOIN LATERAL (VALUES ('agent', v.agent), ('model', v.settings ->> 'model')) AS k (kind, name)
        WHERE v.id = exchange_versions.conversation
        UNION SELECT 'agent', s.agent FROM agentctl.submission AS s WHERE s.conversation_id = exchange_versions.conversation
        UNION SELECT k.kind, s.body ->> k.kind FROM agentctl.submission AS s CROSS JOIN (VALUES ('agent'), ('model')) AS k (kind)
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
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = coalesce(d.current_version, (
            SELECT max(l.version) FROM agentctl.definition_version AS l WHERE l.kind = d.kind AND l.name = d.name))
    )
    SELECT n.id FROM needed AS n
$$;
COMMENT ON FUNCTION agentctl.exchange_versions(text) IS 'The versions of definitions that a conversation''s document has. Internal: export_items() calls it.';

-- Plans of the functions below are made without the document, which may be large, and are not worth compiling.

-- The parts of the document in their order, a row an item: a caller that reads them with a cursor needs no more memory for a
-- long conversation than for a short one. One call sees one state of the database.
CREATE FUNCTION agentctl.export_items(conversation text) RETURNS TABLE (part text, item jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET extra_float_digits = 1 SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    held record;
    versions bigint[];
BEGIN
    PERFORM FROM conversation AS v
    WHERE v.id = export_items.conversation AND (v.created_by = agentctl.caller() OR agentctl.may_see_all()
        OR coalesce(pg_has_role(agentctl.caller(), to_regrole('agentctl_reader'), 'MEMBER'), false));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', export_items.conversation USING ERRCODE = 'AC002';
    END IF;
    SELECT c.state, c.head_seq INTO held FROM conversation_control AS c WHERE c.conversation_id = export_items.conversation;
    IF held.state = 'running' THEN
        RAISE EXCEPTION 'turn %/% is running', export_items.conversation, held.head_seq + 1
            USING ERRCODE = 'AC003', HINT = 'Export the conversation when the turn has ended, or stop it with agentctl interrupt.';
    END IF;
    versions := ARRAY(SELECT n.id FROM agentctl.exchange_versions(export_items.conversation) AS n);

    RETURN QUERY
    SELECT 'conversation', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT v.id, v.tenant, v.agent, v.settings, v.created_at, v.created_by, v.forked_from, v.forked_message, c.state, c.priority,
               c.attempt, c.head_seq, c.tail_seq, c.cancel_seq, c.steer_seq, c.closed_seq, c.wake_at
        FROM conversation AS v JOIN conversation_control AS c ON c.conversation_id = v.id
        WHERE v.id = export_items.conversation) AS r;
    RETURN QUERY
    SELECT 'definitions', jsonb_build_object('kind', v.kind, 'name', v.name, 'version', v.version,
        'in_force', d.current_version IS NOT DISTINCT FROM v.version, 'content_hash', encode(v.content_hash, 'hex'), 'document', v.document)
    FROM definition_version AS v JOIN definition AS d ON d.kind = v.kind AND d.name = v.name
    WHERE v.id = ANY (versions)
    ORDER BY v.kind, v.name, v.version;
    RETURN QUERY
    SELECT 'submissions', jsonb_strip_nulls(to_jsonb(r)) || jsonb_build_object('body', s.body)
    FROM submission AS s
    CROSS JOIN LATERAL (SELECT s.seq, s.operation, s.agent, s.idempotency_key, s.taken_by, s.created_at, s.created_by) AS r
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
        SELECT t.seq, t.status, t.attempt, t.agent, v.kind || '/' || v.name || '/' || v.version AS definition, t.parent_conversation_id,
               t.parent_seq, t.depth, t.limit_reached, t.error_code, t.error_message, t.first_message, t.last_message, t.model_calls,
               t.tool_calls, t.input_tokens, t.cached_input_tokens, t.output_tokens, trim_scale(t.cost_usd) AS cost_usd, t.submitted_at, t.started_at,
               t.finished_at, t.duration_ms
        FROM turn AS t LEFT JOIN definition_version AS v ON v.id = t.agent_version_id
        WHERE t.conversation_id = export_items.conversation) AS r
    ORDER BY r.seq;
    RETURN QUERY
    SELECT 'steps', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT s.seq, s.number, s.kind, s.model, v.kind || '/' || v.name || '/' || v.version AS definition, s.provider, s.attempt,
               s.finish_reason, s.input_tokens, s.cached_input_tokens, s.output_tokens, s.usage_estimated, trim_scale(s.cost_usd) AS cost_usd,
               s.time_to_first_token_ms, s.duration_ms, s.started_at, s.error_code, s.error_message
        FROM step AS s LEFT JOIN definition_version AS v ON v.id = s.model_version_id
        WHERE s.conversation_id = export_items.conversation) AS r
    ORDER BY r.seq, r.number;
    RETURN QUERY
    SELECT 'tool_calls', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT c.seq, c.number, c.step_number, c.call_id, c.tool, v.kind || '/' || v.name || '/' || v.version AS definition, c.arguments,
               c.effect, c.idempotency_key, c.rule, c.state, c.result, c.truncated, c.error_code, c.duration_ms, c.started_at
        FROM tool_call AS c LEFT JOIN definition_version AS v ON v.id = c.tool_version_id
        WHERE c.conversation_id = export_items.conversation) AS r
    ORDER BY r.seq, r.number;
    RETURN QUERY
    SELECT 'approvals', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT a.seq, a.call_number, a.place, a.agent, a.tool, a.arguments, a.subject, a.rule, a.state, a.scope, a.reason, a.requested_at,
               a.expires_at, a.decided_at, a.decided_by
        FROM approval AS a WHERE a.conversation_id = export_items.conversation) AS r
    ORDER BY r.seq, r.call_number, r.place;
    RETURN QUERY
    SELECT 'compactions', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT o.number, o.first_message, o.last_message, o.summary, o.made_by, o.before_tokens, o.after_tokens, o.model,
               v.kind || '/' || v.name || '/' || v.version AS definition, o.provider, o.input_tokens, o.cached_input_tokens,
               o.output_tokens, o.usage_estimated, trim_scale(o.cost_usd) AS cost_usd, o.duration_ms, o.error_code, o.error_message, o.created_by, o.created_at,
               o.undone_by
        FROM compaction AS o LEFT JOIN definition_version AS v ON v.id = o.model_version_id
        WHERE o.conversation_id = export_items.conversation) AS r
    ORDER BY r.number;
    RETURN QUERY
    SELECT 'function_calls', jsonb_strip_nulls(to_jsonb(r)) || jsonb_build_object('violations', f.violations)
    FROM function_call AS f
    LEFT JOIN definition_version AS v ON v.id = f.version_id
    CROSS JOIN LATERAL (
        SELECT f.seq, f.call_id, f.function, v.kind || '/' || v.name || '/' || v.version AS definition, f.language, f.arguments, f.caller,
               f.exit_reason, f.result, f.error_type, f.error_message, f.traceback, f.output, f.duration_ms, f.cpu_ms,
               f.peak_memory_bytes, f.started_at, f.called_by) AS r
    WHERE f.conversation_id = export_items.conversation
    ORDER BY f.started_at, f.id;
    RETURN QUERY
    SELECT 'security_events', jsonb_strip_nulls(to_jsonb(r)) FROM (
        SELECT e.seq, e.call_id, f.place AS function_call, e.kind, e.source, e.tool, e.guardrail, e.guardrail_version, e.place,
               e.action, e.detail, e.at
        FROM security_event AS e
        LEFT JOIN (
            SELECT c.id, row_number() OVER (ORDER BY c.started_at, c.id) AS place
            FROM function_call AS c WHERE c.conversation_id = export_items.conversation) AS f ON f.id = e.function_call_id
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
        SELECT p.seq, p.saves, p.agent, v.kind || '/' || v.name || '/' || v.version AS definition, p.started_at, p.first_message, p.steps,
               p.model_calls, p.tool_calls, p.input_tokens, p.cached_input_tokens, p.output_tokens, trim_scale(p.cost_usd) AS cost_usd, p.duration_ms
        FROM turn_progress AS p
        LEFT JOIN definition_version AS v ON v.kind = 'agent' AND v.name = p.agent AND v.version = p.agent_version
        WHERE p.conversation_id = export_items.conversation) AS r;
END $$;
COMMENT ON FUNCTION agentctl.export_items(text) IS 'The parts of a conversation''s document, an item a row, in order: what export_conversation() puts together. Fails with AC003 while a turn runs.';

CREATE FUNCTION agentctl.export_conversation(conversation text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        WITH item AS (
            SELECT i.part, CASE WHEN i.part IN ('conversation', 'progress') THEN (jsonb_agg(i.item) -> 0) ELSE jsonb_agg(i.item ORDER BY i.place) END AS items
            FROM agentctl.export_items(export_conversation.conversation) WITH ORDINALITY AS i (part, item, place)
            GROUP BY i.part
        )
        SELECT jsonb_build_object('format', 'agentctl.conversation', 'version', 1, 'definitions', '[]'::jsonb, 'submissions', '[]'::jsonb,
                   'messages', '[]'::jsonb, 'turns', '[]'::jsonb, 'steps', '[]'::jsonb, 'tool_calls', '[]'::jsonb, 'approvals', '[]'::jsonb,
                   'compactions', '[]'::jsonb, 'function_calls', '[]'::jsonb, 'security_events', '[]'::jsonb, 'events', '[]'::jsonb)
               || jsonb_object_agg(item.part, item.items)
        FROM item);
EXCEPTION WHEN program_limit_exceeded THEN
    RAISE EXCEPTION 'conversation "%" is too large for one jsonb value', export_conversation.conversation
        USING ERRCODE = 'AC003', HINT = 'agentctl conversations export writes it item by item.';
END $$;
COMMENT ON FUNCTION agentctl.export_conversation(text) IS 'A conversation as one document, complete: import_conversation() reads it into another database. Fails with AC003 while a turn runs, and when the document is too large for jsonb.';

CREATE FUNCTION agentctl.is_time(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT value ~ '^2[01][0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?[+]00:00$'
        AND CASE WHEN substr(value, 9, 2) > '28' THEN
            (substr(value, 1, 7) || '-01')::date + substr(value, 9, 2)::integer - 1 < (substr(value, 1, 7) || '-01')::date + interval '1 month'
            ELSE true END
$$;
COMMENT ON FUNCTION agentctl.is_time(text) IS 'Whether a text is a time as a conversation''s document has it: 2026-01-31T12:00:00.5+00:00, of the years 2000 to 2199.';

-- The form of a document: which members it has, and of what types. Everything after it relies on what is checked here.
CREATE FUNCTION agentctl.exchange_form_problems(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    IF jsonb_typeof(document) IS DISTINCT FROM 'object' THEN
        RETURN QUERY SELECT '', 'is ' || coalesce(agentctl.json_type_name(document), 'missing'), 'an object';
        RETURN;
    END IF;
    IF document -> 'format' IS DISTINCT FROM '"agentctl.conversation"' THEN
        RETURN QUERY SELECT 'format', coalesce('is ' || left((document -> 'format')::text, 64), 'is missing'), '"agentctl.conversation"';
        RETURN;
    END IF;
    IF document -> 'version' IS DISTINCT FROM '1' THEN
        RETURN QUERY SELECT 'version', coalesce('is ' || left((document -> 'version')::text, 64), 'is missing'),
            '1: import it with the release of agentctl that wrote it, or a later one';
        RETURN;
    END IF;
    RETURN QUERY
    SELECT agentctl.exchange_path(m.key), CASE WHEN p.part IS NULL THEN 'is unknown' ELSE 'is ' || agentctl.json_type_name(m.value) END,
           CASE WHEN p.part IS NULL THEN 'one of ' || (SELECT string_agg(o.part, ', ' ORDER BY o.position) FROM exchange_part AS o)
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
        SELECT f.part, array_agg(f.field ORDER BY f.position) AS fields FROM exchange_field AS f WHERE f.required GROUP BY f.part
    )
    SELECT i.path, 'is ' || agentctl.json_type_name(i.value), 'an object' FROM item AS i WHERE jsonb_typeof(i.value) <> 'object'
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
           CASE WHEN f.field IS NULL THEN 'one of ' || (SELECT string_agg(o.field, ', ' ORDER BY o.position) FROM exchange_field AS o WHERE o.part = i.part)
                WHEN f.allowed IS NOT NULL THEN 'one of ' || array_to_string(f.allowed, ', ')
                ELSE CASE f.type
                    WHEN 'text' THEN 'a text' || coalesce(format(' of %s to %s bytes', coalesce(f.minimum, 0), f.maximum), '')
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
END $$;
COMMENT ON FUNCTION agentctl.exchange_form_problems(jsonb) IS 'What is wrong with the form of a conversation''s document: members that are missing or unknown, values of another type. Internal: conversation_document_problems() calls it.';

CREATE FUNCTION agentctl.exchange_path(key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT CASE WHEN key ~ '^[A-Za-z_][A-Za-z0-9_-]{0,63}$' THEN key ELSE to_json(left(key, 64))::text END
$$;
COMMENT ON FUNCTION agentctl.exchange_path(text) IS 'A key as a path has it: quoted unless it is a plain word.';

-- What the parts of a document of the right form say of each other: the numbers are dense, everything refers to something that is
-- there, and the state is one that a conversation can be in.
CREATE FUNCTION agentctl.exchange_sense_problems(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    stands record;
    messages bigint := jsonb_array_length(document -> 'messages');
    submissions bigint := jsonb_array_length(document -> 'submissions');
    open_turn bigint := (document #> '{progress,seq}')::bigint;
    latest timestamptz := clock_timestamp() + interval '1 day';
BEGIN
    SELECT c.* INTO stands FROM jsonb_to_record(document -> 'conversation') AS c (
        id text, agent text, settings jsonb, created_at timestamptz, forked_from text, forked_message bigint, state text, head_seq bigint,
        tail_seq bigint, cancel_seq bigint, steer_seq bigint, closed_seq bigint, wake_at timestamptz);

    RETURN QUERY
    SELECT 'conversation.' || rule.field, rule.problem, rule.expected
    FROM (VALUES
        ('id', stands.id ~ '[[:cntrl:]]' OR stands.id <> btrim(stands.id), 'holds control characters, or spaces around it', 'neither'),
        ('head_seq', stands.head_seq > stands.tail_seq, format('is %s', stands.head_seq), format('at most tail_seq, %s', stands.tail_seq)),
        ('tail_seq', stands.forked_from IS NULL AND stands.tail_seq <> submissions, format('is %s', stands.tail_seq),
            format('%s, the number of submissions', submissions)),
        ('tail_seq', stands.forked_from IS NOT NULL AND stands.tail_seq < submissions, format('is %s', stands.tail_seq),
            format('at least %s, the number of submissions', submissions)),
        ('head_seq', stands.head_seq < stands.tail_seq - submissions, format('is %s', stands.head_seq),
            format('at least %s, as the submissions after it are not there', stands.tail_seq - submissions)),
        ('cancel_seq', stands.cancel_seq > stands.tail_seq + 1, format('is %s', stands.cancel_seq), format('at most %s', stands.tail_seq + 1)),
        ('steer_seq', stands.steer_seq > stands.tail_seq, format('is %s', stands.steer_seq), format('at most tail_seq, %s', stands.tail_seq)),
        ('state', stands.state = 'idle' AND stands.head_seq < stands.tail_seq, 'is idle', 'another one, as submissions wait'),
        ('state', stands.state = 'ready' AND stands.head_seq >= stands.tail_seq, 'is ready', 'idle, as nothing waits'),
        ('state', stands.state IN ('waiting', 'parked') AND open_turn IS NULL, format('is %s', stands.state), 'another one, as there is no progress'),
        ('wake_at', stands.state = 'waiting' AND stands.wake_at IS NULL, 'is missing', 'a time, as the state is waiting'),
        ('wake_at', stands.state <> 'waiting' AND stands.wake_at IS NOT NULL, 'is given', 'state waiting beside it'),
        ('forked_message', (stands.forked_from IS NULL) <> (stands.forked_message IS NULL), 'and forked_from are not both there', 'both, or neither'),
        ('closed_seq', stands.closed_seq IS NOT NULL AND NOT EXISTS (
            SELECT FROM jsonb_to_recordset(document -> 'submissions') AS s (seq bigint, operation text)
            WHERE s.seq = stands.closed_seq AND s.operation = 'shutdown'), format('is %s', stands.closed_seq), 'the seq of a submission shutdown'),
        ('created_at', stands.created_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken;

    RETURN QUERY
    SELECT 'conversation.settings.' || agentctl.exchange_path(e.key), 'is ' || agentctl.json_type_name(e.value), 'what set() takes'
    FROM jsonb_each(stands.settings) AS e
    LEFT JOIN document_field AS f ON f.kind = 'agent' AND f.path = e.key AND f.type IN ('integer', 'number')
    WHERE CASE WHEN e.key = 'model' THEN jsonb_typeof(e.value) <> 'string'
               WHEN f.path IS NULL OR jsonb_typeof(e.value) <> 'number' THEN true
               ELSE e.value::numeric < f.minimum OR e.value::numeric > f.maximum OR f.type = 'integer' AND e.value::numeric % 1 <> 0 END;

    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT d.*, d.kind || '/' || d.name || '/' || d.version AS key,
               row_number() OVER (PARTITION BY d.kind, d.name, d.version ORDER BY d.i) AS occurrence,
               count(*) FILTER (WHERE d.in_force) OVER (PARTITION BY d.kind, d.name ORDER BY d.i) AS in_force_so_far
        FROM ROWS FROM (jsonb_to_recordset(document -> 'definitions') AS (kind text, name text, version integer, content_hash text, in_force boolean, document jsonb))
            WITH ORDINALITY AS d (kind, name, version, content_hash, in_force, document, i)
    ), named AS (
        SELECT p.part, e.ordinality AS i, e.value ->> 'definition' AS key,
               CASE p.part WHEN 'turns' THEN '{agent}' WHEN 'steps' THEN '{model}' WHEN 'compactions' THEN '{model}'
                           ELSE '{tool,function}' END::text[] AS kinds
        FROM unnest('{turns,steps,tool_calls,compactions,function_calls}'::text[]) AS p (part)
        CROSS JOIN LATERAL jsonb_array_elements(document -> p.part) WITH ORDINALITY AS e
        WHERE e.value ? 'definition'
        UNION ALL
        SELECT 'progress', NULL, document #>> '{progress,definition}', '{agent}' WHERE document -> 'progress' ? 'definition'
    )
    SELECT format('definitions[%s].%s', g.i - 1, rule.field), rule.problem, rule.expected
    FROM given AS g
    CROSS JOIN LATERAL (VALUES
        ('document.kind', g.document ->> 'kind' IS DISTINCT FROM g.kind, 'is another than the kind beside it', g.kind),
        ('document.name', g.document ->> 'name' IS DISTINCT FROM g.name, 'is another than the name beside it', g.name),
        ('content_hash', encode(sha256(convert_to(g.document::text, 'UTF8')), 'hex') <> g.content_hash, 'is not that of the document', 'its SHA-256'),
        ('kind', NOT EXISTS (SELECT FROM definition_kind AS k WHERE k.kind = g.kind), 'is ' || to_json(g.kind), 'a kind that this release knows'),
        ('version', g.occurrence > 1, 'is there twice', 'each version once'),
        ('in_force', g.in_force AND g.in_force_so_far > 1, 'is true of two versions', 'one version in force')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('%s%s.definition', n.part, '[' || (n.i - 1) || ']'), format('is %s', to_json(n.key)), 'one of the part definitions, of the right kind'
    FROM named AS n LEFT JOIN given AS g ON g.key = n.key AND g.kind = ANY (n.kinds)
    WHERE g.key IS NULL
    UNION ALL
    SELECT missing.path, format('is %s, which is neither registered nor in the part definitions', to_json(missing.name)),
           format('the name of a %s', missing.kind)
    FROM (
        SELECT 'conversation.agent', 'agent', stands.agent
        UNION ALL
        SELECT 'conversation.settings.model', 'model', stands.settings ->> 'model' WHERE stands.settings ? 'model'
        UNION ALL
        SELECT format('submissions[%s].agent', s.i - 1), 'agent', s.agent
        FROM ROWS FROM (jsonb_to_recordset(document -> 'submissions') AS (agent text)) WITH ORDINALITY AS s (agent, i) WHERE s.agent IS NOT NULL
    ) AS missing (path, kind, name)
    WHERE NOT EXISTS (SELECT FROM given AS g WHERE g.kind = missing.kind AND g.name = missing.name)
      AND NOT EXISTS (SELECT FROM definition AS d WHERE d.kind = missing.kind AND d.name = missing.name)
    LIMIT 100;

    RETURN QUERY
    WITH submission AS MATERIALIZED (
        SELECT s.* FROM ROWS FROM (jsonb_to_recordset(document -> 'submissions') AS (
            seq bigint, operation text, idempotency_key text, taken_by bigint, created_at timestamptz))
            WITH ORDINALITY AS s (seq, operation, idempotency_key, taken_by, created_at, i)
    ), message AS MATERIALIZED (
        SELECT m.*, lag(m.seq) OVER (ORDER BY m.i) AS before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'messages') AS (
            number bigint, seq bigint, role text, tool_calls jsonb, tool_call_id text, undone_by bigint, created_at timestamptz))
            WITH ORDINALITY AS m (number, seq, role, tool_calls, tool_call_id, undone_by, created_at, i)
    ), turn AS MATERIALIZED (
        SELECT t.*, lag(t.seq) OVER (ORDER BY t.i) AS before, split_part(t.definition, '/', 2) AS definition_name
        FROM ROWS FROM (jsonb_to_recordset(document -> 'turns') AS (
            seq bigint, agent text, definition text, first_message bigint, last_message bigint, submitted_at timestamptz, started_at timestamptz,
            finished_at timestamptz, parent_conversation_id text, parent_seq bigint))
            WITH ORDINALITY AS t (seq, agent, definition, first_message, last_message, submitted_at, started_at, finished_at, parent_conversation_id,
            parent_seq, i)
    ), step AS MATERIALIZED (
        SELECT s.*, lag(s.seq) OVER (ORDER BY s.i) AS before, lag(s.number) OVER (ORDER BY s.i) AS number_before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'steps') AS (seq bigint, number integer, started_at timestamptz))
            WITH ORDINALITY AS s (seq, number, started_at, i)
    ), call AS MATERIALIZED (
        SELECT c.*, lag(c.seq) OVER (ORDER BY c.i) AS before, lag(c.number) OVER (ORDER BY c.i) AS number_before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'tool_calls') AS (seq bigint, number integer, tool text, state text, started_at timestamptz))
            WITH ORDINALITY AS c (seq, number, tool, state, started_at, i)
    ), approval AS MATERIALIZED (
        SELECT a.*, lag((a.seq, a.call_number, a.place)) OVER (ORDER BY a.i) AS before
        FROM ROWS FROM (jsonb_to_recordset(document -> 'approvals') AS (
            seq bigint, call_number integer, place text, tool text, state text, requested_at timestamptz, decided_at timestamptz, decided_by text))
            WITH ORDINALITY AS a (seq, call_number, place, tool, state, requested_at, decided_at, decided_by, i)
    ), ended AS (
        SELECT t.seq FROM turn AS t UNION ALL SELECT open_turn WHERE open_turn IS NOT NULL
    )
    SELECT format('submissions[%s].%s', s.i - 1, rule.field), rule.problem, rule.expected
    FROM submission AS s
    CROSS JOIN LATERAL (VALUES
        ('seq', s.seq <> stands.tail_seq - submissions + s.i, format('is %s', s.seq), (stands.tail_seq - submissions + s.i)::text),
        ('taken_by', s.taken_by IS NOT NULL AND (s.operation <> 'steer' OR s.taken_by >= s.seq OR s.taken_by > stands.head_seq AND s.taken_by IS DISTINCT FROM open_turn),
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
        ('seq', m.seq > stands.head_seq AND m.seq IS DISTINCT FROM open_turn, format('is %s', m.seq), 'a turn that has ended or is in progress'),
        ('tool_call_id', m.role = 'tool' AND m.tool_call_id IS NULL, 'is missing', 'the call that the result answers'),
        ('tool_call_id', m.role <> 'tool' AND m.tool_call_id IS NOT NULL, 'is given', 'role tool beside it'),
        ('tool_calls', m.role <> 'assistant' AND m.tool_calls IS NOT NULL, 'is given', 'role assistant beside it'),
        ('tool_calls', m.tool_calls @? '$[*] ? (@.type() != "object" || !exists(@.id ? (@.type() == "string")) || !exists(@.name ? (@.type() == "string")) || !exists(@.arguments ? (@.type() == "string")))'
            OR m.tool_calls @? '$[*].keyvalue() ? (@.key != "id" && @.key != "name" && @.key != "arguments")',
            'holds something else', 'a list of {id, name, arguments}, all texts'),
        ('undone_by', m.undone_by <= m.seq OR m.undone_by > stands.head_seq, format('is %s', m.undone_by), 'a later submission that has ended'),
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
        ('seq', s.operation IS NULL OR s.operation NOT IN ('user_input', 'steer'), format('is %s', t.seq), 'the seq of a submission user_input or steer'),
        ('definition', t.definition_name <> t.agent, format('is %s', to_json(t.definition)), 'a version of the agent of the turn'),
        ('last_message', t.last_message < t.first_message - 1 OR t.last_message > messages, format('is %s', t.last_message),
            format('from %s to %s', t.first_message - 1, messages)),
        ('parent_seq', (t.parent_conversation_id IS NULL) <> (t.parent_seq IS NULL), 'and parent_conversation_id are not both there', 'both, or neither'),
        ('started_at', t.started_at < s.created_at - interval '1 day', 'is before the submission', 'later'),
        ('finished_at', t.finished_at > latest OR t.finished_at < t.started_at - interval '1 day', 'is in the future, or before the beginning', 'between'),
        ('submitted_at', t.submitted_at > latest, 'is in the future', 'a time that has been'),
        ('started_at', t.started_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('turns[%s]', t.i - 1), 'does not have the messages that say they are its own', format('messages %s to %s, and no other, with its seq', t.first_message, t.last_message)
    FROM turn AS t
    LEFT JOIN (SELECT m.seq, min(m.number) AS first, max(m.number) AS last FROM message AS m GROUP BY m.seq) AS own ON own.seq = t.seq
    WHERE CASE WHEN own.seq IS NULL THEN t.last_message >= t.first_message ELSE (own.first, own.last) <> (t.first_message, t.last_message) END
    UNION ALL
    SELECT format('steps[%s].%s', s.i - 1, rule.field), rule.problem, rule.expected
    FROM step AS s
    CROSS JOIN LATERAL (VALUES
        ('number', s.number <> CASE WHEN s.seq = s.before THEN s.number_before + 1 ELSE 1 END, format('is %s', s.number), 'counted from 1 within the turn'),
        ('seq', s.seq < s.before OR s.seq NOT IN (SELECT e.seq FROM ended AS e), format('is %s', s.seq), 'that of a turn, in order'),
        ('started_at', s.started_at > latest OR s.started_at < stands.created_at - interval '1 day', 'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('tool_calls[%s].%s', c.i - 1, rule.field), rule.problem, rule.expected
    FROM call AS c
    CROSS JOIN LATERAL (VALUES
        ('number', c.number <> CASE WHEN c.seq = c.before THEN c.number_before + 1 ELSE 1 END, format('is %s', c.number), 'counted from 1 within the turn'),
        ('seq', c.seq < c.before OR c.seq NOT IN (SELECT e.seq FROM ended AS e), format('is %s', c.seq), 'that of a turn, in order'),
        ('started_at', c.started_at > latest OR c.started_at < stands.created_at - interval '1 day', 'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('approvals[%s].%s', a.i - 1, rule.field), rule.problem, rule.expected
    FROM approval AS a
    LEFT JOIN call AS c ON c.seq = a.seq AND c.number = a.call_number
    CROSS JOIN LATERAL (VALUES
        ('call_number', (a.seq, a.call_number, a.place) <= a.before, format('is %s', a.call_number), 'in order, each call once'),
        ('call_number', CASE a.place WHEN 'input' THEN a.call_number <> 0 ELSE c.seq IS NULL END, format('is %s', a.call_number), 'the number of a tool call of the turn'),
        ('tool', a.place = 'call' AND c.tool <> a.tool, format('is %s', to_json(left(a.tool, 64))), 'the tool of the call'),
        ('decided_by', (a.state IN ('approved', 'denied')) <> (a.decided_by IS NOT NULL), 'does not go with the state', 'given if it is approved or denied, and only then'),
        ('decided_at', (a.decided_by IS NULL) <> (a.decided_at IS NULL), 'and decided_by are not both there', 'both, or neither'),
        ('requested_at', a.requested_at > latest, 'is in the future', 'a time that has been'),
        ('decided_at', a.decided_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('compactions[%s].%s', o.i - 1, rule.field), rule.problem, rule.expected
    FROM ROWS FROM (jsonb_to_recordset(document -> 'compactions') AS (
            number integer, first_message bigint, last_message bigint, created_by bigint, created_at timestamptz, undone_by bigint))
        WITH ORDINALITY AS o (number, first_message, last_message, created_by, created_at, undone_by, i)
    CROSS JOIN LATERAL (VALUES
        ('number', o.number <> o.i, format('is %s', o.number), o.i::text),
        ('last_message', o.last_message < o.first_message OR o.last_message > messages, format('is %s', o.last_message), format('from %s to %s', o.first_message, messages)),
        ('created_by', o.created_by > stands.head_seq AND o.created_by IS DISTINCT FROM open_turn AND o.created_by <> stands.head_seq + 1,
            format('is %s', o.created_by), 'a submission that has begun'),
        ('undone_by', o.undone_by < o.created_by OR o.undone_by > stands.head_seq, format('is %s', o.undone_by), 'a later submission that has ended'),
        ('created_at', o.created_at > latest, 'is in the future', 'a time that has been')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('function_calls[%s].%s', f.i - 1, rule.field), rule.problem, rule.expected
    FROM ROWS FROM (jsonb_to_recordset(document -> 'function_calls') AS (seq bigint, started_at timestamptz))
        WITH ORDINALITY AS f (seq, started_at, i)
    CROSS JOIN LATERAL (VALUES
        ('seq', f.seq > stands.tail_seq, format('is %s', f.seq), format('at most %s', stands.tail_seq)),
        ('started_at', f.started_at > latest OR f.started_at < stands.created_at - interval '1 day', 'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('function_calls[%s].started_at', f.i - 1), 'is before that of the one before', 'in order of time'
    FROM (SELECT e.ordinality AS i, e.value ->> 'started_at' AS started_at, lag(e.value ->> 'started_at') OVER (ORDER BY e.ordinality) AS before
          FROM jsonb_array_elements(document -> 'function_calls') WITH ORDINALITY AS e) AS f
    WHERE f.started_at::timestamptz < f.before::timestamptz
    UNION ALL
    SELECT format('security_events[%s].%s', e.i - 1, rule.field), rule.problem, rule.expected
    FROM ROWS FROM (jsonb_to_recordset(document -> 'security_events') AS (seq bigint, function_call bigint, at timestamptz))
        WITH ORDINALITY AS e (seq, function_call, at, i)
    CROSS JOIN LATERAL (VALUES
        ('seq', e.seq > stands.tail_seq, format('is %s', e.seq), format('at most %s', stands.tail_seq)),
        ('function_call', e.function_call > jsonb_array_length(document -> 'function_calls'), format('is %s', e.function_call), 'the place of one of function_calls'),
        ('at', e.at > latest OR e.at < stands.created_at - interval '1 day', 'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('events[%s].%s', e.i - 1, rule.field), rule.problem, rule.expected
    FROM ROWS FROM (jsonb_to_recordset(document -> 'events') AS (number bigint, seq bigint, data jsonb, at timestamptz))
        WITH ORDINALITY AS e (number, seq, data, at, i)
    LEFT JOIN approval AS a ON e.data ? 'approval' AND e.data -> 'approval' = to_jsonb(a.i)
    CROSS JOIN LATERAL (VALUES
        ('number', e.number <> e.i, format('is %s', e.number), e.i::text),
        ('seq', e.seq > stands.head_seq + 1 OR e.seq > stands.tail_seq, format('is %s', e.seq), 'a submission that has begun'),
        ('data.message', CASE jsonb_typeof(e.data -> 'message') WHEN 'number' THEN (e.data -> 'message')::numeric NOT BETWEEN 1 AND messages
            OR scale((e.data -> 'message')::numeric) > 0 ELSE false END,
            format('is %s', left(e.data ->> 'message', 40)), 'the number of a message'),
        ('data.approval', jsonb_typeof(e.data -> 'approval') = 'number' AND a.i IS NULL, format('is %s', left(e.data ->> 'approval', 40)), 'the place of one of approvals'),
        ('at', e.at > latest OR e.at < stands.created_at, 'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT 'progress.' || rule.field, rule.problem, rule.expected
    FROM jsonb_to_record(document -> 'progress') AS p (
        seq bigint, agent text, definition text, started_at timestamptz, first_message bigint, steps integer, tool_calls integer)
    CROSS JOIN LATERAL (VALUES
        ('seq', p.seq <> stands.head_seq + 1 OR p.seq > stands.tail_seq, format('is %s', p.seq), 'the submission after head_seq'),
        ('seq', NOT EXISTS (SELECT FROM submission AS s WHERE s.seq = p.seq AND s.operation IN ('user_input', 'steer')), format('is %s', p.seq), 'the seq of a submission user_input or steer'),
        ('first_message', p.first_message > messages + 1 OR EXISTS (SELECT FROM message AS m WHERE (m.number >= p.first_message) <> (m.seq = p.seq)),
            format('is %s', p.first_message), 'the number of the turn''s first message'),
        ('steps', p.steps <> (SELECT count(*) FROM step AS s WHERE s.seq = p.seq), format('is %s', p.steps), 'the number of the turn''s steps'),
        ('definition', split_part(p.definition, '/', 2) <> p.agent, format('is %s', to_json(p.definition)), 'a version of the agent of the turn'),
        ('started_at', p.started_at > latest OR p.started_at < stands.created_at - interval '1 day', 'is not within the conversation''s time', 'a time within it')
    ) AS rule (field, is_broken, problem, expected)
    WHERE document ? 'progress' AND rule.is_broken
    UNION ALL
    SELECT 'conversation.state', 'is parked', 'another one, as no call of the turn is in doubt'
    WHERE stands.state = 'parked' AND NOT EXISTS (SELECT FROM call AS c WHERE c.seq = open_turn AND c.state = 'in_doubt')
    UNION ALL
    SELECT 'conversation.state', 'is waiting', 'another one, as no approval of the turn was asked for'
    WHERE stands.state = 'waiting' AND NOT EXISTS (SELECT FROM approval AS a WHERE a.seq = open_turn)
    LIMIT 100;
END $$;
COMMENT ON FUNCTION agentctl.exchange_sense_problems(jsonb) IS 'What the parts of a conversation''s document, whose form is right, say wrong of each other. Internal: conversation_document_problems() calls it.';

CREATE FUNCTION agentctl.conversation_document_problems(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM agentctl.exchange_form_problems(document) AS f LIMIT 100;
    IF NOT FOUND THEN
        RETURN QUERY SELECT s.* FROM agentctl.exchange_sense_problems(document) AS s LIMIT 100;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.conversation_document_problems(jsonb) IS 'What is wrong with a conversation''s document, at most 100 problems: first of its form, then, if that is right, of what its parts say of each other.';

-- Rows of earlier months need partitions that create_partitions(), which looks ahead, does not make.
CREATE FUNCTION agentctl.create_partitions_of(parent text, times timestamptz[]) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
DECLARE
    month timestamptz;
    partition text;
    made integer := 0;
BEGIN
    FOR month IN SELECT DISTINCT date_trunc('month', t) FROM unnest(times) AS t WHERE t IS NOT NULL ORDER BY 1 LOOP
        partition := parent || to_char(month, '_YYYY_MM');
        CONTINUE WHEN to_regclass(format('agentctl.%I', partition)) IS NOT NULL;
        PERFORM pg_advisory_xact_lock(hashtextextended('agentctl.create_partitions', 0));
        CONTINUE WHEN to_regclass(format('agentctl.%I', partition)) IS NOT NULL;
        IF made = 600 THEN
            RAISE EXCEPTION 'the times lie in more than 600 months without partitions' USING ERRCODE = 'AC001';
        END IF;
        EXECUTE format('CREATE TABLE agentctl.%I (LIKE agentctl.%I INCLUDING ALL)', partition, parent);
        EXECUTE format('ALTER TABLE agentctl.%I ATTACH PARTITION agentctl.%I FOR VALUES FROM (%L) TO (%L)',
            parent, partition, month, month + interval '1 month');
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
COMMENT ON FUNCTION agentctl.create_partitions_of(text, timestamptz[]) IS 'Makes the monthly partitions of a table that rows of these times need; returns how many were missing. Internal: store_conversation() calls it.';

-- Which versions of this database stand for those of a document, after storing the missing ones where that is wanted. The same
-- content under the same name is the same version, whatever its number; what is in force here stays so.
CREATE FUNCTION agentctl.match_definitions(document jsonb, register boolean)
RETURNS TABLE (key text, id bigint, version integer, registered boolean)
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
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
    -- A version that nothing refers to is here for its name: what the conversation needs to go on. One of that name is enough.
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
    WHERE NOT EXISTS (SELECT FROM definition_version AS v WHERE v.kind = g.kind AND v.name = g.name AND v.content_hash = g.hash)
      AND (g.key IN (SELECT n.key FROM named AS n)
           OR NOT EXISTS (SELECT FROM definition AS d WHERE d.kind = g.kind AND d.name = g.name AND d.current_version IS NOT NULL));
    IF missing IS NOT NULL AND NOT register THEN
        RAISE EXCEPTION 'this database lacks %', (
            SELECT string_agg(format('%s %s version %s (%s)', m ->> 'kind', m ->> 'name', m ->> 'version', left(m ->> 'content_hash', 12)), ', ' ORDER BY i)
            FROM jsonb_array_elements(missing) WITH ORDINALITY AS e (m, i))
            USING ERRCODE = 'AC003', DETAIL = (SELECT jsonb_agg(m - 'document' - 'key') FROM jsonb_array_elements(missing) AS m)::text,
                  HINT = 'Import with --register (SQL: register => true) to store them beside what is there, or register them first.';
    END IF;
    IF missing IS NOT NULL THEN
        documents := jsonb_path_query_array(match_definitions.document, '$.definitions[*].document');
        SELECT jsonb_agg(jsonb_build_object('path', format('definitions (%s %s version %s) %s', m ->> 'kind', m ->> 'name', m ->> 'version', p.path),
                   'problem', p.problem, 'expected', p.expected)) INTO problems
        FROM jsonb_array_elements(missing) AS m CROSS JOIN LATERAL agentctl.document_problems(m -> 'document', documents) AS p;
        IF problems IS NOT NULL THEN
            RAISE EXCEPTION 'a definition cannot be registered here: %', (
                SELECT string_agg(format('%s %s (expected %s)', p ->> 'path', p ->> 'problem', p ->> 'expected'), '; ')
                FROM (SELECT e.value AS p FROM jsonb_array_elements(problems) AS e LIMIT 20) AS first)
                USING ERRCODE = 'AC001', DETAIL = problems::text;
        END IF;
        FOR each IN
            SELECT m.* FROM jsonb_to_recordset(missing) AS m (kind text, name text, version integer, in_force boolean, content_hash text, document jsonb)
            ORDER BY m.kind, m.name, m.version
        LOOP
            -- Its own number where that is free, so that the conversation is written out again as it was.
            number := CASE WHEN EXISTS (SELECT FROM definition_version AS v WHERE v.kind = each.kind AND v.name = each.name AND v.version = each.version)
                THEN (SELECT max(v.version) + 1 FROM definition_version AS v WHERE v.kind = each.kind AND v.name = each.name)
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
            ON CONFLICT (kind, name) DO UPDATE SET current_version = excluded.current_version, updated_at = clock_timestamp()
            WHERE excluded.current_version IS NOT NULL AND (d.current_version IS NULL OR each.in_force AND EXISTS (
                -- Of the same import, an earlier version that is not the one in force.
                SELECT FROM definition_version AS v WHERE v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
                  AND v.id = ANY (stored)));
        END LOOP;
    END IF;
    RETURN QUERY
    SELECT g.key, v.id, v.version, coalesce(missing @> jsonb_build_array(jsonb_build_object('key', g.key)), false)
    FROM (
        SELECT d.*, d.kind || '/' || d.name || '/' || d.version AS key
        FROM jsonb_to_recordset(match_definitions.document -> 'definitions') AS d (kind text, name text, version integer, content_hash text)
    ) AS g
    CROSS JOIN LATERAL (
        SELECT o.id, o.version FROM definition_version AS o
        WHERE o.kind = g.kind AND o.name = g.name AND o.content_hash = decode(g.content_hash, 'hex')
        ORDER BY o.version = g.version DESC, o.version DESC LIMIT 1
    ) AS v;
END $$;
COMMENT ON FUNCTION agentctl.match_definitions(jsonb, boolean) IS 'The versions of this database that stand for those of a conversation''s document, by kind/name/version of the document; with register, missing ones are stored. Fails with AC003, naming them, when some are missing. Internal: store_conversation() calls it.';

CREATE FUNCTION agentctl.store_conversation(document jsonb, id text, register boolean, keep_always boolean) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    matched jsonb;
    registered jsonb;
    approvals bigint[];
    calls uuid[];
    deferred text;
BEGIN
    SELECT coalesce(jsonb_object_agg(m.key, jsonb_build_array(m.id, m.version)), '{}'),
           coalesce(jsonb_agg(jsonb_build_object('kind', split_part(m.key, '/', 1), 'name', split_part(m.key, '/', 2), 'version', m.version)
               ORDER BY m.key) FILTER (WHERE m.registered), '[]')
    INTO matched, registered
    FROM agentctl.match_definitions(store_conversation.document, store_conversation.register) AS m;

    INSERT INTO conversation (id, tenant, agent, settings, created_at, created_by, forked_from, forked_message)
    SELECT store_conversation.id, c.*
    FROM jsonb_to_record(document -> 'conversation') AS c (
        tenant text, agent text, settings jsonb, created_at timestamptz, created_by text, forked_from text, forked_message bigint);
    INSERT INTO conversation_control (
        conversation_id, state, priority, attempt, ready_at, wake_at, head_seq, tail_seq, cancel_seq, steer_seq, closed_seq, last_message,
        last_event,
        has_progress)
    SELECT store_conversation.id, c.state, c.priority, c.attempt, CASE c.state WHEN 'ready' THEN clock_timestamp() END, c.wake_at, c.head_seq,
           c.tail_seq, c.cancel_seq, c.steer_seq, c.closed_seq, jsonb_array_length(document -> 'messages'), jsonb_array_length(document -> 'events'),
           document ? 'progress'
    FROM jsonb_to_record(document -> 'conversation') AS c (
        state conversation_state, priority smallint, attempt smallint, wake_at timestamptz, head_seq bigint, tail_seq bigint,
        cancel_seq bigint, steer_seq bigint, closed_seq bigint);
    INSERT INTO submission (conversation_id, seq, operation, agent, body, idempotency_key, taken_by, created_at, created_by)
    SELECT store_conversation.id, s.*
    FROM jsonb_to_recordset(document -> 'submissions') AS s (
        seq bigint, operation operation, agent text, body jsonb, idempotency_key text, taken_by bigint, created_at timestamptz,
        created_by text);
    INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id, created_at, undone_by)
    SELECT store_conversation.id, m.*
    FROM jsonb_to_recordset(document -> 'messages') AS m (
        number bigint, seq bigint, role message_role, content text, tool_calls jsonb, tool_call_id text, created_at timestamptz, undone_by bigint);

    PERFORM agentctl.create_partitions_of(p.parent, ARRAY(
        SELECT DISTINCT date_trunc('month', (e.value ->> p.field)::timestamptz) FROM jsonb_array_elements(document -> p.part) AS e))
    FROM (VALUES ('turn', 'turns', 'started_at'), ('step', 'steps', 'started_at'), ('tool_call', 'tool_calls', 'started_at'),
        ('function_call', 'function_calls', 'started_at'), ('security_event', 'security_events', 'at'), ('event', 'events', 'at')
    ) AS p (parent, part, field);

    -- The worker is none of this database.
    INSERT INTO turn (
        conversation_id, seq, status, attempt, worker_id, agent, agent_version, agent_version_id, parent_conversation_id, parent_seq, depth,
        limit_reached, error_code, error_message, first_message, last_message, model_calls, tool_calls, input_tokens, cached_input_tokens,
        output_tokens, cost_usd, submitted_at, started_at, finished_at, duration_ms)
    SELECT store_conversation.id, t.seq, t.status, t.attempt, 0, t.agent, (matched -> t.definition -> 1)::integer,
           (matched -> t.definition -> 0)::bigint, t.parent_conversation_id, t.parent_seq, t.depth, t.limit_reached, t.error_code,
           t.error_message, t.first_message, t.last_message, t.model_calls, t.tool_calls, t.input_tokens, t.cached_input_tokens,
           t.output_tokens, t.cost_usd, t.submitted_at, t.started_at, t.finished_at, t.duration_ms
    FROM jsonb_to_recordset(document -> 'turns') AS t (
        seq bigint, status turn_status, attempt smallint, agent text, definition text, parent_conversation_id text, parent_seq bigint,
        depth smallint, limit_reached text, error_code text, error_message text, first_message bigint, last_message bigint,
        model_calls integer, tool_calls integer, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, cost_usd numeric,
        submitted_at timestamptz, started_at timestamptz, finished_at timestamptz, duration_ms double precision);
    INSERT INTO step (
        conversation_id, seq, number, kind, model, model_version_id, provider, attempt, finish_reason, input_tokens, cached_input_tokens,
        output_tokens, usage_estimated, cost_usd, time_to_first_token_ms, duration_ms, started_at, error_code, error_message)
    SELECT store_conversation.id, s.seq, s.number, s.kind, s.model, (matched -> s.definition -> 0)::bigint, s.provider, s.attempt,
           s.finish_reason, s.input_tokens, s.cached_input_tokens, s.output_tokens, s.usage_estimated, s.cost_usd, s.time_to_first_token_ms,
           s.duration_ms, s.started_at, s.error_code, s.error_message
    FROM jsonb_to_recordset(document -> 'steps') AS s (
        seq bigint, number integer, kind step_kind, model text, definition text, provider text, attempt smallint, finish_reason text,
        input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, usage_estimated boolean, cost_usd numeric,
        time_to_first_token_ms double precision, duration_ms double precision, started_at timestamptz, error_code text, error_message text);
    INSERT INTO tool_call (
        conversation_id, seq, number, step_number, call_id, tool, tool_version_id, arguments, effect, idempotency_key, rule, state, result,
        truncated, error_code, duration_ms, started_at)
    SELECT store_conversation.id, c.seq, c.number, c.step_number, c.call_id, c.tool, (matched -> c.definition -> 0)::bigint, c.arguments,
           c.effect, c.idempotency_key, c.rule, c.state, c.result, c.truncated, c.error_code, c.duration_ms, c.started_at
    FROM jsonb_to_recordset(document -> 'tool_calls') AS c (
        seq bigint, number integer, step_number integer, call_id text, tool text, definition text, arguments text, effect tool_effect,
        idempotency_key uuid, rule text, state tool_call_state, result text, truncated boolean, error_code text, duration_ms double precision,
        started_at timestamptz);

    -- Who decided for every conversation of an agent decided about the agents of another database.
    WITH stored AS (
        INSERT INTO approval (
            conversation_id, seq, call_number, place, agent, tool, arguments, subject, rule, state, scope, reason, requested_at, expires_at,
            decided_at, decided_by)
        SELECT store_conversation.id, a.seq, a.call_number, a.place, a.agent, a.tool, a.arguments, a.subject, a.rule, a.state,
               CASE WHEN a.scope = 'always' AND NOT keep_always THEN 'once' ELSE a.scope END, a.reason, a.requested_at, a.expires_at,
               a.decided_at, a.decided_by
        FROM jsonb_to_recordset(document -> 'approvals') AS a (
            seq bigint, call_number integer, place text, agent text, tool text, arguments text, subject text, rule text, state approval_state,
            scope approval_scope, reason text, requested_at timestamptz, expires_at timestamptz, decided_at timestamptz, decided_by text)
        RETURNING approval.id, approval.seq, approval.call_number, approval.place
    )
    SELECT coalesce(array_agg(s.id ORDER BY s.seq, s.call_number, s.place), '{}') INTO approvals FROM stored AS s;

    INSERT INTO compaction (
        conversation_id, number, first_message, last_message, summary, made_by, before_tokens, after_tokens, model, model_version_id,
        provider, input_tokens, cached_input_tokens, output_tokens, usage_estimated, cost_usd, duration_ms, error_code, error_message,
        created_by, created_at, undone_by)
    SELECT store_conversation.id, o.number, o.first_message, o.last_message, o.summary, o.made_by, o.before_tokens, o.after_tokens, o.model,
           (matched -> o.definition -> 0)::bigint, o.provider, o.input_tokens, o.cached_input_tokens, o.output_tokens, o.usage_estimated,
           o.cost_usd, o.duration_ms, o.error_code, o.error_message, o.created_by, o.created_at, o.undone_by
    FROM jsonb_to_recordset(document -> 'compactions') AS o (
        number integer, first_message bigint, last_message bigint, summary text, made_by text, before_tokens bigint, after_tokens bigint,
        model text, definition text, provider text, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint,
        usage_estimated boolean, cost_usd numeric, duration_ms double precision, error_code text, error_message text, created_by bigint,
        created_at timestamptz, undone_by bigint);

    -- New ids in ascending order: rows of the same time are told apart by them, and keep their order.
    calls := ARRAY(SELECT gen_random_uuid() AS u FROM generate_series(1, jsonb_array_length(document -> 'function_calls')) ORDER BY u);
    INSERT INTO function_call (
        id, function, version_id, version, language, arguments, caller, conversation_id, seq, call_id, exit_reason, result, error_type,
        error_message, traceback, output, duration_ms, cpu_ms, peak_memory_bytes, violations, started_at, called_by)
    SELECT calls[f.place], f.function, (matched -> f.definition -> 0)::bigint, (matched -> f.definition -> 1)::integer, f.language,
           f.arguments, f.caller, store_conversation.id, f.seq, f.call_id, f.exit_reason, f.result, f.error_type, f.error_message,
           f.traceback, f.output, f.duration_ms, f.cpu_ms, f.peak_memory_bytes, f.violations, f.started_at, f.called_by
    FROM ROWS FROM (jsonb_to_recordset(document -> 'function_calls') AS (
            function text, definition text, language text, arguments text, caller text, seq bigint, call_id text, exit_reason exit_reason,
            result text, error_type text, error_message text, traceback text, output text, duration_ms double precision,
            cpu_ms double precision, peak_memory_bytes bigint, violations jsonb, started_at timestamptz, called_by text))
        WITH ORDINALITY AS f (function, definition, language, arguments, caller, seq, call_id, exit_reason, result, error_type, error_message,
            traceback, output, duration_ms, cpu_ms, peak_memory_bytes, violations, started_at, called_by, place);
    INSERT INTO security_event (
        id, kind, source, detail, tool, guardrail, guardrail_version, place, action, conversation_id, seq, call_id, function_call_id, at)
    SELECT given.id, e.kind, e.source, e.detail, e.tool, e.guardrail, e.guardrail_version, e.location, e.action, store_conversation.id, e.seq,
           e.call_id, calls[e.function_call], e.at
    FROM ROWS FROM (jsonb_to_recordset(document -> 'security_events') AS (
            kind text, source text, detail text, tool text, guardrail text, guardrail_version integer, place text, action text, seq bigint,
            call_id text, function_call integer, at timestamptz))
        WITH ORDINALITY AS e (kind, source, detail, tool, guardrail, guardrail_version, location, action, seq, call_id, function_call, at, place)
    JOIN (SELECT n.u AS id, row_number() OVER (ORDER BY n.u) AS place
          FROM (SELECT gen_random_uuid() AS u FROM generate_series(1, jsonb_array_length(document -> 'security_events'))) AS n) AS given
        ON given.place = e.place;
    INSERT INTO event (conversation_id, number, seq, type, data, at)
    SELECT store_conversation.id, e.number, e.seq, e.type,
           CASE jsonb_typeof(e.data -> 'approval') WHEN 'number'
               THEN e.data || jsonb_build_object('approval', approvals[(e.data -> 'approval')::integer]) ELSE e.data END, e.at
    FROM jsonb_to_recordset(document -> 'events') AS e (number bigint, seq bigint, type text, data jsonb, at timestamptz);
    INSERT INTO turn_progress (
        conversation_id, seq, saves, agent, agent_version, started_at, first_message, steps, model_calls, tool_calls, input_tokens,
        cached_input_tokens, output_tokens, cost_usd, duration_ms)
    SELECT store_conversation.id, p.seq, p.saves, p.agent, (matched -> p.definition -> 1)::integer, p.started_at, p.first_message, p.steps,
           p.model_calls, p.tool_calls, p.input_tokens, p.cached_input_tokens, p.output_tokens, p.cost_usd, p.duration_ms
    FROM jsonb_to_record(document -> 'progress') AS p (
        seq bigint, saves integer, agent text, definition text, started_at timestamptz, first_message bigint, steps integer,
        model_calls integer, tool_calls integer, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, cost_usd numeric,
        duration_ms double precision)
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
            SELECT jsonb_agg(jsonb_build_object('kind', g.kind, 'name', g.name, 'version', v.version) ORDER BY g.kind, g.name)
            FROM jsonb_to_recordset(store_conversation.document -> 'definitions') AS g (kind text, name text, in_force boolean, content_hash text)
            JOIN definition AS d ON d.kind = g.kind AND d.name = g.name
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE g.in_force AND v.content_hash <> decode(g.content_hash, 'hex')), '[]'),
        'narrowed_approvals', CASE WHEN keep_always THEN 0 ELSE (
            SELECT count(*) FROM jsonb_to_recordset(document -> 'approvals') AS a (scope text) WHERE a.scope = 'always') END);
END $$;
COMMENT ON FUNCTION agentctl.store_conversation(jsonb, text, boolean, boolean) IS 'Stores a conversation''s document that was checked. Internal: import_conversation() calls it.';

CREATE FUNCTION agentctl.import_conversation(
    document jsonb, as_id text DEFAULT NULL, register boolean DEFAULT false, keep_always boolean DEFAULT false, dry_run boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    target text;
    problems jsonb;
    outcome jsonb;
    what text;
BEGIN
    target := coalesce(as_id, CASE jsonb_typeof(document #> '{conversation,id}') WHEN 'string' THEN document #>> '{conversation,id}' END, '?');
    IF octet_length(target) NOT BETWEEN 1 AND 200 OR target ~ '[[:cntrl:]]' OR target <> btrim(target) THEN
        RAISE EXCEPTION 'a conversation''s id has 1 to 200 bytes, no control characters and no spaces around it' USING ERRCODE = 'AC001';
    END IF;
    IF EXISTS (SELECT FROM conversation AS v WHERE v.id = target) THEN
        RAISE EXCEPTION 'there is a conversation "%" already', target USING ERRCODE = 'AC003', HINT = 'Import it under another id with --as (SQL: as_id).';
    END IF;
    SELECT jsonb_agg(to_jsonb(p)) INTO problems FROM agentctl.conversation_document_problems(import_conversation.document) AS p;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'invalid document of a conversation: %', (
            SELECT string_agg(format('%s %s (expected %s)', coalesce(nullif(p ->> 'path', ''), 'document'), p ->> 'problem', p ->> 'expected'), '; ')
            FROM (SELECT e.value AS p FROM jsonb_array_elements(problems) AS e LIMIT 20) AS first)
            USING ERRCODE = 'AC001', DETAIL = problems::text, HINT = 'Nothing was stored.';
    END IF;
    BEGIN
        outcome := agentctl.store_conversation(document, target, coalesce(register, false), coalesce(keep_always, false));
        IF dry_run THEN
            RAISE EXCEPTION 'rehearsed' USING ERRCODE = 'AC099';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'AC099' THEN NULL;
        WHEN unique_violation THEN
            RAISE EXCEPTION 'there is a conversation "%" already, or something of it', target USING ERRCODE = 'AC003';
        WHEN check_violation OR not_null_violation OR data_exception THEN
            GET STACKED DIAGNOSTICS what = MESSAGE_TEXT;
            RAISE EXCEPTION 'invalid document of a conversation: %', what USING ERRCODE = 'AC001', HINT = 'Nothing was stored.';
    END;
    RETURN outcome || jsonb_build_object('dry_run', coalesce(dry_run, false));
END $$;
COMMENT ON FUNCTION agentctl.import_conversation(jsonb, text, boolean, boolean, boolean) IS 'Stores a conversation that export_conversation() wrote, all of it or nothing, under its id or as_id; returns what was stored. register stores versions of definitions that are missing, keep_always keeps decisions of the scope always, which otherwise count once, dry_run stores nothing. Fails with AC001, naming every problem, and with AC003 when the id is taken or versions are missing.';

REVOKE ALL ON agentctl.exchange_part, agentctl.exchange_field FROM PUBLIC;
REVOKE ALL ON FUNCTION agentctl.exchange_versions(text), agentctl.export_items(text), agentctl.export_conversation(text), agentctl.is_time(text),
    agentctl.exchange_form_problems(jsonb), agentctl.exchange_path(text), agentctl.exchange_sense_problems(jsonb),
    agentctl.conversation_document_problems(jsonb), agentctl.create_partitions_of(text, timestamptz[]),
    agentctl.match_definitions(jsonb, boolean), agentctl.store_conversation(jsonb, text, boolean, boolean),
    agentctl.import_conversation(jsonb, text, boolean, boolean, boolean) FROM PUBLIC;
-- Whoever may read may write out; what is read in becomes history, so it is an owner who does that.
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_reader', 'function', 'agentctl.export_items(text)', 'EXECUTE'),
    ('agentctl_reader', 'function', 'agentctl.export_conversation(text)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.export_items(text)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.export_conversation(text)', 'EXECUTE'),
    ('agentctl_worker', 'function', 'agentctl.create_partitions_of(text, timestamptz[])', NULL),
    ('agentctl_worker', 'function', 'agentctl.match_definitions(jsonb, boolean)', NULL),
    ('agentctl_worker', 'function', 'agentctl.store_conversation(jsonb, text, boolean, boolean)', NULL),
    ('agentctl_worker', 'function', 'agentctl.import_conversation(jsonb, text, boolean, boolean, boolean)', NULL);
SELECT agentctl.grant_roles();
