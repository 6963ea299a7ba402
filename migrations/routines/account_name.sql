CREATE OR REPLACE FUNCTION agentctl.account_name() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    who text := agentctl.caller();
    acting oid := to_regrole(quote_ident(who));
    here text;
    known record;
BEGIN
    SELECT a.name INTO known FROM account AS a WHERE a.role = acting AND a.role_name = who;
    IF FOUND THEN
        RETURN known.name;
    END IF;
    SELECT c.system_identifier::text INTO here FROM pg_control_system() AS c;
    -- The role has another name than it had.
    SELECT a.name INTO known FROM account AS a WHERE a.role = acting AND a.cluster = here;
    IF FOUND THEN
        RETURN known.name;
    END IF;
    -- The database came from another cluster.
    SELECT a.name, a.cluster INTO known FROM account AS a
    WHERE a.role_name = who ORDER BY a.created_at DESC LIMIT 1;
    IF known.cluster <> here THEN
        RETURN known.name;
    END IF;
    RETURN CASE WHEN EXISTS (SELECT FROM account AS a WHERE a.name = who) THEN who || '#' || acting ELSE who END;
END $$;
COMMENT ON FUNCTION agentctl.account_name() IS
    'The account of the role that acts: what created_by holds in what it makes and made. Of a role that has made '
    'nothing yet, the one that it would get.';
REVOKE ALL ON FUNCTION agentctl.account_name() FROM PUBLIC;
