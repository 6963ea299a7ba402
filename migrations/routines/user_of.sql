CREATE OR REPLACE FUNCTION agentctl.user_of(conversation text) RETURNS TABLE (account text, user_id text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT v.created_by, v.user_id FROM conversation AS v WHERE v.id = user_of.conversation
$$;
COMMENT ON FUNCTION agentctl.user_of(text) IS
    'The end user of a conversation, and the database user whose end user it is; user_id is NULL where none is known.';
REVOKE ALL ON FUNCTION agentctl.user_of(text) FROM PUBLIC;
