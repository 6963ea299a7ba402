CREATE OR REPLACE FUNCTION agentctl.usable_names() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    who name := agentctl.caller();
    sees boolean := agentctl.sees_all(who);
BEGIN
    RETURN ARRAY(
        SELECT k.kind || ' ' || n.name
        FROM unnest('{agent,chain,function}'::text[]) AS k (kind)
        CROSS JOIN LATERAL (
            SELECT d.name FROM definition AS d WHERE sees AND d.kind = k.kind
            UNION ALL
            SELECT g.name FROM unnest(agentctl.granted_names(ARRAY[k.kind], who)) AS g (name)
            WHERE NOT sees) AS n);
END $$;
COMMENT ON FUNCTION agentctl.usable_names() IS
    'What the caller may use besides what is open to everyone, each as its kind and name. The view usable calls it.';
REVOKE ALL ON FUNCTION agentctl.usable_names() FROM PUBLIC;
