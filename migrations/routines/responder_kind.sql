CREATE OR REPLACE FUNCTION agentctl.responder_kind(name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT d.kind FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind IN ('agent', 'chain') AND d.name = responder_kind.name
          AND (d.kind = 'agent' OR NOT v.document ? 'from'));
END $$;
COMMENT ON FUNCTION agentctl.responder_kind(text) IS
    'What answers under a name: agent, or chain; NULL when neither is in force, or the chain is a relationship, which '
    'answers nothing itself.';
REVOKE ALL ON FUNCTION agentctl.responder_kind(text) FROM PUBLIC;
