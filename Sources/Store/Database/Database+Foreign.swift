internal import JSON
internal import Postgres

/// Statements that others wrote: models, and authors of functions.
///
/// They run on connections of their own, a few of them: however many there are and however long they take, what the engine
/// itself asks finds a connection.
extension Database {
    /// How a transaction with statements of others failed.
    enum ForeignFailure: Error {
        /// No connection became free in time. The processes are those that no request ended.
        case busy(connections: Int, stuck: [Int32])
        /// The server went on with the statement, in this process, although it was asked to stop: it was given up.
        case stuck(process: Int32)
        case failed(StoreError)
    }

    /// Runs `body` in a transaction on a connection for statements of others.
    ///
    /// - Parameters:
    ///   - deadline: How long to wait for a connection.
    ///   - body: What happens in the transaction; says how it ends.
    /// - Returns: The value that `body` ended with.
    /// - Throws: ``ForeignFailure``.
    func foreignTransaction<Value: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ body: (PostgresConnection) async throws -> TransactionEnd<Value>
    ) async throws(ForeignFailure) -> Value {
        guard await gate.enter(until: deadline, gone) else {
            if Task.isCancelled { throw .failed(StoreError(.cancelled, "the task was cancelled")) }
            throw .busy(connections: gate.limit, stuck: gate.stuck.map(\.process))
        }
        var lent: PostgresConnection?
        // Nothing of others runs before it is known.
        var process: Int32?
        let result: Result<Value, StoreError>
        do throws(StoreError) {
            result = .success(
                try await transaction(on: .foreign) { connection in
                    lent = connection
                    process = try await connection.serverProcess
                    return try await body(connection)
                }
            )
        } catch {
            result = .failure(error)
        }
        if let lent, let process, lent.wasGivenUp {
            gate.giveUp(process)
            throw .stuck(process: process)
        }
        gate.leave()
        switch result {
        case .success(let value): return value
        case .failure(let error): throw .failed(error)
        }
    }

    /// The same where its failure is a store's.
    ///
    /// - Throws: ``StoreError``; ``StoreError/Code/unavailable`` when no connection became free, and nothing was done then.
    func foreignTransaction<Value: Sendable>(
        waiting patience: Duration,
        _ body: (PostgresConnection) async throws -> TransactionEnd<Value>
    ) async throws(StoreError) -> Value {
        do throws(ForeignFailure) {
            return try await foreignTransaction(until: .now + patience, body)
        } catch {
            switch error {
            case .failed(let error): throw error
            case .busy: throw StoreError(.unavailable, error.message)
            // Not to be tried again: the next attempt would take the next connection.
            case .stuck: throw StoreError(.database, error.message)
            }
        }
    }

    /// Those of some processes that are gone; none when the database cannot be asked.
    ///
    /// A number may be another process's by now: that one began later.
    private func gone(_ stuck: [StatementGate.Stuck]) async -> [StatementGate.Stuck] {
        let asked = JSONValue.array(
            stuck.map { process in
                [
                    "pid": .integer(Int64(process.process)),
                    "age": .number(process.since.duration(to: .now) / .seconds(1)),
                ]
            }
        )
        let rows = try? await onShared(
            """
            SELECT s.pid FROM jsonb_to_recordset($1::jsonb) AS s (pid integer, age double precision)
            WHERE NOT EXISTS (
                SELECT FROM pg_stat_activity AS a
                WHERE a.pid = s.pid
                    AND coalesce(a.backend_start <= clock_timestamp() - make_interval(secs => s.age), true)
            )
            """,
            [.json(JSONText(asked))],
            timeout: .seconds(2)
        ).decoded { row throws(PostgresError) in try row.decode("pid", as: Int32.self) }
        return stuck.filter { rows?.contains($0.process) == true }
    }
}

extension PostgresConnection {
    /// The server's process until the transaction ends; behind a pooler it has to be asked for.
    fileprivate var serverProcess: Int32 {
        get async throws {
            if let serverProcessID { return serverProcessID }
            return try await query("SELECT pg_backend_pid() AS pid").scalar("pid")
        }
    }
}

extension Database.ForeignFailure {
    /// What happened, as the caller of the statement reads it.
    var message: String {
        switch self {
        case .busy(let connections, let stuck):
            let all = connections == 1 ? "the one connection" : "all \(connections) connections"
            let list = stuck.map(String.init).joined(separator: ", ")
            let reason =
                stuck.isEmpty
                ? "" : ", \(stuck.count) of them by statements that the server does not stop (processes \(list))"
            return "\(all) for such statements are in use\(reason); it was not begun within its time"
        case .stuck(let process):
            return "it took longer than it may, and the server does not stop it: its process \(process) goes on, and "
                + "nothing that it does is stored"
        case .failed(let error): return error.message
        }
    }
}
