package import Conversation
internal import JSON
internal import Postgres
internal import Reactor

package import struct FoundationEssentials.UUID

extension WorkStore {
    /// Makes the row of a worker that starts.
    ///
    /// - Parameter description: Who it is.
    /// - Returns: The worker's id, and what holds for it as long as it lives.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func startWorker(_ description: WorkerDescription) async throws(StoreError) -> StartedWorker {
        let rows = try await database.onLeased(
            """
            SELECT id, time_to_live, max_attempts
            FROM agentctl.start_worker($1, $2, $3::integer, $4, $5::integer, $6::text[], $7::text[])
            """,
            [
                .text(description.kind.rawValue), .text(description.host), .integer(Int64(description.processID)),
                .text(description.release), .integer(Int64(description.slots)),
                description.queues.map { .textArray($0) } ?? .null, description.offers.map { .textArray($0) } ?? .null,
            ]
        )
        return try rows.only { row throws(PostgresError) in
            StartedWorker(
                id: try row.decode("id"),
                timeToLive: Duration(boundedSeconds: try row.decode("time_to_live")),
                maximumAttempts: try row.decode("max_attempts")
            )
        }
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
        try await database.onShared(
            "SELECT agentctl.heartbeat($1, $2) AS alive",
            [.integer(worker), .bool(isDraining)],
            timeout: timeout
        ).scalar("alive")
    }

    /// Ends a worker's row; what it still holds goes to others.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func stopWorker(_ worker: Int64) async throws(StoreError) {
        _ = try await database.onLeased(
            "SELECT agentctl.stop_worker($1)",
            [.integer(worker)],
            timeout: Self.timeToLetGo
        )
    }

    /// The leases that the database thinks a worker holds.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached or does not answer in time.
    package func leases(of worker: Int64, timeout: Duration) async throws(StoreError) -> [UUID: String] {
        let rows = try await database.onShared(
            """
            SELECT c.lease, c.conversation_id FROM agentctl.conversation_control AS c
            WHERE c.state = 'running' AND c.worker_id = $1
            """,
            [.integer(worker)],
            timeout: timeout
        )
        let pairs = try rows.decoded { row throws(PostgresError) in
            (try row.decode("lease", as: UUID.self), try row.decode("conversation_id", as: String.self))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Takes over what lost workers hold, and wakes conversations whose time has come.
    ///
    /// - Returns: How many conversations became ready.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    @discardableResult
    package func reap() async throws(StoreError) -> Int {
        try await database.onLeased(
            "SELECT agentctl.reap() + agentctl.wake() + agentctl.reap_function_calls() AS released"
        ).scalar("released")
    }

    /// How long one part of a worker's maintenance may take; the next run resumes it.
    private static let longestMaintenance: Duration = .seconds(60)

    /// Takes over what lost workers hold.
    ///
    /// - Returns: How many conversations became ready.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func reapWorkers() async throws(StoreError) -> Int {
        try await database.onLeased("SELECT agentctl.reap() AS released", timeout: Self.longestMaintenance)
            .scalar("released")
    }

    /// Wakes conversations whose time has come.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func wake() async throws(StoreError) {
        _ = try await database.onLeased("SELECT agentctl.wake()", timeout: Self.longestMaintenance)
    }

    /// Takes over calls of functions that lost workers hold.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func reapFunctionCalls() async throws(StoreError) {
        _ = try await database.onLeased("SELECT agentctl.reap_function_calls()", timeout: Self.longestMaintenance)
    }

    /// Makes the monthly partitions that are missing.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached or the user may not;
    ///   ``StoreError/Code/unavailable`` when another session keeps a table locked.
    package func createPartitions() async throws(StoreError) {
        try await database.createPartitions()
    }

    /// Whether a transaction holds a conversation's row now.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func isLocked(_ conversation: String) async throws(StoreError) -> Bool {
        try await database.onShared(
            "SELECT agentctl.is_locked($1) AS is_locked",
            [.text(conversation)],
            timeout: Self.timeToLetGo
        ).scalar("is_locked")
    }

    /// Which session holds a conversation's row, in words; nil when none does or that cannot be known.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func lockHolder(of conversation: String) async throws(StoreError) -> String? {
        try await database.onShared(
            "SELECT agentctl.lock_holder($1) AS holder",
            [.text(conversation)],
            timeout: Self.timeToLetGo
        ).only { row throws(PostgresError) in try row.decode("holder") }
    }

    /// Takes one step of what the setting `retention` asks for: what nobody has used for so long is deleted.
    ///
    /// - Parameter position: Where the step before ended; nil for the first.
    /// - Returns: Where this one ended, and whether nothing is left to do.
    /// - Throws: ``StoreError/Code/invalid`` when the setting is no interval of a day or more; ``StoreError`` otherwise.
    package func keepRetention(
        after position: String?
    ) async throws(StoreError) -> (position: String?, isOver: Bool) {
        try await database.onLeased(
            "SELECT after, is_over FROM agentctl.keep_retention($1)",
            [.optional(position)]
        ).only { row throws(PostgresError) in (try row.decode("after"), try row.decode("is_over")) }
    }

    /// Checks that the database has the schema of this release.
    ///
    /// - Throws: As ``Stores/requireSchema()``.
    package func requireSchema() async throws(StoreError) {
        try await database.requireSchema()
    }

    /// Counts success rates and load of agents for routing; does nothing when that was done within the last minute.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func refreshRoutes() async throws(StoreError) {
        _ = try await database.onLeased("SELECT agentctl.refresh_routes()", timeout: Self.longestMaintenance)
    }

    /// Adds what has ended to the rollup that metrics read, about ten thousand turns; does nothing while another worker
    /// does.
    ///
    /// - Returns: Whether there is more.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func rollUp() async throws(StoreError) -> Bool {
        try await database.onLeased("SELECT agentctl.roll_up() AS more", timeout: Self.longestMaintenance)
            .only { row throws(PostgresError) in try row.decode("more", as: Bool.self) }
    }

    /// Deletes pieces of answers that no follower needs any more.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached.
    package func sweepDeltas() async throws(StoreError) {
        _ = try await database.onLeased("SELECT agentctl.sweep_deltas()", timeout: Self.longestMaintenance)
    }

    /// The leases of a worker's turns of which something is wanted.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func signals(of worker: Int64) async throws(StoreError) -> (interrupted: Set<UUID>, steered: Set<UUID>) {
        let rows = try await database.onShared(
            "SELECT lease, is_interrupted, is_steered FROM agentctl.signals($1)",
            [.integer(worker)],
            timeout: Self.timeToLetGo
        )
        var found: (interrupted: Set<UUID>, steered: Set<UUID>) = ([], [])
        for (lease, isInterrupted, isSteered) in try rows.decoded({ row throws(PostgresError) in
            (
                try row.decode("lease", as: UUID.self), try row.decode("is_interrupted", as: Bool.self),
                try row.decode("is_steered", as: Bool.self)
            )
        }
        ) {
            if isInterrupted { found.interrupted.insert(lease) }
            if isSteered { found.steered.insert(lease) }
        }
        return found
    }

    /// What other processes tell workers, as it comes, on a connection of its own.
    ///
    /// It is lost while the connection is away: each ``WorkNotice/connected`` stands for what may have been missed. The
    /// sequence ends when the task is cancelled or the client is shut down.
    package func notices() -> some AsyncSequence<WorkNotice, Never> & Sendable {
        database.client.listen(to: WorkNotice.channels).map(WorkNotice.init)
    }

    /// The loop that the database's answers arrive on.
    package var executor: any TaskExecutor { database.client.reactor }

    /// Waits, on that loop's thread alone.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for duration: Duration) async throws(CancellationError) {
        try await database.client.reactor.sleep(for: duration)
    }
}
