import Conversation
package import JSON
internal import Postgres

// The functions under the views of the same names: a view could be narrowed to a time or to one agent's turns only after it
// has aggregated.
extension Reports {
    /// Turns by agent and version, with the columns of `agentctl.agent_metrics`.
    ///
    /// - Parameter filter: Which turns.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func agentMetrics(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await metrics("agent_metrics", filter, order: #"r.agent COLLATE "C", r.version DESC NULLS LAST"#)
    }

    /// Tool calls by tool and version, with the columns of `agentctl.tool_metrics`.
    ///
    /// - Parameter filter: The calls of which turns.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func toolMetrics(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await metrics("tool_metrics", filter, order: #"r.tool COLLATE "C", r.version DESC NULLS LAST"#)
    }

    /// Model calls by model and version, with the columns of `agentctl.model_metrics`.
    ///
    /// - Parameter filter: The calls of which turns and operations.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func modelMetrics(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await metrics("model_metrics", filter, order: #"r.model COLLATE "C", r.version DESC NULLS LAST"#)
    }

    /// Calls of functions by function and version, with the columns of `agentctl.function_metrics`.
    ///
    /// - Parameter filter: Which calls; with an agent, those of its turns.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func functionMetrics(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await metrics("function_metrics", filter, order: #"r.function COLLATE "C", r.version DESC NULLS LAST"#)
    }

    /// What goes wrong, by class, with the columns of `agentctl.error_patterns`.
    ///
    /// - Parameter filter: The failures of which turns.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func errorPatterns(_ filter: MetricsFilter = .init()) async throws(StoreError) -> [JSONObject] {
        try await metrics(
            "error_patterns",
            filter,
            order: #"r.occurrences DESC, r.source, r.subject COLLATE "C", r.error_code"#
        )
    }

    private func metrics(
        _ function: StaticString,
        _ filter: MetricsFilter,
        order: StaticString
    ) async throws(StoreError) -> [JSONObject] {
        let times = MetricsFilter.parameters(filter.since) + MetricsFilter.parameters(filter.until)
        guard let period = filter.period else {
            return try await database.objects(
                PostgresStatement(
                    """
                    SELECT row_to_json(r) AS row
                    FROM agentctl.\(function)($1, \(Self.moments)) AS r
                    ORDER BY \(order)
                    """
                ),
                [.optional(filter.agent)] + times
            )
        }
        return try await database.objects(
            PostgresStatement(
                """
                SELECT row_to_json(r) AS row
                FROM agentctl.\(function)_by($6, $1, \(Self.moments)) AS r
                ORDER BY r.starts_at, \(order)
                """
            ),
            [.optional(filter.agent)] + times + [.text(period.rawValue)]
        )
    }

    private static let moments = """
        coalesce($2::timestamptz, clock_timestamp() - make_interval(secs => $3::double precision)),
        coalesce($4::timestamptz, clock_timestamp() - make_interval(secs => $5::double precision))
        """
}

extension MetricsFilter {
    /// A moment in its two forms: a time, and seconds ago.
    static func parameters(_ moment: Moment?) -> [PostgresValue] {
        switch moment {
        case .ago(let duration): [.null, .double(duration.milliseconds / 1_000)]
        case .time(let time): [.text(time), .null]
        case nil: [.null, .null]
        }
    }
}
