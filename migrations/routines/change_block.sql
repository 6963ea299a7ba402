-- Who comes second waits for the row, sees what the first has written, and is refused where that is not what it has
-- been shown. A refusal is a result and no error: it carries what stands in the block, so that the next try can succeed.
CREATE OR REPLACE FUNCTION agentctl.change_block(
    block bigint, character_limit integer, edit jsonb, shown integer, agent text, conversation text, seq bigint,
    by text
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    most_versions CONSTANT integer := 1000;
    held memory_block;
    wanted text;
    occurrences integer;
    line integer := (edit ->> 'line')::integer;
    lines text[];
    problem text;
BEGIN
    SELECT b.* INTO STRICT held FROM memory_block AS b WHERE b.id = change_block.block FOR NO KEY UPDATE;
    IF shown IS DISTINCT FROM held.version
        AND (edit ->> 'do' = 'rethink' AND (shown IS NOT NULL OR change_block.agent IS NOT NULL)
            OR edit ->> 'do' = 'insert' AND line IS NOT NULL OR shown IS NOT NULL AND change_block.agent IS NULL) THEN
        problem := format('block "%s" has been changed: it has version %s now, not %s', held.label, held.version,
            coalesce(shown::text, 'the one that was shown'));
    ELSIF edit ->> 'do' = 'replace' THEN
        IF edit ->> 'old_text' = '' THEN
            problem := 'old_text is empty';
        ELSE
            occurrences := (length(held.value) - length(replace(held.value, edit ->> 'old_text', '')))
                / length(edit ->> 'old_text');
            IF occurrences <> 1 THEN
                problem := format('old_text stands %s times in block "%s", not once', occurrences, held.label);
            END IF;
        END IF;
        wanted := replace(held.value, edit ->> 'old_text', edit ->> 'new_text');
    ELSIF edit ->> 'do' = 'insert' THEN
        lines := CASE WHEN held.value = '' THEN '{}' ELSE string_to_array(held.value, E'\n') END;
        IF line NOT BETWEEN 0 AND cardinality(lines) THEN
            problem := format('block "%s" has %s lines, there is no line %s', held.label, cardinality(lines), line);
        END IF;
        line := coalesce(line, cardinality(lines));
        wanted := array_to_string(lines[:line] || (edit ->> 'new_text') || lines[line + 1:], E'\n');
    ELSIF edit ->> 'do' = 'undo' THEN
        SELECT v.value INTO wanted FROM memory_block_version AS v
        WHERE v.block_id = held.id AND v.version = coalesce((change_block.edit ->> 'version')::integer, held.version - 1);
        IF NOT FOUND AND edit ->> 'version' IS NULL AND held.version = 1 THEN
            problem := format('block "%s" has not been edited: there is nothing to undo', held.label);
        ELSIF NOT FOUND THEN
            problem := format('block "%s" has no version %s', held.label,
                coalesce((edit ->> 'version')::integer, held.version - 1));
        END IF;
    ELSE
        wanted := edit ->> 'new_text';
    END IF;
    IF problem IS NULL AND length(wanted) > character_limit THEN
        problem := format('block "%s" would have %s characters, its limit is %s: %s too many', held.label,
            length(wanted), character_limit, length(wanted) - character_limit);
    END IF;
    IF problem IS NULL AND wanted IS DISTINCT FROM held.value THEN
        UPDATE memory_block AS b SET value = wanted, version = b.version + 1 WHERE b.id = held.id
        RETURNING b.* INTO held;
        INSERT INTO memory_block_version (block_id, version, value, edit, agent, conversation_id, seq, created_by)
        VALUES (held.id, held.version, held.value, change_block.edit ->> 'do', change_block.agent, change_block.conversation,
            change_block.seq, change_block.by);
        DELETE FROM memory_block_version AS v
        WHERE v.block_id = held.id AND v.version <= held.version - most_versions;
    END IF;
    RETURN jsonb_build_object('id', held.id, 'label', held.label, 'version', held.version, 'value', held.value,
        'limit', character_limit, 'refused', problem);
END $$;
COMMENT ON FUNCTION agentctl.change_block(bigint, integer, jsonb, integer, text, text, bigint, text) IS
    'Edits a block: {do: insert, new_text, line}, {do: replace, old_text, new_text}, {do: rethink, new_text} or '
    '{do: undo, version}. shown is the version that the editor has seen: an agent''s rethinking, inserting at a line, '
    'and whatever a person edits of a named version need it to be the current one. Returns {id, label, version, value, '
    'limit, refused}; refused says why nothing has changed. Internal: edit_block() and edit_block_of_turn() call it.';
REVOKE ALL ON FUNCTION agentctl.change_block(bigint, integer, jsonb, integer, text, text, bigint, text) FROM PUBLIC;
