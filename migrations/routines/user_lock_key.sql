CREATE OR REPLACE FUNCTION agentctl.user_lock_key(account text, user_id text) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT hashtextextended('agentctl user' || E'\n' || user_lock_key.account || E'\n' || user_lock_key.user_id, 0)
$$;
COMMENT ON FUNCTION agentctl.user_lock_key(text, text) IS
    'The advisory lock of a user of an application: shared by who writes something of the user, exclusive for who '
    'erases all of it. Internal.';
REVOKE ALL ON FUNCTION agentctl.user_lock_key(text, text) FROM PUBLIC;
