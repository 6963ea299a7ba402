import JSON
import Store

/// How many rows of each kind were deleted, for people.
struct DeletedRows {
    let counts: [String: Int64]

    init(_ counts: [String: Int64]) {
        self.counts = counts
    }

    init(_ object: JSONObject) {
        counts = Dictionary(
            object.keys.map { ($0, object[$0]?.integerValue ?? 0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// `2 conversations, 14 messages`: what there was most of comes last; kinds without a row are left out.
    var text: String {
        let shown = counts.filter { $0.value > 0 }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        guard !shown.isEmpty else { return "nothing" }
        return shown.map { kind, count in
            let words = kind.split(separator: "_").joined(separator: " ")
            return "\(count) \(count == 1 ? Self.singular(words) : words)"
        }.joined(separator: ", ")
    }

    var json: JSONValue {
        .object(JSONObject(counts.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.integer($0.value)) }))
    }

    private static func singular(_ words: String) -> String {
        words.hasSuffix("ies") ? words.dropLast(3) + "y" : String(words.dropLast())
    }
}
