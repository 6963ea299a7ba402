package import Conversation
package import Definitions
internal import JSON
internal import Postgres

extension Store {
    /// A version of a function.
    ///
    /// - Parameters:
    ///   - name: The function's name.
    ///   - version: The version; nil for the one in force.
    /// - Returns: The version; nil when there is none.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func function(named name: String, version: Int? = nil) async throws(StoreError) -> Definition? {
        let rows = try await read(
            """
            SELECT v.kind, v.name, v.version, v.id AS version_id, v.document
            FROM agentctl.definition AS d
            JOIN agentctl.definition_version AS v
                ON v.kind = d.kind AND v.name = d.name AND v.version = coalesce($2::integer, d.current_version)
            WHERE d.kind = 'function' AND d.name = $1
            """,
            [.text(name), .optional(version.map { Int64($0) })]
        )
        return try decode(rows, Self.definition).first
    }

    /// A version of a function by its id.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func function(versionID: Int64) async throws(StoreError) -> Definition? {
        let rows = try await read(
            """
            SELECT v.kind, v.name, v.version, v.id AS version_id, v.document
            FROM agentctl.definition_version AS v WHERE v.id = $1 AND v.kind = 'function'
            """,
            [.integer(versionID)]
        )
        return try decode(rows, Self.definition).first
    }

    private static func definition(_ row: PostgresRow) throws(PostgresError) -> Definition {
        Definition(
            kind: try row.decode("kind"),
            name: try row.decode("name"),
            version: try row.decode("version"),
            versionID: try row.decode("version_id"),
            document: try row.decode("document")
        )
    }

    /// The names of the functions in force, in order.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func functionNames() async throws(StoreError) -> [String] {
        let rows = try await read(
            """
            SELECT d.name FROM agentctl.definition AS d
            WHERE d.kind = 'function' AND d.current_version IS NOT NULL ORDER BY d.name
            """
        )
        return try decode(rows) { row throws(PostgresError) in try row.decode("name") }
    }

    /// Takes a definition out of force; its versions and their history stay.
    ///
    /// - Parameters:
    ///   - kind: The kind.
    ///   - name: The name.
    /// - Throws: ``StoreError/Code/refused``, naming them, when others in force refer to it;
    ///   ``StoreError/Code/notFound`` when there is none in force.
    package func unregister(kind: String, name: String) async throws(StoreError) {
        _ = try await query("SELECT agentctl.unregister($1, $2)", [.text(name), .text(kind)])
    }

    /// Stores calls that were made outside of a turn, and what was refused in them.
    ///
    /// - Throws: ``StoreError`` when the database cannot be reached or the user may not.
    package func record(
        _ calls: [FunctionCallRecord],
        _ events: [SecurityEventRecord]
    ) async throws(StoreError) {
        if !calls.isEmpty {
            _ = try await query(
                "SELECT agentctl.record_function_calls(NULL, NULL, $1::jsonb)",
                [.json(JSONText(.array(calls.map(\.json))))]
            )
        }
        if !events.isEmpty {
            _ = try await query(
                "SELECT agentctl.record_security_events(NULL, NULL, $1::jsonb)",
                [.json(JSONText(.array(events.map(\.json))))]
            )
        }
    }
}
