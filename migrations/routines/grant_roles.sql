CREATE OR REPLACE FUNCTION agentctl.grant_roles() RETURNS text[]
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    role text;
    missing text[] := '{}';
    allowed record;
    object text;
    grantees text;
BEGIN
    -- It is what is run after a restore.
    PERFORM agentctl.rebase_rollup();
    FOR role IN SELECT DISTINCT g.role FROM role_grant AS g UNION SELECT 'agentctl_query' ORDER BY 1 LOOP
        IF to_regrole(role) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION
                WHEN duplicate_object OR unique_violation
                    THEN NULL;  -- another database of this server made it just now
                WHEN insufficient_privilege THEN missing := missing || role;
            END;
        END IF;
    END LOOP;

    -- Whatever the schema was made by, an older release or pg_restore without privileges (each function is PUBLIC's
    -- then): what is granted below is all that these roles and PUBLIC may do.
    SELECT 'PUBLIC' || string_agg(format(', %I', g.role), '' ORDER BY g.role) INTO grantees
    FROM (SELECT DISTINCT g.role FROM role_grant AS g WHERE to_regrole(g.role) IS NOT NULL) AS g;
    grantees := coalesce(grantees, 'PUBLIC');
    EXECUTE 'REVOKE ALL ON SCHEMA agentctl, agentctl_sql FROM ' || grantees;
    EXECUTE 'REVOKE ALL ON ALL TABLES IN SCHEMA agentctl, agentctl_sql FROM ' || grantees;
    EXECUTE 'REVOKE ALL ON ALL SEQUENCES IN SCHEMA agentctl, agentctl_sql FROM ' || grantees;
    EXECUTE 'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA agentctl, agentctl_sql FROM ' || grantees;

    FOR allowed IN
        SELECT g.*, g.object LIKE '%.*' AS is_whole_schema, split_part(g.object, '.', 1) AS schema FROM role_grant AS g
        WHERE to_regrole(g.role) IS NOT NULL
        ORDER BY g.object NOT LIKE '%.*', g.role, g.object_type, g.object
    LOOP
        object := CASE
            WHEN allowed.is_whole_schema THEN format('ALL %sS IN SCHEMA %I', upper(allowed.object_type), allowed.schema)
            WHEN allowed.object_type = 'schema' THEN format('SCHEMA %s', allowed.object::regnamespace)
            WHEN allowed.object_type = 'table' THEN format('TABLE %s', allowed.object::regclass)
            ELSE format('FUNCTION %s', allowed.object::regprocedure) END;
        IF NOT allowed.is_whole_schema THEN
            EXECUTE format('REVOKE ALL ON %s FROM %I', object, allowed.role);
        END IF;
        IF allowed.privileges IS NOT NULL THEN
            EXECUTE format('GRANT %s ON %s TO %I', allowed.privileges, object, allowed.role);
        END IF;
    END LOOP;

    PERFORM agentctl.bind_accounts();
    PERFORM agentctl.give_to_schema_role();
    IF to_regrole('agentctl_query') IS NOT NULL THEN
        BEGIN
            PERFORM agentctl.give_to_query_role();
        EXCEPTION WHEN insufficient_privilege THEN
            missing := missing || 'agentctl_query'::text;
        END;
    END IF;
    RETURN missing;
END $$;
COMMENT ON FUNCTION agentctl.grant_roles() IS
    'Makes the roles agentctl_owner, agentctl_worker, agentctl_client, agentctl_reader and agentctl_query where it '
    'may; grants them what role_grant has, and takes back what else they or PUBLIC had. Gives what a superuser owns in '
    'the schema to agentctl_schema. Returns the roles that an administrator has to make. Safe to run again.';
REVOKE ALL ON FUNCTION agentctl.grant_roles() FROM PUBLIC;
