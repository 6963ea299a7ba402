-- What agents and chains answer for, as it is in force, replaces what the index has of them.
CREATE OR REPLACE FUNCTION agentctl.index_routes(names text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    language regconfig;
    known integer[];
    emptied text[];
    kept integer;
BEGIN
    -- One at a time. Until the index is built there is nothing to keep.
    SELECT i.language::regconfig INTO language FROM route_index AS i FOR NO KEY UPDATE;
    IF language IS NULL THEN
        RETURN 0;
    END IF;

    known := ARRAY(SELECT a.id FROM route_agent AS a WHERE a.name = ANY (names));
    WITH removed AS (
        DELETE FROM route_posting AS p WHERE p.agent_id = ANY (known) RETURNING p.term
    ), counted AS (
        UPDATE route_term AS t SET agents = t.agents - r.agents
        FROM (SELECT removed.term, count(*) AS agents FROM removed GROUP BY removed.term) AS r
        WHERE t.term = r.term
        RETURNING t.term, t.agents
    )
    SELECT array_agg(c.term) INTO emptied FROM counted AS c WHERE c.agents = 0;
    DELETE FROM route_capability AS c
    USING route_agent AS a CROSS JOIN LATERAL unnest(a.capabilities) AS had (capability)
    WHERE a.id = ANY (known) AND c.capability = had.capability AND c.success_rate = a.success_rate
      AND c.agent_id = a.id;

    WITH wanted AS (
        SELECT v.name, agentctl.text_array(v.document -> 'capabilities') AS capabilities,
               d.access = 'everyone' AS is_open,
               CASE WHEN v.document ? 'input_schema'
                   THEN agentctl.text_array(v.document #> '{input_schema,required}') END AS required_members
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind IN ('agent', 'chain') AND d.name = ANY (names)
          AND v.document -> 'routable' IS DISTINCT FROM 'false'
          -- A relationship answers nothing itself.
          AND (d.kind = 'agent' OR NOT v.document ? 'from')
    ), removed AS (
        DELETE FROM route_agent AS a
        WHERE a.id = ANY (known) AND NOT EXISTS (SELECT FROM wanted AS w WHERE w.name = a.name)
    )
    INSERT INTO route_agent AS a (name, capabilities, required_members, is_open)
    SELECT w.name, w.capabilities, w.required_members, w.is_open FROM wanted AS w ORDER BY w.name
    ON CONFLICT (name) DO UPDATE
        SET capabilities = excluded.capabilities, required_members = excluded.required_members,
            is_open = excluded.is_open;
    GET DIAGNOSTICS kept = ROW_COUNT;
    UPDATE route_index AS i SET agents = i.agents - cardinality(known) + kept;

    WITH indexed AS (
        INSERT INTO route_posting (term, agent_id, weight)
        SELECT t.term, a.id, t.weight
        FROM route_agent AS a
        JOIN definition AS d ON d.kind IN ('agent', 'chain') AND d.name = a.name
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        CROSS JOIN LATERAL agentctl.route_terms(v.document, language) AS t
        WHERE a.name = ANY (names)
        ORDER BY t.term, a.id
        RETURNING term
    )
    INSERT INTO route_term AS t (term, agents)
    SELECT i.term, count(*) FROM indexed AS i GROUP BY i.term
    ON CONFLICT (term) DO UPDATE SET agents = t.agents + excluded.agents;
    INSERT INTO route_capability (capability, success_rate, agent_id)
    SELECT DISTINCT has.capability, a.success_rate, a.id
    FROM route_agent AS a CROSS JOIN LATERAL unnest(a.capabilities) AS has (capability)
    WHERE a.name = ANY (names);
    DELETE FROM route_term AS t WHERE t.term = ANY (emptied) AND t.agents = 0;
    RETURN kept;
END $$;
COMMENT ON FUNCTION agentctl.index_routes(text[]) IS
    'Brings the index of routing to what is in force of these agents; returns how many of them messages are routed '
    'to. Internal: a trigger calls it.';
REVOKE ALL ON FUNCTION agentctl.index_routes(text[]) FROM PUBLIC;
