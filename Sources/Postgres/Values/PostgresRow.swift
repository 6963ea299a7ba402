/// A row that a statement returned.
public struct PostgresRow: Sendable {
    let result: PostgresResult
    let index: Int32

    /// The value in a column.
    ///
    ///     let name: String = try row.decode("name")
    ///     let parent = try row.decode("parent_id", as: UUID?.self)
    ///
    /// - Parameters:
    ///   - column: The name that the statement gives the column.
    ///   - type: What the value is read as; an Optional where it may be NULL.
    /// - Throws: ``PostgresError/Code/decoding`` if there is no such column, or its value is not of the type. The
    ///   message names the column and both types, and not the value.
    public func decode<Value: PostgresDecodable>(
        _ column: String,
        as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard let columnIndex = result.columnIndex(column) else {
            let names = (0..<result.columnCount).map { "\"\(result.column($0).name)\"" }.joined(separator: ", ")
            throw PostgresError(.decoding, "no column \"\(column)\" among \(names.isEmpty ? "none" : names)")
        }
        return try Value(cell: PostgresCell(result: result, row: index, columnIndex: columnIndex))
    }

    /// The value in the column at a position, counted from 0.
    ///
    /// - Throws: As with the name of a column.
    public func decode<Value: PostgresDecodable>(
        at position: Int,
        as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard (0..<Int(result.columnCount)).contains(position) else {
            throw PostgresError(.decoding, "no column at \(position) among \(result.columnCount)")
        }
        return try Value(cell: PostgresCell(result: result, row: index, columnIndex: Int32(position)))
    }
}
