CREATE OR REPLACE FUNCTION agentctl.require_grantable(kind text, name text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF require_grantable.kind IS NULL OR require_grantable.kind NOT IN ('agent', 'chain', 'function') THEN
        RAISE EXCEPTION 'the use of an agent, a chain or a function is granted, and not of "%"',
            coalesce(require_grantable.kind, 'null') USING ERRCODE = 'AC001';
    ELSIF NOT EXISTS (SELECT FROM definition AS d
                      WHERE d.kind = require_grantable.kind AND d.name = require_grantable.name) THEN
        PERFORM agentctl.raise_unknown(require_grantable.kind, require_grantable.name);
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_grantable(text, text) IS
    'Fails with AC001 for a kind whose use is not granted, and with AC002 where nothing has this name. Internal.';
REVOKE ALL ON FUNCTION agentctl.require_grantable(text, text) FROM PUBLIC;
