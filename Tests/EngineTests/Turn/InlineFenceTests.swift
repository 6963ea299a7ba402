import Postgres
import Store
import TestSupport
import Testing

@testable import Conversation
@testable import Engine

/// A `send` that works off its own conversation is fenced off as a worker is.
struct InlineFenceTests {
    private let workers: PostgresStatement =
        "SELECT format('%s %s', kind, state) AS text FROM agentctl.worker ORDER BY id"

    /// Sends a message whose reply waits at a gate, and does something while the model is asked.
    ///
    /// - Returns: How the turn ended, after the gate was opened.
    private func send(
        timeToLive: Int,
        _ disturb: (Bench, MockModel) async throws -> Void,
        then check: (Bench, TurnSummary) async throws -> Void
    ) async throws {
        let gate = MockGate()
        try await withMockModel { _ in
            .text("answer").held(at: gate)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.client.query(
                    "UPDATE agentctl.setting SET value = $1 WHERE name = 'worker_ttl'",
                    [.text("\(timeToLive)")]
                )
                async let sent = bench.client().send(.message("hello"), to: "c") { _ in }
                _ = try await model.requests(count: 1)
                try await disturb(bench, model)
                await gate.openForever()
                try await check(bench, try await sent)
            }
        }
    }

    @Test func itDropsItsTurnWhenTheDatabaseCountsItAsLostAndDoesTheTurnAgain() async throws {
        try await send(timeToLive: 6) { bench, model in
            try await bench.client.query("UPDATE agentctl.worker SET state = 'lost', stopped_at = now()")
            // The first call was given up without an answer.
            _ = try await model.requests(count: 2)
        } then: { bench, summary in
            #expect(summary.status == .succeeded && summary.reply == "answer")
            let turns = try await bench.texts(
                "SELECT format('%s by the first: %s', status, worker_id = 1) AS text FROM agentctl.turn"
            )
            #expect(turns == ["succeeded by the first: f"])
            #expect(try await bench.texts(workers).first == "inline lost")
        }
    }

    /// No heartbeat is answered, and nobody tells the process: only its own clock does.
    @Test func itDropsItsTurnByItsOwnClockBeforeOthersMayTakeIt() async throws {
        try await send(timeToLive: 3) { bench, model in
            try await bench.client.withTransaction { connection in
                try await connection.query("SELECT FROM agentctl.worker WHERE id = 1 FOR UPDATE")
                _ = try await model.requests(count: 2)
            }
        } then: { bench, summary in
            #expect(summary.status == .succeeded && summary.reply == "answer")
            let turns = try await bench.texts(
                "SELECT format('%s by the first: %s', status, worker_id = 1) AS text FROM agentctl.turn"
            )
            #expect(turns == ["succeeded by the first: f"])
        }
    }

    @Test func aTurnThatItsUserStopsIsStillStoredAsInterrupted() async throws {
        let gate = MockGate()
        try await withMockModel { _ in
            .text("answer").held(at: gate)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                let sent = Task { try await bench.client().send(.message("hello"), to: "c") { _ in } }
                _ = try await model.requests(count: 1)
                sent.cancel()
                #expect(try await sent.value.status == .interrupted)
                #expect(try await bench.texts("SELECT status::text AS text FROM agentctl.turn") == ["interrupted"])
            }
        }
    }
}

/// A `send` whose turn cannot be stored while it runs.
struct InlineFailureTests {
    /// Each attempt would ask the model again: that is the caller's decision.
    @Test func aTurnWhoseProgressIsNotStoredIsReportedAndNotPaidTwice() async throws {
        let ledger = Ledger()
        try await withMockModel { _ in
            .toolCalls([.init(name: "write", arguments: #"{"entry": "a"}"#)])
        } perform: { model in
            try await Bench.with(ledger, model: model) { bench in
                try await bench.client.withConnection {
                    try await $0.executeScript(
                        """
                        CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN RAISE EXCEPTION 'not today'; END $$;
                        CREATE TRIGGER refuse BEFORE INSERT ON agentctl.turn_progress
                        FOR EACH ROW EXECUTE FUNCTION public.refuse();
                        """
                    )
                }
                let error = await #expect(throws: StoreError.self) {
                    try await bench.client().send(.message("hello"), to: "c") { _ in }
                }
                #expect(error?.message == "not today")
                #expect(await model.requests.count == 1)
                #expect(ledger.all.isEmpty)
                let state = try await bench.text("SELECT state::text AS text FROM agentctl.conversation_control")
                #expect(state == "ready")
            }
        }
    }
}
