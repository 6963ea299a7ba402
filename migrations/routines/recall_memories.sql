CREATE OR REPLACE FUNCTION agentctl.recall_memories(
    query text, conversation text DEFAULT NULL, k integer DEFAULT 5, filter jsonb DEFAULT NULL,
    vector agentctl.vector_query DEFAULT NULL, minimum_relevance double precision DEFAULT 0,
    minimum_trust text DEFAULT 'untrusted', collection text DEFAULT 'default', agent text DEFAULT NULL,
    user_id text DEFAULT NULL, account text DEFAULT NULL
) RETURNS TABLE (id bigint, content text, metadata jsonb, relevance double precision, "by" text,
    score double precision, kind text, key text, trust text, importance double precision, source_conversation text,
    source_seq bigint, created_at timestamptz, version integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    scopes integer[];
BEGIN
    IF k IS NULL OR k NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'recall returns 1 to 100 memories' USING ERRCODE = 'AC001';
    END IF;
    IF query IS NULL OR jsonb_typeof(coalesce(recall_memories.filter, '{}')) <> 'object' THEN
        RAISE EXCEPTION 'recall needs a query, and a filter is an object' USING ERRCODE = 'AC001';
    END IF;
    IF recall_memories.minimum_trust IS NULL
        OR recall_memories.minimum_trust NOT IN ('untrusted', 'agent', 'user', 'owner') THEN
        RAISE EXCEPTION 'trust is untrusted, agent, user or owner' USING ERRCODE = 'AC001';
    END IF;
    IF recall_memories.conversation IS NOT NULL THEN
        IF num_nonnulls(recall_memories.user_id, recall_memories.account) > 0 THEN
            RAISE EXCEPTION 'the conversation says who its user is' USING ERRCODE = 'AC001',
                HINT = 'Name the conversation, or user and account.';
        END IF;
        SELECT agentctl.visible_scopes(v.tenant, recall_memories.collection, v.created_by,
            coalesce(recall_memories.agent, v.agent), v.user_id, v.id)
        INTO scopes FROM conversation AS v WHERE v.id = agentctl.own_conversation(recall_memories.conversation);
    ELSIF NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only owners recall without a conversation' USING ERRCODE = 'AC004',
            HINT = 'Name one of your own: recall_memories(query, conversation => ''…'').';
    ELSE
        scopes := agentctl.visible_scopes('default', recall_memories.collection,
            coalesce(recall_memories.account, agentctl.account_name()), recall_memories.agent,
            recall_memories.user_id, NULL);
    END IF;
    RETURN QUERY
    SELECT m.id, m.content, m.metadata, f.relevance,
           CASE WHEN (recall_memories.vector).levels IS NULL THEN 'words' ELSE 'words and meaning' END, f.score,
           m.kind::text, m.key::text, m.trust::text, m.importance::double precision, m.source_conversation::text,
           m.source_seq, m.created_at, m.version
    FROM agentctl.find_memories(query, scopes, k, recall_memories.filter, recall_memories.vector,
        recall_memories.minimum_relevance, recall_memories.minimum_trust::memory_trust) AS f
    JOIN memory AS m ON m.id = f.memory_id
    ORDER BY f.score DESC, m.id DESC;
END $$;
COMMENT ON FUNCTION agentctl.recall_memories(text, text, integer, jsonb, agentctl.vector_query, double precision, text,
    text, text, text, text) IS
    'The memories that answer a query best, k at most, best first: of what a conversation of the caller''s own sees, '
    'or, for owners, of what the named agent, user and account see together. relevance is from 0 to 1, score is what '
    'they are ordered by; by says what they were found by: words, or words and meaning where a vector is given. filter '
    'is an object that metadata holds.';
REVOKE ALL ON FUNCTION agentctl.recall_memories(text, text, integer, jsonb, agentctl.vector_query, double precision,
    text, text, text, text, text) FROM PUBLIC;
