import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Safety
@testable import Store

/// Random operations on conversations with a model that looks at every request it is sent.
@Suite struct RandomOperationTests {
    private static let window = 2_000
    private static let prompt = "Be brief."

    /// What the model found wrong with its requests.
    private final class Findings: Sendable {
        private let list = Mutex<[String]>([])

        func add(_ finding: String?) {
            if let finding { list.withLock { $0.append(finding) } }
        }

        var all: [String] { list.withLock { $0 } }
    }

    @Test(arguments: 0..<24)
    func whateverIsDoneTheModelIsSentWhatItAccepts(_ seed: Int) async throws {
        let findings = Findings()
        let random = Mutex(HistoryGenerator(seed: UInt64(seed) &+ 1_000))
        try await withMockModel { request in
            findings.add(Self.complaint(about: request))
            return random.withLock { Self.reply(to: request, &$0) }
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Self.documents(at: model.baseURL))
                var generator = HistoryGenerator(seed: UInt64(seed))
                var conversations = ["c"]
                for _ in 0..<25 {
                    let index = Int.random(in: 0..<conversations.count, using: &generator)
                    let chosen = conversations[index]
                    if let new = try await operate(on: chosen, of: conversations.count, bench, &generator) {
                        conversations.append(new)
                    }
                    try await spoil(bench, &generator)
                }
                for conversation in conversations { try await examine(conversation, bench) }
            }
        }
        #expect(findings.all == [])
    }

    private func operate(
        on conversation: String,
        of count: Int,
        _ bench: Bench,
        _ random: inout HistoryGenerator
    ) async throws -> String? {
        let client = bench.client()
        let hasMessages = try await bench.text(
            "SELECT EXISTS (SELECT FROM agentctl.message WHERE conversation_id = $1)::text AS text",
            [.text(conversation)]
        )
        switch hasMessages == "true" ? Int.random(in: 0..<12, using: &random) : 0 {
        case 0..<7:
            let text = (random.once(in: 9) ? "hang " : "go ") + random.text(upTo: 300).withoutNullCharacters
            // Somebody who sends and goes away again: the turn is stored as interrupted.
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await client.send(.message(text), to: conversation) { _ in } }
                if text.hasPrefix("hang") {
                    try await bench.eventually(
                        "SELECT EXISTS (SELECT FROM agentctl.conversation_control WHERE state = 'running')::text AS text"
                    )
                    group.cancelAll()
                }
            }
        case 7:
            _ = try await client.settle(
                try await bench.conversations.undo(Int.random(in: 1...3, using: &random), of: conversation),
                of: conversation
            )
        case 8, 9: _ = try await client.settle(try await bench.conversations.compact(conversation), of: conversation)
        case 10:
            _ = try await client.settle(
                try await bench.conversations.undoCompaction(of: conversation),
                of: conversation
            )
        default:
            let new = "fork \(count)"
            let last = try await bench.text(
                "SELECT last_message::text AS text FROM agentctl.conversation_control WHERE conversation_id = $1",
                [.text(conversation)]
            )
            let message = Int64.random(in: 1...(last.flatMap(Int64.init) ?? 1), using: &random)
            do throws(StoreError) {
                _ = try await bench.conversations.fork(conversation, to: new, message: message, agent: nil)
            } catch {
                guard error.code == .refused else { throw error }
                // All of it was undone: there is nothing to go on from.
                return nil
            }
            return new
        }
        return nil
    }

    /// Takes an output or a call away, or adds one, as nothing in the program does.
    private func spoil(_ bench: Bench, _ random: inout HistoryGenerator) async throws {
        guard random.once(in: 4) else { return }
        let statements: [PostgresStatement] = [
            "UPDATE agentctl.message SET tool_call_id = 'nobody' WHERE role = 'tool' AND number % 3 = 0",
            "UPDATE agentctl.message SET tool_calls = NULL WHERE role = 'assistant' AND number % 5 = 0",
            "UPDATE agentctl.message SET tool_calls = tool_calls || tool_calls WHERE jsonb_array_length(tool_calls) = 1 AND number % 2 = 0",
        ]
        try await bench.client.query(statements[Int.random(in: 0..<statements.count, using: &random)])
    }

    /// What must hold in the database whatever was done.
    private func examine(_ conversation: String, _ bench: Bench) async throws {
        let events = try await bench.conversations.events(of: conversation, after: 0, maximum: 10_000)
        #expect(events.map(\.number) == Array(1...Int64(max(1, events.count))).prefix(events.count).map { $0 })
        let wrong = try await bench.texts(
            """
            SELECT format('compaction %s', o.number) AS text FROM agentctl.compaction AS o
            JOIN agentctl.conversation_control AS c USING (conversation_id)
            WHERE o.conversation_id = $1 AND (o.last_message > c.last_message OR o.undone_by IS NULL AND (
                o.after_tokens >= o.before_tokens
                OR EXISTS (SELECT FROM agentctl.message AS m WHERE m.conversation_id = o.conversation_id
                           AND m.number <= o.last_message AND m.undone_by > o.created_by)
                OR (SELECT count(*) FROM agentctl.message AS m WHERE m.conversation_id = o.conversation_id
                    AND m.number = o.last_message + 1 AND m.role <> 'user') > 0))
            UNION ALL
            SELECT 'not idle' FROM agentctl.conversation_control AS c WHERE c.conversation_id = $1 AND c.state <> 'idle'
            """,
            [.text(conversation)]
        )
        #expect(wrong == [])
    }
}

// MARK: - The model

extension RandomOperationTests {
    private static func documents(at url: String) -> String {
        """
        [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(url)", "model": "m", "context_window": \(window)},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         {"kind": "tool", "name": "current_time", "description": "Tells the time.", "implementation": "current_time"},
         {"kind": "agent", "name": "assistant", "model": "mock", "tools": ["calculator", "current_time"],
          "system_prompt": "\(prompt)", "max_output_tokens": 200, "compact_at": 0.4, "max_iterations": 4}]
        """
    }

    private static func reply(to request: MockModelRequest, _ random: inout HistoryGenerator) -> MockModelReply {
        if request.messages[0]["content"]?.stringValue?.hasPrefix("You write") == true {
            if random.once(in: 5) { return .error(status: 500) }
            return .text(random.text(upTo: random.once(in: 4) ? 2_000 : 80) + ".")
        }
        if request.lastText.hasPrefix("hang") { return .hang(after: "well") }
        if random.once(in: 12) { return .error(status: 400) }
        guard random.once(in: 2) else {
            return .text(random.text(upTo: random.once(in: 5) ? 3_000 : 60) + ".")
        }
        let calls = (0..<Int.random(in: 1...3, using: &random)).map { number in
            MockModelReply.ToolCall(
                id: "call_\(number)",
                name: ["calculator", "current_time", "missing"][Int.random(in: 0..<3, using: &random)],
                arguments: random.once(in: 3)
                    ? "{not json" : #"{"expression": "2^\#(Int.random(in: 1...900, using: &random))"}"#
            )
        }
        return .toolCalls(calls)
    }

    /// What is wrong with a request; nil if nothing.
    private static func complaint(about request: MockModelRequest) -> String? {
        let messages = request.messages.map { message in
            ChatMessage(
                role: message["role"]?.stringValue.flatMap(ChatMessage.Role.init(rawValue:)) ?? .system,
                content: message["content"]?.stringValue ?? "",
                toolCalls: (message["tool_calls"]?.arrayValue ?? []).map { call in
                    ToolCallRequest(
                        id: call["id"]?.stringValue ?? "",
                        name: "",
                        arguments: call["function"]?["arguments"]?.stringValue ?? ""
                    )
                },
                toolCallID: message["tool_call_id"]?.stringValue
            )
        }
        if let complaint = EngineTests.complaint(about: messages) { return complaint }
        guard messages.first?.role == .system else { return "no instructions" }
        if messages[0].content.hasPrefix("You write") {
            return messages.count == 2 ? nil : "a summary is asked for with \(messages.count) messages"
        }
        guard messages[0].content == prompt + "\n\n" + ToolOutputMarks.explanation else {
            return "other instructions: \(messages[0].content)"
        }
        guard messages.count > 1, messages[1].role == .user else { return "it does not begin with the user" }
        // The mock reports a quarter of the bytes: what the estimate is corrected to.
        let bytes = messages.reduce(0) { sum, message in
            sum + message.content.utf8.count + message.toolCalls.reduce(0) { $0 + $1.arguments.utf8.count }
        }
        let turn = messages.lastIndex { $0.role == .user } ?? 0
        // What must be shown may be too much; all else must fit.
        if bytes > window * 8 { return "\(bytes) bytes" }
        return turn > 0 ? nil : "the user's message is not there"
    }
}
