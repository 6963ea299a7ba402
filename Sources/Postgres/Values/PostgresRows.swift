/// The rows that a statement returned.
///
/// All of them are in memory: a statement that may return many needs a LIMIT.
public struct PostgresRows: Sendable, RandomAccessCollection {
    let result: PostgresResult

    /// How many rows the statement inserted, updated, deleted or returned.
    public var affectedRows: Int { result.affectedRows }

    /// The columns, from left to right.
    public var columns: [PostgresColumn] { (0..<result.columnCount).map { result.column($0) } }

    /// Zero.
    public var startIndex: Int { 0 }

    /// The number of rows.
    public var endIndex: Int { Int(result.rowCount) }

    /// The row at a position, which must be one.
    public subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return PostgresRow(result: result, index: Int32(position))
    }
}
