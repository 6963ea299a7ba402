internal import JSON
package import Postgres

/// The statements that serve the domain: every SQL text of the program stands in this folder.
///
/// A store holds nothing but the client; copies share it.
package struct Store: Sendable {
    /// The client that statements go through.
    package let client: PostgresClient

    /// A store over a client.
    ///
    /// - Parameter client: An open client; the store does not close it.
    package init(client: PostgresClient) {
        self.client = client
    }

    /// Runs one statement that may write.
    package func query(
        _ statement: PostgresStatement,
        _ parameters: [PostgresValue] = [],
        timeout: Duration? = nil
    ) async throws(StoreError) -> PostgresRows {
        do throws(PostgresError) {
            return try await client.query(statement, parameters, timeout: timeout)
        } catch {
            throw StoreError(error)
        }
    }

    /// Runs one statement that only reads.
    package func read(
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

    /// Decodes rows; an error in one names the column.
    package func decode<T>(
        _ rows: PostgresRows,
        _ body: (PostgresRow) throws(PostgresError) -> T
    ) throws(StoreError) -> [T] {
        do throws(PostgresError) {
            var result: [T] = []
            result.reserveCapacity(rows.count)
            for row in rows {
                result.append(try body(row))
            }
            return result
        } catch {
            throw StoreError(error)
        }
    }

    /// Decodes the one value of a statement that returns one row with one column.
    package func scalar<T: PostgresDecodable>(_ rows: PostgresRows, _ column: String) throws(StoreError) -> T {
        guard let first = try decode(rows, { row throws(PostgresError) in try row.decode(column, as: T.self) }).first
        else {
            throw StoreError(.database, "the statement returned no row")
        }
        return first
    }
}
