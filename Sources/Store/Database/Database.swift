internal import JSON
internal import Postgres

/// Where the statements of all stores go: the client, its errors as ``StoreError``, and transactions.
///
/// It does not leave this target: who has a store can do what the store does, and no more.
struct Database: Sendable {
    /// The client; its maker closes it.
    let client: PostgresClient
    /// Lets statements of others in.
    let gate: StatementGate

    init(client: PostgresClient) {
        self.client = client
        gate = StatementGate(limit: client.configuration.foreignConnections)
    }

    /// Runs one statement on a connection of its own for as long as it takes, and commits it.
    ///
    /// It delays no other statement, and waits for a free connection when all are taken, by transactions for example.
    /// For what writes, unless it must not wait, and for what may take long. If the task is cancelled, the server is
    /// asked to stop. Where the month's partition is missing, it is made, and the statement run again.
    ///
    /// - Parameter timeout: How long it may take; what the client's configuration says if nil.
    func onLeased(
        _ statement: PostgresStatement,
        _ parameters: [PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws(StoreError) -> PostgresRows {
        do throws(PostgresError) {
            return try await client.query(statement, parameters, timeout: timeout)
        } catch  where error.isMissingPartition {
            let refusal = StoreError(error)
            do throws(StoreError) { try await createPartitions() } catch { throw refusal }
            do throws(PostgresError) {
                return try await client.query(statement, parameters, timeout: timeout)
            } catch {
                throw StoreError(error)
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Runs one statement on a connection that many use at once, and commits it.
    ///
    /// Statements follow each other on it without waiting for answers, and are answered in order: one that takes long
    /// delays those behind it, a lock that it waits for as well. For short statements, and for those that must go out
    /// while turns hold all other connections, such as heartbeats; they may write. If the task is cancelled the call
    /// ends at once, and the statement may be carried out nevertheless.
    ///
    /// - Parameter timeout: How long it may take; what the client's configuration says if nil.
    func onShared(
        _ statement: PostgresStatement,
        _ parameters: [PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws(StoreError) -> PostgresRows {
        do throws(PostgresError) {
            return try await client.read(statement, parameters, timeout: timeout)
        } catch {
            throw StoreError(error)
        }
    }

    /// Makes the monthly partitions that are missing.
    func createPartitions() async throws(StoreError) {
        do throws(PostgresError) {
            _ = try await client.query("SELECT agentctl.create_partitions()")
        } catch {
            throw StoreError(error)
        }
    }

    /// Runs a statement whose rows have one column, `row`, with a JSON object each.
    func objects(
        _ statement: PostgresStatement,
        _ parameters: [PostgresValue] = []
    ) async throws(StoreError) -> [JSONObject] {
        // What people read may take long, and statements on a shared connection would wait behind it.
        try await onLeased(statement, parameters).decoded { row throws(PostgresError) in
            let value: JSONValue = try row.decode("row")
            return value.objectValue ?? [:]
        }
    }

    /// How a transaction ends.
    enum TransactionEnd<Value: Sendable>: Sendable {
        /// What was done stays.
        case commit(Value)
        /// Nothing of what was done stays.
        case rollBack(Value)
    }

    /// Runs `body` in a transaction; what it throws rolls back.
    ///
    /// - Parameters:
    ///   - kind: Which connections it takes one of.
    ///   - body: What happens in the transaction, on the connection it is given; says how it ends.
    /// - Returns: The value that `body` ended with.
    /// - Throws: ``StoreError``; after ``StoreError/Code/unreachable`` it is unknown whether the transaction was committed.
    func transaction<Value: Sendable>(
        on kind: PostgresClient.LeaseKind = .own,
        _ body: (PostgresConnection) async throws -> TransactionEnd<Value>
    ) async throws(StoreError) -> Value {
        do {
            return try await client.withTransaction(on: kind) { connection in
                switch try await body(connection) {
                case .commit(let value): return value
                case .rollBack(let value): throw Undone(value: value)
                }
            }
        } catch let undone as Undone<Value> {
            return undone.value
        } catch let error as StoreError {
            throw error
        } catch let error as PostgresError {
            // Nothing was done; the next attempt finds the partition.
            if error.isMissingPartition { try? await createPartitions() }
            throw StoreError(error)
        } catch is CancellationError {
            throw StoreError(.cancelled, "the task was cancelled")
        } catch {
            throw StoreError(.database, "\(error)")
        }
    }

    /// Thrown to have the transaction rolled back.
    private struct Undone<Value: Sendable>: Error {
        let value: Value
    }
}
