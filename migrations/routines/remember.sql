CREATE OR REPLACE FUNCTION agentctl.remember(
    content text, conversation text DEFAULT NULL, "for" text DEFAULT NULL, metadata jsonb DEFAULT '{}',
    key text DEFAULT NULL, importance double precision DEFAULT 0.5, expires_at timestamptz DEFAULT NULL,
    replaces bigint DEFAULT NULL, collection text DEFAULT 'default', agent text DEFAULT NULL,
    user_id text DEFAULT NULL, account text DEFAULT NULL, trust text DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    highest text := CASE WHEN agentctl.is_owner() THEN 'owner' ELSE 'user' END;
    scope integer;
BEGIN
    PERFORM agentctl.check_memory(content, metadata, key, importance);
    IF coalesce(trust, highest) NOT IN ('untrusted', 'agent', 'user', 'owner') THEN
        RAISE EXCEPTION 'trust is untrusted, agent, user or owner' USING ERRCODE = 'AC001';
    END IF;
    IF remember.trust::memory_trust > highest::memory_trust THEN
        RAISE EXCEPTION 'only an owner can vouch as an owner' USING ERRCODE = 'AC004';
    END IF;
    IF remember.conversation IS NOT NULL THEN
        IF num_nonnulls(remember.user_id, remember.account) > 0 THEN
            RAISE EXCEPTION 'the conversation says who its user is' USING ERRCODE = 'AC001',
                HINT = 'Name the conversation, or user and account.';
        END IF;
        remember.conversation := agentctl.own_conversation(remember.conversation);
        PERFORM agentctl.hold_conversation(remember.conversation);
        scope := agentctl.scope_for(remember.conversation, remember."for", remember.collection, remember.agent);
    ELSIF NOT agentctl.is_owner() THEN
        RAISE EXCEPTION 'only owners remember without a conversation' USING ERRCODE = 'AC004',
            HINT = 'Name one of your own: remember(content, conversation => ''…'').';
    ELSE
        IF remember."for" IS NOT NULL THEN
            RAISE EXCEPTION 'for needs a conversation' USING ERRCODE = 'AC001', HINT = 'Name user and agent instead.';
        END IF;
        scope := agentctl.keep_scope('default', remember.collection,
            coalesce(remember.account, CASE WHEN remember.user_id IS NOT NULL THEN agentctl.keep_account() END),
            remember.agent, remember.user_id, NULL);
    END IF;
    RETURN agentctl.write_memory(scope, remember.content, coalesce(remember.trust, highest)::memory_trust,
        remember.metadata, remember.key, remember.importance, 'fact', remember.expires_at, remember.replaces,
        source_conversation => remember.conversation);
END $$;
COMMENT ON FUNCTION agentctl.remember(text, text, text, jsonb, text, double precision, timestamptz, bigint, text, text,
    text, text, text) IS
    'Stores a memory and returns its id. With a conversation of the caller''s own it is for user (the default), '
    'conversation, agent or everyone within the caller''s account. Owners can name agent, user_id and account instead; '
    'what is not named stands for all. The same content again is the same memory; the same key, or replaces, makes a '
    'new version. Fails with AC003 where the conversation has no user, AC004 for scopes that are not the caller''s.';
REVOKE ALL ON FUNCTION agentctl.remember(text, text, text, jsonb, text, double precision, timestamptz, bigint, text,
    text, text, text, text) FROM PUBLIC;
