CREATE OR REPLACE FUNCTION agentctl.set(conversation text, settings jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wrong record;
    accepted bigint;
BEGIN
    IF jsonb_typeof(set.settings) IS DISTINCT FROM 'object' OR set.settings = '{}' THEN
        RAISE EXCEPTION 'settings are an object: {"agent": name, "model": name, "max_iterations": number, …}'
            USING ERRCODE = 'AC001';
    END IF;
    -- Without an agent of its own nobody would answer.
    IF set.settings ? 'agent' AND jsonb_typeof(set.settings -> 'agent') <> 'string' THEN
        RAISE EXCEPTION 'setting "agent" is %', left((set.settings -> 'agent')::text, 64)
            USING ERRCODE = 'AC001', HINT = 'It takes the name of an agent or a chain.';
    END IF;
    -- The numbers of an agent's document; null goes back to the agent's own.
    SELECT e.key, e.value, f.type, f.minimum, f.maximum INTO wrong
    FROM jsonb_each(set.settings) AS e
    LEFT JOIN document_field AS f ON f.kind = 'agent' AND f.path = e.key AND f.type IN ('integer', 'number')
    WHERE e.key NOT IN ('agent', 'model', 'routing') AND (f.path IS NULL OR e.value <> 'null' AND CASE
        WHEN jsonb_typeof(e.value) <> 'number' THEN true
        WHEN f.type = 'integer' AND (e.value #>> '{}')::numeric % 1 <> 0 THEN true
        ELSE NOT (e.value #>> '{}')::numeric BETWEEN coalesce(f.minimum, '-infinity')::numeric
            AND coalesce(f.maximum, 'infinity')::numeric END)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'setting "%" is %', wrong.key, CASE WHEN wrong.type IS NULL THEN 'none that a conversation has'
            ELSE left(wrong.value::text, 64) END
            USING ERRCODE = 'AC001', HINT = CASE WHEN wrong.type IS NULL
                THEN 'agent, model, routing, or one of: '
                    || (SELECT string_agg(f.path, ', ' ORDER BY f.path) FROM document_field AS f
                    WHERE f.kind = 'agent' AND f.type IN ('integer', 'number') AND f.path !~ '[.[]')
                ELSE format('It takes %s %s from %s to %s.', CASE wrong.type WHEN 'integer' THEN 'an' ELSE 'a' END,
                    wrong.type,
                    coalesce(wrong.minimum::text, 'any'), coalesce(wrong.maximum::text, 'any')) END;
    END IF;
    IF set.settings -> 'routing' NOT IN ('"each"', '"once"', 'null') THEN
        RAISE EXCEPTION 'setting "routing" is %', left((set.settings -> 'routing')::text, 64)
            USING ERRCODE = 'AC001', HINT = 'It takes "each", for every message that names no agent, or "once".';
    END IF;
    -- An agent's limits and its model are what its author lets it cost.
    IF set.settings ->> 'model' IS NOT NULL AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only an owner gives a conversation another model' USING ERRCODE = 'AC004',
            HINT = 'Another agent, with that model, can be named by those who may use it.';
    END IF;
    SELECT e.key AS kind, e.value #>> '{}' AS name INTO wrong
    FROM jsonb_each(set.settings) AS e
    WHERE e.key IN ('agent', 'model') AND NOT (e.key = 'model' AND e.value = 'null') AND NOT EXISTS (
        SELECT FROM definition AS d WHERE d.kind = e.key AND d.name = e.value #>> '{}'
            AND d.current_version IS NOT NULL AND (d.kind = 'model' OR agentctl.may_use(d.kind, d.name)))
    LIMIT 1;
    IF FOUND THEN
        PERFORM agentctl.raise_unusable(wrong.kind, wrong.name, format('See agentctl.%ss.', wrong.kind));
    END IF;
    set.conversation := agentctl.own_conversation(set.conversation);
    IF NOT agentctl.may_see_all() THEN
        accepted := agentctl.submit_operation(set.conversation, 'set', set.settings || '{"lowers": true}');
    ELSE
        accepted := agentctl.submit_operation(set.conversation, 'set', set.settings);
    END IF;
    -- Messages are routed when they are submitted. A conversation whose agent is named routes no more.
    IF set.settings ?| '{agent,routing}' THEN
        UPDATE conversation AS v
        SET settings = CASE set.settings ->> 'routing' WHEN 'each' THEN v.settings || '{"routing": "each"}'
            ELSE v.settings - 'routing' END
        WHERE v.id = set.conversation AND coalesce(v.settings ->> 'routing', 'once')
            <> coalesce(set.settings ->> 'routing', 'once');
    END IF;
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.set(text, jsonb) IS
    'Changes the agent, the model or limits for what is submitted after it; returns its number. settings: {"agent": '
    'name, "model": name, "routing": "each" or "once", and numbers by their names in an agent''s document}; null goes '
    'back to the agent''s own, and another agent comes with its own. Only owners change the model or raise limits.';
REVOKE ALL ON FUNCTION agentctl.set(text, jsonb) FROM PUBLIC;
