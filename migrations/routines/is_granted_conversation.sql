CREATE OR REPLACE FUNCTION agentctl.is_granted_conversation(conversation text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN EXISTS (
        SELECT FROM conversation_grant AS g CROSS JOIN pg_control_system() AS c
        WHERE (g.conversation_id = is_granted_conversation.conversation
               -- Of a task, what it is a part of.
               OR g.conversation_id IN (SELECT t.root_conversation_id FROM task AS t
                                        WHERE t.conversation_id = is_granted_conversation.conversation))
          AND pg_has_role(to_regrole(quote_ident(agentctl.caller())), CASE
              WHEN g.cluster = c.system_identifier::text THEN g.role
              ELSE to_regrole(quote_ident(g.role_name))::oid END, 'USAGE'));
END $$;
COMMENT ON FUNCTION agentctl.is_granted_conversation(text) IS
    'Whether the caller may read a conversation because it, or the one that its task is a part of, was granted to one '
    'of their roles. Internal.';
REVOKE ALL ON FUNCTION agentctl.is_granted_conversation(text) FROM PUBLIC;
