CREATE OR REPLACE FUNCTION agentctl.grant_conversation(conversation text, role text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    granted oid := to_regrole(quote_ident(grant_conversation.role));
    is_new boolean;
BEGIN
    grant_conversation.conversation := agentctl.grantable_conversation(grant_conversation.conversation);
    IF granted IS NULL THEN
        RAISE EXCEPTION 'there is no role "%"', coalesce(grant_conversation.role, 'null') USING ERRCODE = 'AC002',
            HINT = format('CREATE ROLE %I;', coalesce(grant_conversation.role, 'name'));
    END IF;
    -- One that another role of this name had, or this role in a database that came from another cluster.
    DELETE FROM conversation_grant AS g USING pg_control_system() AS c
    WHERE g.conversation_id = grant_conversation.conversation AND g.cluster <> c.system_identifier::text
      AND g.role_name = grant_conversation.role;
    INSERT INTO conversation_grant AS g (conversation_id, cluster, role, role_name)
    SELECT grant_conversation.conversation, c.system_identifier::text, granted, grant_conversation.role
    FROM pg_control_system() AS c
    ON CONFLICT (conversation_id, cluster, role) DO NOTHING;
    is_new := FOUND;
    RETURN is_new;
END $$;
COMMENT ON FUNCTION agentctl.grant_conversation(text, text) IS
    'Lets the members of a role read a conversation and those of its tasks, by their whole ids; false when they could '
    'already. For owners and for the account that began it. Fails with AC002 for unknown names.';
REVOKE ALL ON FUNCTION agentctl.grant_conversation(text, text) FROM PUBLIC;
