internal import Postgres

extension PostgresRows {
    /// Decodes each row; an error in one names the column.
    func decoded<T>(_ body: (PostgresRow) throws(PostgresError) -> T) throws(StoreError) -> [T] {
        do throws(PostgresError) {
            var result: [T] = []
            result.reserveCapacity(count)
            for row in self {
                result.append(try body(row))
            }
            return result
        } catch {
            throw StoreError(error)
        }
    }

    /// Decodes the one value of a statement that returns one row with one column.
    func scalar<T: PostgresDecodable>(_ column: String) throws(StoreError) -> T {
        try only { row throws(PostgresError) in try row.decode(column, as: T.self) }
    }

    /// Decodes the row of a statement that always returns one.
    func only<T>(_ body: (PostgresRow) throws(PostgresError) -> T) throws(StoreError) -> T {
        guard let first = try decoded(body).first else {
            throw StoreError(.database, "the statement returned no row")
        }
        return first
    }
}
