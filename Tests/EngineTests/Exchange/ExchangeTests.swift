import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Conversations written out of one database and read into another.
@Suite struct ExchangeTests {
    @Test func aConversationWithEverythingComesThroughAndIsWrittenOutTheSame() async throws {
        try await ExchangeBench.withTwo { first, second, _ in
            try await ExchangeBench.fill(first)
            let text = try await first.exported()
            // Nothing that a conversation can hold is missing from the test itself.
            let value = try JSONValue(parsing: text)
            for part in value.objectValue ?? [:] { #expect(part.value != [], "\(part.key)") }
            #expect(value["progress"] != nil)
            #expect((value["submissions"]?.arrayValue ?? []).contains { $0["taken_by"] != nil })
            #expect(value["conversation"]?["settings"] == ["model": "mock", "max_iterations": 7])
            let statuses = (value["turns"]?.arrayValue ?? []).compactMap { $0["status"]?.stringValue }
            #expect(Set(statuses) == ["succeeded", "failed", "interrupted"])
            let states = (value["approvals"]?.arrayValue ?? []).compactMap { $0["state"]?.stringValue }
            #expect(Set(states) == ["approved", "denied", "pending"])
            let imported = try await second.imported(text)
            #expect(imported.state == "waiting" && imported.registered == [] && imported.differing == [])
            #expect(try await second.exported() == text)
            // As one value, and spread over lines, it is the same document.
            let whole = try await first.text("SELECT agentctl.export_conversation('c')::text AS text")
            #expect(try JSONValue(parsing: whole ?? "") == value)
            #expect(try JSONValue(parsing: try await second.exported(isPretty: true)) == value)
        }
    }

    @Test func whatWaitsInAQueueOrForAWorkspaceWaitsThereAgain() async throws {
        try await ExchangeBench.withTwo { first, second, _ in
            _ = try await first.conversations.submit(
                .message("later"),
                to: "c",
                queue: "night",
                workspace: "host:/srv/documents"
            )
            try await second.imported(try await first.exported())
            let rows = try await second.texts(
                """
                SELECT concat_ws(' ', s.queue, s.workspace, q.name, q.needs) AS text
                FROM agentctl.submission AS s JOIN agentctl.conversation_control AS c USING (conversation_id)
                JOIN agentctl.work_queue AS q ON q.key = c.queue_key
                """
            )
            #expect(rows.count == 1 && rows[0].hasPrefix("night host:/srv/documents night {"), "\(rows)")
            #expect(rows[0].contains("workspace:host:/srv/documents"))
        }
    }

    @Test func itGoesOnAsItWouldHave() async throws {
        try await ExchangeBench.withTwo { first, second, model in
            try await ExchangeBench.fill(first)
            try await second.imported(try await first.exported())
            var bodies: [[JSONValue]] = []
            for bench in [first, second] {
                let before = await model.requests.count
                try await ExchangeBench.decide(bench, approves: true, scope: "once")
                _ = try await bench.process()
                let client = bench.client()
                _ = try await client.settle(try await bench.conversations.undo(1, of: "c"), of: "c")
                _ = try await client.settle(try await bench.conversations.compact("c"), of: "c")
                _ = try await client.send(.message("what now?"), to: "c") { _ in }
                // The standing approval holds here as well.
                let approved = try await client.send(.message("write:one"), to: "c") { _ in }
                #expect(approved.reply == "done: wrote one")
                bodies.append(await model.requests.dropFirst(before).map(\.body))
                #expect(try await bench.conversations.fork("c", to: "d", message: nil, agent: nil) > 4)
            }
            #expect(bodies[0].count > 4 && bodies[0] == bodies[1])
            let events = try await second.texts("SELECT number::text AS text FROM agentctl.events('c', 0, 10000)")
            #expect(events == (1...events.count).map(String.init))
            let rows: PostgresStatement = """
                SELECT string_agg(concat_ws(' ', e.number, e.seq, e.type), ',' ORDER BY e.number) AS text FROM agentctl.events AS e
                """
            #expect(try await first.text(rows) == second.text(rows))
            let found: PostgresStatement =
                "SELECT string_agg(number::text, ',') AS text FROM agentctl.recall('c', 'fox', 100)"
            #expect(try await first.text(found) == second.text(found))
            #expect(try await second.text(found) != nil)
            // The same key is the same submission.
            let last = try await first.conversations.submit(
                .message("after the approval"),
                to: "c",
                idempotencyKey: "key-last"
            )
            #expect(
                try await second.conversations.submit(
                    .message("after the approval"),
                    to: "c",
                    idempotencyKey: "key-last"
                ) == last
            )
        }
    }

    @Test func aForkAndACopyUnderAnotherIdComeThrough() async throws {
        try await ExchangeBench.withTwo { first, second, _ in
            try await ExchangeBench.fill(first)
            _ = try await first.conversations.fork("c", to: "fork", message: nil, agent: nil)
            _ = try await first.client().send(.message("on its own"), to: "fork") { _ in }
            let fork = try await first.exported("fork")
            try await second.imported(fork)
            #expect(try await second.exported("fork") == fork)
            // A second time in the same database: whatever identifies rows is new.
            let text = try await first.exported()
            try await first.imported(text) { $0.id = "copy" }
            let copy = try await first.exported("copy")
            #expect(copy == text.replacing("\"id\": \"c\"", with: "\"id\": \"copy\"", maxReplacements: 1))
            #expect(try await first.exported() == text)
        }
    }

    @Test func aCallInDoubtIsResolvedWhereTheConversationWentTo() async throws {
        try await ExchangeBench.withTwo { first, second, _ in
            _ = try await first.conversations.submit(.message("store:row"), to: "c")
            _ = try await first.process()
            // As a crash leaves a call whose intent is stored.
            try await first.client.withConnection {
                try await $0.executeScript(
                    """
                    SELECT agentctl.submit('c', 'calculator:1+1');
                    UPDATE agentctl.conversation_control SET state = 'parked', ready_at = NULL, has_progress = true,
                        last_message = last_message + 2;
                    INSERT INTO agentctl.message (conversation_id, number, seq, role, content, tool_calls) VALUES
                        ('c', 5, 2, 'user', 'calculator:1+1', NULL),
                        ('c', 6, 2, 'assistant', '', '[{"id": "x", "name": "calculator", "arguments": "{\\"expression\\": \\"1+1\\"}"}]');
                    INSERT INTO agentctl.turn_progress SELECT 'c', 2, 1, 'assistant', 1, now(), 5, 1, 1, 1, 1, 0, 1, 0.5, 2.5;
                    INSERT INTO agentctl.step (conversation_id, seq, number, kind, duration_ms, started_at)
                    VALUES ('c', 2, 1, 'model_call', 1, now());
                    INSERT INTO agentctl.tool_call (conversation_id, seq, number, step_number, call_id, tool, arguments, effect, state, started_at)
                    VALUES ('c', 2, 1, 2, 'x', 'calculator', '{"expression": "1+1"}', 'unsafe', 'in_doubt', now());
                    """
                )
            }
            let text = try await first.exported()
            #expect(try await second.imported(text).state == "parked")
            #expect(try await second.exported() == text)
            for bench in [first, second] {
                try await bench.client.query("SELECT agentctl.resolve_tool_call('c', 2, 1, 'happened', 'it was 2')")
                #expect(try await bench.process()?.record.reply == "done: it was 2")
            }
        }
    }

    @Test func aRunningTurnIsNotWrittenOut() async throws {
        try await ExchangeBench.withTwo { first, _, _ in
            _ = try await first.conversations.submit(.message("hello"), to: "c")
            _ = try await first.claim("c")
            let running = await #expect(throws: StoreError.self) { _ = try await first.exported() }
            #expect(running?.code == .refused && running?.message == "turn c/1 is running")
            let missing = await #expect(throws: StoreError.self) { _ = try await first.exported("none") }
            #expect(missing?.code == .notFound)
        }
    }
}
