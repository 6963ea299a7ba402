CREATE OR REPLACE FUNCTION agentctl.unseen_blocks(
    conversation text, seq bigint, labels text[], first_message bigint
) RETURNS TABLE (
    place bigint, label text, description text, character_limit integer, is_read_only boolean, account text,
    user_id text, conversation_id text, id bigint, version integer, value text
)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT b.* FROM agentctl.blocks_of(unseen_blocks.conversation, labels) AS b
    WHERE b.id IS NULL OR NOT EXISTS (
        SELECT FROM memory_block_shown AS s
        WHERE s.conversation_id = unseen_blocks.conversation AND s.block_id = b.id
          AND (s.seq = unseen_blocks.seq AND NOT s.is_edit
              OR s.version = b.version AND s.seq < unseen_blocks.seq AND s.seq = ANY (ARRAY(
                  SELECT m.seq FROM message AS m
                  WHERE m.conversation_id = unseen_blocks.conversation AND m.number >= first_message
                    AND m.undone_by IS NULL))))
$$;
COMMENT ON FUNCTION agentctl.unseen_blocks(text, bigint, text[], bigint) IS
    'Of the blocks with these labels those that a turn has to show: their version is none that the turns have seen '
    'whose messages are shown, from first_message on, and the turn shows none yet. Columns as of blocks_of().';
REVOKE ALL ON FUNCTION agentctl.unseen_blocks(text, bigint, text[], bigint) FROM PUBLIC;
