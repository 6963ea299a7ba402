import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Models
@testable import Store

/// A turn whose model has no room for it is stored and waits without a worker, and goes on by itself.
struct PostponedTurnTests {
    @Test func theWaitIsBoundedInAll() {
        var postponement = ModelPostponement(.seconds(100), waited: .seconds(20))
        let limited = ModelError(.rateLimited, "429")
        #expect(postponement.wait(after: limited) == .seconds(5))
        #expect(postponement.wait(after: ModelError(.rateLimited, "429", retryAfter: .seconds(40))) == .seconds(40))
        #expect(postponement.wait(after: ModelError(.circuitOpen, "open", retryAfter: .seconds(36))) == nil)
        // A server that says "at once" each time is asked ever more seldom.
        let atOnce = ModelError(.rateLimited, "429", retryAfter: .zero)
        #expect(postponement.wait(after: atOnce) == .seconds(4))
        #expect(postponement.wait(after: atOnce) == .seconds(8))
        #expect(postponement.wait(after: atOnce) == .seconds(16))
        #expect(postponement.wait(after: atOnce) == nil)
        #expect(postponement.wait(after: ModelError(.server, "500")) == nil)
    }

    /// What the last model of a list says is not all that there is to wait for.
    @Test func theModelThatIsFreeFirstDecides() {
        let later = ModelError(.rateLimited, "429", retryAfter: .seconds(60))
        let sooner = ModelError(.circuitOpen, "open", retryAfter: .seconds(5))
        #expect(ModelPostponement.first(later, sooner) == sooner && ModelPostponement.first(sooner, later) == sooner)
        #expect(ModelPostponement.first(later, ModelError(.authentication, "401")) == later)
        #expect(ModelPostponement.first(nil, ModelError(.server, "500")) == nil)
    }

    /// A model that is asked twice before it answers.
    private func withBusyModel(
        retryAfter: Int = 45,
        document: String = "",
        _ body: (Bench, MockModel) async throws -> Void
    ) async throws {
        let asked = Mutex(0)
        try await withMockModel { _ in
            let number = asked.withLock { count in
                count += 1
                return count
            }
            return number == 1 ? .error(status: 429, retryAfter: retryAfter) : .text("Here I am.")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await body(bench, model)
            }
        }
    }

    private static let isWaiting: PostgresStatement = """
        SELECT coalesce(bool_and(c.state = 'waiting'), false)::text AS text FROM agentctl.conversation_control AS c
        WHERE c.conversation_id = 'c'
        """

    @Test func itWaitsWithoutASlotAndGoesOn() async throws {
        try await withBusyModel { bench, model in
            try await withWorker(bench, .init(slots: 1)) { _ in
                _ = try await bench.conversations.submit(.message("Hello"), to: "c")
                try await bench.eventually(Self.isWaiting)
                let wait = try await bench.text(
                    """
                    SELECT (c.wake_at - clock_timestamp() BETWEEN interval '30 s' AND interval '45 s'
                        AND p.postponed_by LIKE '%429%' AND p.postponed_ms = 45000 AND p.model_calls = 0)::text AS text
                    FROM agentctl.conversation_control AS c JOIN agentctl.turn_progress AS p USING (conversation_id)
                    """
                )
                #expect(wait == "true")
                // Whoever waits for the reply is told nothing else yet.
                #expect(try await bench.conversations.summary(conversation: "c", seq: 1) == nil)
                // The one slot of the worker is free.
                _ = try await bench.conversations.submit(.message("Hello"), to: "d")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn")
                _ = try await bench.client.query("UPDATE agentctl.conversation_control SET wake_at = clock_timestamp()")
                try await bench.eventually("SELECT (count(*) = 2)::text AS text FROM agentctl.turn")
            }
            let summary = try await bench.conversations.summary(conversation: "c", seq: 1)
            #expect(summary?.reply == "Here I am." && summary?.modelCalls == 1)
            let kinds = try await bench.text(
                "SELECT string_agg(kind::text, ' ' ORDER BY number) AS text FROM agentctl.step WHERE conversation_id = 'c'"
            )
            #expect(kinds == "model_attempt model_call")
            let events = try await bench.text(
                """
                SELECT string_agg(type || coalesce(' ' || (data ->> 'for'), ''), ', ' ORDER BY number) AS text
                FROM agentctl.events WHERE conversation_id = 'c'
                """
            )
            #expect(events == "turn_started, waiting model, message, turn_complete")
            #expect(await model.requests.count == 3)
        }
    }

    @Test func itIsStoppedWhileItWaits() async throws {
        try await withBusyModel { bench, _ in
            try await withWorker(bench, .init(slots: 1)) { _ in
                _ = try await bench.conversations.submit(.message("Hello"), to: "c")
                try await bench.eventually(Self.isWaiting)
                _ = try await bench.conversations.interrupt("c")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn")
            }
            #expect(try await bench.conversations.summary(conversation: "c", seq: 1)?.status == .interrupted)
        }
    }

    /// Whoever works on a message without a worker is told soon.
    @Test func withoutAWorkerItDoesNotWaitForLong() async throws {
        try await withBusyModel(retryAfter: 61) { bench, model in
            let summary = try await bench.client().send(.message("Hello"), to: "c") { _ in }
            #expect(summary.errorCode == "model_rate_limited")
            #expect(await model.requests.count == 1)
        }
    }

    @Test func aServerThatAsksForLongerThanTheModelsRowAllowsFailsTheTurn() async throws {
        try await withBusyModel(retryAfter: 901) { bench, model in
            try await withWorker(bench, .init(slots: 1)) { _ in
                _ = try await bench.conversations.submit(.message("Hello"), to: "c")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn")
            }
            let summary = try await bench.conversations.summary(conversation: "c", seq: 1)
            #expect(summary?.errorCode == "model_rate_limited")
            #expect(await model.requests.count == 1)
        }
    }

    /// It takes its message with it, and is asked again there.
    @Test func itIsExportedAsReady() async throws {
        try await withBusyModel { bench, _ in
            try await withWorker(bench, .init(slots: 1)) { _ in
                _ = try await bench.conversations.submit(.message("Hello"), to: "c")
                try await bench.eventually(Self.isWaiting)
            }
            let text = try await bench.text(
                """
                SELECT d #>> '{conversation,state}' || coalesce(d #>> '{conversation,wake_at}', '') AS text
                FROM agentctl.export_conversation('c') AS d
                """
            )
            #expect(text == "ready")
            let imported = try await bench.text(
                "SELECT agentctl.import_conversation(agentctl.export_conversation('c'), 'e')::text AS text"
            )
            #expect(imported != nil)
        }
    }
}
