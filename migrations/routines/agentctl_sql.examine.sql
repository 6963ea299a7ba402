CREATE OR REPLACE FUNCTION agentctl_sql.examine(statement text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    answer refcursor;
BEGIN
    -- As guard() explains. A member of agentctl_query may alter what that role owns, but no body.
    IF current_user OPERATOR(pg_catalog.<>) 'agentctl_query'::name
        OR session_user OPERATOR(pg_catalog.=) 'agentctl_query'::name
        OR pg_catalog.current_setting('role') OPERATOR(pg_catalog.=) 'agentctl_query'::text THEN
        RAISE EXCEPTION 'SQL functions cannot be run: this function does not run as agentctl_query, its owner'
            USING ERRCODE = 'AC003',
                HINT = 'An administrator runs: CREATE ROLE agentctl_query NOLOGIN; and then: SELECT agentctl.grant_roles();';
    END IF;
    PERFORM agentctl_sql.guard();
    BEGIN
        OPEN answer FOR EXECUTE statement USING NULL::jsonb;
    EXCEPTION WHEN invalid_cursor_definition THEN
        OPEN answer FOR EXECUTE 'WITH statement AS (' || statement || E'\n) SELECT WHERE false' USING NULL::jsonb;
    END;
    CLOSE answer;
END $$;
COMMENT ON FUNCTION agentctl_sql.examine(text) IS
    'Plans a statement as run() would, without running it; fails as it would.';
REVOKE ALL ON FUNCTION agentctl_sql.examine(text) FROM PUBLIC;
