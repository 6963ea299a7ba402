-- What the view of the same name shows, of some of it.
CREATE OR REPLACE FUNCTION agentctl.agent_metrics(
    of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    agent text, version integer, turns bigint, succeeded bigint, failed bigint, limited bigint, interrupted bigint,
    success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision,
    mean_queue_ms double precision, model_calls bigint, tool_calls bigint, input_tokens bigint,
    cached_input_tokens bigint, output_tokens bigint, cost_usd numeric, first_at timestamptz, last_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT m.agent, m.version, m.turns, m.succeeded, m.failed, m.limited, m.interrupted, m.success_rate, m.p50_ms,
           m.p95_ms, m.p99_ms, m.mean_queue_ms, m.model_calls, m.tool_calls, m.input_tokens, m.cached_input_tokens,
           m.output_tokens, m.cost_usd, m.first_at, m.last_at
    FROM agentctl.agent_metrics_by(NULL, agent_metrics.of_agent, agent_metrics.since, agent_metrics.until) AS m
$$;
COMMENT ON FUNCTION agentctl.agent_metrics(text, timestamptz, timestamptz) IS
    'Turns by agent and version. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.agent_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
