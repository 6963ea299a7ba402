package import Definitions
package import JSON
internal import Postgres

extension Store {
    /// What ``register(_:)`` would do, without doing it: it runs in a transaction that is rolled back.
    ///
    /// - Parameter documents: The documents.
    /// - Returns: What would become of each, in their order.
    /// - Throws: ``StoreError/Code/invalid`` with every problem.
    package func rehearseRegistration(_ documents: [JSONValue]) async throws(StoreError) -> [Registration] {
        try await transaction { connection -> TransactionEnd<[Registration]> in
            let rows = try await connection.query(
                "SELECT kind, name, version, version_id, changed FROM agentctl.register($1::jsonb)",
                [.json(JSONText(.array(documents)))]
            )
            return .rollBack(
                try decode(rows) { row throws(PostgresError) in
                    Registration(
                        kind: try row.decode("kind"),
                        name: try row.decode("name"),
                        version: try row.decode("version"),
                        versionID: try row.decode("version_id"),
                        isChanged: try row.decode("changed")
                    )
                }
            )
        }
    }
}
