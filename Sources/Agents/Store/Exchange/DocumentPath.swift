/// Places in documents, as they are shown: `messages[3].role`.
enum DocumentPath {
    /// The place that a JSON Pointer names.
    ///
    /// - Parameter pointer: The pointer: `/messages/3/role`.
    /// - Returns: The place; numbers are taken for those of items.
    static func text(ofPointer pointer: String) -> String {
        guard pointer.hasPrefix("/") else { return "" }
        var text = ""
        for part in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let name = unescaped(part)
            if Int(name) != nil {
                text += "[\(name)]"
            } else {
                text += text.isEmpty ? name : ".\(name)"
            }
        }
        return text
    }

    private static func unescaped(_ part: Substring) -> String {
        var result = ""
        var rest = part
        while let tilde = rest.firstIndex(of: "~") {
            result += rest[..<tilde]
            result += rest[rest.index(after: tilde)...].first == "1" ? "/" : "~"
            rest = rest[tilde...].dropFirst(2)
        }
        return result + rest
    }
}
