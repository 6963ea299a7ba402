/// A place where a value does not fit its schema.
public struct JSONSchemaViolation: Sendable, Hashable, CustomStringConvertible {
    /// Where it is in the value, as a JSON Pointer; empty for the value itself.
    public let instancePath: String

    /// Where the keyword is in the schema, as a JSON Pointer; in another document, the pointer follows its URI and a
    /// `#`.
    public let schemaPath: String

    /// The keyword that refused the value; `false` for the schema `false`.
    public let keyword: String

    /// What was expected and what was found, with long values shortened.
    public let message: String

    /// The path in the value, when it is not the root, and the message.
    public var description: String {
        instancePath.isEmpty ? message : "\(instancePath): \(message)"
    }
}
