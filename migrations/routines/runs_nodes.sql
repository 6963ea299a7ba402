CREATE OR REPLACE FUNCTION agentctl.runs_nodes(chain text, version integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT bool_and(EXISTS (SELECT FROM chain_node AS n WHERE n.version_id = v.id))
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name
            AND v.version IN (d.current_version, runs_nodes.version)
        WHERE d.kind = 'chain' AND d.name = runs_nodes.chain) IS TRUE;
END $$;
COMMENT ON FUNCTION agentctl.runs_nodes(text, integer) IS
    'Whether a chain runs nodes, both as it is in force and in that version (NULL for none); false for a handoff, '
    'whose agents answer themselves, and where there is no such chain. Internal: claim() calls it.';
REVOKE ALL ON FUNCTION agentctl.runs_nodes(text, integer) FROM PUBLIC;
