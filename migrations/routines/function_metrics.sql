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
    SELECT m.function, m.version, m.language, m.calls, m.ok, m.error, m.timeout, m.memory, m.output, m.denied,
           m.killed, m.success_rate, m.p50_ms, m.p95_ms, m.p99_ms, m.mean_cpu_ms, m.peak_memory_bytes, m.violations,
           m.first_at, m.last_at
    FROM agentctl.function_metrics_by(NULL, function_metrics.of_agent, function_metrics.since, function_metrics.until) AS m
$$;
COMMENT ON FUNCTION agentctl.function_metrics(text, timestamptz, timestamptz) IS
    'Calls of stored functions, and of code that models wrote, by function and version. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.function_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
