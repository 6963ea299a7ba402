-- A trigger, so that a chain is compiled whoever stores its version: register() or the import of a conversation.
CREATE OR REPLACE FUNCTION agentctl.compile_chain_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
DECLARE
    graph jsonb;
BEGIN
    INSERT INTO definition_reference (version_id, path, kind, name)
    SELECT DISTINCT NEW.id, n.path, 'agent', n.name
    FROM agentctl.chain_relations(NEW.document) AS r
    CROSS JOIN LATERAL (VALUES (r.path, r.to_agent), (r.from_path, r.from_agent)) AS n (path, name)
    WHERE n.name IS NOT NULL;
    IF NEW.document ? 'from' OR NEW.document ->> 'strategy' = 'handoff' THEN
        RETURN NULL;
    END IF;
    graph := agentctl.compile_chain(NEW.document);
    INSERT INTO chain_node (version_id, number, name, kind, position, loop, definition)
    SELECT NEW.id, s.number, s.name, n.value ->> 'kind', s."position",
           graph -> 'nodes' -> s.region - 1 ->> 'name', n.value - '{path,name,kind}'::text[]
    FROM agentctl.chain_structure(graph) AS s
    CROSS JOIN LATERAL (SELECT graph -> 'nodes' -> s.number - 1 AS value) AS n;
    INSERT INTO chain_edge (version_id, number, from_node, to_node, upon, condition, is_otherwise, is_chosen, loop)
    SELECT NEW.id, e.ordinality, e.value ->> 'from', nullif(e.value ->> 'to', 'end'),
           coalesce(e.value ->> 'upon', 'success'), e.value -> 'when', coalesce(e.value -> 'otherwise' = 'true', false),
           coalesce(e.value -> 'choose' = 'true', false), (e.value ->> 'loop')::smallint
    FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.compile_chain_version() IS
    'Trigger: stores the nodes and edges of a new version of a chain, and the agents that it relates.';
REVOKE ALL ON FUNCTION agentctl.compile_chain_version() FROM PUBLIC;

CREATE OR REPLACE TRIGGER compile_chain_version AFTER INSERT ON agentctl.definition_version
    FOR EACH ROW WHEN (NEW.kind = 'chain') EXECUTE FUNCTION agentctl.compile_chain_version();
