CREATE OR REPLACE FUNCTION agentctl.grant_roles() RETURNS text[]
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    role text;
    missing text[] := '{}';
    allowed record;
    object text;
BEGIN
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
    'may, and grants them what stands in role_grant; returns the roles that an administrator has to make. Safe to run '
    'again.';
REVOKE ALL ON FUNCTION agentctl.grant_roles() FROM PUBLIC;
