-- Functions of the schema run as its owner. Where a superuser installed it, that is a role of its own that is none.
CREATE OR REPLACE FUNCTION agentctl.give_to_schema_role() RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    statement text;
    changed integer := 0;
BEGIN
    IF NOT (SELECT r.rolsuper FROM pg_roles AS r WHERE r.rolname = current_user) THEN
        RETURN 0;
    END IF;
    IF to_regrole('agentctl_schema') IS NULL THEN
        BEGIN
            CREATE ROLE agentctl_schema NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server made it just now
        END;
    END IF;
    FOR statement IN
        SELECT format('SCHEMA %s', n.oid::regnamespace) FROM pg_namespace AS n JOIN pg_roles AS o ON o.oid = n.nspowner
        WHERE n.nspname IN ('agentctl', 'agentctl_sql') AND o.rolsuper
        UNION ALL
        -- Sequences of identity columns, indexes and row types follow their tables.
        SELECT format('%s %s', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.oid::regclass)
        FROM pg_class AS c JOIN pg_roles AS o ON o.oid = c.relowner
        WHERE c.relnamespace IN ('agentctl'::regnamespace, 'agentctl_sql'::regnamespace) AND c.relkind IN ('r', 'p', 'v')
          AND o.rolsuper
        UNION ALL
        SELECT format('TYPE %s', t.oid::regtype) FROM pg_type AS t JOIN pg_roles AS o ON o.oid = t.typowner
        LEFT JOIN pg_class AS c ON c.oid = t.typrelid
        WHERE t.typnamespace IN ('agentctl'::regnamespace, 'agentctl_sql'::regnamespace) AND o.rolsuper
          AND t.typelem = 0 AND coalesce(c.relkind, 'c') = 'c'
        UNION ALL
        SELECT format('FUNCTION %s', p.oid::regprocedure) FROM pg_proc AS p JOIN pg_roles AS o ON o.oid = p.proowner
        WHERE p.pronamespace IN ('agentctl'::regnamespace, 'agentctl_sql'::regnamespace) AND o.rolsuper
    LOOP
        EXECUTE format('ALTER %s OWNER TO agentctl_schema', statement);
        changed := changed + 1;
    END LOOP;
    RETURN changed;
END $$;
COMMENT ON FUNCTION agentctl.give_to_schema_role() IS
    'Gives what a superuser owns in the schema to agentctl_schema, which may do nothing else; returns how many objects '
    'there were. For a caller that is no superuser it does nothing. Internal: grant_roles() calls it.';
REVOKE ALL ON FUNCTION agentctl.give_to_schema_role() FROM PUBLIC;
