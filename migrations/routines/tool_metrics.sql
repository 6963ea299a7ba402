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
    SELECT m.tool, m.version, m.calls, m.succeeded, m.failed, m.success_rate, m.p50_ms, m.p95_ms, m.p99_ms,
           m.truncated, m.last_at, m.denied, m.unfinished
    FROM agentctl.tool_metrics_by(NULL, tool_metrics.of_agent, tool_metrics.since, tool_metrics.until) AS m
$$;
COMMENT ON FUNCTION agentctl.tool_metrics(text, timestamptz, timestamptz) IS
    'Tool calls by tool and version. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.tool_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
