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
    SELECT m.model, m.version, m.provider, m.calls, m.succeeded, m.failed, m.success_rate, m.p50_ms, m.p95_ms,
           m.p99_ms, m.p50_first_token_ms, m.input_tokens, m.cached_input_tokens, m.output_tokens,
           m.output_tokens_per_second, m.cost_usd, m.last_at
    FROM agentctl.model_metrics_by(NULL, model_metrics.of_agent, model_metrics.since, model_metrics.until) AS m
$$;
COMMENT ON FUNCTION agentctl.model_metrics(text, timestamptz, timestamptz) IS
    'Model calls by model and version. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.model_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
