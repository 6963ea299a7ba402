import Postgres
import TestSupport

extension Bench {
    /// Has a second session run a statement while the transaction of a first one is open, which it has to wait for.
    ///
    /// - Parameters:
    ///   - first: What the first has done, and commits when the second waits.
    ///   - second: What the second does.
    /// - Returns: The SQLSTATE that the second ends with; nil when it succeeds.
    func race(_ first: String, against second: String) async throws -> String? {
        try await client.withConnection { connection in
            try await connection.executeScript("BEGIN; \(first)")
            async let state = state(of: second)
            try await untilOneIsBlocked()
            try await connection.executeScript("COMMIT")
            return try await state
        }
    }

    /// The SQLSTATE that a statement ends with; nil when it succeeds.
    func state(of sql: String) async throws -> String? {
        try await client.withConnection { connection in
            do throws(PostgresError) { _ = try await connection.query(PostgresStatement(sql)) } catch {
                return error.sqlState
            }
            return nil
        }
    }

    /// Moves all that has happened so far in a database a number of days into the past.
    func age(days: Int) async throws {
        let parts = [
            ("turn", "started_at"), ("step", "started_at"), ("tool_call", "started_at"), ("event", "at"),
            ("node_run", "finished_at"),
        ]
        let moved = parts.map { table, column in
            """
            SELECT agentctl.create_partitions_of('\(table)', ARRAY(
                SELECT DISTINCT \(column) - interval '\(days) days' FROM agentctl.\(table)));
            UPDATE agentctl.\(table) SET \(column) = \(column) - interval '\(days) days';
            """
        }.joined(separator: "\n")
        try await script(
            """
            UPDATE agentctl.conversation SET created_at = created_at - interval '\(days) days';
            UPDATE agentctl.submission SET created_at = created_at - interval '\(days) days';
            UPDATE agentctl.task SET finished_at = finished_at - interval '\(days) days';
            UPDATE agentctl.turn_progress SET started_at = started_at - interval '\(days) days';
            UPDATE agentctl.approval SET requested_at = requested_at - interval '\(days) days';
            \(moved)
            """
        )
    }
}
