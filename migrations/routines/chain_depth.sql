CREATE OR REPLACE FUNCTION agentctl.chain_depth(agent text) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT (v.document ->> 'max_chain_depth')::integer
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind = 'agent' AND d.name = chain_depth.agent);
END $$;
COMMENT ON FUNCTION agentctl.chain_depth(text) IS
    'How many levels an agent allows below it (max_chain_depth); NULL when it is not in force.';
REVOKE ALL ON FUNCTION agentctl.chain_depth(text) FROM PUBLIC;
