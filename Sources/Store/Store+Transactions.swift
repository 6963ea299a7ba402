package import Postgres

extension Store {
    /// How a transaction ends.
    package enum TransactionEnd<Value: Sendable>: Sendable {
        /// What was done stays.
        case commit(Value)
        /// Nothing of what was done stays.
        case rollBack(Value)
    }

    /// Runs `body` in a transaction; what it throws rolls back.
    ///
    /// - Parameter body: What happens in the transaction, on the connection it is given; says how it ends.
    /// - Returns: The value that `body` ended with.
    /// - Throws: ``StoreError``; after ``StoreError/Code/unreachable`` it is unknown whether the transaction was committed.
    package func transaction<Value: Sendable>(
        _ body: (PostgresConnection) async throws -> TransactionEnd<Value>
    ) async throws(StoreError) -> Value {
        do {
            return try await client.withTransaction { connection in
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
