CREATE OR REPLACE FUNCTION agentctl.may_see(owner text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN owner = agentctl.account_name() OR agentctl.may_see_all();
END $$;
COMMENT ON FUNCTION agentctl.may_see(text) IS
    'Whether the caller may see what that account started, and act on it: their own, or everything for owners and '
    'workers.';
REVOKE ALL ON FUNCTION agentctl.may_see(text) FROM PUBLIC;
