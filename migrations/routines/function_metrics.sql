-- What the view of the same name shows, of some of it.
CREATE OR REPLACE FUNCTION agentctl.function_metrics(
    of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    function text, version integer, language text, calls bigint, ok bigint, error bigint, timeout bigint,
    memory bigint, output bigint, denied bigint, killed bigint, success_rate numeric, p50_ms double precision,
    p95_ms double precision, p99_ms double precision, mean_cpu_ms double precision, peak_memory_bytes bigint,
    violations bigint, first_at timestamptz, last_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT c.function,
           c.version,
           c.language,
           count(*) AS calls,
           count(*) FILTER (WHERE c.exit_reason = 'ok') AS ok,
           count(*) FILTER (WHERE c.exit_reason = 'error') AS error,
           count(*) FILTER (WHERE c.exit_reason = 'timeout') AS timeout,
           count(*) FILTER (WHERE c.exit_reason = 'memory') AS memory,
           count(*) FILTER (WHERE c.exit_reason = 'output') AS output,
           count(*) FILTER (WHERE c.exit_reason = 'denied') AS denied,
           count(*) FILTER (WHERE c.exit_reason = 'killed') AS killed,
           round(count(*) FILTER (WHERE c.exit_reason = 'ok') / count(*)::numeric, 4) AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY c.duration_ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY c.duration_ms) AS p99_ms,
           avg(c.cpu_ms) AS mean_cpu_ms,
           max(c.peak_memory_bytes) AS peak_memory_bytes,
           sum(jsonb_array_length(c.violations))::bigint AS violations,
           min(c.started_at) AS first_at,
           max(c.started_at) AS last_at
    FROM function_call AS c
    WHERE c.started_at >= coalesce(function_metrics.since, '-infinity')
      AND c.started_at < coalesce(function_metrics.until, 'infinity')
      AND (function_metrics.of_agent IS NULL OR EXISTS (
          SELECT FROM turn AS t
          WHERE t.conversation_id = c.conversation_id AND t.seq = c.seq AND (t.agent = function_metrics.of_agent
              OR t.chain_version_id = ANY (ARRAY(
                  SELECT o.id FROM definition_version AS o WHERE o.kind = 'chain' AND o.name = function_metrics.of_agent)))))
    GROUP BY c.function, c.version, c.language
$$;
COMMENT ON FUNCTION agentctl.function_metrics(text, timestamptz, timestamptz) IS
    'Calls of stored functions, and of code that models wrote, by function and version. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.function_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
