CREATE OR REPLACE FUNCTION agentctl.make_operator(login name) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    statement text;
BEGIN
    IF to_regrole(quote_ident(login)) IS NULL THEN
        EXECUTE format('CREATE ROLE %I LOGIN', login);
    END IF;
    FOR statement IN
        SELECT format('GRANT %I TO %I', r.name, login)
        FROM (SELECT DISTINCT g.role FROM role_grant AS g WHERE g.role <> 'agentctl_query'
              UNION ALL VALUES ('pg_read_all_stats'), ('pg_signal_backend')) AS r (name)
        WHERE NOT pg_has_role(login, to_regrole(r.name), 'MEMBER')
        UNION ALL
        SELECT format('ALTER DATABASE %I OWNER TO %I', d.datname, login)
        FROM pg_database AS d JOIN pg_roles AS o ON o.oid = d.datdba
        WHERE d.datname = current_database() AND o.rolsuper
        UNION ALL
        -- It writes to the log of the server what no rollback takes back, also in a read-only transaction.
        SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure) FROM pg_proc AS p
        WHERE p.proname = 'pg_logical_emit_message' AND p.pronamespace = 'pg_catalog'::regnamespace
    LOOP
        EXECUTE statement;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.make_operator(name) IS
    'Makes a login that may do all that agentctl''s commands do and is no superuser: it is in every role of agentctl but '
    'agentctl_query, and owns the database. For a superuser: init-db calls it on the private server. Safe to run again.';
REVOKE ALL ON FUNCTION agentctl.make_operator(name) FROM PUBLIC;
