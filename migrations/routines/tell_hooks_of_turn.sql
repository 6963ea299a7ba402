CREATE OR REPLACE FUNCTION agentctl.tell_hooks_of_turn(conversation text, seq bigint, task bigint, turn jsonb)
    RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    facts CONSTANT text[] := '{agent,agent_version,status,limit_reached,error_code,model_calls,tool_calls,'
        'input_tokens,output_tokens,cost_usd,duration_ms}';
    events text[] := '{turn_complete}';
    chain record;
BEGIN
    IF turn ->> 'status' IN ('failed', 'limited') THEN
        events := events || 'turn_failed'::text;
    END IF;
    IF EXISTS (SELECT FROM definition AS d WHERE d.kind = 'chain' AND d.name = turn ->> 'agent') THEN
        events := events || 'chain_complete'::text;
    END IF;
    PERFORM agentctl.write_deliveries(events, turn ->> 'agent', c.created_by,
        jsonb_build_object('conversation', conversation, 'seq', seq, 'task', task)
            || (SELECT coalesce(jsonb_object_agg(f.name, turn -> f.name), '{}') FROM unnest(facts) AS f (name)))
    FROM conversation AS c WHERE c.id = conversation;
    -- The turn of a handoff is that of the agent that answered.
    SELECT v.name AS agent, v.version AS agent_version INTO chain
    FROM definition_version AS v WHERE v.id = (turn ->> 'chain_version_id')::bigint;
    IF FOUND THEN
        PERFORM agentctl.write_deliveries('{chain_complete}', chain.agent, c.created_by,
            jsonb_build_object('conversation', conversation, 'seq', seq, 'task', task)
                || (SELECT coalesce(jsonb_object_agg(f.name, turn -> f.name), '{}') FROM unnest(facts) AS f (name))
                || to_jsonb(chain))
        FROM conversation AS c WHERE c.id = conversation;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.tell_hooks_of_turn(text, bigint, bigint, jsonb) IS
    'Writes what hooks are told of the end of a turn. Internal: tell_of_turns() calls it where there are hooks.';
REVOKE ALL ON FUNCTION agentctl.tell_hooks_of_turn(text, bigint, bigint, jsonb) FROM PUBLIC;
