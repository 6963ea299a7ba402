public import JSON

extension String: PostgresDecodable {
    /// Reads a text, or the text form of any other type.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try cell.read(as: String.self, from: []) { String(decoding: $0, as: UTF8.self) }
    }
}

/// The types that hold JSON; text is checked when it is read.
private let jsonTypes: [PostgresType] = [.jsonb, .json, .text, .varchar]

extension JSONText: PostgresDecodable {
    /// Reads a `json`, a `jsonb`, or a text that holds JSON.
    public init(cell: PostgresCell) throws(PostgresError) {
        // The server has checked what comes out of a JSON column.
        let isChecked = cell.type == .json || cell.type == .jsonb
        self = try cell.read(as: JSONText.self, from: jsonTypes) { text in
            let string = String(decoding: text, as: UTF8.self)
            return isChecked ? JSONText(trusting: string) : try? JSONText(validating: string)
        }
    }
}

extension JSONValue: PostgresDecodable {
    /// Reads a `json`, a `jsonb`, or a text that holds JSON.
    public init(cell: PostgresCell) throws(PostgresError) {
        self = try cell.read(as: JSONValue.self, from: jsonTypes) { text in
            try? JSONValue(parsing: String(decoding: text, as: UTF8.self))
        }
    }
}
