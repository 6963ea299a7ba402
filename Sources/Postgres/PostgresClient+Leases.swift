extension PostgresClient {
    /// What a connection is leased for.
    public enum LeaseKind: Sendable, Hashable {
        /// The program's own transactions.
        case own
        /// Statements that others wrote, which may take as long as they like: they have connections of their own, at most
        /// ``PostgresConfiguration/foreignConnections``.
        case foreign
    }

    private func pool(_ kind: LeaseKind) -> PostgresPool { kind == .own ? leased : foreign }

    /// Lends a connection for as long as `body` runs.
    ///
    /// A transaction that `body` leaves open is rolled back, as the connection is closed then. Other state of the
    /// session (`SET`, temporary tables, advisory locks) stays behind and meets the next one: undo it, or use
    /// `SET LOCAL` in a transaction.
    ///
    /// - Parameters:
    ///   - kind: What for.
    ///   - body: Must not keep the connection.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, or ``PostgresError`` if there is no connection.
    @discardableResult
    public func withConnection<Result: Sendable>(
        on kind: LeaseKind = .own,
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let pool = self.pool(kind)
        let lease = try await pool.acquire()
        do {
            let result = try await body(lease.connection)
            pool.release(lease.id, isReusable: await lease.connection.settle())
            return result
        } catch {
            pool.release(lease.id, isReusable: await lease.connection.settle())
            throw error
        }
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// A cancelled task is no longer committed: the statement under way ends with
    /// ``PostgresError/Code/cancelled``, and the transaction is rolled back even though the task is cancelled. Once
    /// the commit was sent it is waited for.
    ///
    /// - Parameters:
    ///   - kind: What for.
    ///   - body: What happens in the transaction, on the connection it is given.
    /// - Returns: What `body` returns, after the commit.
    /// - Throws: What `body` throws; ``PostgresError/Code/commitUnknown`` if the connection broke while the server was
    ///   committing; ``PostgresError/Code/rolledBack`` if `body` ignored the failure of a statement.
    @discardableResult
    public func withTransaction<Result: Sendable>(
        on kind: LeaseKind = .own,
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let pool = self.pool(kind)
        let (lease, begin) = try await run(.statement("BEGIN", []), on: pool)
        let connection = lease.connection
        do {
            _ = try begin.result.get()
            let result = try await body(connection)
            if Task.isCancelled { throw PostgresError(.cancelled, "the task was cancelled before the commit") }
            let isIdle = try await connection.commit()
            connection.setNoticeHandler(nil)
            pool.release(lease.id, isReusable: isIdle)
            return result
        } catch {
            var isSettled = await connection.settle()
            if !isSettled {
                await connection.rollBack()
                isSettled = await connection.settle()
            }
            pool.release(lease.id, isReusable: isSettled)
            throw error
        }
    }
}

extension PostgresConnection {
    /// Undoes the transaction, whether the task is cancelled or not.
    ///
    /// If that fails the connection is not idle afterwards and goes, and the server undoes it then.
    fileprivate nonisolated func rollBack() async {
        _ = await execute(.statement("ROLLBACK", []), isCancellable: false, timeout: configuration.cancelTimeout)
    }

    /// Commits the transaction, whether the task is cancelled or not.
    ///
    /// - Returns: Whether the connection is fit for the next one.
    /// - Throws: ``PostgresError``.
    fileprivate nonisolated func commit() async throws(PostgresError) -> Bool {
        let outcome = await execute(.statement("COMMIT", []), isCancellable: false)
        switch outcome.result {
        case .success(let rows) where rows.result.commandTag == "COMMIT":
            return outcome.isIdle
        case .success:
            throw PostgresError(.rolledBack, "nothing was committed: a statement in the transaction had failed")
        case .failure(let error) where error.code == .connectionLost && !outcome.isUnsent:
            throw error.with(
                code: .commitUnknown,
                message: "the connection broke during the commit, which took effect or not: \(error.message)"
            )
        case .failure(let error):
            throw error
        }
    }
}
