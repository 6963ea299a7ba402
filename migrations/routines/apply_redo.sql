CREATE OR REPLACE FUNCTION agentctl.apply_redo(conversation text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    last bigint;
    told jsonb;
BEGIN
    SELECT max(m.undone_by) INTO last FROM message AS m WHERE m.conversation_id = apply_redo.conversation;
    -- What was said since was said by a model that did not see them: they would come before it all the same.
    IF EXISTS (SELECT FROM message AS m
               WHERE m.conversation_id = apply_redo.conversation AND m.undone_by IS NULL AND m.seq > last) THEN
        last := NULL;
    END IF;
    WITH shown AS (
        UPDATE message AS m SET undone_by = NULL
        WHERE m.conversation_id = apply_redo.conversation AND m.undone_by = last
        RETURNING m.seq
    )
    SELECT jsonb_build_object('turns', coalesce((SELECT jsonb_agg(DISTINCT s.seq ORDER BY s.seq) FROM shown AS s), '[]'),
        'messages', (SELECT count(*) FROM shown AS s), 'effects', '[]'::jsonb) INTO told;
    UPDATE compaction AS o SET undone_by = NULL
    WHERE o.conversation_id = apply_redo.conversation AND o.undone_by = last;
    RETURN told;
END $$;
COMMENT ON FUNCTION agentctl.apply_redo(text) IS
    'Shows the messages again that the last undo took away, if nothing was said since; returns which, as apply_undo() '
    'does. Internal: apply_operation() calls it.';
REVOKE ALL ON FUNCTION agentctl.apply_redo(text) FROM PUBLIC;
