CREATE OR REPLACE FUNCTION agentctl_sql.examine(statement text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    answer refcursor;
BEGIN
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
