public import JSON

/// What a model is told about a tool.
public struct ToolSpecification: Sendable, Hashable {
    /// The name by which the model calls the tool.
    public let name: String

    /// What the tool does and when to use it, in prose.
    public let description: String

    /// The JSON Schema of the arguments; its root is an object schema.
    public let inputSchema: JSONText

    /// A specification.
    ///
    /// - Parameters:
    ///   - name: The name by which the model calls the tool.
    ///   - description: What the tool does and when to use it.
    ///   - inputSchema: The JSON Schema of the arguments.
    public init(name: String, description: String, inputSchema: JSONText) {
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
    }
}
