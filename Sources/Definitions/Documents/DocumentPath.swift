internal import JSON

/// Places in documents, as they are shown: `messages[3].role`.
package enum DocumentPath {
    /// The place that a JSON Pointer names.
    ///
    /// - Parameters:
    ///   - pointer: The pointer: `/messages/3/role`.
    ///   - start: The place that it begins at; empty for the document itself.
    /// - Returns: The place; numbers are taken for those of items.
    package static func text(ofPointer pointer: String, from start: String = "") -> String {
        guard pointer.hasPrefix("/") else { return start }
        return JSONPointer.tokens(of: pointer).reduce(start) { path, token in
            if JSONPointer.index(token) != nil { return "\(path)[\(token)]" }
            return path.isEmpty ? token : "\(path).\(token)"
        }
    }
}
