-- The versions that a conversation refers to, and what it needs to resume: the agents and chains that it names with all
-- that these refer to.
CREATE OR REPLACE FUNCTION agentctl.exchange_versions(conversation text) RETURNS TABLE (id bigint)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH RECURSIVE used (id) AS (
        SELECT t.agent_version_id FROM agentctl.turn AS t WHERE t.conversation_id = exchange_versions.conversation
        UNION SELECT t.chain_version_id FROM agentctl.turn AS t
            WHERE t.conversation_id = exchange_versions.conversation
        UNION SELECT p.chain_version_id FROM agentctl.turn_progress AS p
            WHERE p.conversation_id = exchange_versions.conversation
        UNION SELECT s.model_version_id FROM agentctl.step AS s WHERE s.conversation_id = exchange_versions.conversation
        UNION SELECT c.tool_version_id FROM agentctl.tool_call AS c
            WHERE c.conversation_id = exchange_versions.conversation
        UNION SELECT o.model_version_id FROM agentctl.compaction AS o
            WHERE o.conversation_id = exchange_versions.conversation
        UNION SELECT f.version_id FROM agentctl.function_call AS f
            WHERE f.conversation_id = exchange_versions.conversation
        UNION SELECT v.id FROM agentctl.turn_progress AS p
              JOIN agentctl.definition_version AS v ON v.kind = 'agent' AND v.name = p.agent
                  AND v.version = p.agent_version
              WHERE p.conversation_id = exchange_versions.conversation
    ), named (kind, name) AS (
        SELECT k.kind, k.name FROM agentctl.conversation AS v
        CROSS JOIN LATERAL (VALUES ('agent', v.agent), ('chain', v.agent), ('model', v.settings ->> 'model'))
            AS k (kind, name)
        WHERE v.id = exchange_versions.conversation
        UNION SELECT k.kind, s.agent FROM agentctl.submission AS s CROSS JOIN (VALUES ('agent'), ('chain')) AS k (kind)
            WHERE s.conversation_id = exchange_versions.conversation
        UNION SELECT k.kind, s.body ->> k.kind FROM agentctl.submission AS s
            CROSS JOIN (VALUES ('agent'), ('model')) AS k (kind)
              WHERE s.conversation_id = exchange_versions.conversation AND s.operation = 'set'
    ), needed (id) AS (
        SELECT u.id FROM used AS u WHERE u.id IS NOT NULL
        UNION
        SELECT v.id FROM named AS n
        JOIN agentctl.definition AS d ON d.kind = n.kind AND d.name = n.name
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        UNION
        -- Of what was taken out of force, the last version: whatever refers to it cannot be stored without.
        SELECT v.id FROM needed AS n
        JOIN agentctl.definition_reference AS r ON r.version_id = n.id
        JOIN agentctl.definition AS d ON d.kind = r.kind AND d.name = r.name
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name
            AND v.version = coalesce(d.current_version, (
            SELECT max(l.version) FROM agentctl.definition_version AS l WHERE l.kind = d.kind AND l.name = d.name))
    )
    SELECT n.id FROM needed AS n
$$;
COMMENT ON FUNCTION agentctl.exchange_versions(text) IS
    'The versions of definitions that a conversation''s document has. Internal: export_items() calls it.';
REVOKE ALL ON FUNCTION agentctl.exchange_versions(text) FROM PUBLIC;
