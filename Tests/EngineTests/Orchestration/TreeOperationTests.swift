import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Safety
@testable import Store

/// What is done with a conversation while it is, or after it was, a part of a tree.
@Suite struct TreeOperationTests {
    private static let report = "Report: ## 1. Searcher\nfound cats\n\n## 2. Analyst\ncats is good"

    @Test func anUndoListsTheEffectsOfTheWholeTree() async throws {
        let ledger = Ledger()
        try await withMockModel { request in
            guard request.messages.last?["role"] == "user" else { return .text("done") }
            return .toolCalls([.init(id: "a", name: "write", arguments: #"{"entry":"\#(request.lastText)"}"#)])
        } perform: { model in
            try await Bench.with(ledger, model: model) { bench in
                try await bench.register(
                    """
                    [{"kind": "model", "name": "boss", "provider": "rules", "rules": [
                        {"when": "^pass (.+)$", "call": {"tool": "delegate", "arguments": {"tasks": [
                            {"agent": "Boss", "task": "do $1"}]}}, "then": "Top: {{result}}"},
                        {"when": "^do (.+)$", "call": {"tool": "delegate", "arguments": {"tasks": [
                            {"agent": "assistant", "task": "$1"}]}}, "then": "Boss: {{result}}"},
                        {"otherwise": "Hm."}]},
                     {"kind": "agent", "name": "Boss", "model": "boss", "delegates": ["assistant"]},
                     {"kind": "agent", "name": "Top", "model": "boss", "delegates": ["Boss"]}]
                    """
                )
                let client = bench.client()
                _ = try await client.send(.message("hello"), to: "c", agent: "Top") { _ in }
                #expect(try await client.send(.message("pass one"), to: "c") { _ in }.reply == "Top: Boss: done")
                let events = try await client.settle(try await bench.conversations.undo(1, of: "c"), of: "c")
                let effect: JSONValue = [
                    "conversation": "c~2.1~1.1", "turn": 1, "call": 1, "tool": "write", "state": "succeeded",
                ]
                #expect(events.first?.data["effects"] == [effect] && events.first?.data["turns"] == [2])
                guard case .undone(let undone)? = events.first?.event else {
                    Issue.record("the event cannot be read")
                    return
                }
                #expect(undone.effects.first?.conversation == "c~2.1~1.1")
            }
        }
    }

    @Test func aForkKeepsTheResultsAndNotTheTasks() async throws {
        try await Bench.withDelegates { bench in
            let client = bench.client()
            _ = try await client.send(.message("research cats"), to: "c", agent: "Lead") { _ in }
            _ = try await bench.conversations.fork("c", to: "d", message: nil, agent: nil)
            let transcript: PostgresStatement = """
                SELECT concat_ws(' ', role, content) AS text FROM agentctl.message WHERE conversation_id = $1 ORDER BY number
                """
            let original = try await bench.texts(transcript, [.text("c")])
            #expect(try await bench.texts(transcript, [.text("d")]) == original)
            #expect(original.last == "assistant \(Self.report)")
            let tasks: PostgresStatement = """
                SELECT count(*)::text AS text FROM agentctl.task WHERE parent_conversation_id = $1
                """
            #expect(try await bench.text(tasks, [.text("d")]) == "0")
            // It continues by itself, with tasks of its own.
            #expect(try await client.send(.message("research cats"), to: "d") { _ in }.reply == Self.report)
            #expect(try await bench.text(tasks, [.text("d")]) == "2")
            // The conversation of a task can be gone on with under a name of its own.
            _ = try await bench.conversations.fork("c~1.1", to: "e", message: nil, agent: nil)
            #expect(try await client.send(.message("search dogs"), to: "e") { _ in }.reply == "found dogs")
        }
    }

    @Test func aForkOfAConversationWhoseTurnWaitsForItsTasksLeavesThatTurnOut() async throws {
        try await Bench.withDelegates { bench in
            let client = bench.client()
            _ = try await client.send(.message("hello"), to: "c", agent: "Lead") { _ in }
            _ = try await bench.conversations.submit(.message("research cats"), to: "c")
            _ = try await bench.process()
            let state = try await bench.text(
                "SELECT state::text AS text FROM agentctl.conversation_control WHERE conversation_id = 'c'"
            )
            #expect(state == "waiting")
            #expect(try await bench.conversations.fork("c", to: "d", message: nil, agent: nil) == 2)
            #expect(try await client.send(.message("hello"), to: "d") { _ in }.reply == "I lead.")
            // Whoever asks for a message of it gets it, and a call without its result.
            #expect(try await bench.conversations.fork("c", to: "e", message: 4, agent: nil) == 4)
            #expect(try await client.send(.message("hello"), to: "e") { _ in }.reply == "I lead.")
        }
    }

    @Test func aCompactionOfAParentSummarizesItAndLeavesItsTasks() async throws {
        try await Bench.withDelegates { bench in
            let client = bench.client()
            for _ in 0..<4 { _ = try await client.send(.message("research cats"), to: "c", agent: "Lead") { _ in } }
            let events = try await client.settle(try await bench.conversations.compact("c"), of: "c")
            #expect(events.map(\.type) == ["compacted"])
            #expect(
                try await bench.text("SELECT count(*)::text AS text FROM agentctl.task WHERE state = 'done'") == "8"
            )
            #expect(try await client.send(.message("research cats"), to: "c") { _ in }.reply == Self.report)
        }
    }

    @Test func aConversationOfATreeIsExportedWhenItsTurnHasEnded() async throws {
        try await Bench.withDelegates { bench in
            let client = bench.client()
            _ = try await bench.conversations.submit(.message("research cats"), to: "c", agent: "Lead")
            _ = try await bench.process()
            let export: PostgresStatement = "SELECT agentctl.export_conversation($1)::text AS text"
            let early = await #expect(throws: PostgresError.self) { try await bench.client.query(export, [.text("c")]) }
            #expect(early?.sqlState == "AC003" && early?.message.contains("has delegated tasks") == true)
            _ = try await client.wait(for: 1, of: "c", after: 0) { _ in }
            for (id, copy) in [("c", "copy"), ("c~1.1", "copy of a task")] {
                let document = try #require(try await bench.text(export, [.text(id)]))
                try await bench.client.query(
                    "SELECT agentctl.import_conversation($1::jsonb, $2)",
                    [.text(document), .text(copy)]
                )
                let same = try await bench.text(
                    """
                    SELECT (agentctl.reply($1, 1) = agentctl.reply($2, 1))::text AS text
                    """,
                    [.text(id), .text(copy)]
                )
                #expect(same == "true")
                #expect(try await client.send(.message("search dogs"), to: copy) { _ in }.status == .succeeded)
                // Under an id that a task's conversation could get it is not taken in.
                let squatter = await #expect(throws: PostgresError.self) {
                    try await bench.client.query(
                        "SELECT agentctl.import_conversation($1::jsonb, 'x~1.1')",
                        [.text(document)]
                    )
                }
                #expect(squatter?.sqlState == "AC003")
            }
        }
    }

    @Test func anInterruptedTaskEndsAloneAndItsParentGoesOn() async throws {
        try await withMockModel { _ in
            .hang(after: "hm")
        } perform: { model in
            try await Bench.withDelegates { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(#"{"kind": "agent", "name": "Analyst", "model": "mock"}"#)
                try await bench.working {
                    _ = try await bench.conversations.submit(.message("research cats"), to: "c", agent: "Lead")
                    _ = try await model.requests(count: 1)
                    #expect(try await bench.conversations.interrupt("c~1.2") == 1)
                    try await bench.eventually("SELECT (count(*) = 3)::text AS text FROM agentctl.turn")
                }
                #expect(
                    try await bench.turns() == ["c/1 succeeded", "c~1.1/1 succeeded", "c~1.2/1 interrupted"]
                )
                let reply = try await bench.text("SELECT agentctl.reply('c', 1) AS text")
                #expect(reply?.contains("found cats") == true && reply?.contains("Error: ") == true, "\(reply ?? "")")
            }
        }
    }
}
