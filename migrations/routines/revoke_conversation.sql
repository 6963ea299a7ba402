CREATE OR REPLACE FUNCTION agentctl.revoke_conversation(conversation text, role text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    revoke_conversation.conversation := agentctl.grantable_conversation(revoke_conversation.conversation);
    -- By its name of today, or by that of a role that is no more.
    DELETE FROM conversation_grant AS g USING pg_control_system() AS c
    WHERE g.conversation_id = revoke_conversation.conversation AND revoke_conversation.role = coalesce((
        SELECT r.rolname::text FROM pg_roles AS r
        WHERE r.oid = g.role AND g.cluster = c.system_identifier::text), g.role_name);
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.revoke_conversation(text, text) IS
    'Takes back what grant_conversation() has granted; false when there was no such grant. For owners and for the '
    'account that began the conversation.';
REVOKE ALL ON FUNCTION agentctl.revoke_conversation(text, text) FROM PUBLIC;
