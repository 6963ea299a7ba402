CREATE OR REPLACE FUNCTION agentctl.chain_lanes(lanes text[], first integer, last integer, touched integer[],
    inner_mark text, last_mark text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT string_agg(
        CASE WHEN i = first THEN '├' WHEN i = last THEN last_mark WHEN i = ANY (touched) THEN inner_mark
            WHEN i > first AND i < last THEN CASE WHEN lanes[i] IS NULL THEN '─' ELSE '┼' END
            WHEN lanes[i] IS NULL THEN ' ' ELSE '│' END
        || CASE WHEN i >= first AND i < last THEN '─' WHEN i < cardinality(lanes) THEN ' ' ELSE '' END, '' ORDER BY i)
    FROM generate_series(1, cardinality(lanes)) AS i
$$;
COMMENT ON FUNCTION agentctl.chain_lanes(text[], integer, integer, integer[], text, text) IS
    'A line of chain_text() in which lanes from first to last part or join; touched are those that do. Internal.';
REVOKE ALL ON FUNCTION agentctl.chain_lanes(text[], integer, integer, integer[], text, text) FROM PUBLIC;
