import Conversation
import Engine
import JSON
import Postgres
import ServiceLifecycle
import TestSupport
import Testing

@testable import Store

@Suite struct WorkerTests {
    @Test func itProcessesWhateverAnybodySubmitted() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await withWorker(bench) { _ in
                for number in 0..<20 {
                    _ = try await bench.client.query(
                        "SELECT agentctl.submit($1, 'What is 6*7?')",
                        [.text("c\(number % 5)")]
                    )
                }
                try await bench.eventually("SELECT (count(*) = 20)::text AS text FROM agentctl.turn")
            }
            let replies = try await bench.texts(
                "SELECT DISTINCT content AS text FROM agentctl.message WHERE role = 'assistant' AND tool_calls IS NULL"
            )
            #expect(replies == ["It is 42."])
            #expect(try await bench.texts("SELECT state::text AS text FROM agentctl.worker") == ["stopped"])
        }
    }

    @Test func aChangeIsInForceWithTheNextMessageAndATurnInFlightKeepsItsVersion() async throws {
        let gate = MockGate()
        try await withMockModel {
            .text("as told: \($0.messages[0]["content"]?.stringValue?.prefix { $0 != "\n" } ?? "")").held(at: gate)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await withWorker(bench) { _ in
                    _ = try await bench.conversations.submit(.message("one"), to: "c")
                    _ = try await model.requests(count: 1)
                    _ = try await bench.client.query("UPDATE agentctl.agents SET system_prompt = 'Be verbose.'")
                    _ = try await bench.conversations.submit(.message("two"), to: "c")
                    await gate.openForever()
                    try await bench.eventually("SELECT (count(*) = 2)::text AS text FROM agentctl.turn")
                }
                let versions = try await bench.texts(
                    """
                    SELECT format('v%s %s', agent_version, content) AS text
                    FROM agentctl.conversation_history WHERE role = 'assistant' ORDER BY number
                    """
                )
                #expect(versions == ["v1 as told: Be brief.", "v2 as told: Be verbose."])
            }
        }
    }

    @Test func shutdownLetsRunningTurnsEndAndClaimsNoMore() async throws {
        let gate = MockGate()
        try await withMockModel {
            .text("done \($0.lastText)").held(at: gate)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await withWorker(bench, .init(slots: 8, heartbeatInterval: .milliseconds(20))) { group in
                    _ = try await bench.conversations.submit(.message("first"), to: "c")
                    _ = try await model.requests(count: 1)
                    _ = try await bench.conversations.submit(.message("second"), to: "c")
                    await group.triggerGracefulShutdown()
                    try await bench.eventually(
                        "SELECT (count(*) = 1)::text AS text FROM agentctl.worker WHERE state = 'draining'"
                    )
                    await gate.openForever()
                }
                #expect(try await bench.texts("SELECT seq::text AS text FROM agentctl.turn") == ["1"])
                #expect(
                    try await bench.text("SELECT state::text AS text FROM agentctl.conversation_control") == "ready"
                )
            }
        }
    }

    @Test func whatRunsTooLongAtShutdownIsGivenBack() async throws {
        try await withMockModel { _ in
            .hang(after: "well")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await withWorker(bench, .init(slots: 2, drainTimeout: .milliseconds(50))) { group in
                    _ = try await bench.conversations.submit(.message("first"), to: "c")
                    _ = try await model.requests(count: 1)
                    await group.triggerGracefulShutdown()
                }
                #expect(try await bench.texts("SELECT seq::text AS text FROM agentctl.turn") == [])
                let control = try await bench.text(
                    "SELECT state || ' ' || attempt AS text FROM agentctl.conversation_control"
                )
                #expect(control == "ready 0")
            }
        }
    }

    @Test func aWorkerThatWasCountedAsLostDropsItsTurnAndStartsAnew() async throws {
        let gate = MockGate()
        try await withMockModel { _ in
            .text("answer").held(at: gate)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await withWorker(bench, .init(slots: 2, heartbeatInterval: .milliseconds(200))) { _ in
                    _ = try await bench.conversations.submit(.message("hello"), to: "c")
                    _ = try await model.requests(count: 1)
                    _ = try await bench.client.query(
                        "UPDATE agentctl.worker SET state = 'lost', stopped_at = now()"
                    )
                    _ = try await model.requests(count: 2)
                    await gate.openForever()
                    try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn")
                }
                let turn = try await bench.text(
                    "SELECT format('%s worker %s', status, worker_id > 1) AS text FROM agentctl.turn"
                )
                #expect(turn == "succeeded worker t")
            }
        }
    }

    @Test func aSubmissionThatNeverEndsIsGivenUp() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            _ = try await bench.client.query("UPDATE agentctl.conversation_control SET attempt = 5")
            let summary = try await bench.client().send(.message("next"), to: "c") { _ in }
            #expect(summary.reply == "Hello.")
            let turns = try await bench.texts(
                "SELECT format('%s %s', seq, error_code) AS text FROM agentctl.turn ORDER BY seq"
            )
            #expect(turns == ["1 attempts_exhausted", "2 "])
        }
    }

    @Test func aLeaseThatTheWorkerNeverHeardOfIsGivenBack() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await withWorker(bench, .init(slots: 2, heartbeatInterval: .milliseconds(20))) { _ in
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.worker")
                // As if the answer to a claim had been lost: claimed for the worker, unknown to it.
                try await bench.client.withTransaction { connection in
                    _ = try await connection.query("SELECT agentctl.submit('c', 'hello')")
                    _ = try await connection.query(
                        "SELECT * FROM agentctl.claim((SELECT max(id) FROM agentctl.worker), 1, 'c')"
                    )
                }
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn")
            }
        }
    }

    @Test func aFollowerSeesWhatTheWorkerDoes() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await withWorker(bench) { _ in
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.worker")
                let events = EventBook()
                let summary = try await bench.client().send(.message("What is 6*7?"), to: "c") { events.add($0) }
                #expect(summary.reply == "It is 42." && events.text == "It is 42.")
                // However fast the worker was: each call is told once, from the pieces or from the events.
                let tools = events.all.filter {
                    switch $0 {
                    case .toolStarted, .toolFinished: true
                    default: false
                    }
                }
                let call = ToolCallRequest(id: "call_1_1", name: "calculator", arguments: #"{"expression":"6*7"}"#)
                #expect(
                    tools == [
                        .toolStarted(call),
                        .toolFinished(id: "call_1_1", name: "calculator", output: "42", isError: false),
                    ]
                )
                #expect(try await bench.texts("SELECT kind AS text FROM agentctl.worker") == ["service"])
            }
        }
    }

    @Test func aWorkerNeedsNoMoreThanItsRole() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let name = "worker_\(UInt32.random(in: 0..<UInt32.max))"
            try await bench.client.withConnection {
                try await $0.executeScript("CREATE ROLE \(name) LOGIN IN ROLE agentctl_worker")
            }
            try await withBench(url: bench.url.replacingUser(with: name)) { restricted in
                try await withWorker(restricted) { _ in
                    _ = try await bench.conversations.submit(.message("What is 6*7?"), to: "c")
                    try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn")
                }
                #expect(try await bench.text("SELECT agentctl.reply('c', 1) AS text") == "It is 42.")
                for statement: PostgresStatement in [
                    "DELETE FROM agentctl.message", "UPDATE agentctl.turn SET status = 'failed'",
                    "SELECT agentctl.register('[]')", "CREATE TABLE agentctl.mine (id int)",
                ] {
                    let error = await #expect(throws: PostgresError.self) {
                        try await restricted.client.query(statement)
                    }
                    #expect(error?.sqlState == "42501", "\(statement.sql)")
                }
            }
            try await bench.client.withConnection { try await $0.executeScript("DROP ROLE \(name)") }
        }
    }
}
