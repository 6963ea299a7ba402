CREATE OR REPLACE FUNCTION agentctl.choose_agent(description text, capabilities text[], excluded text[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    fallback text := agentctl.setting('default_agent');
BEGIN
    IF choose_agent.capabilities = '{}' THEN
        RETURN CASE WHEN fallback = ANY (choose_agent.excluded) THEN NULL ELSE fallback END;
    END IF;
    RETURN (
        SELECT a.name FROM agents AS a
        WHERE a.capabilities @> choose_agent.capabilities AND a.name <> ALL (coalesce(choose_agent.excluded, '{}'))
        ORDER BY a.name LIMIT 1);
END $$;
COMMENT ON FUNCTION agentctl.choose_agent(text, text[], text[]) IS
    'The agent for a task: the first by name that has all capabilities and is not excluded; NULL when there is none. '
    'Internal: the routines that start tasks call it.';
REVOKE ALL ON FUNCTION agentctl.choose_agent(text, text[], text[]) FROM PUBLIC;
