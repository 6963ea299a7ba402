CREATE OR REPLACE FUNCTION agentctl.clear_memories(
    collection text DEFAULT 'default', agent text DEFAULT NULL, user_id text DEFAULT NULL, account text DEFAULT NULL,
    conversation text DEFAULT NULL, filter jsonb DEFAULT NULL, dry_run boolean DEFAULT false
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen bigint[];
BEGIN
    chosen := ARRAY(
        SELECT m.id FROM memory_scope AS s JOIN memory AS m ON m.scope_id = s.id
        WHERE s.collection = clear_memories.collection
          AND (clear_memories.agent IS NULL OR s.agent = clear_memories.agent)
          AND (clear_memories.user_id IS NULL OR s.user_id = clear_memories.user_id)
          AND (clear_memories.account IS NULL OR s.account = clear_memories.account)
          AND (clear_memories.conversation IS NULL OR s.conversation_id = clear_memories.conversation)
          AND (clear_memories.filter IS NULL OR m.metadata @> clear_memories.filter));
    RETURN CASE WHEN dry_run THEN cardinality(chosen) ELSE agentctl.bury_memories(chosen) END;
END $$;
COMMENT ON FUNCTION agentctl.clear_memories(text, text, text, text, text, jsonb, boolean) IS
    'Forgets all memories of a collection, or those for an agent, user, account or conversation, or with metadata; '
    'returns how many. dry_run returns the same and changes nothing. For owners.';
REVOKE ALL ON FUNCTION agentctl.clear_memories(text, text, text, text, text, jsonb, boolean) FROM PUBLIC;
