internal import Conversation
internal import Definitions
internal import JSON

/// Reads the messages of a request, and refuses what the API refuses.
///
/// Every text loses its null characters, which no conversation can store.
struct MessagesReader {
    /// The ids of all calls so far.
    private var ids: Set<String> = []
    /// The names of the tools whose outputs have to come next, by the ids of their calls.
    private var waiting: [String: String] = [:]
    /// The type of the first part of the answer whose calls were followed by outputs last; nil after other words of a user.
    private(set) var firstOfOpenRound: String?
    private var speaker = ""

    /// The messages of a request, oldest first; problems are left with the reader.
    mutating func messages(in reader: DocumentReader) -> [ChatMessage] {
        let elements = reader.elements("messages")
        if elements.isEmpty { reader.refuse("messages", "expected at least one message") }
        var messages: [ChatMessage] = []
        for element in elements { messages += read(element) }
        if !waiting.isEmpty { reader.refuse("messages", "`tool_use` ids without `tool_result` blocks at the end") }
        return messages
    }

    private mutating func read(_ message: DocumentReader) -> [ChatMessage] {
        let role = message.requiredString("role", maximumBytes: 64) ?? ""
        if role == speaker { message.refuse("role", "roles must alternate between user and assistant") }
        if speaker.isEmpty, role != "user" { message.refuse("role", "first message must use the user role") }
        speaker = role
        switch role {
        case "user": return user(message)
        case "assistant": return [assistant(message)]
        default:
            message.refuse("role", "expected one of user, assistant")
            return []
        }
    }

    private mutating func user(_ message: DocumentReader) -> [ChatMessage] {
        if let text = message.value("content")?.stringValue {
            refuseIfBlank(text, message)
            finishRound(message)
            firstOfOpenRound = nil
            return [.user(text.withoutNullCharacters)]
        }
        var (outputs, texts): ([ChatMessage], [ChatMessage]) = ([], [])
        for part in message.elements("content") {
            switch part.value("type") {
            case "tool_result"?:
                if !texts.isEmpty { part.refuse(nil, "`tool_result` blocks must come first") }
                outputs += output(part).map { [$0] } ?? []
            case "text"?:
                let text = part.value("text")?.stringValue ?? ""
                refuseIfBlank(text, part)
                texts.append(.user(text.withoutNullCharacters))
            default: part.refuse("type", "expected one of text, tool_result")
            }
        }
        if outputs.isEmpty, texts.isEmpty { message.refuse("content", "expected at least one block") }
        finishRound(message)
        if !texts.isEmpty || outputs.isEmpty { firstOfOpenRound = nil }
        return outputs + texts
    }

    private mutating func output(_ part: DocumentReader) -> ChatMessage? {
        guard let id = part.requiredString("tool_use_id", maximumBytes: .max) else { return nil }
        guard let name = waiting.removeValue(forKey: id) else {
            part.refuse("tool_use_id", "no `tool_use` block with this id in the previous message")
            return nil
        }
        let content = part.value("content") ?? ""
        let texts = content.arrayValue.map { $0.compactMap { $0["text"]?.stringValue }.joined() }
        guard let text = content.stringValue ?? texts else {
            part.refuse("content", "expected a string or an array of parts, found \(content.kind)")
            return nil
        }
        return ChatMessage(role: .tool, content: text.withoutNullCharacters, toolCallID: id, name: name)
    }

    /// Refuses calls whose outputs are not in the message that follows them.
    private mutating func finishRound(_ message: DocumentReader) {
        if !waiting.isEmpty { message.refuse("content", "`tool_use` ids without `tool_result` blocks after them") }
        waiting = [:]
    }

    private mutating func assistant(_ message: DocumentReader) -> ChatMessage {
        if let text = message.value("content")?.stringValue {
            refuseIfBlank(text, message)
            return .assistant(text.withoutNullCharacters)
        }
        let parts = message.elements("content")
        if parts.isEmpty { message.refuse("content", "expected at least one block") }
        firstOfOpenRound = parts.first?.value("type")?.stringValue
        return MessagesBlock.message(of: parts.compactMap { block($0) })
    }

    private mutating func block(_ part: DocumentReader) -> MessagesBlock? {
        switch part.value("type") {
        case "text"?:
            let text = part.value("text")?.stringValue ?? ""
            refuseIfBlank(text, part)
            return .text(text.withoutNullCharacters)
        case "tool_use"?:
            return call(part).map { .call($0) }
        case "thinking"?:
            if part.value("signature")?.stringValue?.isEmpty != false { part.refuse("signature", "Field required") }
            if part.value("thinking")?.stringValue == nil { part.refuse("thinking", "Field required") }
        case "redacted_thinking"?:
            if part.value("data")?.stringValue == nil { part.refuse("data", "Field required") }
        case "server_tool_use"?, "web_search_tool_result"?: break
        default: part.refuse("type", "expected one of text, tool_use, thinking, redacted_thinking")
        }
        return .opaque(part.json)
    }

    private mutating func call(_ part: DocumentReader) -> ToolCallRequest? {
        guard let id = part.requiredString("id", maximumBytes: 64),
            let name = part.requiredString("name", maximumBytes: 128)
        else { return nil }
        if !id.utf8.allSatisfy(\.isOfToolName) { part.refuse("id", "expected letters, digits, _ and -") }
        if !name.utf8.allSatisfy(\.isOfToolName) { part.refuse("name", "expected letters, digits, _ and -") }
        if !ids.insert(id).inserted { part.refuse("id", "`tool_use` ids must be unique") }
        guard let input = part.value("input"), input.objectValue != nil else {
            part.refuse("input", "expected an object")
            return nil
        }
        waiting[id] = name
        return ToolCallRequest(id: id, name: name, arguments: input.text)
    }

    private func refuseIfBlank(_ text: String, _ reader: DocumentReader) {
        if text.isBlank { reader.refuse(nil, "text content blocks must contain non-whitespace text") }
    }
}
