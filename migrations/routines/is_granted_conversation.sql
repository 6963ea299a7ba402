CREATE OR REPLACE FUNCTION agentctl.is_granted_conversation(conversation text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN EXISTS (
        -- Of a task, what it is a part of. An attempt that was followed by another is found by its submission.
        WITH RECURSIVE above (id) AS (
            SELECT is_granted_conversation.conversation COLLATE "C"
            UNION
            SELECT t.parent_conversation_id FROM above AS a
            JOIN submission AS s ON s.conversation_id = a.id AND s.seq = 1 AND s.task_id IS NOT NULL
            JOIN task AS t ON t.id = s.task_id AND t.parent_conversation_id IS NOT NULL
        )
        SELECT FROM above AS a JOIN conversation_grant AS g ON g.conversation_id = a.id
        CROSS JOIN pg_control_system() AS c
        WHERE pg_has_role(to_regrole(quote_ident(agentctl.caller())), CASE
              WHEN g.cluster = c.system_identifier::text THEN g.role
              ELSE to_regrole(quote_ident(g.role_name))::oid END, 'USAGE'));
END $$;
COMMENT ON FUNCTION agentctl.is_granted_conversation(text) IS
    'Whether the caller may read a conversation because it, or one that its task is a part of, was granted to one of '
    'their roles. Internal.';
REVOKE ALL ON FUNCTION agentctl.is_granted_conversation(text) FROM PUBLIC;
