-- What keeps the text from the rights of the session is that the function around it runs as its owner: inside of one
-- PostgreSQL refuses SET ROLE and SET SESSION AUTHORIZATION. Whether it does cannot be read from the catalog, which may
-- change between the look and the call. It shows in who acts: current_user is the owner, and neither the role that was
-- set nor the user of the session is. run() and examine() check that themselves, with operators that no search_path
-- replaces: whoever may act as agentctl_query may alter its functions, this one as well.
CREATE OR REPLACE FUNCTION agentctl_sql.guard() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'agentctl_query'
        OR (SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls OR r.rolreplication
                OR pg_has_role(r.oid, n.nspowner, 'MEMBER')
            FROM pg_roles AS r, pg_namespace AS n WHERE r.rolname = current_user AND n.nspname = 'agentctl') THEN
        RAISE EXCEPTION 'SQL functions cannot be run: the role agentctl_query is not set up, or has more rights than it should' USING ERRCODE = 'AC003',
            HINT = 'An administrator runs: CREATE ROLE agentctl_query NOLOGIN; and then: SELECT agentctl.grant_roles();';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl_sql.guard() IS
    'Fails with AC003 unless it runs as agentctl_query, and that role is harmless.';
REVOKE ALL ON FUNCTION agentctl_sql.guard() FROM PUBLIC;
