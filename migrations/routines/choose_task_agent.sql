-- replaces: choose_task_agent(text, text[], text[])
CREATE OR REPLACE FUNCTION agentctl.choose_task_agent(
    description text, capabilities text[], excluded text[], account text DEFAULT NULL
) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    best record;
    fallback text;
BEGIN
    SELECT r.agent, r.score INTO best
    FROM agentctl.route(choose_task_agent.description, choose_task_agent.capabilities, NULL,
        coalesce(choose_task_agent.excluded, '{}'), choose_task_agent.account) AS r
    WHERE r.place = 1;
    -- An agent that has the capabilities fits, whatever the words are.
    IF choose_task_agent.capabilities <> '{}' OR best.score >= agentctl.setting('route_threshold')::real THEN
        RETURN best.agent;
    END IF;
    fallback := agentctl.setting('default_agent');
    RETURN CASE WHEN fallback <> ALL (coalesce(choose_task_agent.excluded, '{}'))
        AND (choose_task_agent.account IS NULL
            OR agentctl.usable_responder(fallback, choose_task_agent.account) IS NOT NULL) THEN fallback END;
END $$;
COMMENT ON FUNCTION agentctl.choose_task_agent(text, text[], text[], text) IS
    'The agent for a task that names none: the best of route() that is not excluded, or the default agent where no '
    'capability is required and no agent fits the words; NULL when there is none. With an account only what that may '
    'use. Internal: the routines that start '
    'tasks call it.';
REVOKE ALL ON FUNCTION agentctl.choose_task_agent(text, text[], text[], text) FROM PUBLIC;
