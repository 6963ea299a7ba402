-- One value less than a hash has: the walk over the accounts begins before the least key.
CREATE OR REPLACE FUNCTION agentctl.account_key(account text) RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT greatest(hashtext(account), -2147483647)
$$;
COMMENT ON FUNCTION agentctl.account_key(text) IS
    'The key by which the conversations of an account take turns in the queue. Internal.';
REVOKE ALL ON FUNCTION agentctl.account_key(text) FROM PUBLIC;
