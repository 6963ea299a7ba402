CREATE OR REPLACE FUNCTION agentctl.grant_hint(kind text, name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN format('%san owner can grant its use: SELECT agentctl.grant_use(%L, %L, %L).',
        CASE WHEN agentctl.may_read_all() THEN '' ELSE 'If there is one, ' END, grant_hint.kind,
        left(grant_hint.name, 200), agentctl.caller());
END $$;
COMMENT ON FUNCTION agentctl.grant_hint(text, text) IS
    'What an owner runs for the caller to use an agent, a chain or a function, whether there is one or not. Internal.';
REVOKE ALL ON FUNCTION agentctl.grant_hint(text, text) FROM PUBLIC;
