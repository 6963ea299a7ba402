import CLibpq

/// A value in a row, in the text form of its type.
public struct PostgresCell: Sendable {
    let result: PostgresResult
    let row: Int32
    let columnIndex: Int32

    /// The column it is in.
    public var column: PostgresColumn { result.column(columnIndex) }

    /// Whether it is NULL.
    public var isNull: Bool { PQgetisnull(result.pointer, row, columnIndex) == 1 }

    var type: PostgresType { PostgresType(number: PQftype(result.pointer, columnIndex)) }

    /// An error that names the column and both types.
    ///
    /// - Parameters:
    ///   - target: The type that was asked for.
    ///   - reason: What is wrong, without the value.
    public func error(_ target: Any.Type, _ reason: String) -> PostgresError {
        let column = column
        return PostgresError(.decoding, "column \"\(column.name)\" (\(column.typeName)) as \(target): \(reason)")
    }

    /// Lends the text form to `body`.
    ///
    /// - Parameters:
    ///   - target: What it is read as; for the message.
    ///   - accepted: The types of column that can be read as that; any if empty.
    ///   - body: Returns `nil` if the text cannot be read.
    /// - Throws: ``PostgresError/Code/decoding`` if it is NULL, of another type or cannot be read.
    func read<Value>(
        as target: Any.Type,
        from accepted: [PostgresType],
        _ body: (UnsafeBufferPointer<UInt8>) throws(PostgresError) -> Value?
    ) throws(PostgresError) -> Value {
        guard accepted.isEmpty || accepted.contains(type) else {
            throw error(target, "a value of this type cannot be read as that")
        }
        guard !isNull, let start = PQgetvalue(result.pointer, row, columnIndex) else {
            throw error(target, "the value is NULL")
        }
        let length = Int(PQgetlength(result.pointer, row, columnIndex))
        let bytes = UnsafeRawBufferPointer(start: start, count: length).bindMemory(to: UInt8.self)
        guard let value = try body(bytes) else { throw error(target, "the value cannot be read as that") }
        return value
    }
}
