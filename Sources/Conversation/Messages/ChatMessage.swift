/// One message of a conversation, as models see it.
public struct ChatMessage: Sendable, Hashable {
    /// Who speaks in a message.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// The instructions of the agent.
        case system
        /// The person or program that the agent serves.
        case user
        /// The model.
        case assistant
        /// A tool: the result of one call.
        case tool
    }

    /// Who speaks.
    public let role: Role

    /// What is said; empty if an answer consists of tool calls only.
    public let content: String

    /// The calls that an assistant's message asks for, in the model's order.
    public let toolCalls: [ToolCallRequest]

    /// For a tool's message: the id of the call that it answers.
    public let toolCallID: String?

    /// The name of the tool in a tool's message; otherwise the speaker's name, if several share a role.
    public let name: String?

    /// A message.
    ///
    /// - Parameters:
    ///   - role: Who speaks.
    ///   - content: What is said.
    ///   - toolCalls: The calls that an assistant's message asks for.
    ///   - toolCallID: For a tool's message, the id of the call that it answers.
    ///   - name: The tool's name, or the speaker's.
    public init(
        role: Role,
        content: String,
        toolCalls: [ToolCallRequest] = [],
        toolCallID: String? = nil,
        name: String? = nil
    ) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.name = name
    }
}

extension ChatMessage {
    /// The instructions of an agent.
    public static func system(_ content: String) -> ChatMessage {
        ChatMessage(role: .system, content: content)
    }

    /// A message of the person or program that the agent serves.
    public static func user(_ content: String) -> ChatMessage {
        ChatMessage(role: .user, content: content)
    }

    /// An answer of the model.
    public static func assistant(_ content: String, toolCalls: [ToolCallRequest] = []) -> ChatMessage {
        ChatMessage(role: .assistant, content: content, toolCalls: toolCalls)
    }

    /// The result of a tool call.
    public static func tool(_ content: String, for call: ToolCallRequest) -> ChatMessage {
        ChatMessage(role: .tool, content: content, toolCallID: call.id, name: call.name)
    }
}
