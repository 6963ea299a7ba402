CREATE OR REPLACE FUNCTION agentctl.edit_block(
    label text, edit jsonb, version integer DEFAULT NULL, conversation text DEFAULT NULL, user_id text DEFAULT NULL,
    account text DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    document jsonb;
    per text;
    block bigint;
    result jsonb;
BEGIN
    SELECT v.document INTO document FROM definition AS d
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    WHERE d.kind = 'block' AND d.name = edit_block.label;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no block "%"', edit_block.label USING ERRCODE = 'AC002',
            HINT = coalesce('Did you mean ' || agentctl.nearest(edit_block.label, ARRAY(
                SELECT d.name FROM definition AS d WHERE d.kind = 'block' AND d.current_version IS NOT NULL)) || '?',
                'Register it: a document of the kind block.');
    END IF;
    per := document ->> 'per';
    IF (edit_block.conversation IS NOT NULL) <> (per = 'conversation')
        OR (edit_block.user_id IS NOT NULL) <> (per = 'user')
        OR edit_block.account IS NOT NULL AND per <> 'user' THEN
        RAISE EXCEPTION 'block "%" is %', edit_block.label, CASE per WHEN 'shared' THEN 'shared by all'
            ELSE 'per ' || per END USING ERRCODE = 'AC001', HINT = CASE per WHEN 'shared'
            THEN 'Name neither a conversation nor a user.' ELSE format('Name the %s, and nothing else.', per) END;
    ELSIF per = 'conversation'
        AND NOT EXISTS (SELECT FROM agentctl.conversation AS v WHERE v.id = edit_block.conversation) THEN
        RAISE EXCEPTION 'there is no conversation "%"', edit_block.conversation USING ERRCODE = 'AC002';
    ELSIF coalesce(edit ->> 'do' NOT IN ('insert', 'replace', 'rethink', 'undo'), true)
        OR edit ->> 'do' <> 'undo' AND edit ->> 'new_text' IS NULL
        OR edit ->> 'do' = 'replace' AND edit ->> 'old_text' IS NULL THEN
        RAISE EXCEPTION 'there is no such edit: %', edit USING ERRCODE = 'AC001', HINT =
            '{do: insert, new_text, line}, {do: replace, old_text, new_text}, {do: rethink, new_text}, {do: undo, version}';
    END IF;
    block := agentctl.keep_block(label,
        CASE per WHEN 'user' THEN coalesce(account, agentctl.account_name()) END, user_id, conversation, document ->> 'value');
    result := agentctl.change_block(block, (document ->> 'limit')::integer, edit, version, NULL, NULL, NULL,
        agentctl.caller());
    IF result ->> 'refused' IS NOT NULL THEN
        RAISE EXCEPTION '%', result ->> 'refused' USING ERRCODE = 'AC003',
            HINT = format('agentctl blocks show %s has what stands in it now.', label);
    END IF;
    RETURN result - 'refused';
END $$;
COMMENT ON FUNCTION agentctl.edit_block(text, jsonb, integer, text, text, text) IS
    'Edits a block, as a person does: {do: insert, new_text, line}, {do: replace, old_text, new_text}, {do: rethink, '
    'new_text} or {do: undo, version}; undo is a new version. One that is per conversation or per user is named with '
    'that; account is the database user whose end user it is, the caller without it. Returns {id, label, version, value, limit}. Fails with AC003 when the version that is named is not the '
    'current one, when old_text is not in it once, and when it would be too long.';
REVOKE ALL ON FUNCTION agentctl.edit_block(text, jsonb, integer, text, text, text) FROM PUBLIC;
