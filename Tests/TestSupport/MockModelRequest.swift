import Conversation
public import HTTPTypes
public import JSON
import Wire

/// A request as a client asked a ``MockModel``.
public struct MockModelRequest: Sendable, Hashable {
    /// How a client speaks to a model.
    public enum Dialect: String, Sendable, Hashable, CaseIterable {
        /// Chat Completions.
        case chatCompletions = "/v1/chat/completions"
        /// Anthropic's Messages.
        case messages = "/v1/messages"
        /// OpenAI's Responses.
        case responses = "/v1/responses"

        /// The provider that speaks it.
        public var provider: String {
            switch self {
            case .chatCompletions: "openai"
            case .messages: "anthropic"
            case .responses: "openai_responses"
            }
        }
    }

    /// What a server reads of a body, in any dialect.
    struct Asked: Sendable, Hashable {
        var modelID: String
        var content: ModelRequest
        var isStreaming: Bool
        var includesUsage = true
    }

    /// How the client speaks.
    public let dialect: Dialect
    /// The whole body, as it was sent.
    public let body: JSONValue
    /// The header fields, the key among them.
    public let headers: HTTPFields

    /// The body as a server reads it, or what is wrong with it.
    let reading: Result<Asked, RequestError>

    init?(_ request: MockRequest) {
        guard let dialect = Dialect(rawValue: request.path), let body = try? JSONValue(parsing: request.body),
            body.objectValue != nil
        else { return nil }
        self.dialect = dialect
        self.body = body
        headers = request.headers
        reading = Result { () throws(RequestError) in try Asked(body, in: dialect) }
    }

    private var asked: Asked? { try? reading.get() }

    /// The model that was asked for, or an empty text.
    public var model: String { asked?.modelID ?? "" }

    /// The conversation, as it was sent.
    public var messages: [JSONValue] { (body["messages"] ?? body["input"])?.arrayValue ?? [] }

    /// The conversation, as a server reads it.
    var conversation: [ChatMessage] { asked?.content.messages ?? [] }

    /// How many messages the conversation has, as a server reads it.
    public var messageCount: Int { conversation.count }

    /// Who wrote the last message: `user`, `assistant` or `tool`.
    public var lastSpeaker: String { conversation.last?.role.rawValue ?? "" }

    /// The names of the tools that were offered.
    public var toolNames: [String] { asked?.content.tools.map(\.name) ?? [] }

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
    public var isStreaming: Bool { asked?.isStreaming ?? false }

    /// Whether a stream is to end with the usage.
    public var includesUsage: Bool { asked?.includesUsage ?? false }
}

extension MockModelRequest.Asked {
    fileprivate init(_ body: JSONValue, in dialect: MockModelRequest.Dialect) throws(RequestError) {
        switch dialect {
        case .chatCompletions:
            let request = try ChatCompletionRequest(body: body)
            self.init(
                modelID: request.modelID,
                content: request.content,
                isStreaming: request.isStreaming,
                includesUsage: request.includesUsage
            )
        case .messages:
            let request = try MessagesRequest(body: body)
            self.init(modelID: request.modelID, content: request.content, isStreaming: request.isStreaming)
        case .responses:
            let request = try ResponsesRequest(body: body)
            self.init(modelID: request.modelID, content: request.content, isStreaming: request.isStreaming)
        }
    }
}
