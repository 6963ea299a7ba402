import Postgres
import TestSupport

@testable import Store

extension Bench {
    /// Adds all that has ended to the rollup; waits for transactions of other tests, which hold it up.
    func rollUp() async throws {
        try await TestSupport.eventually("all is in the rollup", within: .seconds(60)) {
            while try await work.rollUp() {}
            return try await text(Self.unrolled) == "0"
        }
    }

    /// How many turns, tasks and calls have ended and are not in the rollup.
    static let unrolled: PostgresStatement = """
        SELECT ((SELECT count(*) FROM agentctl.unrolled_turns WHERE has_ended)
            + (SELECT count(*) FROM agentctl.unrolled_tasks WHERE has_ended)
            + (SELECT count(*) FROM agentctl.unrolled_function_calls))::text AS text
        """
}

/// Metrics as they are counted from the rows themselves: what the rollup has to agree with.
///
/// `counted.NAME(agent, since, until)` returns rows of `agentctl.NAME` as text, without percentiles and conversations.
enum CountedMetrics {
    /// The columns that are compared, by function.
    static let columns = [
        "agent_metrics": """
        agent, version, turns, succeeded, failed, limited, interrupted, success_rate, model_calls, tool_calls,
        input_tokens, cached_input_tokens, output_tokens, cost_usd::numeric(30, 8), round(mean_queue_ms::numeric, 6),
        first_at, last_at
        """,
        "model_metrics": """
        model, version, provider, calls, succeeded, failed, success_rate, input_tokens, cached_input_tokens,
        output_tokens, round(output_tokens_per_second::numeric, 6), cost_usd::numeric(30, 8), last_at
        """,
        "tool_metrics": "tool, version, calls, succeeded, failed, success_rate, truncated, last_at, denied, unfinished",
        "function_metrics": """
        function, version, language, calls, ok, error, timeout, memory, output, denied, killed, success_rate,
        round(mean_cpu_ms::numeric, 6), peak_memory_bytes, violations, first_at, last_at
        """,
        "task_metrics": """
        agent, tasks, open, done, failed, cancelled, dead, retried, success_rate, tokens, cost_usd::numeric(30, 8),
        first_at, last_at
        """,
        "error_patterns": "source, subject, error_code, occurrences, last_message, first_at, last_at",
    ]

    static let script = """
        CREATE SCHEMA counted;
        CREATE FUNCTION counted.agent_metrics(of_agent text, since timestamptz, until timestamptz) RETURNS SETOF text
        LANGUAGE sql STABLE AS $$
            SELECT ROW(t.agent, t.agent_version, count(*),
                   count(*) FILTER (WHERE t.status = 'succeeded'), count(*) FILTER (WHERE t.status = 'failed'),
                   count(*) FILTER (WHERE t.status = 'limited'), count(*) FILTER (WHERE t.status = 'interrupted'),
                   round(count(*) FILTER (WHERE t.status = 'succeeded') / count(*)::numeric, 4),
                   sum(t.model_calls)::bigint, sum(t.tool_calls)::bigint, sum(t.input_tokens)::bigint,
                   sum(t.cached_input_tokens)::bigint, sum(t.output_tokens)::bigint, sum(t.cost_usd)::numeric(30, 8),
                   round(avg(extract(epoch FROM t.started_at - t.submitted_at) * 1000), 6),
                   min(t.started_at), max(t.started_at))::text
            FROM agentctl.turn AS t
            WHERE t.started_at >= coalesce(since, '-infinity') AND t.started_at < coalesce(until, 'infinity')
              AND (of_agent IS NULL OR t.agent = of_agent)
            GROUP BY t.agent, t.agent_version
        $$;
        CREATE FUNCTION counted.is_of(of_agent text, conversation text, number bigint) RETURNS boolean
        LANGUAGE sql STABLE AS $$
            SELECT of_agent IS NULL OR EXISTS (SELECT FROM agentctl.turn AS t WHERE t.conversation_id = conversation
                AND t.seq = number AND t.agent = of_agent)
        $$;
        CREATE FUNCTION counted.model_metrics(of_agent text, since timestamptz, until timestamptz) RETURNS SETOF text
        LANGUAGE sql STABLE AS $$
            SELECT ROW(s.model, s.model_version, s.provider, count(*), count(*) FILTER (WHERE s.error_code IS NULL),
                   count(*) FILTER (WHERE s.error_code IS NOT NULL),
                   round(count(*) FILTER (WHERE s.error_code IS NULL) / count(*)::numeric, 4),
                   sum(s.input_tokens)::bigint, sum(s.cached_input_tokens)::bigint, sum(s.output_tokens)::bigint,
                   round((sum(s.output_tokens) / nullif(sum(s.duration_ms) / 1000, 0))::numeric, 6),
                   sum(s.cost_usd)::numeric(30, 8), max(s.started_at))::text
            FROM agentctl.model_calls AS s
            WHERE s.started_at >= coalesce(since, '-infinity') AND s.started_at < coalesce(until, 'infinity')
              AND counted.is_of(of_agent, s.conversation_id, s.seq)
            GROUP BY s.model, s.model_version, s.provider
        $$;
        CREATE FUNCTION counted.tool_metrics(of_agent text, since timestamptz, until timestamptz) RETURNS SETOF text
        LANGUAGE sql STABLE AS $$
            SELECT ROW(CASE WHEN c.tool_version_id IS NOT NULL OR c.error_code IS DISTINCT FROM 'not_found' THEN c.tool END,
                   (SELECT v.version FROM agentctl.definition_version AS v WHERE v.id = c.tool_version_id), count(*),
                   count(*) FILTER (WHERE c.state = 'succeeded'), count(*) FILTER (WHERE c.state IN ('failed', 'denied')),
                   round(count(*) FILTER (WHERE c.state = 'succeeded')
                       / nullif(count(*) FILTER (WHERE c.state IN ('succeeded', 'failed', 'denied')), 0)::numeric, 4),
                   count(*) FILTER (WHERE c.truncated), max(c.started_at), count(*) FILTER (WHERE c.state = 'denied'),
                   count(*) FILTER (WHERE c.state NOT IN ('succeeded', 'failed', 'denied')))::text
            FROM agentctl.tool_call AS c
            WHERE c.started_at >= coalesce(since, '-infinity') AND c.started_at < coalesce(until, 'infinity')
              AND counted.is_of(of_agent, c.conversation_id, c.seq)
            GROUP BY CASE WHEN c.tool_version_id IS NOT NULL OR c.error_code IS DISTINCT FROM 'not_found' THEN c.tool END,
                (SELECT v.version FROM agentctl.definition_version AS v WHERE v.id = c.tool_version_id)
        $$;
        CREATE FUNCTION counted.function_metrics(of_agent text, since timestamptz, until timestamptz) RETURNS SETOF text
        LANGUAGE sql STABLE AS $$
            SELECT ROW(c.function, c.version, c.language, count(*),
                   count(*) FILTER (WHERE c.exit_reason = 'ok'), count(*) FILTER (WHERE c.exit_reason = 'error'),
                   count(*) FILTER (WHERE c.exit_reason = 'timeout'), count(*) FILTER (WHERE c.exit_reason = 'memory'),
                   count(*) FILTER (WHERE c.exit_reason = 'output'), count(*) FILTER (WHERE c.exit_reason = 'denied'),
                   count(*) FILTER (WHERE c.exit_reason = 'killed'),
                   round(count(*) FILTER (WHERE c.exit_reason = 'ok') / count(*)::numeric, 4),
                   round(avg(c.cpu_ms)::numeric, 6), max(c.peak_memory_bytes),
                   sum(jsonb_array_length(c.violations))::bigint, min(c.started_at), max(c.started_at))::text
            FROM agentctl.function_call AS c
            WHERE c.started_at >= coalesce(since, '-infinity') AND c.started_at < coalesce(until, 'infinity')
              AND counted.is_of(of_agent, c.conversation_id, c.seq)
            GROUP BY c.function, c.version, c.language
        $$;
        CREATE FUNCTION counted.task_metrics(of_agent text, since timestamptz, until timestamptz) RETURNS SETOF text
        LANGUAGE sql STABLE AS $$
            SELECT ROW(t.agent, count(*), count(*) FILTER (WHERE t.finished_at IS NULL),
                   count(*) FILTER (WHERE t.state = 'done'), count(*) FILTER (WHERE t.state = 'failed'),
                   count(*) FILTER (WHERE t.state = 'cancelled'), count(*) FILTER (WHERE t.state = 'dead'),
                   count(*) FILTER (WHERE t.attempt > 1),
                   round(count(*) FILTER (WHERE t.state = 'done')
                       / nullif(count(*) FILTER (WHERE t.state IN ('done', 'failed', 'dead')), 0)::numeric, 4),
                   sum(t.tokens)::bigint, sum(t.cost_usd)::numeric(30, 8), min(t.created_at), max(t.created_at))::text
            FROM agentctl.task AS t
            WHERE t.created_at >= coalesce(since, '-infinity') AND t.created_at < coalesce(until, 'infinity')
              AND (of_agent IS NULL OR t.agent = of_agent)
            GROUP BY t.agent
        $$;
        CREATE FUNCTION counted.error_patterns(of_agent text, since timestamptz, until timestamptz) RETURNS SETOF text
        LANGUAGE sql STABLE AS $$
            SELECT ROW(f.source, f.subject, f.error_code, count(*), (array_agg(f.error_message ORDER BY f.at DESC))[1],
                   min(f.at), max(f.at))::text
            FROM (
                SELECT 'turn', t.agent, coalesce(t.error_code, t.limit_reached), t.conversation_id, t.seq,
                       t.error_message, t.started_at
                FROM agentctl.turn AS t WHERE t.status IN ('failed', 'limited')
                UNION ALL
                SELECT 'model', s.model, s.error_code, s.conversation_id, s.seq, s.error_message, s.started_at
                FROM agentctl.step AS s WHERE s.kind = 'model_call' AND s.error_code IS NOT NULL
                UNION ALL
                SELECT 'tool', CASE WHEN c.tool_version_id IS NOT NULL OR c.error_code <> 'not_found' THEN c.tool END,
                       c.error_code, c.conversation_id, c.seq, left(c.result, 500), c.started_at
                FROM agentctl.tool_call AS c WHERE c.error_code IS NOT NULL
            ) AS f (source, subject, error_code, conversation_id, seq, error_message, at)
            WHERE f.at >= coalesce(since, '-infinity') AND f.at < coalesce(until, 'infinity')
              AND counted.is_of(of_agent, f.conversation_id, f.seq)
            GROUP BY f.source, f.subject, f.error_code
        $$;
        """
}
