-- The words are looked for in the messages of one conversation: an index over all of them would be paid with each
-- message.
CREATE OR REPLACE FUNCTION agentctl.recall(conversation text, query text, before bigint, maximum integer DEFAULT 5)
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
COMMENT ON FUNCTION agentctl.recall(text, text, bigint, integer) IS
    'Messages of a conversation from turns before the given one that hold the query, all of its words, or some of '
    'them, in this order, with an excerpt of each. Messages that were undone are left out.';
REVOKE ALL ON FUNCTION agentctl.recall(text, text, bigint, integer) FROM PUBLIC;
