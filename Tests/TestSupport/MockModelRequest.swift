import HTTP
public import HTTPTypes
public import JSON

/// A chat completion as a client asked a ``MockModel`` for it.
public struct MockModelRequest: Sendable, Hashable {
    /// The whole body, as it was sent.
    public let body: JSONValue
    /// The header fields, the key among them.
    public let headers: HTTPFields

    init?(_ request: MockRequest) {
        guard let body = try? JSONValue(parsing: request.body), body.objectValue != nil else { return nil }
        self.body = body
        headers = request.headers
    }

    /// The model that was asked for, or an empty text.
    public var model: String { body["model"]?.stringValue ?? "" }

    /// The conversation.
    public var messages: [JSONValue] { body["messages"]?.arrayValue ?? [] }

    /// The names of the tools that were offered.
    public var toolNames: [String] {
        (body["tools"]?.arrayValue ?? []).compactMap { $0["function"]?["name"]?.stringValue }
    }

    /// The text of the last message, whoever wrote it, or an empty text; what a tool returned is without its marks.
    public var lastText: String {
        let text = messages.last?["content"]?.stringValue ?? ""
        let (opening, closing) = ("<tool_output>\n", "\n</tool_output>")
        guard messages.last?["role"] == "tool", text.hasPrefix(opening), text.hasSuffix(closing) else { return text }
        return String(text.dropFirst(opening.count).dropLast(closing.count))
    }

    /// Whether the reply is wanted as a stream.
    public var isStreaming: Bool { body["stream"]?.boolValue ?? false }

    /// Whether a stream is to end with the usage.
    public var includesUsage: Bool { body["stream_options"]?["include_usage"]?.boolValue ?? false }
}
