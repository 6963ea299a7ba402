CREATE OR REPLACE FUNCTION agentctl.keep_block(
    label text, account text, user_id text, conversation text, value text
) RETURNS bigint
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    kept bigint;
BEGIN
    INSERT INTO memory_block AS b (label, account, user_id, conversation_id, version, value)
    VALUES (keep_block.label, keep_block.account, keep_block.user_id, keep_block.conversation, 1, keep_block.value)
    ON CONFLICT DO NOTHING
    RETURNING b.id INTO kept;
    IF FOUND THEN
        INSERT INTO memory_block_version (block_id, version, value, edit)
        VALUES (kept, 1, keep_block.value, 'start');
    ELSE
        SELECT b.id INTO STRICT kept FROM memory_block AS b
        WHERE b.label = keep_block.label AND coalesce(b.account, '') = coalesce(keep_block.account, '')
          AND coalesce(b.user_id, '') = coalesce(keep_block.user_id, '')
          AND coalesce(b.conversation_id, '') = coalesce(keep_block.conversation, '');
    END IF;
    RETURN kept;
END $$;
COMMENT ON FUNCTION agentctl.keep_block(text, text, text, text, text) IS
    'Makes the row of a block that has none, with its first version; returns its id. Internal: what shows and edits '
    'blocks calls it.';
REVOKE ALL ON FUNCTION agentctl.keep_block(text, text, text, text, text) FROM PUBLIC;
