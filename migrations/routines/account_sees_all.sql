CREATE OR REPLACE FUNCTION agentctl.account_sees_all(account text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN coalesce((
        SELECT agentctl.sees_all(r.rolname) FROM account AS a JOIN pg_roles AS r ON r.oid = a.role
        WHERE a.name = account_sees_all.account), false);
END $$;
COMMENT ON FUNCTION agentctl.account_sees_all(text) IS
    'Whether the role of an account may act on conversations that others started; false when it was dropped. Internal.';
REVOKE ALL ON FUNCTION agentctl.account_sees_all(text) FROM PUBLIC;
