-- What would fail the turn or leave a tool without its key. That there is no workspace, tools say themselves: an agent
-- that is nothing without one says so.
CREATE OR REPLACE FUNCTION agentctl.responder_needs(name text, model text DEFAULT NULL) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN ARRAY(
        -- Another model is that of who answers: not of a judge, but of each agent of a handoff.
        WITH RECURSIVE part (id, kind, document, answers) AS (
            SELECT v.id, v.kind, v.document, true
            FROM definition AS d
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE d.kind IN ('agent', 'chain') AND d.name = responder_needs.name
            UNION
            SELECT v.id, v.kind, v.document, part.answers AND part.kind = 'chain' AND r.kind = 'agent'
            FROM part
            JOIN definition_reference AS r ON r.version_id = part.id
                -- Agents of a handoff answer in its turn, and judges within that of the agent; others have tasks.
                -- A model that is fallen back to is passed over where it cannot be asked.
                AND (r.kind = 'model' AND part.kind <> 'model'
                    OR r.kind IN ('endpoint', 'tool', 'function', 'guardrail')
                    OR r.kind = 'agent' AND (part.kind = 'guardrail' OR part.document ->> 'strategy' = 'handoff'))
            JOIN definition AS d ON d.kind = r.kind
                AND d.name = CASE WHEN r.kind = 'model' AND part.kind = 'agent' AND part.answers
                    THEN coalesce(responder_needs.model, r.name) ELSE r.name END
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        )
        SELECT DISTINCT n.need COLLATE "C" FROM part AS p
        CROSS JOIN LATERAL (
            SELECT 'variable:' || (p.document ->> 'api_key_env') AS need WHERE p.kind IN ('model', 'endpoint')
            UNION ALL
            SELECT 'variable:' || h.name FROM jsonb_each_text(p.document -> 'header_env') AS h (header, name)
            WHERE p.kind = 'endpoint'
            UNION ALL
            SELECT 'implementation:' || i.name
            FROM (SELECT coalesce(p.document ->> 'provider', p.document ->> 'implementation') AS name) AS i
            WHERE p.kind IN ('model', 'tool') AND position('.' IN i.name) > 0
            UNION ALL
            SELECT 'variable:' || (s.name #>> '{}')
            FROM jsonb_path_query(p.document -> 'configuration', 'lax $.*.*.secret') AS s (name)
            WHERE p.kind = 'tool'
            UNION ALL
            SELECT 'variable:' || s.name FROM jsonb_array_elements_text(p.document -> 'secrets') AS s (name)
            WHERE p.kind = 'function'
            UNION ALL
            SELECT o.need FROM jsonb_array_elements_text(p.document -> 'needs') AS o (need) WHERE p.kind = 'agent'
        ) AS n
        WHERE n.need IS NOT NULL ORDER BY 1);
END $$;
COMMENT ON FUNCTION agentctl.responder_needs(text, text) IS
    'What a worker has to have for the turns of an agent or chain in force, in the words of work_queue.needs; with '
    'another model than its own, if one is given. Internal.';
REVOKE ALL ON FUNCTION agentctl.responder_needs(text, text) FROM PUBLIC;
