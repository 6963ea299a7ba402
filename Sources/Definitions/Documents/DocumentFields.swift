package import JSON

/// One field that a document of a kind may have: a row of `agentctl.document_field`.
package struct DocumentField: Sendable, Hashable {
    /// The kind of document.
    package let kind: String
    /// The place within a document: `rules[].call.tool`.
    package let path: String
    /// `string`, `integer`, `number`, `boolean`, `array`, `object`, `map`, `schema`, `any` or `value`.
    package let type: String
    /// What a missing member counts as; nil when it counts as nothing.
    package let defaultValue: JSONValue?
    /// The texts that it may be; nil for any.
    package let allowed: [String]?
    /// The least number, bytes of text or items; nil for any.
    package let minimum: Double?
    /// The most of the same; nil for any.
    package let maximum: Double?

    fileprivate init?(_ row: JSONValue) {
        guard let kind = row["kind"]?.stringValue, let path = row["path"]?.stringValue,
            let type = row["type"]?.stringValue
        else { return nil }
        (self.kind, self.path, self.type) = (kind, path, type)
        defaultValue = row["default"]
        allowed = row["allowed"]?.arrayValue?.compactMap(\.stringValue)
        minimum = row["minimum"]?.numberValue
        maximum = row["maximum"]?.numberValue
    }
}

/// What documents may hold: the only table of ranges, defaults and members, for the database and for the program.
///
/// The program has a copy of the table, which a test compares with the database.
package struct DocumentFields: Sendable {
    /// The file of the copy.
    package static let file = "schemas/fields.json"

    /// The fields of the kinds `model`, `tool`, `agent`, `function`, `policy` and `guardrail`.
    package static let all = DocumentFields(
        EmbeddedFile.all.first { $0.path == file }.flatMap { try? JSONValue(parsing: $0.text) } ?? []
    )

    /// The fields in the order of the table.
    package let list: [DocumentField]
    private let byPlace: [String: DocumentField]

    private init(_ rows: JSONValue) {
        list = (rows.arrayValue ?? []).compactMap(DocumentField.init)
        byPlace = Dictionary(list.map { ("\($0.kind) \($0.path)", $0) }) { first, _ in first }
    }

    /// The field at a place; nil if documents of the kind have none there.
    package func field(_ kind: String, _ path: String) -> DocumentField? { byPlace["\(kind) \(path)"] }

    /// The names of the members that an object within a document may have.
    ///
    /// - Parameters:
    ///   - kind: The kind of document.
    ///   - path: The place of the object: `rules[]`; empty for the document itself.
    package func members(_ kind: String, of path: String) -> [String] {
        let prefix = path.isEmpty ? "" : path + "."
        return list.compactMap { field in
            guard field.kind == kind, field.path.hasPrefix(prefix) else { return nil }
            let name = field.path.dropFirst(prefix.count)
            return name.isEmpty || name.contains { ".[".contains($0) } ? nil : String(name)
        }
    }
}

/// The defaults of one kind of document.
package struct FieldDefaults: Sendable {
    private let kind: String

    package init(of kind: String) {
        self.kind = kind
    }

    private func value(_ path: String) -> JSONValue? {
        let value = DocumentFields.all.field(kind, path)?.defaultValue
        assert(value != nil, "the field \(path) of a document \(kind) has no default")
        return value
    }

    /// The default of an integer.
    package func integer(_ path: String) -> Int { Int(value(path)?.integerValue ?? 0) }
    /// The default of a number.
    package func number(_ path: String) -> Double { value(path)?.numberValue ?? 0 }
    /// The default of a number of seconds.
    package func seconds(_ path: String) -> Duration { .seconds(number(path)) }
    /// The default of a text.
    package func text(_ path: String) -> String { value(path)?.stringValue ?? "" }
    /// The default of a list of texts.
    package func texts(_ path: String) -> [String] { value(path)?.arrayValue?.compactMap(\.stringValue) ?? [] }
    /// The default of a boolean.
    package func flag(_ path: String) -> Bool { value(path)?.boolValue ?? false }
}
