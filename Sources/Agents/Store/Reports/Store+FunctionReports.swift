public import JSON
internal import Postgres

extension Store {
    /// The stored functions in force, by name.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    public func functionReport() async throws(StoreError) -> [JSONObject] {
        try await report(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT name, version, description, language, effect, is_async, requires_context, safe_mode, workspace,
                       timeout, memory_limit, jsonb_array_length(coalesce(examples, '[]')) AS examples, created_at,
                       created_by
                FROM agentctl.functions ORDER BY name
            ) AS r
            """
        )
    }

    /// The versions of a function with what became of their calls, the newest first.
    ///
    /// - Parameter name: The function's name.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    public func functionHistory(_ name: String) async throws(StoreError) -> [JSONObject] {
        try await report(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT v.version, v.version IS NOT DISTINCT FROM d.current_version AS in_force,
                       encode(v.content_hash, 'hex') AS content_hash, v.created_at, v.created_by,
                       count(c.id) AS calls, count(c.id) FILTER (WHERE c.exit_reason = 'ok') AS ok,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms, max(c.started_at) AS last_at,
                       v.id AS version_id
                FROM agentctl.definition AS d
                JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name
                LEFT JOIN agentctl.function_call AS c ON c.function = v.name AND c.version_id = v.id
                WHERE d.kind = 'function' AND d.name = $1
                GROUP BY v.id, d.kind, d.name
                ORDER BY v.version DESC
            ) AS r
            """,
            [.text(name)]
        )
    }

    /// Calls of functions by function and version, with the columns of `agentctl.function_metrics`.
    ///
    /// - Parameter filter: Which calls; with an agent, those of its turns.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    public func functionMetrics(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await report(Self.functionMetricsStatement, filter.parameters)
    }

    private static let functionMetricsStatement: PostgresStatement = """
        SELECT row_to_json(r) AS row
        FROM (
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
            FROM agentctl.function_call AS c
            WHERE c.started_at >= coalesce(
                      $2::timestamptz, clock_timestamp() - make_interval(secs => $3::double precision), '-infinity')
              AND ($1::text IS NULL OR EXISTS (
                  SELECT FROM agentctl.turn AS t
                  WHERE t.conversation_id = c.conversation_id AND t.seq = c.seq AND t.agent = $1))
            GROUP BY c.function, c.version, c.language
            ORDER BY c.function, c.version DESC NULLS LAST
        ) AS r
        """
}
