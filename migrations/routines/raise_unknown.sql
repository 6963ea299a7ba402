CREATE OR REPLACE FUNCTION agentctl.raise_unknown(
    kind text, name text, hint text DEFAULT 'Each kind has a view of what is in force, such as agentctl.functions.'
) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'there is no % "%"', raise_unknown.kind, coalesce(raise_unknown.name, 'null')
        USING ERRCODE = 'AC002', HINT = coalesce(
            'Did you mean ' || agentctl.nearest(raise_unknown.name, ARRAY(
                SELECT d.name FROM definition AS d
                WHERE d.kind = raise_unknown.kind AND d.current_version IS NOT NULL)) || '?',
            raise_unknown.hint);
END $$;
COMMENT ON FUNCTION agentctl.raise_unknown(text, text, text) IS
    'Fails with AC002: there is no definition of this kind and name. The hint is the closest name in force, or the '
    'given one where no name is close.';
REVOKE ALL ON FUNCTION agentctl.raise_unknown(text, text, text) FROM PUBLIC;
