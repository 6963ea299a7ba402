CREATE OR REPLACE FUNCTION agentctl.chain_node_words(node jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT concat_ws(' ',
        CASE node ->> 'kind' WHEN 'map' THEN 'for each of ' || regexp_replace(node ->> 'over', '[{}]', '', 'g') || ':'
            WHEN 'plan' THEN 'runs the plan' WHEN 'collect' THEN 'collects'
            WHEN 'vote' THEN CASE node ->> 'role' WHEN 'verdict' THEN 'is one of the options'
                ELSE 'counts the votes' END
            WHEN 'set' THEN NULL WHEN 'approval' THEN 'a person approves' END,
        CASE WHEN node ? 'capabilities' THEN 'any agent for ' || (SELECT string_agg(c, ', ')
                FROM jsonb_array_elements_text(node -> 'capabilities') AS c)
            WHEN node ? 'agent' AND (node ->> 'kind' = 'map' OR node -> 'agent' <> node -> 'name')
                THEN 'agent ' || (node ->> 'agent')
            WHEN node ? 'agent' THEN 'agent'
            WHEN node ? 'chain' THEN 'chain ' || (node ->> 'chain') WHEN node ? 'tool' THEN 'tool ' || (node ->> 'tool')
            WHEN node ? 'function' THEN 'function ' || (node ->> 'function') END,
        CASE WHEN node ? 'weight' THEN '· weight ' || (node ->> 'weight') END,
        CASE WHEN node ->> 'kind' = 'plan' AND node ? 'specialists' THEN 'with ' || (SELECT string_agg(s, ', ')
            FROM jsonb_array_elements_text(node -> 'specialists') AS s) END,
        CASE node ->> 'role' WHEN 'question' THEN 'asks' WHEN 'judge' THEN '· decides' END,
        CASE WHEN node ? 'max_parallel' THEN format('· %s at once', node ->> 'max_parallel') END)
$$;
COMMENT ON FUNCTION agentctl.chain_node_words(jsonb) IS
    'In words, what a node of a compiled chain runs. Internal: for drawings.';
REVOKE ALL ON FUNCTION agentctl.chain_node_words(jsonb) FROM PUBLIC;
