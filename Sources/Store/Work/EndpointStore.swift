import Conversation
internal import JSON
internal import Postgres

package import struct FoundationEssentials.UUID

/// What workers share of the endpoints of models: which of them are not asked for a while.
package struct EndpointStore: Sendable {
    let database: Database

    /// A failure at an endpoint, and what came before it.
    package struct Report: Sendable, Hashable {
        /// The endpoint.
        package var endpoint: String
        /// The calls of this process since its last report, with the one that failed.
        package var calls: Int
        /// The time since that report.
        package var time: Duration
        /// The class of error.
        package var code: String
        /// What happened.
        package var message: String
        /// Whether the server says that there is no more money.
        package var isExhausted: Bool
        /// How long the call took that failed.
        package var duration: Duration

        package init(
            endpoint: String,
            calls: Int,
            within time: Duration,
            code: String,
            message: String,
            isExhausted: Bool,
            after duration: Duration = .zero
        ) {
            self.endpoint = endpoint
            self.calls = calls
            self.time = time
            self.code = code
            self.message = message
            self.isExhausted = isExhausted
            self.duration = duration
        }
    }

    /// The answer to who asks for a probe.
    package enum ProbeAnswer: Sendable, Hashable {
        /// The call is the probe, and is ended by ``EndpointStore/endProbe(_:of:succeeded:)``.
        case probe(UUID)
        /// Another one is, or it is too early; it makes sense to ask again after so long.
        case open(Duration)
        /// The endpoint is asked like any other.
        case closed
    }

    /// Counts a failure.
    ///
    /// - Returns: How long until it makes sense to ask for a probe; nil while the endpoint is asked.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func report(_ report: Report) async throws(StoreError) -> Duration? {
        try await wait(
            "SELECT agentctl.report_endpoint($1, $2::integer, $3, $4, $5, $6, $7) AS wait",
            [
                .text(report.endpoint), .integer(Int64(report.calls)), .double(report.time.milliseconds / 1_000),
                .text(report.code), .text(report.message), .bool(report.isExhausted),
                .double(report.duration.milliseconds / 1_000),
            ]
        )
    }

    /// Asks to be the call that finds out whether an endpoint answers again.
    ///
    /// - Parameters:
    ///   - endpoint: The endpoint.
    ///   - limit: How long the call may take.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func beginProbe(of endpoint: String, within limit: Duration) async throws(StoreError) -> ProbeAnswer {
        let rows = try await database.onShared(
            "SELECT probe, wait FROM agentctl.begin_probe($1, $2)",
            [.text(endpoint), .double(limit.milliseconds / 1_000)]
        )
        return try rows.only { row throws(PostgresError) in
            if let probe = try row.decode("probe", as: UUID?.self) { return .probe(probe) }
            return try row.decode("wait", as: Double?.self).map { .open(Duration(boundedSeconds: $0)) } ?? .closed
        }
    }

    /// Says how a probe ended; nil for one that was stopped before that.
    ///
    /// - Returns: How long until it makes sense to ask for another one; nil while the endpoint is asked.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func endProbe(
        _ probe: UUID,
        of endpoint: String,
        succeeded: Bool?
    ) async throws(StoreError) -> Duration? {
        try await wait(
            "SELECT agentctl.end_probe($1, $2, $3) AS wait",
            [.text(endpoint), .uuid(probe), .optional(succeeded)]
        )
    }

    /// The endpoints that are not asked, each with how long until it makes sense to ask for a probe.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func open(timeout: Duration? = nil) async throws(StoreError) -> [String: Duration] {
        let rows = try await database.onShared(
            "SELECT endpoint, wait FROM agentctl.open_endpoints()",
            timeout: timeout
        )
        let pairs = try rows.decoded { row throws(PostgresError) in
            (
                try row.decode("endpoint", as: String.self),
                Duration(boundedSeconds: try row.decode("wait", as: Double?.self) ?? 0)
            )
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Has an endpoint asked again by all workers.
    ///
    /// - Returns: Whether it was not.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func close(_ endpoint: String) async throws(StoreError) -> Bool {
        try await database.onShared("SELECT agentctl.close_endpoint($1) AS closed", [.text(endpoint)]).scalar("closed")
    }

    private func wait(
        _ statement: PostgresStatement,
        _ parameters: [PostgresValue]
    ) async throws(StoreError) -> Duration? {
        let rows = try await database.onShared(statement, parameters)
        return try rows.only { row throws(PostgresError) in
            try row.decode("wait", as: Double?.self).map { Duration(boundedSeconds: $0) }
        }
    }
}
