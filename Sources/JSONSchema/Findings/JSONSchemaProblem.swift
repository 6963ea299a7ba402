/// Something wrong with a schema itself.
public struct JSONSchemaProblem: Sendable, Hashable, CustomStringConvertible {
    /// Where it is in the schema, as a JSON Pointer; in another document, the pointer follows its URI and a `#`.
    public let path: String

    /// What was expected and what was found.
    public let message: String

    /// The path, when it is not the root, and the message.
    public var description: String {
        path.isEmpty ? message : "\(path): \(message)"
    }
}
