CREATE OR REPLACE FUNCTION agentctl.keep_scope(
    tenant text, collection text, account text, agent text, user_id text, conversation_id text
) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    kept integer;
BEGIN
    IF NOT coalesce(keep_scope.collection ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$', false) THEN
        RAISE EXCEPTION 'a collection is named by 1 to 64 letters, digits, dots, hyphens and underscores'
            USING ERRCODE = 'AC001';
    END IF;
    IF keep_scope.user_id IS NOT NULL AND keep_scope.account IS NULL THEN
        RAISE EXCEPTION 'a user is of an account' USING ERRCODE = 'AC001', HINT = 'Name the database user as account.';
    END IF;
    IF octet_length(keep_scope.user_id) NOT BETWEEN 1 AND 200 OR keep_scope.user_id ~ '[[:cntrl:]]' THEN
        RAISE EXCEPTION 'a user is named by 1 to 200 bytes without control characters' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(keep_scope.agent) NOT BETWEEN 1 AND 200
        OR octet_length(keep_scope.account) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'agent and account are names of 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    IF keep_scope.user_id IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock_shared(agentctl.user_lock_key(keep_scope.account, keep_scope.user_id));
    END IF;
    LOOP
        SELECT s.id INTO kept FROM memory_scope AS s
        WHERE s.tenant = keep_scope.tenant AND s.collection = keep_scope.collection
          AND coalesce(s.account, '') = coalesce(keep_scope.account, '')
          AND coalesce(s.user_id, '') = coalesce(keep_scope.user_id, '')
          AND coalesce(s.conversation_id, '') = coalesce(keep_scope.conversation_id, '')
          AND coalesce(s.agent, '') = coalesce(keep_scope.agent, '');
        IF FOUND THEN
            RETURN kept;
        END IF;
        INSERT INTO memory_scope (tenant, collection, account, agent, user_id, conversation_id)
        VALUES (keep_scope.tenant, keep_scope.collection, keep_scope.account, keep_scope.agent, keep_scope.user_id,
                keep_scope.conversation_id)
        ON CONFLICT DO NOTHING;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.keep_scope(text, text, text, text, text, text) IS
    'The scope with exactly these; it is made when there is none. Internal.';
REVOKE ALL ON FUNCTION agentctl.keep_scope(text, text, text, text, text, text) FROM PUBLIC;
