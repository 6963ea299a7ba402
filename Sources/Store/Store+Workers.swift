package import Conversation
import Postgres

package import struct FoundationEssentials.UUID

extension Store {
    /// Makes the row of a worker that starts.
    ///
    /// - Parameter description: Who it is.
    /// - Returns: The worker's id, and what holds for it as long as it lives.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func startWorker(_ description: WorkerDescription) async throws(StoreError) -> StartedWorker {
        let rows = try await query(
            "SELECT id, time_to_live, max_attempts FROM agentctl.start_worker($1, $2, $3::integer, $4, $5::integer)",
            [
                .text(description.kind.rawValue), .text(description.host), .integer(Int64(description.processID)),
                .text(description.release), .integer(Int64(description.slots)),
            ]
        )
        let workers = try decode(rows) { row throws(PostgresError) in
            StartedWorker(
                id: try row.decode("id"),
                timeToLive: .seconds(try row.decode("time_to_live", as: Double.self)),
                maximumAttempts: try row.decode("max_attempts")
            )
        }
        guard let worker = workers.first else { throw StoreError(.database, "the statement returned no row") }
        return worker
    }

    /// A worker's sign of life.
    ///
    /// It goes over the shared connections: there it waits neither for a connection that turns are stored on nor, when
    /// the time is up, for the server to answer.
    ///
    /// - Parameters:
    ///   - worker: The worker's id.
    ///   - isDraining: Whether it claims no more.
    ///   - timeout: How long the answer may take; nil for no limit.
    /// - Returns: False when the worker was counted as lost: it must drop all it holds.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func heartbeat(
        worker: Int64,
        isDraining: Bool,
        timeout: Duration? = nil
    ) async throws(StoreError) -> Bool {
        try scalar(
            try await read(
                "SELECT agentctl.heartbeat($1, $2) AS alive",
                [.integer(worker), .bool(isDraining)],
                timeout: timeout
            ),
            "alive"
        )
    }

    /// Ends a worker's row; what it still holds goes to others.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func stopWorker(_ worker: Int64) async throws(StoreError) {
        _ = try await query("SELECT agentctl.stop_worker($1)", [.integer(worker)], timeout: Self.timeToLetGo)
    }

    /// Takes over what lost workers hold, and wakes conversations whose time has come.
    ///
    /// - Returns: How many conversations became ready.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    @discardableResult
    package func reap() async throws(StoreError) -> Int {
        try scalar(
            try await query("SELECT agentctl.reap() + agentctl.wake() + agentctl.reap_function_calls() AS released"),
            "released"
        )
    }

    /// Makes the monthly partitions that are missing.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached or the user may not.
    package func createPartitions() async throws(StoreError) {
        _ = try await query("SELECT agentctl.create_partitions()")
    }

    /// Deletes pieces of answers that no follower needs any more.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func sweepDeltas() async throws(StoreError) {
        _ = try await query("SELECT agentctl.sweep_deltas()")
    }

    /// The leases that the database thinks a worker holds.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached or does not answer in time.
    package func leases(of worker: Int64, timeout: Duration) async throws(StoreError) -> [UUID: String] {
        let rows = try await read(
            """
            SELECT c.lease, c.conversation_id FROM agentctl.conversation_control AS c
            WHERE c.state = 'running' AND c.worker_id = $1
            """,
            [.integer(worker)],
            timeout: timeout
        )
        let pairs = try decode(rows) { row throws(PostgresError) in
            (try row.decode("lease", as: UUID.self), try row.decode("conversation_id", as: String.self))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
