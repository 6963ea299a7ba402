-- What the view of the same name shows, of some of it.
CREATE OR REPLACE FUNCTION agentctl.error_patterns(
    of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    source text, subject text, error_code text, occurrences bigint, conversations bigint, last_message text,
    first_at timestamptz, last_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT failure.source,
           failure.subject,
           failure.error_code,
           count(*) AS occurrences,
           count(DISTINCT failure.conversation_id) AS conversations,
           (array_agg(failure.error_message ORDER BY failure.at DESC))[1] AS last_message,
           min(failure.at) AS first_at,
           max(failure.at) AS last_at
    FROM (
        SELECT 'turn', t.agent, coalesce(t.error_code, t.limit_reached), t.conversation_id, t.seq,
               t.error_message, t.started_at
        FROM turn AS t WHERE t.status IN ('failed', 'limited')
        UNION ALL
        SELECT 'model', s.model, s.error_code, s.conversation_id, s.seq, s.error_message, s.started_at
        FROM step AS s WHERE s.kind = 'model_call' AND s.error_code IS NOT NULL
        UNION ALL
        SELECT 'tool', c.tool, c.error_code, c.conversation_id, c.seq, left(c.result, 500), c.started_at
        FROM tool_call AS c WHERE c.error_code IS NOT NULL
    ) AS failure (source, subject, error_code, conversation_id, seq, error_message, at)
    WHERE failure.at >= coalesce(error_patterns.since, '-infinity')
      AND failure.at < coalesce(error_patterns.until, 'infinity')
      AND (error_patterns.of_agent IS NULL OR EXISTS (
          SELECT FROM turn AS t
          WHERE t.conversation_id = failure.conversation_id AND t.seq = failure.seq
            AND (t.agent = error_patterns.of_agent
              OR t.chain_version_id = ANY (ARRAY(
                  SELECT o.id FROM definition_version AS o WHERE o.kind = 'chain' AND o.name = error_patterns.of_agent)))))
    GROUP BY failure.source, failure.subject, failure.error_code
$$;
COMMENT ON FUNCTION agentctl.error_patterns(text, timestamptz, timestamptz) IS
    'What goes wrong, by class: turns, model calls and tool calls. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.error_patterns(text, timestamptz, timestamptz) FROM PUBLIC;
