import JSON

/// What is different between two versions of a document, field by field.
struct DocumentDifference {
    /// A field of one line on each side.
    private struct Change {
        let field: String
        let from: JSONValue
        let to: JSONValue
    }

    private let changes: [Change]
    /// The differences of what has several lines, such as a function's source or a chain's stages, by field.
    private let texts: [(field: String, difference: String)]

    /// Values that are longer than this are compared line by line.
    private static let longest = 60

    /// - Parameters:
    ///   - older: The document before.
    ///   - olderName: What it is called above a difference of lines.
    ///   - newer: The document after.
    ///   - newerName: What that is called.
    init(_ older: JSONObject, _ olderName: String, _ newer: JSONObject, _ newerName: String) {
        var changes: [Change] = []
        var texts: [(field: String, difference: String)] = []
        for field in older.keys + newer.keys.filter({ older[$0] == nil }) {
            let (from, to) = (older[field] ?? .null, newer[field] ?? .null)
            guard from != to else { continue }
            guard Self.isLong(from) || Self.isLong(to) else {
                changes.append(Change(field: field, from: from, to: to))
                continue
            }
            let suffix = field == "source" ? "" : " \(field)"
            texts.append(
                (
                    field,
                    UnifiedDiff.text(
                        from: Self.lines(from),
                        olderName + suffix,
                        to: Self.lines(to),
                        newerName + suffix
                    )
                )
            )
        }
        (self.changes, self.texts) = (changes, texts)
    }

    /// Whether the documents are the same.
    var isEmpty: Bool { changes.isEmpty && texts.isEmpty }

    /// A line a change, then the differences of lines; ends with a line break unless it is empty.
    var text: String {
        changes.map { "\($0.field): \($0.from.text) -> \($0.to.text)\n" }.joined()
            + texts.map(\.difference).joined()
    }

    /// The members `changes` (`field`, `from`, `to`) and `texts` (the difference of lines, by field).
    var json: JSONObject {
        [
            "changes": .array(changes.map { ["field": .string($0.field), "from": $0.from, "to": $0.to] }),
            "texts": .object(JSONObject(texts.map { ($0.field, .string($0.difference)) })),
        ]
    }

    private static func isLong(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.contains("\n") || text.count > longest
        case .array, .object: value.text.count > longest
        default: false
        }
    }

    private static func lines(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        default: YAMLText.text(of: value)
        }
    }
}
