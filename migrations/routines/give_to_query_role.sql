CREATE OR REPLACE FUNCTION agentctl.give_to_query_role() RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    function regprocedure;
    owner regrole := (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'agentctl');
BEGIN
    -- A member of agentctl_query may have altered them.
    FOR function IN SELECT p.oid FROM pg_proc AS p
                    WHERE p.pronamespace = 'agentctl_sql'::regnamespace AND p.proname IN ('run', 'examine')
                      AND NOT (p.prosecdef AND coalesce(p.proconfig = '{"search_path=public, pg_temp"}', false)) LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER RESET ALL', function);
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', function);
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_proc AS p
                   WHERE p.pronamespace = 'agentctl_sql'::regnamespace AND p.proowner <> 'agentctl_query'::regrole) THEN
        RETURN;
    END IF;
    -- Whoever owns the schema goes on owning what is in it, by being a member.
    IF NOT pg_has_role(owner, 'agentctl_query', 'MEMBER') THEN
        EXECUTE format('GRANT agentctl_query TO %s', owner);
    END IF;
    -- Who takes a function over needs CREATE on its schema, for that moment.
    GRANT USAGE, CREATE ON SCHEMA agentctl_sql TO agentctl_query;
    FOR function IN SELECT p.oid FROM pg_proc AS p
                    WHERE p.pronamespace = 'agentctl_sql'::regnamespace AND p.proowner <> 'agentctl_query'::regrole LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO agentctl_query', function);
    END LOOP;
    REVOKE CREATE ON SCHEMA agentctl_sql FROM agentctl_query;
END $$;
COMMENT ON FUNCTION agentctl.give_to_query_role() IS
    'Makes agentctl_query the owner of the functions in agentctl_sql, and has them run as their owner. Internal: '
    'grant_roles() calls it.';
REVOKE ALL ON FUNCTION agentctl.give_to_query_role() FROM PUBLIC;
