import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What becomes of a message that a process cannot serve.
@Suite struct UnservedTests {
    private static let agents = """
        [{"kind": "model", "name": "offline", "provider": "rules", "rules": [{"otherwise": "Hello."}]},
         {"kind": "function", "name": "f", "language": "python", "source": "def run(a, context):\\n    return 1",
          "requires_context": true, "secrets": ["F_SECRET"]},
         {"kind": "agent", "name": "assistant", "model": "offline", "functions": ["f"], "access": "everyone"}]
        """

    private func engine(_ bench: Bench, _ environment: [String: String]) throws -> AgentEngine {
        try AgentEngine(database: bench.client, environment: environment, logger: .silent)
    }

    @Test func theSenderIsToldWhatIsMissingAndTheMessageWaits() async throws {
        try await withBench { bench in
            try await bench.register(Self.agents)
            let poor = try engine(bench, ["OTHER": "x"])
            let summary = try await poor.send(.message("hello"), to: "c")
            #expect(summary.status == .waiting && summary.errorCode == TurnSummary.unservedCode)
            #expect(
                summary.errorMessage == "it needs F_SECRET; no worker runs; this process has not F_SECRET"
            )
            // It has not been tried, and whoever can works it off.
            let rich = try engine(bench, ["F_SECRET": "x"])
            let second = try await rich.send(.message("again"), to: "c")
            #expect(second.status == .succeeded && second.seq == 2)
            let turns = try await bench.texts("SELECT status || ' ' || attempt AS text FROM agentctl.turn ORDER BY seq")
            #expect(turns == ["succeeded 1", "succeeded 1"])
            await poor.shutdown()
            await rich.shutdown()
        }
    }

    @Test func aClientIsToldThatNoWorkerRunsAndNotWhatIsMissing() async throws {
        try await withBench { bench in
            try await bench.register(Self.agents)
            try await bench.openToEveryone()
            try await bench.withUser(in: "agentctl_client") { ada in
                let engine = try AgentEngine(database: ada.client, environment: [:], logger: .silent)
                let summary = try await engine.send(.message("hello"), to: "c")
                #expect(summary.status == .waiting && summary.errorCode == TurnSummary.noWorkerCode)
                #expect(summary.errorMessage == "no worker runs")
                let error = await #expect(throws: StoreError.self) {
                    let seq = try await Stores(client: ada.client).conversations.undo(1, of: "c")
                    _ = try await engine.client.settle(seq, of: "c")
                }
                #expect(error?.message == "it is queued, and nobody serves it: no worker runs")
                await engine.shutdown()
            }
        }
    }

    @Test func ofTwoWorkersTheOneWithTheKeyAnswers() async throws {
        try await withBench { bench in
            try await bench.register(Self.agents)
            let engines = [try engine(bench, [:]), try engine(bench, ["F_SECRET": "x"])]
            let workers = engines.map { $0.worker(WorkerConfiguration(slots: 2)) }
            let group = ServiceGroup(
                configuration: .init(services: workers.map { .init(service: $0) }, logger: .silent)
            )
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                try await bench.eventually("SELECT (count(*) = 2)::text AS text FROM agentctl.worker")
                for number in 1...20 { _ = try await bench.conversations.submit(.message("x"), to: "c\(number)") }
                try await bench.eventually("SELECT (count(*) = 20)::text AS text FROM agentctl.turn")
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
            let by = try await bench.texts(
                """
                SELECT DISTINCT t.status || ' ' || ('variable:F_SECRET' = ANY (w.offers)) AS text
                FROM agentctl.turn AS t JOIN agentctl.worker AS w ON w.id = t.worker_id
                """
            )
            #expect(by == ["succeeded true"])
            for engine in engines { await engine.shutdown() }
        }
    }
}
