-- The one writer of memories: remembering, rules, imports, episodes.
CREATE OR REPLACE FUNCTION agentctl.write_memory(
    scope integer, content text, trust agentctl.memory_trust, metadata jsonb DEFAULT '{}', key text DEFAULT NULL,
    importance double precision DEFAULT 0.5, kind text DEFAULT 'fact', expires_at timestamptz DEFAULT NULL,
    replaces bigint DEFAULT NULL, written_by text DEFAULT NULL, source_conversation text DEFAULT NULL,
    source_seq bigint DEFAULT NULL, source_call integer DEFAULT NULL, is_statement boolean DEFAULT true
) RETURNS bigint
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    who text := coalesce(write_memory.written_by, agentctl.account_name());
    buried bytea := agentctl.tombstone_key(write_memory.content);
    old record;
    same bigint;
    stored bigint;
    changed boolean := false;
BEGIN
    IF EXISTS (SELECT FROM memory_tombstone AS t WHERE t.scope_id = scope AND t.content_key = buried) THEN
        IF write_memory.trust < 'user' OR NOT write_memory.is_statement THEN
            RETURN NULL;
        END IF;
        DELETE FROM memory_tombstone AS t WHERE t.scope_id = scope AND t.content_key = buried;
    END IF;
    -- What is there already: under the key, or said to be replaced, or with this content.
    SELECT m.* INTO old FROM memory AS m
    WHERE m.scope_id = scope AND (m.key = write_memory.key OR m.id = write_memory.replaces)
    ORDER BY m.id = write_memory.replaces DESC LIMIT 1 FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        IF write_memory.replaces IS NOT NULL THEN
            RAISE EXCEPTION 'there is no memory % of the same kind of reader', write_memory.replaces
                USING ERRCODE = 'AC002', HINT = 'A memory is replaced by one that the same see; else forget it.';
        END IF;
        INSERT INTO memory AS m (scope_id, key, content, metadata, importance, kind, trust, expires_at, written_by,
            source_conversation, source_seq, source_call)
        VALUES (scope, write_memory.key, write_memory.content, write_memory.metadata, write_memory.importance,
                write_memory.kind, write_memory.trust, write_memory.expires_at, who, write_memory.source_conversation,
                write_memory.source_seq, write_memory.source_call)
        ON CONFLICT DO NOTHING RETURNING m.id INTO stored;
        IF stored IS NOT NULL THEN
            PERFORM agentctl.queue_embedding(stored);
            RETURN stored;
        END IF;
        SELECT m.* INTO old FROM memory AS m
        WHERE m.scope_id = scope AND m.content_hash = agentctl.memory_hash(write_memory.content) FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            -- It was forgotten meanwhile, or another session has stored something else under the key.
            RETURN agentctl.write_memory(scope, write_memory.content, write_memory.trust, write_memory.metadata,
                write_memory.key, write_memory.importance, write_memory.kind, write_memory.expires_at, NULL, who,
                write_memory.source_conversation, write_memory.source_seq, write_memory.source_call, is_statement);
        END IF;
        -- The same again: somebody of more trust vouches for it.
        changed := write_memory.trust > old.trust;
    ELSE
        changed := agentctl.memory_hash(write_memory.content) <> old.content_hash;
        IF changed AND write_memory.trust < old.trust THEN
            RAISE EXCEPTION 'memory % is trusted more than what would replace it', old.id USING ERRCODE = 'AC004',
                HINT = format('It comes from %s, the new one from %s.', old.trust, write_memory.trust);
        END IF;
        SELECT m.id INTO same FROM memory AS m
        WHERE m.scope_id = scope AND m.content_hash = agentctl.memory_hash(write_memory.content) AND m.id <> old.id;
        IF FOUND THEN
            RAISE EXCEPTION 'memory % says that already', same USING ERRCODE = 'AC003',
                HINT = format('Forget memory %s instead.', old.id);
        END IF;
    END IF;
    IF changed THEN
        INSERT INTO memory_version (memory_id, version, content, metadata, importance, trust, written_by)
        VALUES (old.id, old.version, old.content, old.metadata, old.importance, old.trust, who);
    END IF;
    UPDATE memory AS m
    SET content = CASE WHEN m.content_hash = agentctl.memory_hash(write_memory.content) THEN m.content
            ELSE write_memory.content END,
        metadata = m.metadata || write_memory.metadata,
        importance = greatest(m.importance, write_memory.importance::real),
        trust = CASE WHEN changed THEN write_memory.trust ELSE m.trust END,
        version = m.version + changed::integer,
        times_stored = m.times_stored + 1,
        updated_at = clock_timestamp(),
        expires_at = CASE WHEN write_memory.key IS NOT NULL OR write_memory.replaces IS NOT NULL
                THEN write_memory.expires_at
            WHEN m.expires_at IS NULL OR write_memory.expires_at IS NULL THEN NULL
            ELSE greatest(m.expires_at, write_memory.expires_at) END
    WHERE m.id = old.id;
    IF changed THEN
        PERFORM agentctl.queue_embedding(old.id);
    END IF;
    RETURN old.id;
END $$;
COMMENT ON FUNCTION agentctl.write_memory(integer, text, agentctl.memory_trust, jsonb, text, double precision, text,
    timestamptz, bigint, text, text, bigint, integer, boolean) IS
    'Stores a memory in a scope and returns its id. The same content again raises importance, merges metadata and '
    'counts; a key, or replaces, makes a new version. NULL when it was forgotten and is not stated again by a person. '
    'Fails with AC004 where it would replace what is trusted more. Internal: remember() and others call it.';
REVOKE ALL ON FUNCTION agentctl.write_memory(integer, text, agentctl.memory_trust, jsonb, text, double precision, text,
    timestamptz, bigint, text, text, bigint, integer, boolean) FROM PUBLIC;
