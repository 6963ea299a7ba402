-- A caller who may not use a definition cannot learn that it exists: neither from the error nor from its timing.
CREATE OR REPLACE FUNCTION agentctl.raise_unusable(kind text, name text, hint text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    -- A chain answers where an agent is asked for.
    actual text := (
        SELECT d.kind FROM definition AS d
        WHERE d.name = raise_unusable.name AND d.current_version IS NOT NULL
          AND (d.kind = raise_unusable.kind OR d.kind = 'chain' AND raise_unusable.kind = 'agent')
        ORDER BY d.kind = raise_unusable.kind DESC LIMIT 1);
BEGIN
    IF actual IS NOT NULL AND agentctl.may_read_all() THEN
        RAISE EXCEPTION 'the use of % "%" is not granted to "%"', actual, raise_unusable.name, agentctl.caller()
            USING ERRCODE = 'AC004', HINT = agentctl.grant_hint(actual, raise_unusable.name);
    END IF;
    PERFORM agentctl.raise_unknown(raise_unusable.kind, raise_unusable.name, raise_unusable.hint);
END $$;
COMMENT ON FUNCTION agentctl.raise_unusable(text, text, text) IS
    'Fails for an agent, a chain or a function that the caller may not use: with AC004 where the caller may see it, '
    'and otherwise with AC002, as if there were none. Internal.';
REVOKE ALL ON FUNCTION agentctl.raise_unusable(text, text, text) FROM PUBLIC;
