-- One value less than a hash has: the walk over the accounts begins before the least key. In SQL it would be planned again
-- by each statement that calls it.
CREATE OR REPLACE FUNCTION agentctl.account_key(account text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN greatest(hashtext(account), -2147483647);
END $$;
COMMENT ON FUNCTION agentctl.account_key(text) IS
    'The key by which the conversations of an account take turns in the queue. Internal.';
REVOKE ALL ON FUNCTION agentctl.account_key(text) FROM PUBLIC;
