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
        let request = ModelRequest(messages: messages)
        let bytes = ChatCompletionRequest(request, to: replayModel("openai")).bytes
        let complaint = strictComplaint(about: try JSONValue(parsing: bytes)["messages"]?.arrayValue ?? [])
        #expect(complaint == nil, "seed \(seed)")
        var thinking = replayModel("anthropic")
        thinking.changes.options["thinking"] = ["type": "enabled", "budget_tokens": 2_000]
        for model in [replayModel("anthropic"), thinking] {
            let (bound, count) = bound(request, to: model)
            let body = try JSONValue(parsing: MessagesRequest(bound, to: model).bytes)
            #expect(body["messages"]?.count(of: "thinking") == count, "seed \(seed)")
            #expect(throws: Never.self, "seed \(seed)") { try MessagesRequest(body: body) }
        }
        let (bound, count) = bound(request, to: replayModel("openai_responses"))
        let body = try JSONValue(parsing: ResponsesRequest(bound, to: replayModel("openai_responses")).bytes)
        #expect(body["input"]?.count(of: "reasoning") == count, "seed \(seed)")
        #expect(throws: Never.self, "seed \(seed)") { try ResponsesRequest(body: body) }
    }
}

/// A request in which what the model's server sent beside calls is bound to what was sent before it then, and how often it
/// is in it.
private func bound(_ request: ModelRequest, to model: Model) -> (ModelRequest, count: Int) {
    let history = ReplayedHistory(for: model.origin, rules: .contentItems)
    var messages: [ChatMessage] = []
    var count = 0
    for message in request.messages {
        var calls = message.toolCalls
        if calls.first?.native?.origin == model.origin {
            calls[0].native?.prefix = PromptDigest.text(of: history.messages(messages))
            count += 1
        }
        messages.append(
            ChatMessage(role: message.role, content: message.content, toolCalls: calls, toolCallID: message.toolCallID)
        )
    }
    return (ModelRequest(messages: messages), count)
}

extension JSONValue {
    /// How many objects of a type are within the value.
    fileprivate func count(of type: String) -> Int {
        switch self {
        case .object(let members):
            (members["type"] == .string(type) ? 1 : 0) + members.reduce(0) { $0 + $1.value.count(of: type) }
        case .array(let elements): elements.reduce(0) { $0 + $1.count(of: type) }
        default: 0
        }
    }
}

private func replayModel(_ provider: String) -> Model {
    Model(name: "m", versionID: 1, provider: provider, baseURL: "http://a/v1", modelID: "m")
}

extension HistoryGenerator {
    /// What some server sent beside the calls of an answer; nil for nothing.
    private mutating func native() -> NativeCall? {
        let reasoning: JSONValue = ["type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "e"]
        let thought: JSONValue = ["type": "thinking", "thinking": "t", "signature": "s"]
        switch Int.random(in: 0..<4, using: &self) {
        case 0:
            let origin = replayModel("openai_responses").origin
            return NativeCall(origin: origin, call: ["id": "fc_1"], message: ["items": [reasoning]])
        case 1: return NativeCall(origin: replayModel("anthropic").origin, message: ["content": [thought]])
        default: return nil
        }
    }

    /// A message as some server may have written it: names and ids of every form, texts that say nothing.
    fileprivate mutating func changed(_ message: ChatMessage) -> ChatMessage {
        let names = ["tool", "browser.tabs.open", "f<|channel|>x", "", "größe", String(repeating: "n", count: 90)]
        var calls = message.toolCalls.map { call in
            ToolCallRequest(
                id: call.id,
                name: names[Int.random(in: 0..<names.count, using: &self)],
                arguments: ["", "null", "[]", "{", "{\"a\":1}"][Int.random(in: 0..<5, using: &self)]
            )
        }
        if !calls.isEmpty { calls[0].native = native() }
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
