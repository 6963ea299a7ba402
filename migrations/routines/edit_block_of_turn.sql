-- The tools memory_insert, memory_replace and memory_rethink call it in the transaction that stores their call.
CREATE OR REPLACE FUNCTION agentctl.edit_block_of_turn(
    conversation text, seq bigint, agent text, label text, edit jsonb, inside text[],
    is_tainted boolean
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    named text[];
    wanted record;
    result jsonb;
    held record;
BEGIN
    SELECT v.created_by, c.last_message INTO held FROM conversation_control AS c
    JOIN conversation AS v ON v.id = c.conversation_id
    WHERE c.conversation_id = edit_block_of_turn.conversation AND c.state = 'running'
      AND c.head_seq + 1 = edit_block_of_turn.seq;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'turn %/% does not run', edit_block_of_turn.conversation, edit_block_of_turn.seq
            USING ERRCODE = 'AC003';
    END IF;
    SELECT ARRAY(SELECT jsonb_array_elements_text(v.document #> '{memory,blocks}')) INTO named
    FROM definition AS d
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    WHERE d.kind = 'agent' AND d.name = edit_block_of_turn.agent;
    SELECT b.* INTO wanted
    FROM agentctl.blocks_of(edit_block_of_turn.conversation, ARRAY[edit_block_of_turn.label]) AS b
    WHERE b.label = ANY (named);
    IF NOT FOUND THEN
        RETURN jsonb_build_object('refused', format('there is no block "%s" here; there is %s', label,
            coalesce((SELECT string_agg(format('"%s"', b.label), ', ' ORDER BY b.place)
                FROM agentctl.blocks_of(edit_block_of_turn.conversation, named) AS b), 'none')));
    ELSIF wanted.is_read_only THEN
        RETURN jsonb_build_object('refused', format('block "%s" is read-only', label));
    ELSIF num_nonnulls(wanted.user_id, wanted.conversation_id) = 0
        AND (is_tainted OR agentctl.has_read_outside(edit_block_of_turn.conversation, inside)) THEN
        RAISE EXCEPTION 'after reading from outside, block "%" is not edited: all agents and users are shown it', label
            USING ERRCODE = 'AC004', HINT = 'Remember it for the user or the conversation; a person can edit the block.';
    END IF;
    wanted.id := coalesce(wanted.id,
        agentctl.keep_block(wanted.label, wanted.account, wanted.user_id, wanted.conversation_id, wanted.value));
    result := agentctl.change_block(wanted.id, wanted.character_limit, edit, (
        SELECT max(s.version) FROM memory_block_shown AS s
        WHERE s.conversation_id = edit_block_of_turn.conversation AND s.block_id = wanted.id
          -- Of earlier turns only those that may be shown.
          AND (s.seq = edit_block_of_turn.seq OR s.seq = ANY (ARRAY(
              SELECT m.seq FROM message AS m
              WHERE m.conversation_id = edit_block_of_turn.conversation AND m.number > held.last_message - 200
                AND m.undone_by IS NULL)))),
        agent, conversation, seq, held.created_by);
    -- What comes of it is shown to the agent either way.
    INSERT INTO memory_block_shown AS s (conversation_id, seq, block_id, is_edit, version, description, character_limit,
        is_read_only)
    VALUES (edit_block_of_turn.conversation, edit_block_of_turn.seq, wanted.id, true, (result ->> 'version')::integer,
        wanted.description, wanted.character_limit, wanted.is_read_only)
    ON CONFLICT (conversation_id, seq, block_id, is_edit) DO UPDATE
    SET version = excluded.version, description = excluded.description, character_limit = excluded.character_limit,
        is_read_only = excluded.is_read_only
    WHERE s.version <> excluded.version;
    RETURN result || jsonb_build_object('description', wanted.description);
END $$;
COMMENT ON FUNCTION agentctl.edit_block_of_turn(text, bigint, text, text, jsonb, text[], boolean) IS
    'Has the agent of a turn that runs edit one of its blocks; edit and result as of change_block(), with the block''s '
    'description. A shared one is not edited where the conversation has read from outside (AC004), as remember_in_turn() '
    'has it. Internal: tools call it while their worker holds the conversation.';
REVOKE ALL ON FUNCTION agentctl.edit_block_of_turn(text, bigint, text, text, jsonb, text[], boolean) FROM PUBLIC;
