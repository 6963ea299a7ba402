import JSON
import Logging
import Postgres
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Safety

@Suite struct GuardrailOutputTests {
    /// What is told while a turn runs.
    private final class Told: Sendable {
        private let events = Mutex<[TurnEvent]>([])

        func add(_ event: TurnEvent) { events.withLock { $0.append(event) } }

        var texts: [String] {
            events.withLock { events in
                events.compactMap { event in
                    if case .text(let text) = event { return text }
                    return nil
                }
            }
        }
    }

    private static func reply(_ text: String) -> MockModel.Script {
        { _ in
            var reply = MockModelReply.text(text)
            reply.pieceLength = 3
            return reply
        }
    }

    @Test func aBlockedAnswerIsNeitherToldNorKept() async throws {
        try await GuardrailBench.with(
            [("keys", #"{"applies_to": ["output"], "check": {"secrets": true}, "action": "block", "message": "No."}"#)],
            script: Self.reply("Here: password=hunter2x")
        ) { bench in
            let told = Told()
            let summary = try await bench.send("hello") { told.add($0) }
            #expect(summary.errorCode == "guardrail_blocked" && summary.modelCalls == 1)
            #expect(told.texts == ["No."])
            #expect(try await bench.messages() == ["user: hello", "assistant: No."])
            #expect(try await bench.tables(with: "hunter2x") == [])
            _ = try await bench.send("again")
            #expect(try await !bench.sent().contains("hunter2x"))
            #expect(try await bench.hits() == ["keys 1 output block", "keys 1 output block"])
        }
    }

    @Test func aRedactedAnswerIsToldOnceAndWithoutIt() async throws {
        try await GuardrailBench.with(
            [("mail", #"{"applies_to": ["output"], "check": {"personal_data": ["email"]}, "action": "redact"}"#)],
            script: Self.reply("Ask ada@example.org today.")
        ) { bench in
            let told = Told()
            let summary = try await bench.send("who?") { told.add($0) }
            #expect(summary.reply == "Ask [redacted: email] today.")
            #expect(told.texts == ["Ask [redacted: email] today."])
            #expect(try await bench.tables(with: "ada@example.org") == [])
        }
    }

    @Test func aWorkerWritesNoPieceOfAnAnswerThatMayBeBlocked() async throws {
        try await GuardrailBench.with(
            [("mail", #"{"applies_to": ["output"], "check": {"personal_data": ["email"]}, "action": "redact"}"#)],
            script: Self.reply("Ask ada@example.org today.")
        ) { bench in
            let worker = ServiceGroup(
                configuration: .init(services: [.init(service: bench.bench.worker())], logger: .silent)
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await worker.run() }
                let told = Told()
                try await bench.bench.eventually(
                    "SELECT EXISTS (SELECT FROM agentctl.worker WHERE state = 'active')::text AS text"
                )
                let summary = try await bench.send("who?") { told.add($0) }
                #expect(summary.reply == "Ask [redacted: email] today.")
                #expect(told.texts.joined() == "Ask [redacted: email] today.")
                #expect(try await bench.tables(with: "ada@") == [])
                await worker.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
    }

    @Test func withoutAGuardrailThatChangesAnswersTheyAreToldInPieces() async throws {
        try await GuardrailBench.with(
            [("mail", #"{"applies_to": ["output"], "check": {"personal_data": ["email"]}, "action": "warn"}"#)],
            script: Self.reply("Ask ada@example.org today.")
        ) { bench in
            let told = Told()
            let summary = try await bench.send("who?") { told.add($0) }
            #expect(summary.reply == "Ask ada@example.org today.")
            #expect(told.texts.count > 1 && told.texts.joined() == "Ask ada@example.org today.")
            #expect(try await bench.hits() == ["mail 1 output warn"])
        }
    }

    @Test func whatIsSaidBesideCallsIsLookedAtToo() async throws {
        try await GuardrailBench.with(
            [
                ("mail", #"{"applies_to": ["output"], "check": {"personal_data": ["email"]}, "action": "block"}"#),
                ("json", #"{"applies_to": ["output"], "check": {"schema": {"type": "object"}}, "action": "block"}"#),
            ]
        ) { request in
            guard request.messages.last?["role"] == "user" else { return .text(#"{"done": true}"#) }
            let call = MockModelReply.ToolCall(id: "c1", name: "calculator", arguments: #"{"expression":"1+1"}"#)
            return .toolCalls([call], text: "I ask ada@example.org first")
        } _: { bench in
            let told = Told()
            let summary = try await bench.send("go") { told.add($0) }
            #expect(summary.reply == #"{"done": true}"#)
            #expect(told.texts == [#"{"done": true}"#])
            #expect(try await bench.tables(with: "ada@example.org") == [])
            #expect(try await bench.hits() == ["mail 1 output block"])
        }
    }

    @Test func anAnswerThatIsCutAtALimitIsLookedAtToo() async throws {
        try await GuardrailBench.with(
            [("mail", #"{"applies_to": ["output"], "check": {"personal_data": ["email"]}, "action": "redact"}"#)]
        ) { _ in
            var reply = MockModelReply.text("Ask ada@example.org and")
            reply.finishReason = "length"
            return reply
        } _: { bench in
            let summary = try await bench.send("go")
            #expect(summary.status == .limited && summary.limitReached == "max_output_tokens")
            #expect(try await bench.messages().last == "assistant: Ask [redacted: email] and")
        }
    }

    @Test func whatModelsAreShownOfToolsIsMarkedAndNotStored() async throws {
        try await GuardrailBench.with([]) { request in
            guard request.messages.last?["role"] == "user" else { return .text("done") }
            let call = MockModelReply.ToolCall(id: "c1", name: "calculator", arguments: #"{"expression":"1+1"}"#)
            return .toolCalls([call])
        } _: { bench in
            _ = try await bench.send("go")
            _ = try await bench.send("again")
            let requests = await bench.model.requests
            #expect(requests[0].messages.first?["content"]?.stringValue == ToolOutputMarks.explanation)
            let marked: JSONValue = "<tool_output>\n2\n</tool_output>"
            #expect(requests[1].messages.last?["content"] == marked)
            // The history is the same to the byte, so that a cache of it is good.
            let before = requests[1].messages
            #expect(Array(requests[2].messages.prefix(before.count)) == before)
            #expect(try await bench.messages().contains("tool: 2"))
            #expect(try await bench.tables(with: "tool_output>") == [])
        }
    }
}
