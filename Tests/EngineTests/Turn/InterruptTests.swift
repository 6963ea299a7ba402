import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store
@testable import Tools

/// Turns that somebody else stops.
@Suite struct InterruptTests {
    /// Runs a worker until the body is done.
    private func withWorker(_ bench: Bench, _ body: () async throws -> Void) async throws {
        let worker = bench.worker(.init(slots: 4))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test func aTurnIsStoppedFromAnywhereAndTheConversationGoesOn() async throws {
        try await withMockModel { request in
            request.lastText == "first" ? .hang(after: "once upon") : .text("hello")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await withWorker(bench) {
                    _ = try await bench.conversations.submit(.message("first"), to: "c")
                    _ = try await bench.conversations.submit(.message("second"), to: "c")
                    _ = try await model.requests(count: 1)
                    #expect(try await bench.conversations.interrupt("c") == 1)
                    try await bench.eventually("SELECT (count(*) = 2)::text AS text FROM agentctl.turn")
                }
                let turns = try await bench.texts("SELECT status::text AS text FROM agentctl.turn ORDER BY seq")
                #expect(turns == ["interrupted", "succeeded"])
                // Nothing runs any more.
                await #expect(throws: StoreError.self) { try await bench.conversations.interrupt("c") }
                await #expect(throws: StoreError.self) { try await bench.conversations.interrupt("none") }
            }
        }
    }

    /// A function that writes, and then takes long.
    private static let bookings = """
        [{"kind": "model", "name": "offline", "provider": "rules", "rules": [
            {"when": "^book$", "call": {"tool": "book", "arguments": {}}, "then": "{{result}}"},
            {"otherwise": "Hello."}]},
         {"kind": "function", "name": "book", "language": "sql", "effect": "sql", "read_only": false, "timeout": 60,
          "source": "INSERT INTO bookings SELECT 1 WHERE pg_sleep(50)::text IS NOT NULL RETURNING number"},
         {"kind": "agent", "name": "assistant", "model": "offline", "functions": ["book"]},
         {"kind": "agent", "name": "hasty", "model": "offline", "functions": ["book"], "timeout": 1}]
        """

    private func withBookings(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.client.withConnection {
                try await $0.executeScript(
                    """
                    CREATE TABLE public.bookings (number integer);
                    GRANT INSERT, SELECT ON public.bookings TO agentctl_query
                    """
                )
            }
            try await bench.register(Self.bookings)
            try await body(bench)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM public.bookings") == "0")
        }
    }

    /// How the first turn ended, and what became of its call.
    private func firstTurn(_ bench: Bench) async throws -> String? {
        try await bench.text(
            """
            SELECT concat_ws(' ', t.status, t.limit_reached, t.attempt, (
                SELECT string_agg(c.state::text, ' ') FROM agentctl.tool_call AS c
                WHERE c.conversation_id = t.conversation_id AND c.seq = t.seq)) AS text
            FROM agentctl.turn AS t WHERE t.seq = 1
            """
        )
    }

    private static let sleeps: PostgresStatement = """
        SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database())::text
            AS text
        """

    @Test func aTurnWithAStatementThatWritesIsStoppedAndNothingOfItStays() async throws {
        try await withBookings { bench in
            try await withWorker(bench) {
                _ = try await bench.conversations.submit(.message("book"), to: "c")
                _ = try await bench.conversations.submit(.message("hello"), to: "c")
                try await bench.eventually(Self.sleeps)
                #expect(try await bench.conversations.interrupt("c") == 1)
                try await bench.eventually("SELECT (count(*) = 2)::text AS text FROM agentctl.turn")
            }
            #expect(try await firstTurn(bench) == "interrupted 1 planned")
        }
    }

    @Test func aTurnWithAStatementThatWritesEndsWithItsTime() async throws {
        try await withBookings { bench in
            try await withWorker(bench) {
                _ = try await bench.conversations.submit(.message("book"), to: "c", agent: "hasty")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn")
            }
            let turn = try await firstTurn(bench)
            // The call may end with the turn's time a moment before the turn does.
            let ends = ["limited timeout 1 planned", "limited timeout 1 failed", "succeeded 1 failed"]
            #expect(ends.contains(turn ?? ""), "\(turn ?? "")")
        }
    }

    @Test func whoStopsWaitingForAStatementThatWritesHasStoppedIt() async throws {
        try await withBookings { bench in
            let client = bench.client()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await client.send(.message("book"), to: "c") { _ in } }
                try? await bench.eventually(Self.sleeps)
                group.cancelAll()
            }
            let turn = try await firstTurn(bench)
            #expect(turn == "interrupted 1 planned")
        }
    }

    @Test func aTurnThatWaitsForAPersonCanBeEndedInstead() async throws {
        let gate = MockGate()
        let ledger = Ledger(gate: gate)
        let call = MockModelReply.ToolCall(id: "a", name: "write", arguments: #"{"entry":"one"}"#)
        try await withMockModel { _ in
            .toolCalls([call])
        } perform: { model in
            try await Bench.with(ledger, model: model) { bench in
                _ = try await bench.conversations.submit(.message("go"), to: "c")
                let (worker, claim) = try await bench.claim()
                let first = try #require(claim)
                let loop = TurnLoop(registry: bench.registry, services: ToolServices(), maximumAttempts: 5)
                let journal = TurnJournal(store: bench.work, claim: first, logger: .silent)
                async let lost = loop.run(first, journal: journal) { _ in }
                try await ledger.written()
                try await bench.lose(worker)
                #expect(try await bench.process()?.record.status == .waiting)
                await gate.openForever()
                if case .abandoned = await lost {} else { Issue.record("the turn was not abandoned") }
                #expect(try await bench.conversations.interrupt("c") == 1)
                #expect(try await bench.process()?.record.status == .interrupted)
                let rows = try await bench.texts(
                    "SELECT concat_ws(' ', role, nullif(left(content, 30), '')) AS text FROM agentctl.message ORDER BY number"
                )
                #expect(rows == ["user go", "assistant", "tool Error: The call was cut off; w"])
                #expect(ledger.all.count == 1)
            }
        }
    }

    @Test func eventsAreReadFromWhereOneLeftOff() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("What is 1+1?"), to: "c") { _ in }
            let all = try await bench.conversations.events(of: "c", after: 0)
            let types = [
                "turn_started", "message", "tool_call_requested", "tool_started", "tool_finished", "message",
                "turn_complete",
            ]
            #expect(all.map(\.type) == types && all.map(\.number) == [1, 2, 3, 4, 5, 6, 7])
            #expect(all[4].data["content"] == "2" && all[5].data["content"] == "It is 2.")
            #expect(try await bench.conversations.events(of: "c", after: 5).map(\.number) == [6, 7])
            #expect(try await bench.conversations.events(of: "c", after: 1, maximum: 2).map(\.number) == [2, 3])
            await #expect(throws: StoreError.self) { try await bench.conversations.events(of: "none", after: 0) }
        }
    }
}
