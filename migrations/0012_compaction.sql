-- Compaction: a summary stands for the oldest messages of a conversation. The messages stay where they are, so that nothing
-- is lost: the summary can be taken back, and a tool finds what was said.

UPDATE agentctl.document_field AS f SET allowed = ARRAY(SELECT a FROM unnest(f.allowed || '{recall}') AS a ORDER BY a)
WHERE kind = 'tool' AND path = 'implementation';
INSERT INTO agentctl.document_field
    (kind, path, type, required, default_value, allowed, pattern, minimum, maximum, reference_kind, description) VALUES
    ('agent', 'compact_at', 'number', false, '0.8', NULL, NULL, 0.1, 1, NULL, 'Share of the model''s context window from which on a turn begins with a summary of the oldest messages.');

CREATE OR REPLACE VIEW agentctl.agents AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'system_prompt' AS system_prompt,
       v.document ->> 'model' AS model,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'tools')) AS tools,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'capabilities')) AS capabilities,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'examples')) AS examples,
       v.document -> 'input_schema' AS input_schema,
       v.document -> 'output_schema' AS output_schema,
       (v.document ->> 'output_retries')::integer AS output_retries,
       (v.document ->> 'max_chain_depth')::integer AS max_chain_depth,
       v.document ->> 'chain_strategy' AS chain_strategy,
       v.document ->> 'strategy' AS strategy,
       (v.document ->> 'temperature')::double precision AS temperature,
       (v.document ->> 'top_p')::double precision AS top_p,
       (v.document ->> 'presence_penalty')::double precision AS presence_penalty,
       (v.document ->> 'frequency_penalty')::double precision AS frequency_penalty,
       (v.document ->> 'max_output_tokens')::integer AS max_output_tokens,
       (v.document ->> 'max_iterations')::integer AS max_iterations,
       (v.document ->> 'max_turn_tokens')::integer AS max_turn_tokens,
       (v.document ->> 'history_limit')::integer AS history_limit,
       (v.document ->> 'timeout')::double precision AS timeout,
       v.version, v.id AS version_id, v.created_at, v.created_by,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'functions')) AS functions,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'policies')) AS policies,
       (v.document ->> 'compact_at')::double precision AS compact_at
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'agent';
COMMENT ON COLUMN agentctl.agents.compact_at IS 'Share of the model''s context window from which on a turn begins with a summary of the oldest messages.';
COMMENT ON COLUMN agentctl.event.type IS 'turn_started, tool_finished, message, call_in_doubt, approval_requested, approval_decided, waiting, call_resolved, limit_reached, interrupted, error, turn_complete, undone, settings_changed, compacted, compaction_undone, closed.';

CREATE TABLE agentctl.compaction (
    conversation_id text COLLATE "C" NOT NULL REFERENCES agentctl.conversation ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    first_message bigint NOT NULL CHECK (first_message > 0),
    last_message bigint NOT NULL CHECK (last_message >= first_message),
    summary text NOT NULL CHECK (summary <> ''),
    made_by text NOT NULL CHECK (made_by IN ('model', 'extraction')),
    before_tokens bigint NOT NULL,
    after_tokens bigint NOT NULL,
    model text COLLATE "C",
    model_version_id bigint,
    provider text,
    input_tokens bigint NOT NULL DEFAULT 0,
    cached_input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    usage_estimated boolean NOT NULL DEFAULT false,
    cost_usd numeric(20, 10) NOT NULL DEFAULT 0,
    duration_ms double precision NOT NULL DEFAULT 0,
    error_code text,
    error_message text,
    created_by bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    undone_by bigint,
    PRIMARY KEY (conversation_id, number)
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

CREATE FUNCTION agentctl.compact(conversation text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.submit_operation(conversation, 'compact', '{}')
$$;
COMMENT ON FUNCTION agentctl.compact(text) IS 'Has the oldest turns of a conversation, all but the last two, summarized for the model, when the messages before it are processed; returns its number. The messages stay; undo_compaction() takes it back.';

CREATE FUNCTION agentctl.undo_compaction(conversation text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.submit_operation(conversation, 'compact', '{"undo": true}')
$$;
COMMENT ON FUNCTION agentctl.undo_compaction(text) IS 'Takes the last compaction back: the model is shown the messages again, or the summary before it. Returns its number.';

-- What a worker that holds the conversation can summarize: whole turns, oldest first, of a bounded number and size. The
-- number of a message's turn rises with that of the message, also in a fork.
CREATE FUNCTION agentctl.compaction_source(conversation text, upto bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
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
        'number', coalesce((SELECT max(o.number) FROM compaction AS o WHERE o.conversation_id = compaction_source.conversation), 0) + 1,
        'first_message', last.first_message,
        'summary', last.summary,
        'messages', (
            SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id) ORDER BY m.number)
            FROM message AS m
            WHERE m.conversation_id = compaction_source.conversation AND m.undone_by IS NULL
              AND m.number > coalesce(last.last_message, 0) AND m.number <= bound));
END $$;
COMMENT ON FUNCTION agentctl.compaction_source(text, bigint) IS 'What can be summarized of the turns before upto: {number, first_message, summary, messages}, where summary is the one in force and messages come after it, without the last two turns, about 8 MiB of text at most. Internal: the worker that holds the conversation calls it.';

CREATE FUNCTION agentctl.store_compaction(conversation text, seq bigint, lease uuid, outcome jsonb, ends boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
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
    -- The same, told again because its answer was lost.
    IF EXISTS (SELECT FROM compaction AS o WHERE o.conversation_id = store_compaction.conversation
               AND o.number = (made ->> 'number')::integer AND o.created_by = store_compaction.seq) THEN
        RETURN true;
    END IF;
    IF made IS NOT NULL THEN
        INSERT INTO compaction (
            conversation_id, number, first_message, last_message, summary, made_by, before_tokens, after_tokens, model, model_version_id,
            provider, input_tokens, cached_input_tokens, output_tokens, usage_estimated, cost_usd, duration_ms, error_code, error_message,
            created_by)
        SELECT store_compaction.conversation, o.*, store_compaction.seq
        FROM jsonb_to_record(made) AS o (
            number integer, first_message bigint, last_message bigint, summary text, made_by text, before_tokens bigint, after_tokens bigint,
            model text, model_version_id bigint, provider text, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint,
            usage_estimated boolean, cost_usd numeric, duration_ms double precision, error_code text, error_message text);
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
        state = CASE WHEN NOT ends THEN c.state WHEN c.tail_seq > store_compaction.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN ends AND c.tail_seq > store_compaction.seq THEN clock_timestamp() END,
        lease = CASE WHEN NOT ends THEN c.lease END,
        worker_id = CASE WHEN NOT ends THEN c.worker_id END,
        attempt = CASE WHEN ends THEN 0 ELSE c.attempt END,
        generation = CASE WHEN ends THEN 0 ELSE c.generation END
    WHERE c.conversation_id = store_compaction.conversation;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.store_compaction(text, bigint, uuid, jsonb, boolean) IS 'Stores a compaction, takes one back, or tells that there is none, if the lease still holds; with ends the submission ends. outcome: {type, data, compaction}. Fails with 55P03 like finish().';

-- The words are looked for in the messages of one conversation: an index over all of them would be paid with each message.
CREATE FUNCTION agentctl.recall(conversation text, query text, before bigint, maximum integer DEFAULT 5)
RETURNS TABLE (number bigint, seq bigint, role text, excerpt text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET client_min_messages = 'warning' AS $$
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
                SELECT string_agg((call ->> 'name') || ' ' || (call ->> 'arguments'), E'\n') FROM jsonb_array_elements(m.tool_calls) AS call)),
                100000) AS content
        ) AS t
        WHERE m.conversation_id = recall.conversation AND m.undone_by IS NULL AND m.seq < recall.before
    ) AS f
    WHERE f.place > 0 OR f.words @@ any_word
    ORDER BY f.place > 0 DESC, f.words @@ all_words DESC, ts_rank(f.words, any_word) DESC, f.number DESC
    LIMIT maximum;
END $$;
COMMENT ON FUNCTION agentctl.recall(text, text, bigint, integer) IS 'Messages of a conversation from turns before the given one that hold the query, all of its words, or some of them, in this order, with an excerpt of each. Messages that were undone are left out.';

-- As before; the message of an error is a text and not the number of a message.
CREATE OR REPLACE FUNCTION agentctl.events(conversation text, after bigint DEFAULT 0, maximum integer DEFAULT 1000)
RETURNS TABLE (number bigint, seq bigint, type text, data jsonb, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    started timestamptz;
BEGIN
    SELECT v.created_at INTO started FROM conversation AS v
    WHERE v.id = events.conversation AND (v.created_by = agentctl.caller() OR agentctl.may_see_all());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', events.conversation USING ERRCODE = 'AC002';
    END IF;
    IF maximum IS NULL OR maximum NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'events returns 1 to 10000 events at a time' USING ERRCODE = 'AC001';
    END IF;
    RETURN QUERY
    SELECT e.number, e.seq, e.type,
           CASE WHEN m.number IS NULL THEN e.data
                ELSE e.data || jsonb_strip_nulls(jsonb_build_object(
                    'role', m.role, 'content', m.content, 'tool_calls', m.tool_calls, 'tool_call_id', m.tool_call_id)) END,
           e.at
    FROM (
        SELECT s.* FROM event AS s
        WHERE s.conversation_id = events.conversation AND s.number > events.after AND s.at >= started
        ORDER BY s.number LIMIT events.maximum
    ) AS e
    LEFT JOIN message AS m ON m.conversation_id = e.conversation_id AND m.number = CASE jsonb_typeof(e.data -> 'message') WHEN 'number' THEN (e.data ->> 'message')::bigint END
    ORDER BY e.number;
END $$;

-- As before; a summary that tells of undone messages goes with them.
CREATE OR REPLACE FUNCTION agentctl.apply_undo(conversation text, seq bigint, turns integer) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    undone bigint[];
    messages bigint;
    first bigint;
BEGIN
    -- Of a fork the copied messages too: they have the numbers of the turns that they come from.
    undone := ARRAY(
        SELECT m.seq FROM message AS m
        WHERE m.conversation_id = apply_undo.conversation AND m.undone_by IS NULL AND m.role = 'user'
        ORDER BY m.number DESC LIMIT apply_undo.turns);
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
            SELECT jsonb_agg(jsonb_build_object('turn', t.seq, 'call', t.number, 'tool', t.tool, 'state', t.state) ORDER BY t.seq, t.number)
            FROM tool_call AS t
            WHERE t.conversation_id = apply_undo.conversation AND t.seq = ANY (undone) AND t.effect IN ('unsafe', 'sql', 'idempotent')
              AND t.state IN ('succeeded', 'in_doubt', 'started')
              AND t.started_at >= (SELECT v.created_at FROM conversation AS v WHERE v.id = t.conversation_id)), '[]'));
END $$;

-- As before, with the summaries of what is copied.
CREATE OR REPLACE FUNCTION agentctl.fork(conversation text, new_conversation text, message bigint DEFAULT NULL, agent text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    upto bigint;
    turn bigint;
    copied bigint;
BEGIN
    PERFORM agentctl.require_conversation(fork.conversation);
    IF EXISTS (SELECT FROM conversation AS v WHERE v.id = fork.new_conversation) THEN
        RAISE EXCEPTION 'there is a conversation "%" already', fork.new_conversation USING ERRCODE = 'AC003';
    END IF;
    IF octet_length(fork.new_conversation) NOT BETWEEN 1 AND 200 OR fork.new_conversation ~ '[[:cntrl:]]'
        OR fork.new_conversation <> btrim(fork.new_conversation) THEN
        RAISE EXCEPTION 'a conversation''s id has 1 to 200 bytes, no control characters and no spaces around it' USING ERRCODE = 'AC001';
    END IF;
    SELECT m.number, m.seq INTO upto, turn FROM message AS m
    WHERE m.conversation_id = fork.conversation AND (fork.message IS NULL OR m.number = fork.message)
    ORDER BY m.number DESC LIMIT 1;
    IF upto IS NULL THEN
        RAISE EXCEPTION 'conversation "%" has no %', fork.conversation,
            coalesce('message ' || fork.message, 'message') USING ERRCODE = 'AC002';
    END IF;
    PERFORM agentctl.start_conversation(fork.new_conversation,
        coalesce(fork.agent, (SELECT v.agent FROM conversation AS v WHERE v.id = fork.conversation)));
    UPDATE conversation AS v SET forked_from = fork.conversation, forked_message = upto WHERE v.id = fork.new_conversation;
    INSERT INTO message (conversation_id, number, seq, role, content, tool_calls, tool_call_id, created_at)
    SELECT fork.new_conversation, row_number() OVER (ORDER BY m.number), m.seq, m.role, m.content, m.tool_calls, m.tool_call_id, m.created_at
    FROM message AS m
    WHERE m.conversation_id = fork.conversation AND m.number <= upto AND m.undone_by IS NULL;
    GET DIAGNOSTICS copied = ROW_COUNT;
    -- Summaries that tell only of copied messages go along, with the new numbers of these. They have been paid.
    INSERT INTO compaction (conversation_id, number, first_message, last_message, summary, made_by, before_tokens, after_tokens, created_by)
    SELECT fork.new_conversation, row_number() OVER (ORDER BY o.number), 1, kept.messages, o.summary, o.made_by, o.before_tokens,
           o.after_tokens, o.created_by
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

-- As before; where a summary is in force, it comes first, as [last message that it stands for, "summary", text], and only
-- the messages after it follow.
CREATE OR REPLACE FUNCTION agentctl.claim(worker bigint, maximum integer, conversation text DEFAULT NULL)
RETURNS TABLE (
    conversation_id text, seq bigint, lease uuid, attempt smallint, operation text, body jsonb, agent text, epoch bigint,
    submitted_at timestamptz, last_message bigint, history jsonb, generation smallint, progress jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    claimed text[];
BEGIN
    -- A worker that was counted as lost gets no more: nobody would take over from it a second time.
    IF claim.maximum < 1 OR NOT EXISTS (SELECT FROM worker AS w WHERE w.id = claim.worker AND w.state IN ('active', 'draining')) THEN
        RETURN;
    END IF;
    IF claim.conversation IS NULL THEN
        WITH candidate AS MATERIALIZED (
            SELECT c.conversation_id FROM conversation_control AS c
            WHERE c.state = 'ready'
            ORDER BY c.priority, c.ready_at, c.conversation_id
            LIMIT claim.maximum
            FOR NO KEY UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE conversation_control AS c
            SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
                attempt = least(c.attempt, 32766) + 1, generation = least(c.generation, 32766) + 1
            WHERE c.conversation_id = ANY (ARRAY(SELECT candidate.conversation_id FROM candidate))
            RETURNING c.conversation_id
        )
        SELECT array_agg(taken.conversation_id) INTO claimed FROM taken;
    ELSE
        UPDATE conversation_control AS c
        SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
            attempt = least(c.attempt, 32766) + 1, generation = least(c.generation, 32766) + 1
        WHERE c.conversation_id = ANY (ARRAY(
            SELECT o.conversation_id FROM conversation_control AS o
            WHERE o.conversation_id = claim.conversation AND o.state = 'ready' FOR NO KEY UPDATE SKIP LOCKED));
        claimed := CASE WHEN FOUND THEN ARRAY[claim.conversation] END;
    END IF;
    IF claimed IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT c.conversation_id, s.seq, c.lease, c.attempt, s.operation::text, s.body, coalesce(s.agent, v.agent),
           (SELECT e.epoch FROM definition_epoch AS e), s.created_at, c.last_message,
           CASE WHEN compacted.summary IS NULL THEN past.messages
                ELSE jsonb_build_array(jsonb_build_array(compacted.last_message, 'summary', compacted.summary)) || coalesce(past.messages, '[]') END,
           c.generation,
           CASE WHEN c.has_progress THEN agentctl.turn_progress_report(c.conversation_id) END
    FROM conversation_control AS c
    JOIN conversation AS v ON v.id = c.conversation_id
    JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.has_progress
            THEN (SELECT p.first_message - 1 FROM turn_progress AS p WHERE p.conversation_id = c.conversation_id)
            ELSE c.last_message END AS message
    ) AS before
    LEFT JOIN LATERAL (
        SELECT o.last_message, o.summary FROM compaction AS o
        WHERE o.conversation_id = c.conversation_id AND o.undone_by IS NULL
        ORDER BY o.number DESC LIMIT 1
    ) AS compacted ON true
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id) ORDER BY m.number) AS messages
        FROM (
            SELECT recent.*, sum(octet_length(recent.content) + coalesce(octet_length(recent.tool_calls::text), 0))
                                 OVER (ORDER BY recent.number DESC) AS bytes
            FROM message AS recent
            WHERE recent.conversation_id = c.conversation_id AND recent.number > greatest(before.message - 100, compacted.last_message)
              AND recent.number <= before.message AND recent.undone_by IS NULL
        ) AS m
        WHERE m.bytes <= 4194304
    ) AS past
    WHERE c.conversation_id = ANY (claimed);
END $$;
COMMENT ON FUNCTION agentctl.claim(bigint, integer, text) IS 'Takes the lease of up to maximum ready conversations (or of the given one) and returns the next submission of each, with the last 100 messages before it, at most 4 MiB of text, as [number, role, content, tool_calls, tool_call_id] (where a summary stands for the oldest, first [number, "summary", text] and then those after it), and what its turn has stored already.';

REVOKE ALL ON agentctl.compaction FROM PUBLIC;
REVOKE ALL ON FUNCTION agentctl.compact(text), agentctl.undo_compaction(text), agentctl.compaction_source(text, bigint),
    agentctl.store_compaction(text, bigint, uuid, jsonb, boolean), agentctl.recall(text, text, bigint, integer) FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_client', 'function', 'agentctl.compact(text)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.undo_compaction(text)', 'EXECUTE');
SELECT agentctl.grant_roles();
