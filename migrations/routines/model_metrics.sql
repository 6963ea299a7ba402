-- What the view of the same name shows, of some of it.
CREATE OR REPLACE FUNCTION agentctl.model_metrics(
    of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    model text, version integer, provider text, calls bigint, succeeded bigint, failed bigint, success_rate numeric,
    p50_ms double precision, p95_ms double precision, p99_ms double precision, p50_first_token_ms double precision,
    input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, output_tokens_per_second double precision,
    cost_usd numeric, last_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT s.model,
           v.version,
           s.provider,
           count(*) AS calls,
           count(*) FILTER (WHERE s.error_code IS NULL) AS succeeded,
           count(*) FILTER (WHERE s.error_code IS NOT NULL) AS failed,
           round(count(*) FILTER (WHERE s.error_code IS NULL) / count(*)::numeric, 4) AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY s.duration_ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY s.duration_ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY s.duration_ms) AS p99_ms,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY s.time_to_first_token_ms) AS p50_first_token_ms,
           sum(s.input_tokens)::bigint AS input_tokens,
           sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
           sum(s.output_tokens)::bigint AS output_tokens,
           sum(s.output_tokens) / nullif(sum(s.duration_ms) / 1000, 0) AS output_tokens_per_second,
           sum(s.cost_usd) AS cost_usd,
           max(s.started_at) AS last_at
    FROM model_calls AS s
    LEFT JOIN definition_version AS v ON v.id = s.model_version_id
    WHERE s.started_at >= coalesce(model_metrics.since, '-infinity')
      AND s.started_at < coalesce(model_metrics.until, 'infinity')
      AND (model_metrics.of_agent IS NULL OR EXISTS (
          SELECT FROM turn AS t
          WHERE t.conversation_id = s.conversation_id AND t.seq = s.seq AND (t.agent = model_metrics.of_agent
              OR t.chain_version_id = ANY (ARRAY(
                  SELECT o.id FROM definition_version AS o WHERE o.kind = 'chain' AND o.name = model_metrics.of_agent)))
      ) OR EXISTS (
          SELECT FROM submission AS o JOIN conversation AS c ON c.id = o.conversation_id
          WHERE o.conversation_id = s.conversation_id AND o.seq = s.seq AND o.operation = 'compact'
            AND coalesce(o.agent, c.agent) = model_metrics.of_agent))
    GROUP BY s.model, v.version, s.provider
$$;
COMMENT ON FUNCTION agentctl.model_metrics(text, timestamptz, timestamptz) IS
    'Model calls by model and version. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.model_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
