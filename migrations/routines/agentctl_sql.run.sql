-- Names without a schema are looked for in public, as the statements are written by people who mean their own tables.
CREATE OR REPLACE FUNCTION agentctl_sql.run(
    statement text, arguments jsonb, maximum_rows integer, maximum_bytes integer, read_only boolean DEFAULT true
) RETURNS TABLE (rows text, row_count integer, has_more boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    answer refcursor;
    found_row record;
    piece text;
    pieces text[] := '{}';
    bytes bigint := 2;
    kept jsonb;
    setting record;
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
    SELECT pg_catalog.jsonb_object_agg(name, pg_catalog.current_setting(name)) INTO kept
    FROM pg_catalog.unnest('{DateStyle,TimeZone,client_encoding,application_name}'::text[]) AS name;
    row_count := 0;
    has_more := false;
    BEGIN
        IF read_only THEN
            PERFORM pg_catalog.set_config('transaction_read_only', 'on', true);
        END IF;
        -- A cursor takes one statement that returns rows, and neither two nor a command.
        BEGIN
            OPEN answer FOR EXECUTE statement USING arguments;
        EXCEPTION WHEN invalid_cursor_definition THEN
            IF read_only THEN
                RAISE;
            END IF;
            OPEN answer FOR EXECUTE 'WITH statement AS (' || statement || E'\n) SELECT WHERE false' USING arguments;
        END;
        LOOP
            FETCH answer INTO found_row;
            EXIT WHEN NOT FOUND;
            has_more := row_count >= maximum_rows;
            EXIT WHEN has_more;
            piece := pg_catalog.row_to_json(found_row)::text;
            bytes := bytes + octet_length(piece) + 1;
            has_more := bytes > maximum_bytes;
            EXIT WHEN has_more;
            pieces := pieces || piece;
            row_count := row_count + 1;
        END LOOP;
        CLOSE answer;
        -- Undoes what a statement can do that only reads: settings of the session, large objects, notifications.
        IF read_only THEN
            RAISE EXCEPTION SQLSTATE 'AC0RB';
        END IF;
        -- Settings of the session would outlive the statement; those that the client may have made itself stay.
        RESET ALL;
        FOR setting IN SELECT * FROM pg_catalog.jsonb_each_text(kept)
                       WHERE value IS DISTINCT FROM pg_catalog.current_setting(key) LOOP
            PERFORM pg_catalog.set_config(setting.key, setting.value, false);
        END LOOP;
    EXCEPTION
        WHEN SQLSTATE 'AC0RB' THEN
            NULL;
        WHEN query_canceled OR assert_failure OR OTHERS THEN
            PERFORM pg_catalog.pg_advisory_unlock_all();
            RAISE;
    END;
    PERFORM pg_catalog.pg_advisory_unlock_all();
    rows := '[' || array_to_string(pieces, ',') || ']';
    RETURN NEXT;
END $$;
COMMENT ON FUNCTION agentctl_sql.run(text, jsonb, integer, integer, boolean) IS
    'Runs one statement as agentctl_query, with the arguments as $1, and returns its rows as a JSON list, as many as '
    'the limits allow. Reading only is the default, and leaves nothing behind.';
REVOKE ALL ON FUNCTION agentctl_sql.run(text, jsonb, integer, integer, boolean) FROM PUBLIC;
