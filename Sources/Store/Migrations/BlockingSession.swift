package import Postgres

/// A session that holds a lock which a migration needs.
package struct BlockingSession: Sendable, Hashable, CustomStringConvertible {
    /// The process of the server that serves it.
    package let processID: Int64
    /// The user that it is logged in as, if this user may know.
    package let user: String?
    /// What it calls itself, if this user may know.
    package let application: String?
    /// What it is doing: `active`, `idle in transaction`; nil if this user may not know.
    package let state: String?
    /// How long ago its last query began, in seconds; nil if this user may not know.
    package let queryAge: Double?

    /// In words, without anything of its query.
    package var description: String {
        var parts: [String] = []
        if let user { parts.append("user \(user)") }
        if let application, !application.isEmpty { parts.append("application \(application)") }
        if let state { parts.append(state) }
        if let queryAge { parts.append("its query began \(Int(queryAge)) s ago") }
        return parts.isEmpty ? "pid \(processID)" : "pid \(processID) (\(parts.joined(separator: ", ")))"
    }

    /// The sessions of processes.
    ///
    /// - Parameters:
    ///   - processes: A query of their numbers, in a column `pid`.
    ///   - values: Its parameters.
    ///   - client: An open client.
    package static func all(
        _ processes: String,
        _ values: [PostgresValue] = [],
        on client: PostgresClient
    ) async throws(PostgresError) -> [BlockingSession] {
        let rows = try await client.read(
            PostgresStatement(
                """
                SELECT b.pid::bigint AS pid, a.usename::text AS usename, a.application_name, a.state,
                       extract(epoch FROM clock_timestamp() - a.query_start)::double precision AS age
                FROM (\(processes)) AS b
                LEFT JOIN pg_stat_activity AS a ON a.pid = b.pid
                ORDER BY b.pid
                """
            ),
            values
        )
        var result: [BlockingSession] = []
        for row in rows {
            result.append(
                BlockingSession(
                    processID: try row.decode("pid"),
                    user: try row.decode("usename"),
                    application: try row.decode("application_name"),
                    state: try row.decode("state"),
                    queryAge: try row.decode("age")
                )
            )
        }
        return result
    }
}
