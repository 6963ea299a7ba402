import Conversation
public import HTTPTypes
public import JSON
import Wire

/// A chat completion as a client asked a ``MockModel`` for it.
public struct MockModelRequest: Sendable, Hashable {
    /// The whole body, as it was sent.
    public let body: JSONValue
    /// The header fields, the key among them.
    public let headers: HTTPFields

    /// The body as a server reads it, or what is wrong with it.
    let reading: Result<ChatCompletionRequest, ChatCompletionRequestError>

    init?(_ request: MockRequest) {
        guard let body = try? JSONValue(parsing: request.body), body.objectValue != nil else { return nil }
        self.body = body
        headers = request.headers
        reading = Result { () throws(ChatCompletionRequestError) in try ChatCompletionRequest(body: body) }
    }

    private var chat: ChatCompletionRequest? { try? reading.get() }

    /// The model that was asked for, or an empty text.
    public var model: String { chat?.modelID ?? "" }

    /// The conversation, as it was sent.
    public var messages: [JSONValue] { body["messages"]?.arrayValue ?? [] }

    /// The conversation, as a server reads it.
    var conversation: [ChatMessage] { chat?.content.messages ?? [] }

    /// The names of the tools that were offered.
    public var toolNames: [String] { chat?.content.tools.map(\.name) ?? [] }

    /// The text of the last message, whoever wrote it, or an empty text; what a tool returned is without its marks.
    public var lastText: String {
        guard let last = conversation.last else { return "" }
        let (opening, closing) = ("<tool_output>\n", "\n</tool_output>")
        guard last.role == .tool, last.content.hasPrefix(opening), last.content.hasSuffix(closing) else {
            return last.content
        }
        return String(last.content.dropFirst(opening.count).dropLast(closing.count))
    }

    /// Whether the reply is wanted as a stream.
    public var isStreaming: Bool { chat?.isStreaming ?? false }

    /// Whether a stream is to end with the usage.
    public var includesUsage: Bool { chat?.includesUsage ?? false }
}
