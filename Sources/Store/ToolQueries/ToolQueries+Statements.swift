import Conversation
internal import JSON
package import Postgres

// Statements that models and authors write. They are run by functions that the role agentctl_query owns, so that they can
// do what that role may and nothing else; migration 0005 tells how.
extension ToolQueries {
    /// How long after its time a statement is given up, should the server not have stopped it by then.
    private static let grace = Duration.milliseconds(500)

    /// Runs a statement in a transaction of its own, on one of the few connections for such statements.
    ///
    /// Waiting for a connection counts as its time.
    ///
    /// - Throws: ``StatementError``; nothing of the statement stays then.
    package func run(_ call: StatementCall) async throws(StatementError) -> StatementRows {
        let deadline = ContinuousClock.now + call.timeout
        // Before the caller's own time is over, so that the error says that the statement was not begun.
        let lastBeginning = deadline - min(.milliseconds(200), call.timeout / 4)
        let result: Result<StatementRows, StatementError>
        do throws(Database.ForeignFailure) {
            result = try await database.foreignTransaction(until: lastBeginning) { connection in
                var call = call
                call.timeout = max(.milliseconds(1), ContinuousClock.now.duration(to: deadline))
                try await Self.prepare(connection, for: call)
                do throws(StatementError) {
                    return .commit(.success(try await rows(of: call, on: connection)))
                } catch {
                    return .rollBack(.failure(error))
                }
            }
        } catch {
            throw StatementError(error, statement: call.statement)
        }
        return try result.get()
    }

    /// Runs a statement in a transaction that the caller begins and ends.
    ///
    /// - Parameters:
    ///   - call: The statement.
    ///   - connection: The connection, behind a savepoint that an error is rolled back to.
    /// - Throws: ``StatementError``.
    package func run(
        _ call: StatementCall,
        within connection: PostgresConnection
    ) async throws(StatementError) -> StatementRows {
        let before = try await Self.ask(of: call.statement) { () throws(PostgresError) in
            // The server keeps the time even if this process is gone, and the statement holds locks.
            let rows = try await connection.query(
                """
                SELECT current_setting('statement_timeout') AS timeout, current_setting('application_name') AS name,
                       set_config('statement_timeout', $1, true),
                       set_config('application_name', left(current_setting('application_name'), 40) || $2, true)
                """,
                Self.limits(call.timeout)
            )
            return try rows.first.map { row throws(PostgresError) in
                [PostgresValue.text(try row.decode("timeout")), .text(try row.decode("name"))]
            }
        }
        let found = try await rows(of: call, on: connection)
        if let before {
            try await Self.ask(of: call.statement) { () throws(PostgresError) in
                _ = try await connection.query(
                    "SELECT set_config('statement_timeout', $1, true), set_config('application_name', $2, true)",
                    before
                )
            }
        }
        return found
    }

    /// How long planning a statement may take.
    private static let planningTime = Duration.seconds(5)

    /// The server's own limit, and a name of the session by which `doctor` finds one that works on after it.
    private static func limits(_ timeout: Duration) -> [PostgresValue] {
        let milliseconds = max(1, Int(timeout.milliseconds))
        return [.text("\(milliseconds)ms"), .text("\(statementMark)\(milliseconds)ms")]
    }

    /// What follows the name of a session, and comes before its limit, while it runs a statement of others.
    static let statementMark = " statement "

    /// Looks at a statement as the server will, without running it: its syntax, the names in it, and what it may do.
    ///
    /// - Throws: ``StatementError`` as running it would.
    package func examine(_ statement: String) async throws(StatementError) {
        let call = StatementCall(statement, isReadOnly: false, timeout: Self.planningTime)
        do throws(Database.ForeignFailure) {
            try await database.foreignTransaction(until: .now + call.timeout) { connection in
                try await Self.prepare(connection, for: call)
                // Constants are computed while planning, by functions that no cancellation ends.
                try await connection.query(
                    "SELECT agentctl_sql.examine($1)",
                    [.text(statement)],
                    timeout: call.timeout + Self.grace
                )
                return Database.TransactionEnd<Void>.commit(())
            }
        } catch {
            throw StatementError(error, statement: statement)
        }
    }

    /// Limits of the transaction: the server keeps them even if this process is gone.
    private static func prepare(_ connection: PostgresConnection, for call: StatementCall) async throws {
        try await connection.query(
            """
            SELECT set_config('statement_timeout', $1, true),
                   set_config('application_name', left(current_setting('application_name'), 40) || $2, true),
                   CASE WHEN $3 THEN set_config('transaction_read_only', 'on', true) END
            """,
            limits(call.timeout) + [.bool(call.isReadOnly)]
        )
    }

    private func rows(
        of call: StatementCall,
        on connection: PostgresConnection
    ) async throws(StatementError) -> StatementRows {
        let found = try await Self.ask(of: call.statement) { () throws(PostgresError) in
            let rows = try await connection.query(
                "SELECT rows, row_count, has_more FROM agentctl_sql.run($1, $2::jsonb, $3::integer, $4::integer, $5)",
                [
                    .text(call.statement), .json(JSONText(call.arguments)), .integer(Int64(call.maximumRows)),
                    .integer(Int64(call.maximumBytes)), .bool(call.isReadOnly),
                ],
                timeout: call.timeout + Self.grace
            )
            return try rows.first.map { row throws(PostgresError) in
                (
                    text: try row.decode("rows", as: String.self), count: try row.decode("row_count", as: Int.self),
                    hasMore: try row.decode("has_more", as: Bool.self)
                )
            }
        }
        guard let found else { throw StatementError(.failed, "the statement returned nothing") }
        do throws(JSONParseError) {
            let value = try JSONValue(parsing: found.text)
            return StatementRows(value: value, text: found.text, count: found.count, hasMore: found.hasMore)
        } catch {
            let hint = error.code == .duplicateKey ? "; give the columns different names with AS" : ""
            throw StatementError(.failed, "the rows cannot be read as JSON: \(error.message)\(hint)")
        }
    }

    /// Runs statements on behalf of somebody's, whose failure theirs is.
    private static func ask<Value: Sendable>(
        of statement: String,
        _ body: () async throws(PostgresError) -> Value
    ) async throws(StatementError) -> Value {
        do throws(PostgresError) {
            return try await body()
        } catch {
            throw StatementError(error, statement: statement)
        }
    }
}
