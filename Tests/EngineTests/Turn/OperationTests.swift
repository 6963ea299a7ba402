import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Operations besides messages, worked off in their order.
@Suite struct OperationTests {
    /// A conversation with an agent that says what it was shown.
    private func withConversation(_ body: (Bench, ConversationClient) async throws -> Void) async throws {
        try await withMockModel { request in
            .text(request.messages.dropFirst().compactMap { $0["content"]?.stringValue }.joined(separator: "|"))
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await body(bench, bench.client())
            }
        }
    }

    @Test func undoneTurnsAreNotShownToTheModelAndStay() async throws {
        try await withConversation { bench, client in
            for text in ["a", "b", "c"] { _ = try await client.send(.message(text), to: "x") { _ in } }
            let events = try await client.settle(try await bench.conversations.undo(2, of: "x"), of: "x")
            #expect(events.map(\.type) == ["undone"])
            #expect(events[0].data == ["turns": [2, 3], "effects": [], "messages": 4])
            #expect(try await client.send(.message("d"), to: "x") { _ in }.reply == "a|a|d")
            let kept = try await bench.text("SELECT count(*)::text AS text FROM agentctl.message")
            #expect(kept == "8")
            // More than there are: all that are left.
            let rest = try await client.settle(try await bench.conversations.undo(10, of: "x"), of: "x")
            #expect(rest[0].data["turns"] == [1, 5])
            #expect(try await client.send(.message("e"), to: "x") { _ in }.reply == "e")
        }
    }

    @Test func anUndoListsTheEffectsThatStay() async throws {
        let call = MockModelReply.ToolCall(id: "a", name: "write", arguments: #"{"entry":"one"}"#)
        try await withMockModel { request in
            request.messages.last?["role"] == "user" ? .toolCalls([call]) : .text("done")
        } perform: { model in
            try await Bench.with(Ledger(), model: model) { bench in
                let client = bench.client()
                _ = try await client.send(.message("go"), to: "x") { _ in }
                let events = try await client.settle(try await bench.conversations.undo(1, of: "x"), of: "x")
                let effects = [["turn": 1, "call": 1, "tool": "write", "state": "succeeded"] as JSONValue]
                #expect(events[0].data["effects"] == .array(effects))
            }
        }
    }

    @Test func aForkGoesOnByItself() async throws {
        try await withConversation { bench, client in
            for text in ["a", "b", "c"] { _ = try await client.send(.message(text), to: "x") { _ in } }
            #expect(try await bench.conversations.fork("x", to: "y", message: 4, agent: nil) == 4)
            #expect(try await client.send(.message("d"), to: "y") { _ in }.reply == "a|a|b|a|a|b|d")
            #expect(try await client.send(.message("e"), to: "x") { _ in }.reply?.hasPrefix("a|a|b|a|a|b|c|") == true)
            for (id, message) in [("y", nil), ("z", Int64(99))] {
                await #expect(throws: StoreError.self) {
                    _ = try await bench.conversations.fork("x", to: id, message: message, agent: nil)
                }
            }
        }
    }

    @Test func aClosedConversationAcceptsNothingMoreAndFinishesWhatCameBefore() async throws {
        try await withConversation { bench, client in
            _ = try await bench.conversations.submit(.message("a"), to: "x")
            let seq = try await bench.conversations.close("x")
            await #expect(throws: StoreError.self) { _ = try await bench.conversations.submit(.message("b"), to: "x") }
            #expect(try await client.settle(seq, of: "x").map(\.type) == ["closed"])
            #expect(try await bench.text("SELECT agentctl.reply('x', 1) AS text") == "a")
            await #expect(throws: StoreError.self) { _ = try await bench.conversations.undo(1, of: "x") }
            #expect(try await bench.conversations.fork("x", to: "y", message: nil, agent: nil) == 2)
        }
    }

    @Test func anotherAgentAnswersWhatFollows() async throws {
        try await withConversation { bench, client in
            try await bench.register(
                #"[{"kind": "agent", "name": "other", "model": "mock", "system_prompt": "Be another."}]"#
            )
            _ = try await client.send(.message("a"), to: "x") { _ in }
            let events = try await client.settle(
                try await bench.conversations.set(["agent": "other"], of: "x"),
                of: "x"
            )
            #expect(events.map(\.data) == [["agent": "other"]])
            #expect(try await client.send(.message("b"), to: "x") { _ in }.agent == "other")
        }
    }

    @Test func whoMayNotSeeAConversationCannotOperateOnIt() async throws {
        try await withConversation { bench, client in
            _ = try await client.send(.message("a"), to: "x") { _ in }
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    "CREATE ROLE stranger_of_\(bench.url.hashValue.magnitude) IN ROLE agentctl_client; SET ROLE stranger_of_\(bench.url.hashValue.magnitude)"
                )
                for call in [
                    "undo('x')", "shutdown('x')", "fork('x', 'mine')", "interrupt('x')",
                    "set('x', '{\"agent\": \"assistant\"}')",
                    "steer('x', 'y')",
                ] {
                    let error = await #expect(throws: PostgresError.self) {
                        try await connection.query(PostgresStatement("SELECT agentctl.\(call)"))
                    }
                    #expect(error?.sqlState == "AC002", "\(call)")
                }
                try await connection.executeScript("RESET ROLE")
            }
        }
    }
}
