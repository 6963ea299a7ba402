/// A model's wish to have a tool called.
public struct ToolCallRequest: Sendable, Hashable {
    /// The call's id, unique among the calls of one answer; the result refers to it.
    public let id: String

    /// The name of the tool.
    public let name: String

    /// The arguments as the model wrote them: usually a JSON object, but that is not checked here.
    public let arguments: String

    /// A call as a model asks for it.
    ///
    /// - Parameters:
    ///   - id: The call's id, unique among the calls of one answer.
    ///   - name: The name of the tool.
    ///   - arguments: The arguments' text.
    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
