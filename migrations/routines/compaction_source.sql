-- What a worker that holds the conversation can summarize: whole turns, oldest first, of a bounded number and size. The
-- number of a message's turn rises with that of the message, also in a fork.
CREATE OR REPLACE FUNCTION agentctl.compaction_source(conversation text, upto bigint) RETURNS jsonb
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
COMMENT ON FUNCTION agentctl.compaction_source(text, bigint) IS
    'What can be summarized of the turns before upto: {number, first_message, summary, messages}, where summary is '
    'the one in force and messages come after it, without the last two turns, about 8 MiB of text at most. Internal: '
    'the worker that holds the conversation calls it.';
REVOKE ALL ON FUNCTION agentctl.compaction_source(text, bigint) FROM PUBLIC;
