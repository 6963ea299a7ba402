-- A chain has no limit of its own: the agents on the path have theirs.
CREATE OR REPLACE FUNCTION agentctl.chain_depth(agent text) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT CASE d.kind WHEN 'agent' THEN (v.document ->> 'max_chain_depth')::integer ELSE 1000 END
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind IN ('agent', 'chain') AND d.name = chain_depth.agent
          AND (d.kind = 'agent' OR NOT v.document ? 'from'));
END $$;
COMMENT ON FUNCTION agentctl.chain_depth(text) IS
    'How many levels an agent allows below it (max_chain_depth), or a chain, for which it is as good as no limit; NULL '
    'when neither is in force.';
REVOKE ALL ON FUNCTION agentctl.chain_depth(text) FROM PUBLIC;
