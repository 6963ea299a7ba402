-- first: defaults of columns call it
CREATE OR REPLACE FUNCTION agentctl.keep_account() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    who text := agentctl.caller();
    acting oid := to_regrole(quote_ident(who));
    kept text;
BEGIN
    SELECT a.name INTO kept FROM account AS a WHERE a.role = acting AND a.role_name = who;
    IF FOUND THEN
        RETURN kept;
    END IF;
    kept := agentctl.account_name();
    INSERT INTO account AS a (name, role, role_name, cluster)
    SELECT kept, acting, who, c.system_identifier FROM pg_control_system() AS c
    ON CONFLICT (name) DO UPDATE
    SET role = excluded.role, role_name = excluded.role_name, cluster = excluded.cluster
    WHERE a.role = excluded.role OR a.cluster <> excluded.cluster;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the account "%" has just become another role''s', kept USING ERRCODE = 'AC004',
            HINT = 'Run it again.';
    END IF;
    RETURN kept;
END $$;
COMMENT ON FUNCTION agentctl.keep_account() IS
    'The account of the role that acts, which is stored when it is new: the default of columns created_by. Until the '
    'transaction ends that stores it, other sessions of the role wait in their first call.';
REVOKE ALL ON FUNCTION agentctl.keep_account() FROM PUBLIC;
