public import JSON
internal import Postgres

// The views cannot be narrowed to a time or to one agent's tools after they have aggregated, so that these statements
// aggregate themselves, with the columns and the meaning of the views; a test compares the two.
extension Store {
    /// Turns by agent and version, with the columns of `agentctl.agent_metrics`.
    ///
    /// - Parameter filter: Which turns.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    public func agentMetrics(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await report(Self.agentMetricsStatement, filter.parameters)
    }

    /// Tool calls by tool and version, with the columns of `agentctl.tool_metrics`.
    ///
    /// - Parameter filter: The calls of which turns.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    public func toolMetrics(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await report(Self.toolMetricsStatement, filter.parameters)
    }

    /// Model calls by model and version, with the columns of `agentctl.model_metrics`.
    ///
    /// - Parameter filter: The calls of which turns and operations.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    public func modelMetrics(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await report(Self.modelMetricsStatement, filter.parameters)
    }

    /// What goes wrong, by class, with the columns of `agentctl.error_patterns`.
    ///
    /// - Parameter filter: The failures of which turns.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    public func errorPatterns(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await report(Self.errorPatternsStatement, filter.parameters)
    }
}

extension MetricsFilter {
    /// `$1` the agent, `$2` and `$3` the time in its two forms.
    var parameters: [PostgresValue] {
        switch since {
        case .ago(let duration): [.optional(agent), .null, .double(duration.milliseconds / 1_000)]
        case .time(let time): [.optional(agent), .text(time), .null]
        case nil: [.optional(agent), .null, .null]
        }
    }
}

extension Store {
    private static let agentMetricsStatement: PostgresStatement = """
        SELECT row_to_json(r) AS row
        FROM (
            SELECT t.agent,
                   t.agent_version AS version,
                   count(*) AS turns,
                   count(*) FILTER (WHERE t.status = 'succeeded') AS succeeded,
                   count(*) FILTER (WHERE t.status = 'failed') AS failed,
                   count(*) FILTER (WHERE t.status = 'limited') AS limited,
                   count(*) FILTER (WHERE t.status = 'interrupted') AS interrupted,
                   round(count(*) FILTER (WHERE t.status = 'succeeded') / count(*)::numeric, 4) AS success_rate,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY t.duration_ms) AS p50_ms,
                   percentile_cont(0.95) WITHIN GROUP (ORDER BY t.duration_ms) AS p95_ms,
                   percentile_cont(0.99) WITHIN GROUP (ORDER BY t.duration_ms) AS p99_ms,
                   avg(extract(epoch FROM t.started_at - t.submitted_at) * 1000)::double precision AS mean_queue_ms,
                   sum(t.model_calls)::bigint AS model_calls,
                   sum(t.tool_calls)::bigint AS tool_calls,
                   sum(t.input_tokens)::bigint AS input_tokens,
                   sum(t.cached_input_tokens)::bigint AS cached_input_tokens,
                   sum(t.output_tokens)::bigint AS output_tokens,
                   sum(t.cost_usd) AS cost_usd,
                   min(t.started_at) AS first_at,
                   max(t.started_at) AS last_at
            FROM agentctl.turn AS t
            WHERE t.started_at >= coalesce(
                      $2::timestamptz, clock_timestamp() - make_interval(secs => $3::double precision), '-infinity')
              AND ($1::text IS NULL OR t.agent = $1)
            GROUP BY t.agent, t.agent_version
            ORDER BY t.agent, t.agent_version DESC NULLS LAST
        ) AS r
        """

    private static let toolMetricsStatement: PostgresStatement = """
        SELECT row_to_json(r) AS row
        FROM (
            SELECT c.tool,
                   v.version,
                   count(*) AS calls,
                   count(*) FILTER (WHERE c.state = 'succeeded') AS succeeded,
                   count(*) FILTER (WHERE c.state IN ('failed', 'denied')) AS failed,
                   round(count(*) FILTER (WHERE c.state = 'succeeded') / count(*)::numeric, 4) AS success_rate,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms,
                   percentile_cont(0.95) WITHIN GROUP (ORDER BY c.duration_ms) AS p95_ms,
                   percentile_cont(0.99) WITHIN GROUP (ORDER BY c.duration_ms) AS p99_ms,
                   count(*) FILTER (WHERE c.truncated) AS truncated,
                   max(c.started_at) AS last_at
            FROM agentctl.tool_call AS c
            LEFT JOIN agentctl.definition_version AS v ON v.id = c.tool_version_id
            WHERE c.started_at >= coalesce(
                      $2::timestamptz, clock_timestamp() - make_interval(secs => $3::double precision), '-infinity')
              AND ($1::text IS NULL OR EXISTS (
                  SELECT FROM agentctl.turn AS t
                  WHERE t.conversation_id = c.conversation_id AND t.seq = c.seq AND t.agent = $1))
            GROUP BY c.tool, v.version
            ORDER BY c.tool, v.version DESC NULLS LAST
        ) AS r
        """

    private static let modelMetricsStatement: PostgresStatement = """
        SELECT row_to_json(r) AS row
        FROM (
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
            FROM agentctl.model_calls AS s
            LEFT JOIN agentctl.definition_version AS v ON v.id = s.model_version_id
            WHERE s.started_at >= coalesce(
                      $2::timestamptz, clock_timestamp() - make_interval(secs => $3::double precision), '-infinity')
              AND ($1::text IS NULL OR EXISTS (
                  SELECT FROM agentctl.turn AS t
                  WHERE t.conversation_id = s.conversation_id AND t.seq = s.seq AND t.agent = $1) OR EXISTS (
                  SELECT FROM agentctl.submission AS o JOIN agentctl.conversation AS c ON c.id = o.conversation_id
                  WHERE o.conversation_id = s.conversation_id AND o.seq = s.seq AND o.operation = 'compact'
                    AND coalesce(o.agent, c.agent) = $1))
            GROUP BY s.model, v.version, s.provider
            ORDER BY s.model, v.version DESC NULLS LAST
        ) AS r
        """

    private static let errorPatternsStatement: PostgresStatement = """
        WITH failure (source, subject, error_code, conversation_id, seq, error_message, at) AS (
            SELECT 'turn', t.agent, coalesce(t.error_code, t.limit_reached), t.conversation_id, t.seq, t.error_message,
                   t.started_at
            FROM agentctl.turn AS t WHERE t.status IN ('failed', 'limited')
            UNION ALL
            SELECT 'model', s.model, s.error_code, s.conversation_id, s.seq, s.error_message, s.started_at
            FROM agentctl.step AS s WHERE s.kind = 'model_call' AND s.error_code IS NOT NULL
            UNION ALL
            SELECT 'tool', c.tool, c.error_code, c.conversation_id, c.seq, left(c.result, 500), c.started_at
            FROM agentctl.tool_call AS c WHERE c.error_code IS NOT NULL
        )
        SELECT row_to_json(r) AS row
        FROM (
            SELECT f.source,
                   f.subject,
                   f.error_code,
                   count(*) AS occurrences,
                   count(DISTINCT f.conversation_id) AS conversations,
                   (array_agg(f.error_message ORDER BY f.at DESC))[1] AS last_message,
                   min(f.at) AS first_at,
                   max(f.at) AS last_at
            FROM failure AS f
            WHERE f.at >= coalesce(
                      $2::timestamptz, clock_timestamp() - make_interval(secs => $3::double precision), '-infinity')
              AND ($1::text IS NULL OR EXISTS (
                  SELECT FROM agentctl.turn AS t
                  WHERE t.conversation_id = f.conversation_id AND t.seq = f.seq AND t.agent = $1))
            GROUP BY f.source, f.subject, f.error_code
            ORDER BY count(*) DESC, f.source, f.subject, f.error_code
        ) AS r
        """
}
