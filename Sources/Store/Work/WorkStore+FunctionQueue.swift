package import Conversation
package import Definitions
internal import JSON
package import Postgres

extension WorkStore {
    /// Takes calls that statements have queued.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func claimFunctionCalls(worker: Int64, maximum: Int) async throws(StoreError) -> [QueuedFunctionCall] {
        let rows = try await database.onLeased(
            """
            SELECT call, lease, attempt, function, version_id, arguments
            FROM agentctl.claim_function_calls($1, $2::integer)
            """,
            [.integer(worker), .integer(Int64(maximum))]
        )
        return try rows.decoded { row throws(PostgresError) in try QueuedFunctionCall(row) }
    }

    /// A version of a function by its id.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func function(versionID: Int64) async throws(StoreError) -> Definition? {
        let rows = try await database.onShared(
            """
            SELECT v.kind, v.name, v.version, v.id AS version_id, v.document
            FROM agentctl.definition_version AS v WHERE v.id = $1 AND v.kind = 'function'
            """,
            [.integer(versionID)]
        )
        return try rows.decoded { row throws(PostgresError) in try Definition(row: row) }.first
    }

    /// Ends a call; false when its lease was taken away, and then nothing was written.
    ///
    /// - Throws: ``StoreError``; calling again is safe.
    package func finish(_ call: QueuedFunctionCall, _ record: FunctionCallRecord) async throws(StoreError) -> Bool {
        let rows = try await database.onLeased(Self.finishing, Self.parameters(call, record))
        return try rows.scalar("finished")
    }

    /// Runs a call and ends it in one transaction; false when its lease was taken away, and then nothing was done.
    ///
    /// - Parameter work: Runs the call on the connection; nothing of one that fails stays.
    /// - Throws: ``StoreError``; after ``StoreError/Code/unreachable`` it is unknown whether the call ended, and the
    ///   database knows.
    package func finish(
        _ call: QueuedFunctionCall,
        _ work: @Sendable (PostgresConnection) async -> (record: FunctionCallRecord, isDone: Bool)
    ) async throws(StoreError) -> Bool {
        try await database.foreignTransaction(waiting: Self.patience) { connection -> Database.TransactionEnd<Bool> in
            // Without a lock: a server process that nothing ends would keep it, and the call could never be ended.
            let held = try await connection.query(
                "SELECT EXISTS (SELECT FROM agentctl.function_queue AS q WHERE q.id = $1 AND q.lease = $2) AS held",
                [.integer(call.id), .uuid(call.lease)]
            )
            guard try held.first?.decode("held", as: Bool.self) == true else { return .rollBack(false) }
            try await connection.query("SAVEPOINT function_call")
            let outcome = await work(connection)
            if outcome.isDone {
                try await connection.query("RELEASE SAVEPOINT function_call")
            } else {
                try await connection.query("ROLLBACK TO SAVEPOINT function_call")
            }
            let rows = try await connection.query(Self.finishing, Self.parameters(call, outcome.record))
            // Without the lease nothing of the call stays.
            let isFinished = try rows.first?.decode("finished", as: Bool.self) == true
            return isFinished ? .commit(true) : .rollBack(false)
        }
    }

    /// Gives a call back that was not run to its end; false when its lease was taken away.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - counts: Whether the claim stays one of its attempts.
    /// - Throws: ``StoreError`` when the database cannot be reached.
    @discardableResult
    package func release(_ call: QueuedFunctionCall, counts: Bool) async throws(StoreError) -> Bool {
        let rows = try await database.onLeased(
            "SELECT agentctl.release_function_call($1, $2, $3) AS released",
            [.integer(call.id), .uuid(call.lease), .bool(counts)],
            timeout: Self.timeToLetGo
        )
        return try rows.scalar("released")
    }

    private static let finishing: PostgresStatement =
        "SELECT agentctl.finish_function_call($1, $2, $3::jsonb) AS finished"

    private static func parameters(_ call: QueuedFunctionCall, _ record: FunctionCallRecord) -> [PostgresValue] {
        [.integer(call.id), .uuid(call.lease), .json(JSONText(record.json))]
    }

    /// Stores calls that were made outside of a turn, and what was refused in them.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached or the user may not.
    package func record(
        _ calls: [FunctionCallRecord],
        _ events: [SecurityEventRecord]
    ) async throws(StoreError) {
        if !calls.isEmpty {
            _ = try await database.onLeased(
                "SELECT agentctl.record_function_calls(NULL, NULL, $1::jsonb)",
                [.json(JSONText(.array(calls.map(\.json))))]
            )
        }
        if !events.isEmpty {
            _ = try await database.onLeased(
                "SELECT agentctl.record_security_events(NULL, NULL, $1::jsonb)",
                [.json(JSONText(.array(events.map(\.json))))]
            )
        }
    }
}
