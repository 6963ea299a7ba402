package import JSON
package import Postgres

extension Store {
    /// Runs a statement whose rows have one column, `row`, with a JSON object each.
    ///
    /// Reports are read this way: the fields have the names and the order of the columns from the database to the screen,
    /// and no type stands between them.
    package func report(
        _ statement: PostgresStatement,
        _ parameters: [PostgresValue] = []
    ) async throws(StoreError) -> [JSONObject] {
        // Not `read`: a report may take long, and statements on a shared connection would wait behind it.
        let rows = try await query(statement, parameters)
        return try decode(rows) { row throws(PostgresError) in
            let value: JSONValue = try row.decode("row")
            return value.objectValue ?? [:]
        }
    }
}
