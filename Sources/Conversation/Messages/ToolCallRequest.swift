/// A model's wish to have a tool called.
package struct ToolCallRequest: Sendable, Hashable {
    /// The call's id, unique among the calls of one answer; the result refers to it.
    package let id: String

    /// The name of the tool.
    package let name: String

    /// The arguments as the model wrote them: usually a JSON object, but that is not checked here.
    package let arguments: String

    /// A call as a model asks for it.
    ///
    /// - Parameters:
    ///   - id: The call's id, unique among the calls of one answer.
    ///   - name: The name of the tool.
    ///   - arguments: The arguments' text.
    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
