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
