CREATE OR REPLACE FUNCTION agentctl.import_memories(memories jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    element record;
    wrong text;
    stored bigint;
    imported bigint := 0;
    forgotten bigint := 0;
BEGIN
    IF jsonb_typeof(memories) IS DISTINCT FROM 'array' THEN
        RAISE EXCEPTION 'memories are a list of objects' USING ERRCODE = 'AC001';
    END IF;
    FOR element IN
        SELECT e.value, e.number FROM jsonb_array_elements(memories) WITH ORDINALITY AS e (value, number)
    LOOP
        BEGIN
            IF jsonb_typeof(element.value) <> 'object' THEN
                RAISE EXCEPTION 'it is no object' USING ERRCODE = 'AC001';
            END IF;
            SELECT format('%s is not %s', f.name, f.type) INTO wrong
            FROM jsonb_each(element.value) AS m
            JOIN (VALUES ('content', 'string'), ('metadata', 'object'), ('key', 'string'), ('importance', 'number'),
                ('kind', 'string'), ('trust', 'string'), ('collection', 'string'), ('account', 'string'),
                ('agent', 'string'), ('user_id', 'string'), ('expires_at', 'string')) AS f (name, type) ON f.name = m.key
            WHERE jsonb_typeof(m.value) NOT IN (f.type, 'null') ORDER BY m.key LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION '%', wrong USING ERRCODE = 'AC001';
            ELSIF element.value ->> 'conversation_id' IS NOT NULL THEN
                RAISE EXCEPTION 'it is of conversation "%" alone; without conversation_id it would be its user''s, or '
                    'everybody''s of its account', element.value ->> 'conversation_id' USING ERRCODE = 'AC001';
            END IF;
            SELECT r.* INTO item FROM jsonb_to_record(element.value) AS r (
                content text, metadata jsonb, key text, importance double precision, kind text, trust text,
                collection text, account text, agent text, user_id text, expires_at timestamptz);
            PERFORM agentctl.check_memory(item.content, coalesce(item.metadata, '{}'), item.key,
                coalesce(item.importance, 0.5));
            stored := agentctl.write_memory(
                agentctl.keep_scope('default', coalesce(item.collection, 'default'),
                    coalesce(item.account, CASE WHEN item.user_id IS NOT NULL THEN agentctl.keep_account() END),
                    item.agent, item.user_id, NULL),
                item.content, coalesce(item.trust, 'owner')::memory_trust, coalesce(item.metadata, '{}'), item.key,
                coalesce(item.importance, 0.5), coalesce(item.kind, 'fact'), item.expires_at,
                is_statement => false);
        EXCEPTION WHEN SQLSTATE 'AC001' OR SQLSTATE 'AC003' OR SQLSTATE 'AC004' OR invalid_text_representation
            OR invalid_datetime_format OR datetime_field_overflow OR numeric_value_out_of_range OR check_violation THEN
            RAISE EXCEPTION 'memory % of the list: %', element.number, SQLERRM USING ERRCODE = 'AC001';
        END;
        IF stored IS NULL THEN
            forgotten := forgotten + 1;
        ELSE
            imported := imported + 1;
        END IF;
    END LOOP;
    RETURN jsonb_build_object('imported', imported, 'forgotten', forgotten);
END $$;
COMMENT ON FUNCTION agentctl.import_memories(jsonb) IS
    'Stores memories as agentctl.memories has them, all or nothing. What was forgotten here stays forgotten. Returns {imported, forgotten}. For owners; '
    'fails with AC001 naming the first that cannot be stored, such as one of a conversation alone.';
REVOKE ALL ON FUNCTION agentctl.import_memories(jsonb) FROM PUBLIC;
