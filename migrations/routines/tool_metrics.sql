-- replaces: tool_metrics(text, timestamptz, timestamptz)
-- What the view of the same name shows, of some of it.
CREATE OR REPLACE FUNCTION agentctl.tool_metrics(
    of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    tool text, version integer, calls bigint, succeeded bigint, failed bigint, success_rate numeric,
    p50_ms double precision, p95_ms double precision, p99_ms double precision, truncated bigint, last_at timestamptz,
    denied bigint, unfinished bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT c.tool,
           v.version,
           count(*) AS calls,
           count(*) FILTER (WHERE c.state = 'succeeded') AS succeeded,
           count(*) FILTER (WHERE c.state IN ('failed', 'denied')) AS failed,
           round(count(*) FILTER (WHERE c.state = 'succeeded')
               / nullif(count(*) FILTER (WHERE c.state IN ('succeeded', 'failed', 'denied')), 0)::numeric, 4)
               AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY c.duration_ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY c.duration_ms) AS p99_ms,
           count(*) FILTER (WHERE c.truncated) AS truncated,
           max(c.started_at) AS last_at,
           count(*) FILTER (WHERE c.state = 'denied') AS denied,
           count(*) FILTER (WHERE c.state NOT IN ('succeeded', 'failed', 'denied')) AS unfinished
    FROM tool_call AS c
    LEFT JOIN definition_version AS v ON v.id = c.tool_version_id
    WHERE c.started_at >= coalesce(tool_metrics.since, '-infinity')
      AND c.started_at < coalesce(tool_metrics.until, 'infinity')
      AND (tool_metrics.of_agent IS NULL OR EXISTS (
          SELECT FROM turn AS t
          WHERE t.conversation_id = c.conversation_id AND t.seq = c.seq AND (t.agent = tool_metrics.of_agent
              OR t.chain_version_id = ANY (ARRAY(
                  SELECT o.id FROM definition_version AS o WHERE o.kind = 'chain' AND o.name = tool_metrics.of_agent)))))
    GROUP BY c.tool, v.version
$$;
COMMENT ON FUNCTION agentctl.tool_metrics(text, timestamptz, timestamptz) IS
    'Tool calls by tool and version. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.tool_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
