-- What the parts of a document of the right form say of each other: the numbers are dense, everything refers to
-- something that is there, and the state is one that a conversation can be in.
CREATE OR REPLACE FUNCTION agentctl.exchange_consistency_problems(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET jit = off
    SET plan_cache_mode = force_generic_plan AS $$
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
        SELECT p.part, e.ordinality AS i, 'definition' AS field, e.value ->> 'definition' AS key,
               CASE p.part WHEN 'turns' THEN '{agent,chain}' WHEN 'steps' THEN '{model}' WHEN 'compactions' THEN '{model}'
                           ELSE '{tool,function}' END::text[] AS kinds
        FROM unnest('{turns,steps,tool_calls,compactions,function_calls}'::text[]) AS p (part)
        CROSS JOIN LATERAL jsonb_array_elements(document -> p.part) WITH ORDINALITY AS e
        WHERE e.value ? 'definition'
        UNION ALL
        SELECT 'progress', NULL, 'definition', document #>> '{progress,definition}', '{agent}'
        WHERE document -> 'progress' ? 'definition'
        UNION ALL
        SELECT 'turns', e.ordinality, 'chain', e.value ->> 'chain', '{chain}'
        FROM jsonb_array_elements(document -> 'turns') WITH ORDINALITY AS e WHERE e.value ? 'chain'
        UNION ALL
        SELECT 'progress', NULL, 'chain', document #>> '{progress,chain}', '{chain}'
        WHERE document -> 'progress' ? 'chain'
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
    SELECT format('%s%s.%s', n.part, '[' || (n.i - 1) || ']', n.field), format('is %s', to_json(n.key)),
           'one of the part definitions, of the right kind'
    FROM named AS n LEFT JOIN given AS g ON g.key = n.key AND g.kind = ANY (n.kinds)
    WHERE g.key IS NULL
    UNION ALL
    SELECT missing.path,
           format('is %s, which is neither registered nor in the part definitions', to_json(missing.name)),
           format('the name of %s %s', CASE missing.kind WHEN 'agent' THEN 'an' ELSE 'a' END, missing.kind)
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
        ('tool_calls', m.tool_calls @? '$[*] ? (@.type() != "object" || !exists(@.id ? (@.type() == "string")) || !exists(@.name ? (@.type() == "string")) || !exists(@.arguments ? (@.type() == "string")) || exists(@.origin ? (@.type() != "string")) || exists(@.native ? (@.type() != "object")))'
            OR m.tool_calls @? '$[*].keyvalue() ? (@.key != "id" && @.key != "name" && @.key != "arguments" && @.key != "origin" && @.key != "native")',
            'holds something else', 'a list of {id, name, arguments}, all texts, and origin and native as exported'),
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
END $$;
COMMENT ON FUNCTION agentctl.exchange_consistency_problems(jsonb) IS
    'What the parts of a conversation''s document, whose form is right, say wrong of each other. Internal: '
    'conversation_document_problems() calls it.';
REVOKE ALL ON FUNCTION agentctl.exchange_consistency_problems(jsonb) FROM PUBLIC;
