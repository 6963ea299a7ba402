-- replaces: choose_agent(text, text[], jsonb, text[], text)
CREATE OR REPLACE FUNCTION agentctl.choose_agent(
    message text DEFAULT NULL, capabilities text[] DEFAULT '{}', input jsonb DEFAULT NULL,
    excluding text[] DEFAULT '{}', otherwise text DEFAULT NULL, account text DEFAULT NULL
) RETURNS agentctl.routing
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    decision routing;
    fallback text := coalesce(choose_agent.otherwise, agentctl.setting('default_agent'));
    lacking text;
BEGIN
    decision.threshold := agentctl.setting('route_threshold')::real;
    SELECT coalesce(jsonb_agg(to_jsonb(r) - 'place' ORDER BY r.place), '[]') INTO decision.candidates
    FROM agentctl.route(choose_agent.message, choose_agent.capabilities, choose_agent.input, choose_agent.excluding,
        choose_agent.account) AS r;
    decision.score := coalesce((decision.candidates -> 0 ->> 'score')::real, 0);
    decision.epoch := (SELECT e.epoch FROM definition_epoch AS e);
    decision.decided_at := clock_timestamp();
    decision.agent := decision.candidates -> 0 ->> 'agent';
    decision.is_default := false;
    -- Who has the capabilities that are asked for fits, whatever the words are.
    IF cardinality(choose_agent.capabilities) > 0 THEN
        IF decision.agent IS NULL THEN
            SELECT c.name INTO lacking FROM unnest(choose_agent.capabilities) AS c (name)
            WHERE NOT EXISTS (SELECT FROM route_capability AS r WHERE r.capability = c.name) LIMIT 1;
            RAISE EXCEPTION 'no %agent%', CASE WHEN choose_agent.excluding <> '{}' THEN 'further ' ELSE '' END,
                CASE WHEN lacking IS NULL THEN ' that takes this has all of the capabilities '
                        || array_to_string(choose_agent.capabilities, ', ')
                    ELSE format(' has the capability "%s"', lacking) END
                USING ERRCODE = 'AC002', HINT = coalesce(
                    'Did you mean ' || agentctl.nearest(lacking, ARRAY(
                        SELECT DISTINCT unnest(a.capabilities) FROM route_agent AS a
                        WHERE a.is_open OR agentctl.may_read_all())) || '?',
                    'Register an agent with them; see the column capabilities of agentctl.agents.');
        END IF;
        RETURN decision;
    END IF;
    IF decision.agent IS NOT NULL AND decision.score >= decision.threshold THEN
        RETURN decision;
    END IF;
    IF agentctl.usable_responder(fallback, choose_agent.account) IS NULL AND (
        choose_agent.account IS NOT NULL OR agentctl.responder_kind(fallback) IS NULL)
    THEN
        RAISE EXCEPTION 'no agent fits the message, and %', CASE WHEN fallback <> '' AND agentctl.may_read_all()
                THEN format('there is no agent "%s" (default_agent)', fallback) ELSE 'there is no default agent' END
            USING ERRCODE = 'AC002',
                DETAIL = CASE WHEN decision.agent IS NULL THEN 'No agent has any of its words.'
                    ELSE format('The best is "%s", with a score of %s; route_threshold is %s.', decision.agent,
                        decision.score, decision.threshold) END,
                HINT = 'Name one of the agents in agentctl.agents, or register it first; or give an agent examples of '
                    'such messages; or name another default: UPDATE agentctl.setting SET value = … WHERE name = '
                    '''default_agent''.';
    END IF;
    decision.agent := fallback;
    decision.is_default := true;
    RETURN decision;
END $$;
COMMENT ON FUNCTION agentctl.choose_agent(text, text[], jsonb, text[], text, text) IS
    'Which agent gets a message or an input that names none, and why: the best of route(), or, where its score is '
    'below route_threshold, otherwise (without it the setting default_agent). Capabilities have to be there, whatever '
    'the score; with an account it is one that this may use. Fails with AC002 when there is no such agent. Internal: '
    'submit() calls it and stores the row.';
REVOKE ALL ON FUNCTION agentctl.choose_agent(text, text[], jsonb, text[], text, text) FROM PUBLIC;
