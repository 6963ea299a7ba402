CREATE OR REPLACE FUNCTION agentctl.import_memories(memories jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    item record;
    stored bigint;
    imported bigint := 0;
    forgotten bigint := 0;
BEGIN
    IF jsonb_typeof(memories) IS DISTINCT FROM 'array' THEN
        RAISE EXCEPTION 'memories are a list of objects' USING ERRCODE = 'AC001';
    END IF;
    FOR item IN
        SELECT r.*, e.number FROM jsonb_array_elements(memories) WITH ORDINALITY AS e (value, number)
        CROSS JOIN LATERAL jsonb_to_record(CASE jsonb_typeof(e.value) WHEN 'object' THEN e.value ELSE '{}' END) AS r (
            content text, metadata jsonb, key text, importance double precision, kind text, trust text,
            collection text, account text, agent text, user_id text, expires_at timestamptz)
    LOOP
        BEGIN
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
            OR check_violation THEN
            RAISE EXCEPTION 'memory % of the list: %', item.number, SQLERRM USING ERRCODE = 'AC001';
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
    'Stores memories as agentctl.memories has them, all or nothing; those of a conversation become their user''s, or '
    'everybody''s of their account. What was forgotten here stays forgotten. Returns {imported, forgotten}. For owners; '
    'fails with AC001 naming the first that cannot be stored.';
REVOKE ALL ON FUNCTION agentctl.import_memories(jsonb) FROM PUBLIC;
