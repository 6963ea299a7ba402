-- The one place that decides who uses what. Most is open, or used by workers: that is checked first.
CREATE OR REPLACE FUNCTION agentctl.may_use(kind text, name text, account text DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    who name;
BEGIN
    IF EXISTS (SELECT FROM definition AS d
               WHERE d.kind = may_use.kind AND d.name = may_use.name AND d.access = 'everyone') THEN
        RETURN true;
    END IF;
    IF may_use.account IS NULL THEN
        who := agentctl.caller();
    ELSE
        SELECT r.rolname INTO who FROM account AS a JOIN pg_roles AS r ON r.oid = a.role
        WHERE a.name = may_use.account;
    END IF;
    RETURN agentctl.sees_all(who) OR EXISTS (
        SELECT FROM use_grant AS g CROSS JOIN pg_control_system() AS c
        WHERE g.kind = may_use.kind AND g.name = may_use.name
          AND pg_has_role(to_regrole(quote_ident(who)), CASE WHEN g.cluster = c.system_identifier::text THEN g.role
              ELSE to_regrole(quote_ident(g.role_name))::oid END, 'USAGE'));
END $$;
COMMENT ON FUNCTION agentctl.may_use(text, text, text) IS
    'Whether the caller, or the role of an account, may use an agent, a chain or a function: it is open to everyone or '
    'granted to one of their roles, or they are a worker or an owner.';
REVOKE ALL ON FUNCTION agentctl.may_use(text, text, text) FROM PUBLIC;
