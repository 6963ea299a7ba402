-- What a turn shows of blocks is stored when it begins, not when it ends: another attempt shows the same. A block is
-- shown again only when its version is none that the shown turns have, so that a prompt up to the new message stays as
-- it was, byte for byte, and what a provider has cached of it stays good.
CREATE OR REPLACE FUNCTION agentctl.show_blocks(
    conversation text, seq bigint, lease uuid, labels text[], first_message bigint, is_rehearsal boolean DEFAULT false
) RETURNS TABLE (
    message bigint, is_edit boolean, label text, version integer, value text, description text,
    character_limit integer, is_read_only boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    IF NOT show_blocks.is_rehearsal THEN
        INSERT INTO memory_block_shown (conversation_id, seq, block_id, is_edit, version, description, character_limit,
            is_read_only)
        SELECT c.conversation_id, show_blocks.seq, coalesce(b.id,
                   agentctl.keep_block(b.label, b.account, b.user_id, b.conversation_id, b.value)), false, b.version,
               b.description, b.character_limit, b.is_read_only
        FROM conversation_control AS c
        CROSS JOIN LATERAL agentctl.unseen_blocks(
            c.conversation_id, show_blocks.seq, show_blocks.labels, show_blocks.first_message) AS b
        WHERE c.conversation_id = show_blocks.conversation AND c.lease = show_blocks.lease
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN QUERY
    WITH begins AS MATERIALIZED (
        SELECT m.seq, min(m.number) AS number FROM agentctl.message AS m
        WHERE m.conversation_id = show_blocks.conversation AND m.number >= show_blocks.first_message
          AND m.undone_by IS NULL AND m.seq < show_blocks.seq
        GROUP BY m.seq
    ), shown AS (
        SELECT s.seq, u.number, s.is_edit, b.place, b.label, v.version, v.value, s.description, s.character_limit,
               s.is_read_only
        FROM agentctl.blocks_of(show_blocks.conversation, show_blocks.labels) AS b
        JOIN memory_block_shown AS s ON s.conversation_id = show_blocks.conversation AND s.block_id = b.id
        JOIN memory_block_version AS v ON v.block_id = s.block_id AND v.version = s.version
        LEFT JOIN begins AS u ON u.seq = s.seq
        WHERE s.seq = show_blocks.seq OR u.seq IS NOT NULL
        UNION ALL
        SELECT show_blocks.seq, NULL, false, b.place, b.label, b.version, b.value, b.description, b.character_limit,
               b.is_read_only
        FROM agentctl.unseen_blocks(
            show_blocks.conversation, show_blocks.seq, show_blocks.labels, show_blocks.first_message) AS b
        WHERE show_blocks.is_rehearsal
    )
    SELECT s.number, s.is_edit, s.label, s.version, s.value, s.description, s.character_limit, s.is_read_only
    FROM shown AS s ORDER BY s.seq, s.is_edit, s.place;
END $$;
COMMENT ON FUNCTION agentctl.show_blocks(text, bigint, uuid, text[], bigint, boolean) IS
    'What a turn that runs shows of the blocks with these labels: of each earlier turn from first_message on what it '
    'showed, with the number of its first message; and with message NULL what this turn shows, which is stored unless '
    'it is a rehearsal or the lease is gone. is_edit: the turn saw it as the output of its own edit. Internal: workers '
    'call it before they ask the model.';
REVOKE ALL ON FUNCTION agentctl.show_blocks(text, bigint, uuid, text[], bigint, boolean) FROM PUBLIC;
