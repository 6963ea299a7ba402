/// A model's wish to have a tool called.
public struct ToolCallRequest: Sendable, Hashable {
    /// The call's id, unique among the calls of one answer; the result refers to it.
    public let id: String

    /// The name of the tool.
    public let name: String

    /// The arguments as the model wrote them: usually a JSON object, but that is not checked here.
    public let arguments: String

    /// What the model's server sent beside the call; nil if nothing is known of it.
    package var native: NativeCall?

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

extension ToolCallRequest {
    /// Whether two calls ask for the same under the same id; what a server sent beside them does not count.
    public static func == (left: ToolCallRequest, right: ToolCallRequest) -> Bool {
        left.id == right.id && left.name == right.name && left.arguments == right.arguments
    }

    /// Feeds what is compared to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(name)
        hasher.combine(arguments)
    }
}
