-- Compaction: a summary stands for the oldest messages of a conversation. The messages stay where they are, so that nothing
-- is lost: the summary can be taken back, and a tool finds what was said.

UPDATE agentctl.document_field AS f SET allowed = ARRAY(SELECT a FROM unnest(f.allowed || '{recall}') AS a ORDER BY a)
WHERE kind = 'tool' AND path = 'implementation';
INSERT INTO agentctl.document_field
    (kind, path, type, required, default_value, allowed, pattern, minimum, maximum, reference_kind, description) VALUES
    ('agent', 'compact_at', 'number', false, '0.8', NULL, NULL, 0.1, 1, NULL, 'Share of the model''s context window from which on a turn begins with a summary of the oldest messages.');

COMMENT ON COLUMN agentctl.agents.compact_at IS 'Share of the model''s context window from which on a turn begins with a summary of the oldest messages.';

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

REVOKE ALL ON agentctl.compaction FROM PUBLIC;
REVOKE ALL ON FUNCTION agentctl.compact(text), agentctl.undo_compaction(text), agentctl.compaction_source(text, bigint),
    agentctl.store_compaction(text, bigint, uuid, jsonb, boolean), agentctl.recall(text, text, bigint, integer) FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_client', 'function', 'agentctl.compact(text)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.undo_compaction(text)', 'EXECUTE');
SELECT agentctl.grant_roles();
