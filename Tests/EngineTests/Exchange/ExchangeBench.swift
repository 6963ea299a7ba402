import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Safety
@testable import Store

/// Asks about every call of the tool write, and allows the rest.
struct AskingAboutWrites: CallPolicy {
    let approvalTimeout: Duration = .seconds(3_600)

    func decide(_ call: ProposedCall) -> SafetyDecision {
        call.tool == "write"
            ? SafetyDecision(.ask, rule: "policy test, rule 1", subject: call.arguments["entry"]?.stringValue ?? "")
            : SafetyDecision(.allow, rule: "policy test, rule 2")
    }
}

/// Two databases, of which one has a conversation with everything in it.
enum ExchangeBench {
    static let long = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 20)

    /// Calls the tools that a message names (`write:x,store:y`), fails for `fail`, and else says how much it was shown.
    static func answer(_ request: MockModelRequest) -> MockModelReply {
        if request.messages.first?["content"]?.stringValue?.hasPrefix("You write the summary") == true {
            return .text("in short")
        }
        guard request.messages.last?["role"] == "user" else { return .text("done: \(request.lastText)") }
        if request.lastText == "fail" { return .error(status: 400) }
        let words = request.lastText.split(separator: ",").map { $0.split(separator: ":").map(String.init) }
        guard words.allSatisfy({ $0.count == 2 }) else {
            return .text("I was shown \(request.messages.count) messages.")
        }
        return .toolCalls(
            words.enumerated().map { index, word in
                let field = word[0] == "calculator" ? "expression" : "entry"
                return .init(id: "call_\(index)", name: word[0], arguments: "{\"\(field)\": \"\(word[1])\"}")
            }
        )
    }

    /// Lends two databases with the same definitions, and the model that the agents of both ask.
    static func withTwo(_ body: (_ first: Bench, _ second: Bench, MockModel) async throws -> Void) async throws {
        try await withMockModel {
            answer($0)
        } perform: { model in
            try await Bench.with(Ledger(), model: model, policy: AskingAboutWrites()) { first in
                try await Bench.with(Ledger(), model: model, policy: AskingAboutWrites()) { second in
                    try await body(first, second, model)
                }
            }
        }
    }

    /// Fills the conversation `c` with everything that a conversation can hold; its last turn waits for approval.
    static func fill(_ bench: Bench) async throws {
        let client = bench.client()
        func say(_ text: String, key: String? = nil) async throws {
            _ = try await bench.conversations.submit(.message(text), to: "c", idempotencyKey: key)
            _ = try await bench.process()
        }
        try await say("1 " + long, key: "key-1")
        try await say("2 " + long)
        try await say("write:one,calculator:1+1")
        try await decide(bench, approves: true, scope: "conversation")
        try await say("write:two")
        try await bench.client.query("SELECT agentctl.steer('c', 'and be quick')")
        try await decide(bench, approves: false, scope: "once")
        try await say("store:row,calculator:2/0")
        try await say("fail")
        try await say("write:never")
        _ = try await bench.conversations.interrupt("c")
        _ = try await bench.process()
        _ = try await client.settle(try await bench.conversations.compact("c"), of: "c")
        try await say("undo me")
        _ = try await client.settle(try await bench.conversations.undo(1, of: "c"), of: "c")
        let settings: JSONObject = ["agent": "assistant", "model": "mock", "max_iterations": 7]
        _ = try await client.settle(try await bench.conversations.set(settings, of: "c"), of: "c")
        _ = try await bench.conversations.submit(.input(["message": "structured", "n": 1.50, "none": nil]), to: "c")
        _ = try await bench.process()
        try await bench.client.query(
            """
            SELECT agentctl.record_function_calls('c', 3, '[
                {"function": "f", "language": "python", "arguments": "{}", "exit_reason": "denied", "output": "x", "duration_ms": 1.25,
                 "violations": [{"kind": "denied_import", "source": "interpreter", "detail": "os"}], "call_id": "call_0"},
                {"function": "f", "language": "python", "arguments": "{}", "exit_reason": "ok", "result": "1", "duration_ms": 1,
                 "violations": []}]'),
                agentctl.record_security_events('c', 3, '[{"kind": "denied_path", "detail": "/etc", "tool": "file_read"}]')
            """
        )
        try await say("write:three,write:four")
        _ = try await bench.conversations.submit(.message("after the approval"), to: "c", idempotencyKey: "key-last")
    }

    static func decide(_ bench: Bench, approves: Bool, scope: String) async throws {
        let pending = try await bench.conversations.approvals(isPending: true, limit: 10)
        for id in pending.compactMap({ $0["id"]?.integerValue }).sorted() {
            _ = try await bench.conversations.decide(id, approves: approves, reason: "because", scope: scope)
        }
        _ = try await bench.process()
    }
}

extension Bench {
    /// A conversation's file.
    func exported(_ conversation: String = "c", isPretty: Bool = false) async throws -> String {
        let text = Mutex("")
        try await conversations.exportConversation(conversation, isPretty: isPretty) { piece in
            text.withLock { $0 += piece }
        }
        return text.withLock { $0 }
    }

    /// Reads a file.
    @discardableResult
    func imported(
        _ text: String,
        _ options: (inout ImportOptions) -> Void = { _ in }
    ) async throws -> ImportedConversation {
        var importing = ImportOptions()
        options(&importing)
        return try await conversations.importConversation(
            try ConversationFile(parsing: Array(text.utf8)),
            options: importing
        )
    }
}
