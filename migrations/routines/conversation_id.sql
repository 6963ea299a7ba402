-- The ids of two clients never meet: what a client calls order:7 is alice/order:7. Whoever may see all conversations
-- names them by their whole ids. submit() has the same rule in itself.
CREATE OR REPLACE FUNCTION agentctl.conversation_id(name text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    account text := agentctl.account_name();
    prefix text := replace(replace(account, '%', '%25'), '/', '%2F') || '/';
    owned text;
BEGIN
    -- Its own first, also those that have whole ids of another form: a task's, or from before there were prefixes.
    SELECT v.id INTO owned FROM conversation AS v
    WHERE v.id IN (conversation_id.name, prefix || conversation_id.name) AND v.created_by = account
    ORDER BY v.id = conversation_id.name DESC LIMIT 1;
    RETURN CASE
        WHEN FOUND THEN owned
        WHEN starts_with(conversation_id.name, prefix) OR agentctl.may_see_all() THEN conversation_id.name
        ELSE prefix || conversation_id.name END;
END $$;
COMMENT ON FUNCTION agentctl.conversation_id(text) IS
    'The id of what the caller calls by this name: of a client account/name, otherwise the name. There need not be '
    'such a conversation.';
REVOKE ALL ON FUNCTION agentctl.conversation_id(text) FROM PUBLIC;
