-- Without settings of its own but one: claim(), which has them, calls it for each message.
CREATE OR REPLACE FUNCTION agentctl.shown_history(
    conversation text, until bigint, responder text, version integer
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    compacted record;
    past jsonb;
BEGIN
    -- A run of a chain is shown nothing, unless its agents hand the conversation over: then it has no nodes.
    IF (SELECT bool_and(EXISTS (SELECT FROM chain_node AS n WHERE n.version_id = o.id))
        FROM definition AS d
        JOIN definition_version AS o ON o.kind = 'chain' AND o.name = d.name
            AND o.version IN (d.current_version, shown_history.version)
        WHERE d.kind = 'chain' AND d.name = shown_history.responder)
    THEN
        RETURN NULL;
    END IF;
    SELECT o.last_message, o.summary INTO compacted FROM compaction AS o
    WHERE o.conversation_id = shown_history.conversation AND o.undone_by IS NULL
    ORDER BY o.number DESC LIMIT 1;
    past := (
        SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id)
            ORDER BY m.number)
        FROM (
            SELECT recent.*, sum(octet_length(recent.content) + coalesce(octet_length(recent.tool_calls::text), 0))
                                 OVER (ORDER BY recent.number DESC) AS bytes
            FROM message AS recent
            WHERE recent.conversation_id = shown_history.conversation
              AND recent.number > greatest(shown_history.until - 100, compacted.last_message)
              AND recent.number <= shown_history.until AND recent.undone_by IS NULL
        ) AS m
        WHERE m.bytes <= 4194304);
    RETURN CASE WHEN compacted.summary IS NULL THEN past
        ELSE jsonb_build_array(jsonb_build_array(compacted.last_message, 'summary', compacted.summary))
            || coalesce(past, '[]') END;
END $$;
COMMENT ON FUNCTION agentctl.shown_history(text, bigint, text, integer) IS
    'What a turn is shown of the messages up to one: the last 100, at most 4 MiB of text, as [number, role, content, '
    'tool_calls, tool_call_id]; where a summary stands for the oldest, first [number, "summary", text] and then those '
    'after it. NULL for none, as for a run of a chain; version is that of a run in progress. Internal: claim() calls '
    'it.';
REVOKE ALL ON FUNCTION agentctl.shown_history(text, bigint, text, integer) FROM PUBLIC;
