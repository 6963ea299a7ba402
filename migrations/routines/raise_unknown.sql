CREATE OR REPLACE FUNCTION agentctl.raise_unknown(
    kind text, name text, hint text DEFAULT 'Each kind has a view of what is in force, such as agentctl.functions.'
) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    sees boolean := agentctl.may_read_all();
    usable text[] := CASE WHEN NOT sees THEN agentctl.granted_names(ARRAY[raise_unknown.kind], agentctl.caller()) END;
BEGIN
    RAISE EXCEPTION 'there is no % "%"', raise_unknown.kind, coalesce(raise_unknown.name, 'null')
        USING ERRCODE = 'AC002', HINT = coalesce(
            'Did you mean ' || agentctl.nearest(raise_unknown.name, ARRAY(
                SELECT d.name FROM definition AS d
                WHERE d.kind = raise_unknown.kind AND d.current_version IS NOT NULL
                  AND d.name <> raise_unknown.name
                  -- One who may not see the others does not learn of them one by one.
                  AND (sees OR d.kind IN ('agent', 'chain', 'function') AND d.access = 'everyone'
                      OR d.name = ANY (usable)))) || '?',
            CASE WHEN NOT sees AND raise_unknown.kind IN ('agent', 'chain', 'function')
                THEN agentctl.grant_hint(raise_unknown.kind, raise_unknown.name) END,
            raise_unknown.hint);
END $$;
COMMENT ON FUNCTION agentctl.raise_unknown(text, text, text) IS
    'Fails with AC002: there is no definition of this kind and name. The hint is the closest name in force that the '
    'caller may use, or the given one where no name is close.';
REVOKE ALL ON FUNCTION agentctl.raise_unknown(text, text, text) FROM PUBLIC;
