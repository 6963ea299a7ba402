CREATE OR REPLACE FUNCTION agentctl.visible_scopes(
    tenant text, collection text, account text, agent text, user_id text, conversation_id text
) RETURNS integer[]
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    -- What is NULL here equals nothing: without a user, no user's scope.
    RETURN ARRAY(
        SELECT s.id FROM memory_scope AS s
        WHERE s.tenant = visible_scopes.tenant AND s.collection = visible_scopes.collection
          AND coalesce(s.account, '') = ANY (ARRAY['', visible_scopes.account])
          AND coalesce(s.user_id, '') = ANY (ARRAY['', visible_scopes.user_id])
          AND coalesce(s.conversation_id, '') = ANY (ARRAY['', visible_scopes.conversation_id])
          AND coalesce(s.agent, '') = ANY (ARRAY['', visible_scopes.agent]));
END $$;
COMMENT ON FUNCTION agentctl.visible_scopes(text, text, text, text, text, text) IS
    'The scopes that somebody sees. What is NULL is known to be nobody: no user''s memories are seen without a user. '
    'Internal.';
REVOKE ALL ON FUNCTION agentctl.visible_scopes(text, text, text, text, text, text) FROM PUBLIC;
