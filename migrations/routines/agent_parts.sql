-- replaces: agent_parts(text, text)
-- What the factory builds an agent or a chain from: its version and those of all it refers to, in one round trip.
CREATE OR REPLACE FUNCTION agentctl.agent_parts(name text, model text DEFAULT NULL, chain_version integer DEFAULT NULL)
RETURNS TABLE (epoch bigint, kind text, part_name text, version integer, version_id bigint, document jsonb)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH RECURSIVE part (id, kind) AS (
        SELECT v.id, v.kind FROM agentctl.definition AS d
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind IN ('agent', 'chain') AND d.name = agent_parts.name AND agent_parts.chain_version IS NULL
        UNION
        -- A run goes on as the chain was when it began, whatever is in force now.
        SELECT v.id, v.kind FROM agentctl.definition_version AS v
        WHERE v.kind = 'chain' AND v.name = agent_parts.name AND v.version = agent_parts.chain_version
        UNION
        SELECT v.id, v.kind
        FROM part
        JOIN agentctl.definition_reference AS r ON r.version_id = part.id AND r.kind NOT IN ('agent', 'chain')
        -- Another model comes with the models that it falls back to.
        JOIN agentctl.definition AS d ON d.kind = r.kind
            AND d.name = CASE WHEN r.kind = 'model' AND part.kind <> 'model' THEN coalesce(agent_parts.model, r.name)
                ELSE r.name END
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    ), policy (id) AS (
        SELECT v.id
        FROM agentctl.setting AS s
        JOIN agentctl.definition AS d ON d.kind = 'policy' AND d.name = s.value
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE s.name = 'default_policy' AND EXISTS (SELECT FROM part)
    )
    SELECT e.epoch, v.kind, v.name, v.version, v.id, v.document
    FROM agentctl.definition_epoch AS e, agentctl.definition_version AS v
    WHERE v.id IN (SELECT part.id FROM part UNION SELECT policy.id FROM policy)
    UNION ALL
    -- Of those it may delegate to, what its model is told.
    SELECT e.epoch, 'delegate', v.name, v.version, v.id,
           jsonb_build_object('description', v.document -> 'description')
    FROM agentctl.definition_epoch AS e
    JOIN agentctl.definition_version AS a ON a.id IN (SELECT part.id FROM part) AND a.kind IN ('agent', 'chain')
    JOIN agentctl.definition AS d ON d.kind = 'agent' AND d.name = ANY (CASE
        WHEN a.kind = 'agent' THEN ARRAY(SELECT jsonb_array_elements_text(a.document -> 'delegates'))
        -- Whom the agents of a handoff may hand over to.
        WHEN a.document ->> 'strategy' = 'handoff'
            THEN ARRAY(SELECT o.name #>> '{}' FROM jsonb_path_query(a.document, 'lax $.to.*[*]') AS o (name)) END)
    JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    UNION ALL
    -- What a chain is compiled to.
    SELECT e.epoch, 'graph', v.name, v.version, v.id, jsonb_build_object(
        'nodes', (SELECT jsonb_agg(jsonb_build_object('name', n.name, 'kind', n.kind, 'position', n.position,
            'definition', n.definition) ORDER BY n.number) FROM agentctl.chain_node AS n WHERE n.version_id = v.id),
        'edges', (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('from', g.from_node, 'to', g.to_node,
            'upon', g.upon, 'when', g.condition, 'otherwise', g.is_otherwise, 'choose', g.is_chosen,
            'loop', g.loop)) ORDER BY g.number) FROM agentctl.chain_edge AS g WHERE g.version_id = v.id))
    FROM agentctl.definition_epoch AS e
    JOIN agentctl.definition_version AS v ON v.id IN (SELECT part.id FROM part) AND v.kind = 'chain';
END $$;
COMMENT ON FUNCTION agentctl.agent_parts(text, text, integer) IS
    'The agent or chain in force under a name, the versions of all that it and its parts refer to, the default policy, '
    'the descriptions of those that it may delegate to, and what a chain is compiled to, each once, with the epoch '
    'they were read at; with another model than its own, if one is given, or a chain of another version.';
REVOKE ALL ON FUNCTION agentctl.agent_parts(text, text, integer) FROM PUBLIC;
