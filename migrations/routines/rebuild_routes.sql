CREATE OR REPLACE FUNCTION agentctl.rebuild_routes() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- In the order of register(): definitions first.
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    UPDATE route_index AS i SET language = agentctl.setting('route_language');
    DELETE FROM route_posting;
    DELETE FROM route_term;
    RETURN agentctl.index_routes(ARRAY(
        SELECT d.name FROM definition AS d WHERE d.kind IN ('agent', 'chain')
        UNION SELECT a.name FROM route_agent AS a));
END $$;
COMMENT ON FUNCTION agentctl.rebuild_routes() IS
    'Builds the index of routing again, with the text search configuration that the setting route_language names; '
    'returns how many agents it has.';
REVOKE ALL ON FUNCTION agentctl.rebuild_routes() FROM PUBLIC;
