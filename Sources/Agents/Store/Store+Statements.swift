internal import JSON
internal import Postgres

// Statements that models and authors write. They are run by functions that the role agentctl_query owns, so that they can
// do what that role may and nothing else; migration 0005 tells how.
extension Store {
    /// Runs a statement in a transaction of its own.
    ///
    /// - Throws: ``StatementError``; nothing of the statement stays then.
    public func run(_ call: StatementCall) async throws(StatementError) -> StatementRows {
        do {
            return try await client.withTransaction { connection in
                try await Self.prepare(connection, for: call)
                return try await self.rows(of: call, on: connection)
            }
        } catch {
            throw Self.failure(error, of: call.statement)
        }
    }

    /// Runs a statement in a transaction that the caller begins and ends.
    ///
    /// - Parameters:
    ///   - call: The statement.
    ///   - connection: The connection, behind a savepoint that an error is rolled back to.
    /// - Throws: ``StatementError``.
    func run(
        _ call: StatementCall,
        within connection: PostgresConnection
    ) async throws(StatementError) -> StatementRows {
        do {
            // The server keeps the time even if this process is gone, and the statement holds locks.
            let before = try await connection.query(
                "SELECT current_setting('statement_timeout') AS before, set_config('statement_timeout', $1, true)",
                [Self.milliseconds(call.timeout)]
            )
            let found = try await rows(of: call, on: connection)
            let timeout: String? = try before.first?.decode("before")
            try await connection.query("SELECT set_config('statement_timeout', $1, true)", [.text(timeout ?? "0")])
            return found
        } catch {
            throw Self.failure(error, of: call.statement)
        }
    }

    private static func milliseconds(_ timeout: Duration) -> PostgresValue {
        .text("\(max(1, Int(timeout.milliseconds)))ms")
    }

    /// Looks at a statement as the server will, without running it: its syntax, the names in it, and what it may do.
    ///
    /// - Throws: ``StatementError`` as running it would.
    public func examine(_ statement: String) async throws(StatementError) {
        do {
            try await client.withTransaction { connection in
                try await Self.prepare(
                    connection,
                    for: StatementCall(statement, isReadOnly: false, timeout: .seconds(5))
                )
                try await connection.query("SELECT agentctl_sql.examine($1)", [.text(statement)])
            }
        } catch {
            throw Self.failure(error, of: statement)
        }
    }

    /// Limits of the transaction: the server keeps them even if this process is gone.
    private static func prepare(_ connection: PostgresConnection, for call: StatementCall) async throws {
        try await connection.query(
            """
            SELECT set_config('statement_timeout', $1, true),
                   CASE WHEN $2 THEN set_config('transaction_read_only', 'on', true) END
            """,
            [milliseconds(call.timeout), .bool(call.isReadOnly)]
        )
    }

    private func rows(of call: StatementCall, on connection: PostgresConnection) async throws -> StatementRows {
        let rows = try await connection.query(
            "SELECT rows, row_count, has_more FROM agentctl_sql.run($1, $2::jsonb, $3::integer, $4::integer, $5)",
            [
                .text(call.statement), .json(JSONText(call.arguments)), .integer(Int64(call.maximumRows)),
                .integer(Int64(call.maximumBytes)), .bool(call.isReadOnly),
            ],
            timeout: call.timeout + .seconds(1)
        )
        guard let row = rows.first else { throw StatementError(.failed, "the statement returned nothing") }
        let text: String = try row.decode("rows")
        let value: JSONValue
        do throws(JSONParseError) {
            value = try JSONValue(parsing: text)
        } catch {
            let hint = error.code == .duplicateKey ? "; give the columns different names with AS" : ""
            throw StatementError(.failed, "the rows cannot be read as JSON: \(error.message)\(hint)")
        }
        return StatementRows(
            value: value,
            text: text,
            count: try row.decode("row_count"),
            hasMore: try row.decode("has_more")
        )
    }

    private static func failure(_ error: any Error, of statement: String) -> StatementError {
        switch error {
        case let error as StatementError: error
        case let error as PostgresError: StatementError(error, statement: statement)
        default: StatementError(.failed, "\(error)")
        }
    }
}
