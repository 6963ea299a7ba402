CREATE OR REPLACE FUNCTION agentctl.export_conversation(conversation text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
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
COMMENT ON FUNCTION agentctl.export_conversation(text) IS
    'A conversation as one document: import_conversation() reads it into another database. To a member of '
    'agentctl_client it has of definitions only kind, name, version and hash. Fails with AC003 while a turn runs, and '
    'when the document is too large for jsonb.';
REVOKE ALL ON FUNCTION agentctl.export_conversation(text) FROM PUBLIC;
