import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What `agentctl conversations prompt` shows is what a turn sends.
@Suite struct PromptPreviewTests {
    private static let script: MockModel.Script = { request in
        guard request.lastText == "calculate" else { return .text("re: \(request.lastText)") }
        return .toolCalls([.init(id: "a", name: "calculator", arguments: #"{"expression":"1+1"}"#)])
    }

    private func withModel(_ body: (Bench, MockModel) async throws -> Void) async throws {
        try await withMockModel(Self.script) { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await body(bench, model)
            }
        }
    }

    private func shown(_ bench: Bench, turn: Int64? = nil, message: String? = nil) async throws -> JSONObject {
        try #require(try await bench.client().preview(of: "c", turn: turn, message: message)).request.json
    }

    /// Role and text of each message.
    private func words(_ messages: [JSONValue]) -> [String] {
        messages.map { "\($0["role"]?.stringValue ?? ""): \($0["content"]?.stringValue ?? "")" }
    }

    @Test func theNextAndEachEarlierTurnAreShownAsTheyAreSent() async throws {
        try await withModel { bench, model in
            var expected: [[String]] = []
            for message in ["one", "calculate", "three"] {
                let before = await model.requests.count
                // Of what waits, and before that of what would be said.
                if message != "one" {
                    expected.append(words(try await shown(bench, message: message)["messages"]?.arrayValue ?? []))
                }
                _ = try await bench.conversations.submit(.message(message), to: "c")
                let waiting = words(try await shown(bench)["messages"]?.arrayValue ?? [])
                if message != "one" { #expect(waiting == expected.removeLast()) }
                while try await bench.process() != nil {}
                let sent = words(await model.requests[before].messages)
                #expect(sent == waiting)
                expected.append(sent)
            }
            // What was undone later was shown then.
            _ = try await bench.conversations.undo(2, of: "c")
            while try await bench.process() != nil {}
            for (index, sent) in expected.enumerated() {
                #expect(words(try await shown(bench, turn: Int64(index + 1))["messages"]?.arrayValue ?? []) == sent)
            }
            let next = try await shown(bench)
            let messages = next["messages"]?.arrayValue ?? []
            #expect(words(messages).suffix(2) == ["assistant: re: one", "user: (the next message)"])
            let numbers: [JSONValue] = [.null, 1, 2, .null]
            #expect(messages.map { $0["number"] ?? .null } == numbers)
            #expect(next["tools"]?[0]?["name"] == "calculator" && next["model"] == "mock")
        }
    }

    @Test func nothingIsChangedByLooking() async throws {
        try await withModel { bench, model in
            _ = try await bench.conversations.submit(.message("one"), to: "c")
            while try await bench.process() != nil {}
            _ = try await bench.conversations.submit(.message("two"), to: "c")
            let rows: PostgresStatement = """
                SELECT jsonb_build_array((SELECT jsonb_agg(c) FROM agentctl.conversation_control AS c),
                    (SELECT jsonb_agg(s ORDER BY seq) FROM agentctl.submission AS s),
                    (SELECT jsonb_agg(w ORDER BY w.id) FROM agentctl.worker AS w))::text AS text
                """
            let before = try await bench.text(rows)
            _ = try await shown(bench)
            _ = try await shown(bench, turn: 1)
            #expect(try await bench.text(rows) == before)
            #expect(await model.requests.count == 1)
            await #expect(throws: StoreError.self) { try await shown(bench, turn: 7) }
            // Instructions are not for clients.
            try await bench.withUser(in: "agentctl_client") { ada in
                let refused = try await ada.state(of: "SELECT agentctl.rehearse_claim('c')")
                #expect(refused == "42501")
            }
        }
    }
}
