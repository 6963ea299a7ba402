import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Store

/// Files that are not taken, and why.
@Suite struct ExchangeRefusalTests {
    /// A conversation of two turns in one database, and another database with the same definitions.
    private func withFile(_ body: (_ text: String, _ first: Bench, _ second: Bench) async throws -> Void) async throws {
        try await withBench { first in
            try await first.register(Documents.offline)
            for message in ["what is 1+1", "hello"] {
                _ = try await first.conversations.submit(.message(message), to: "c")
                _ = try await first.process()
            }
            try await withBench { second in
                try await second.register(Documents.offline)
                try await body(try await first.exported(), first, second)
            }
        }
    }

    /// How the file is refused before the database is asked.
    private func problems(_ text: String) -> [String] {
        do {
            _ = try ConversationFile(parsing: Array(text.utf8))
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func theFormIsToldWithItsPlaces() async throws {
        try await withFile { text, _, _ in
            #expect(problems(text) == [])
            let value = try JSONValue(parsing: text)
            #expect(problems("[1") == ["is not JSON: expected ',' or ']', found the end of the text"])
            #expect(problems(#"{"format": 1, "format": 1}"#) == [#"the key "format" occurs twice"#])
            let deep = String(repeating: "[", count: 600)
            #expect(problems(deep).first?.contains("deep") == true)
            #expect(problems("{}").first?.hasPrefix("format: is missing") == true)
            let later = text.replacing("\"version\": 1", with: "\"version\": 2", maxReplacements: 1)
            #expect(problems(later).first?.contains("a later one") == true)
            var wrong = try #require(value.objectValue)
            wrong["events"] = nil
            wrong["more"] = 1
            var messages = try #require(value["messages"]?.arrayValue)
            messages[3] = ["number": "4"]
            wrong["messages"] = .array(messages)
            let told = problems(JSONValue.object(wrong).text)
            #expect(told.contains { $0.hasPrefix("messages[3]: required member \"role\" is missing") }, "\(told)")
            #expect(told.contains { $0.hasPrefix("messages[3].number: expected integer") }, "\(told)")
            #expect(told.contains { $0.contains("\"events\"") } && told.contains { $0.contains("more") }, "\(told)")
            let nul = text.replacing("hello", with: "he\\u0000llo", maxReplacements: 1)
            #expect(problems(nul) == ["submissions[1].body.message: holds U+0000, which PostgreSQL cannot store"])
        }
    }

    /// What the database says of a file that was changed.
    private func refusal(_ bench: Bench, _ change: (inout JSONObject) -> Void, of text: String) async throws -> [String]
    {
        var object = try #require(try JSONValue(parsing: text).objectValue)
        change(&object)
        do throws(StoreError) {
            let file = try? ConversationFile(parsing: Array(JSONValue.object(object).text.utf8))
            guard let file else { return ["not a file"] }
            _ = try await bench.conversations.importConversation(file)
            return []
        } catch {
            #expect(error.code == .invalid)
            return (error.problems?.arrayValue ?? []).compactMap { $0["path"]?.stringValue }.sorted()
        }
    }

    @Test func whatThePartsSayOfEachOtherIsToldAtOnce() async throws {
        try await withFile { text, _, second in
            let paths = try await refusal(
                second,
                { object in
                    object.change("messages", 1, "number", 7)
                    object.change("messages", 2, "tool_call_id", nil)
                    object.change("turns", 0, "last_message", 2)
                    object.change("turns", 1, "definition", "agent/assistant/9")
                    object.change("steps", 0, "number", 2)
                    object.change("tool_calls", 0, "seq", 9)
                    object.change("events", 2, "data", ["message": 99])
                    object.change("submissions", 1, "seq", 1)
                    object.change("definitions", 0, "content_hash", .string(String(repeating: "0", count: 64)))
                },
                of: text
            )
            let expected = [
                "definitions[0].content_hash", "events[2].data.message", "messages[1].number",
                "messages[2].tool_call_id",
                "steps[0].number", "submissions[1].seq", "tool_calls[0].seq", "turns[0]", "turns[1].definition",
            ]
            #expect(expected.filter { !paths.contains($0) } == [], "\(paths)")
            for state in ["waiting", "parked", "ready"] {
                let paths = try await refusal(
                    second,
                    { $0["conversation"] = $0["conversation"]?.with("state", .string(state)) },
                    of: text
                )
                #expect(paths.contains("conversation.state"))
            }
            let future = try await refusal(
                second,
                { $0.change("events", 0, "at", "2199-01-01T00:00:00+00:00") },
                of: text
            )
            #expect(future == ["events[0].at"])
            let unknown = try await refusal(
                second,
                { $0["conversation"] = $0["conversation"]?.with("settings", ["bold": 1, "max_iterations": 0]) },
                of: text
            )
            #expect(unknown == ["conversation.settings.bold", "conversation.settings.max_iterations"])
            #expect(try await second.text("SELECT count(*)::text AS text FROM agentctl.conversation") == "0")
        }
    }

    @Test func missingVersionsAreNamedAndStoredOnlyOnRequest() async throws {
        try await withFile { text, _, _ in
            try await withBench { empty in
                let missing = await #expect(throws: StoreError.self) { try await empty.imported(text) }
                #expect(missing?.code == .refused)
                for name in ["agent assistant version 1", "model offline version 1", "tool calculator version 1"] {
                    #expect(missing?.message.contains(name) == true)
                }
                let rehearsed = try await empty.imported(text) {
                    $0.registersDefinitions = true
                    $0.isRehearsal = true
                }
                #expect(rehearsed.registered.count == 3)
                let counts: PostgresStatement = """
                    SELECT (SELECT count(*) FROM agentctl.definition WHERE kind <> 'policy') || ' '
                        || (SELECT count(*) FROM agentctl.message) || ' ' || (SELECT count(*) FROM agentctl.events) AS text
                    """
                #expect(try await empty.text(counts) == "0 0 0")
                _ = try await empty.imported(text) { $0.registersDefinitions = true }
                #expect(try await empty.exported() == text)
                #expect(try await empty.client().send(.message("what is 2+2"), to: "c") { _ in }.reply == "It is 4.")
            }
        }
    }

    @Test func whatIsInForceStaysInForce() async throws {
        try await withFile { text, _, _ in
            try await withBench { other in
                try await other.register(
                    """
                    [{"kind": "model", "name": "offline", "provider": "rules", "rules": [{"otherwise": "Another."}]},
                     {"kind": "agent", "name": "assistant", "model": "offline", "description": "another"}]
                    """
                )
                let imported = try await other.imported(text) { $0.registersDefinitions = true }
                #expect(imported.differing.map(\.name) == ["assistant", "offline"])
                #expect(
                    imported.registered.map(\.description) == [
                        "agent assistant version 2", "model offline version 2", "tool calculator version 1",
                    ]
                )
                #expect(try await other.client().send(.message("hello"), to: "c") { _ in }.reply == "Another.")
                let versions = try await other.texts(
                    "SELECT concat_ws(' ', t.seq, t.agent_version) AS text FROM agentctl.turn AS t ORDER BY t.seq"
                )
                #expect(versions == ["1 2", "2 2", "3 1"])
            }
        }
    }

    @Test func aDecisionForEveryConversationCountsOnceElsewhere() async throws {
        try await ExchangeBench.withTwo { first, second, _ in
            _ = try await first.conversations.submit(.message("write:one"), to: "c")
            _ = try await first.process()
            try await ExchangeBench.decide(first, approves: true, scope: "always")
            let text = try await first.exported()
            #expect(try await second.imported(text).narrowedApprovals == 1)
            #expect(try await second.client().send(.message("write:one"), to: "c") { _ in }.status == .waiting)
            #expect(
                try await second.imported(text) { ($0.id, $0.keepsAlwaysApprovals) = ("kept", true) }.narrowedApprovals
                    == 0
            )
            #expect(try await second.client().send(.message("write:one"), to: "d") { _ in }.reply == "done: wrote one")
        }
    }

    @Test func theIdIsFreeAndFit() async throws {
        try await withFile { text, first, second in
            let taken = await #expect(throws: StoreError.self) { try await first.imported(text) }
            #expect(taken?.code == .refused && taken?.message == "there is a conversation \"c\" already")
            for id in ["", " x", "x\u{7}", String(repeating: "x", count: 201)] {
                let unfit = await #expect(throws: StoreError.self) { try await second.imported(text) { $0.id = id } }
                #expect(unfit?.code == .invalid)
            }
        }
    }
}

extension JSONObject {
    /// Changes a field of an item of a list.
    mutating func change(_ part: String, _ index: Int, _ field: String, _ value: JSONValue?) {
        guard var items = self[part]?.arrayValue, var item = items[index].objectValue else { return }
        item[field] = value
        items[index] = .object(item)
        self[part] = .array(items)
    }
}

extension JSONValue {
    /// The object with another value of a member.
    func with(_ key: String, _ value: JSONValue) -> JSONValue {
        guard var object = objectValue else { return self }
        object[key] = value
        return .object(object)
    }
}
