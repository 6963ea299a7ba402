internal import Conversation
internal import Definitions
internal import JSON

/// Reads the messages of a request.
///
/// Every text loses its null characters, which no conversation can store.
struct ChatMessageReader {
    /// The names of the tools by the ids of the calls so far: a tool's message has only the id.
    private var toolNames: [String: String] = [:]

    /// The messages of a request, oldest first; problems are left with the reader.
    static func messages(in reader: DocumentReader) -> [ChatMessage] {
        var messages = ChatMessageReader()
        if (reader.value("messages") ?? []) == [] { reader.refuse("messages", "expected at least one message") }
        return reader.elements("messages").compactMap { messages.message($0) }
    }

    private mutating func message(_ reader: DocumentReader) -> ChatMessage? {
        guard let role = Self.role(in: reader) else { return nil }
        let content = Self.content(in: reader, canBeAbsent: role == .assistant)
        switch role {
        case .system, .user:
            return ChatMessage(role: role, content: content, name: Self.name(in: reader))
        case .assistant:
            let calls = reader.elements("tool_calls").compactMap { call($0) }
            return ChatMessage(role: role, content: content, toolCalls: calls, name: Self.name(in: reader))
        case .tool:
            let id = reader.requiredString("tool_call_id", maximumBytes: .max)?.withoutNullCharacters
            return ChatMessage(role: role, content: content, toolCallID: id, name: id.flatMap { toolNames[$0] })
        }
    }

    private static func role(in reader: DocumentReader) -> ChatMessage.Role? {
        let name = reader.value("role")?.stringValue
        // Some servers call the instructions by another name.
        if name == "developer" { return .system }
        guard let role = name.flatMap(ChatMessage.Role.init) else {
            reader.refuse(
                "role",
                "expected one of \(ChatMessage.Role.allCases.map(\.rawValue).joined(separator: ", "))"
            )
            return nil
        }
        return role
    }

    private static func name(in reader: DocumentReader) -> String? {
        reader.string("name", maximumBytes: .max)?.withoutNullCharacters
    }

    private static func content(in reader: DocumentReader, canBeAbsent: Bool) -> String {
        switch reader.value("content") {
        case nil where canBeAbsent:
            return ""
        case .string(let text)?:
            return text.withoutNullCharacters
        case .array?:
            return reader.elements("content").map(text(ofPart:)).joined().withoutNullCharacters
        case let other:
            reader.refuse("content", "expected a string or an array of parts, found \((other ?? .null).kind)")
            return ""
        }
    }

    private static func text(ofPart reader: DocumentReader) -> String {
        guard reader.value("type") == "text" else {
            let type = reader.value("type")?.stringValue.map { ", found \"\($0.prefix(utf8: 64))\"" } ?? ""
            reader.refuse("type", "expected \"text\"\(type)")
            return ""
        }
        guard let text = reader.value("text")?.stringValue else {
            reader.refuse("text", "expected a string")
            return ""
        }
        return text
    }

    private mutating func call(_ reader: DocumentReader) -> ToolCallRequest? {
        reader.expectFunction()
        let id = reader.requiredString("id", maximumBytes: .max)?.withoutNullCharacters
        guard let function = reader.requiredObject("function"), let id,
            let name = function.requiredString("name", maximumBytes: .max)?.withoutNullCharacters
        else { return nil }
        guard let arguments = function.value("arguments")?.stringValue else {
            function.refuse("arguments", "expected a string")
            return nil
        }
        toolNames[id] = name
        return ToolCallRequest(id: id, name: name, arguments: arguments.withoutNullCharacters)
    }
}
