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
        UNION ALL
        -- What the user made while the superuser was the only login.
        SELECT format('ALTER %s OWNER TO %I', o.name, login) FROM (
            SELECT n.oid AS schema, n.nspowner AS owner, 'pg_namespace'::regclass AS class, n.oid AS object,
                   format('SCHEMA %s', n.oid::regnamespace) AS name FROM pg_namespace AS n
            UNION ALL
            SELECT c.relnamespace, c.relowner, 'pg_class'::regclass, c.oid, format('%s %s', CASE c.relkind
                       WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                       WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, c.oid::regclass)
            FROM pg_class AS c
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') OR (c.relkind = 'S' AND NOT EXISTS (
                -- A sequence of a column follows its table.
                SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                    AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')))
            UNION ALL
            SELECT t.typnamespace, t.typowner, 'pg_type'::regclass, t.oid, format('TYPE %s', t.oid::regtype)
            FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid
            WHERE t.typtype IN ('c', 'd', 'e', 'r') AND coalesce(c.relkind, 'c') = 'c'
            UNION ALL
            SELECT p.pronamespace, p.proowner, 'pg_proc'::regclass, p.oid, format('ROUTINE %s', p.oid::regprocedure)
            FROM pg_proc AS p WHERE p.prokind <> 'a'
        ) AS o
        JOIN pg_namespace AS n ON n.oid = o.schema
        JOIN pg_roles AS r ON r.oid = o.owner
        WHERE r.rolsuper AND n.nspname NOT IN ('agentctl', 'agentctl_sql', 'information_schema')
          AND n.nspname NOT LIKE 'pg\_%'
          AND NOT EXISTS (SELECT FROM pg_depend AS d
                          WHERE d.classid = o.class AND d.objid = o.object AND d.deptype = 'e')
    LOOP
        EXECUTE statement;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.make_operator(name) IS
    'Makes a login that may do all that agentctl''s commands do and is no superuser: it is in every role of agentctl but '
    'agentctl_query, and owns the database and what superusers made in it outside of the schema. For a superuser: '
    'init-db calls it on the private server. Safe to run again.';
REVOKE ALL ON FUNCTION agentctl.make_operator(name) FROM PUBLIC;
