import JSON
import Testing

@testable import Conversation
@testable import Engine
@testable import Models
@testable import Wire

/// Any history becomes a request that the strictest server accepts.
struct ReplayTests {
    @Test(arguments: 0..<300 as Range<UInt64>)
    func everyHistoryIsAccepted(seed: UInt64) throws {
        var generator = HistoryGenerator(seed: seed)
        let manager = ContextManager(systemPrompt: "You are a test.", messageLimit: 20)
        let history = generator.history(upTo: 30).map { generator.changed($0) }
        let turn = generator.turn(upTo: 3).map { generator.changed($0) }
        let messages = manager.messages(
            summary: generator.once(in: 2) ? "A summary." : nil,
            past: manager.past(of: history),
            turn: turn
        )
        let model = Model(name: "m", versionID: 1, provider: "openai", baseURL: "http://a/v1", modelID: "m")
        let bytes = ChatCompletionRequest(ModelRequest(messages: messages), to: model).bytes
        let complaint = strictComplaint(about: try JSONValue(parsing: bytes)["messages"]?.arrayValue ?? [])
        #expect(complaint == nil, "seed \(seed)")
    }
}

extension HistoryGenerator {
    /// A message as some server may have written it: names and ids of every form, texts that say nothing.
    fileprivate mutating func changed(_ message: ChatMessage) -> ChatMessage {
        let names = ["tool", "browser.tabs.open", "f<|channel|>x", "", "größe", String(repeating: "n", count: 90)]
        let calls = message.toolCalls.map { call in
            ToolCallRequest(
                id: call.id,
                name: names[Int.random(in: 0..<names.count, using: &self)],
                arguments: ["", "null", "[]", "{", "{\"a\":1}"][Int.random(in: 0..<5, using: &self)]
            )
        }
        return ChatMessage(
            role: message.role,
            content: once(in: 4) ? ["", " ", "\n"][Int.random(in: 0..<3, using: &self)] : message.content,
            toolCalls: calls,
            toolCallID: message.toolCallID
        )
    }
}

/// What the strictest server says against the messages of a request; nil if it takes them.
private func strictComplaint(about messages: [JSONValue]) -> String? {
    var waiting: [String] = []
    var ids: Set<String> = []
    var speaker = "assistant"
    for (index, message) in messages.enumerated() {
        let role = message["role"]?.stringValue ?? ""
        let content = message["content"]?.stringValue ?? ""
        let calls = message["tool_calls"]?.arrayValue ?? []
        if role != "tool", !waiting.isEmpty { return "\(index): calls without outputs" }
        if content.allSatisfy(\.isWhitespace), calls.isEmpty { return "\(index): a message that says nothing" }
        switch role {
        case "system" where index > 0: return "\(index): instructions in the middle"
        case "system": continue
        case "tool":
            guard let id = message["tool_call_id"]?.stringValue, let place = waiting.firstIndex(of: id) else {
                return "\(index): an output without a call"
            }
            waiting.remove(at: place)
        case "user", "assistant":
            if calls.isEmpty {
                if role == speaker { return "\(index): \(role) after \(speaker)" }
                speaker = role
            }
        default: return "\(index): role \(role)"
        }
        for call in calls {
            guard let id = call["id"]?.stringValue, id.wholeMatch(of: /[a-zA-Z0-9]{9}/) != nil, ids.insert(id).inserted
            else { return "\(index): an id of another form, or twice" }
            guard call["function"]?["name"]?.stringValue?.wholeMatch(of: /[a-zA-Z0-9_-]{1,64}/) != nil else {
                return "\(index): a name of another form"
            }
            let arguments = call["function"]?["arguments"]?.stringValue ?? ""
            guard (try? JSONValue(parsing: arguments))?.objectValue != nil else { return "\(index): arguments" }
            waiting.append(id)
        }
    }
    return waiting.isEmpty ? nil : "calls without outputs at the end"
}
