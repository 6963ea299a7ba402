internal import JSON

extension JSONValue {
    /// The value as JSON with sorted members and without blanks: the same text for the same value.
    var canonicalText: String {
        var bytes: [UInt8] = []
        sortedMembers(depth: 0).write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Values that are nested deeper than any honest one are left as they are.
    private func sortedMembers(depth: Int) -> JSONValue {
        guard depth < 100 else { return self }
        switch self {
        case .array(let items): return .array(items.map { $0.sortedMembers(depth: depth + 1) })
        case .object(let object):
            let sorted = object.map { ($0.key, $0.value.sortedMembers(depth: depth + 1)) }.sorted { $0.0 < $1.0 }
            return .object(JSONObject(sorted))
        default: return self
        }
    }
}
