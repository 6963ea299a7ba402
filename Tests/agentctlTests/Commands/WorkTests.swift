import Glibc
import TestSupport
import Testing

struct WorkTests {
    private func worker(_ url: String) throws -> AgentctlProcess {
        try AgentctlProcess(["work", "--slots", "4"], environment: ["DATABASE_URL": url])
    }

    private func ready(_ process: AgentctlProcess) async throws {
        try await eventually("the worker to start") { process.errorsSoFar.contains("working") }
    }

    @Test func aWorkerProcessesWhatSQLAndOthersSubmitUntilSIGTERMDrainsIt() async throws {
        try await withDatabase(template: .seeded) { url in
            let process = try worker(url)
            try await ready(process)
            _ = try await psql(url, "SELECT agentctl.submit('sql', 'What is 6 * 7?')")
            try await eventually("the reply") { try await psql(url, "SELECT agentctl.reply('sql', 1)") == "It is 42." }
            // A client follows the worker.
            let sent = try await agentctl("send", "-c", "sql", "What is 1 + 1?", url: url)
            #expect(sent.output == "It is 2.\n", "\(sent.errors)")
            let kinds = "SELECT DISTINCT w.kind FROM agentctl.turn AS t JOIN agentctl.worker AS w ON w.id = t.worker_id"
            #expect(try await psql(url, kinds) == "service")
            process.send(SIGTERM)
            let result = try await process.result()
            #expect(result.status == 0, "\(result.errors)")
            #expect(try await psql(url, "SELECT state FROM agentctl.worker WHERE kind = 'service'") == "stopped")
        }
    }

    @Test func sigtermLetsARunningTurnComeToItsEnd() async throws {
        let gate = MockGate()
        try await withDatabase(template: .seeded) { url in
            try await withMockModel { _ in
                .text("done").held(at: gate)
            } perform: { model in
                #expect(try await agentctl("register", "-", url: url, input: documents(model: model)).status == 0)
                let process = try worker(url)
                _ = try await psql(url, "SELECT agentctl.submit('1', 'hi', agent => 'tester')")
                _ = try await model.requests(count: 1)
                process.send(SIGTERM)
                try await eventually("the draining") { process.errorsSoFar.contains("draining") }
                await gate.openForever()
                #expect(try await process.result().status == 0)
                #expect(try await psql(url, "SELECT status, attempt FROM agentctl.turn") == "succeeded|1")
            }
        }
    }

    @Test func aSecondSignalGivesRunningTurnsBackAtOnce() async throws {
        let gate = MockGate()
        try await withDatabase(template: .seeded) { url in
            try await withMockModel { _ in
                .text("done").held(at: gate)
            } perform: { model in
                #expect(try await agentctl("register", "-", url: url, input: documents(model: model)).status == 0)
                let process = try worker(url)
                _ = try await psql(url, "SELECT agentctl.submit('1', 'hi', agent => 'tester')")
                _ = try await model.requests(count: 1)
                process.send(SIGINT)
                try await eventually("the draining") { process.errorsSoFar.contains("draining") }
                process.send(SIGINT)
                #expect(try await process.result().status == 130)
                let state =
                    "SELECT state, attempt, (SELECT count(*) FROM agentctl.turn) FROM agentctl.conversation_control"
                #expect(try await psql(url, state) == "ready|0|0")
            }
        }
    }

    @Test func ctrlCOnAClientThatFollowsAWorkerLeavesTheTurnToTheWorker() async throws {
        let gate = MockGate()
        try await withDatabase(template: .seeded) { url in
            try await withMockModel { _ in
                .text("one two three four").held(at: gate)
            } perform: { model in
                #expect(try await agentctl("register", "-", url: url, input: documents(model: model)).status == 0)
                let process = try worker(url)
                try await ready(process)
                let client = try AgentctlProcess(
                    ["send", "-c", "1", "-a", "tester", "hi"],
                    environment: ["DATABASE_URL": url]
                )
                _ = try await model.requests(count: 1)
                await gate.open(3)
                try await eventually("the first piece of text") { client.outputSoFar.hasPrefix("one two") }
                client.send(SIGINT)
                let interrupted = try await client.result()
                #expect(interrupted.status == 130)
                #expect(interrupted.errors.contains("continues"))
                await gate.openForever()
                try await eventually("the turn") { try await psql(url, "SELECT count(*) FROM agentctl.turn") == "1" }
                #expect(try await psql(url, "SELECT agentctl.reply('1', 1)") == "one two three four")
                process.send(SIGTERM)
                #expect(try await process.result().status == 0)
            }
        }
    }

    @Test func withoutASchemaOrAServerAWorkerDoesNotStart() async throws {
        let unreachable = try await agentctl("work", url: "postgresql://x@127.0.0.1:1/x")
        #expect(unreachable.status == 5)
        try await withDatabase { url in
            let result = try await agentctl("work", url: url)
            #expect(result.status == 1 && result.errors.contains("agentctl init-db --seed"))
        }
    }

    @Test func kill9InTheMiddleOfATurnAnotherWorkerFinishesItOnce() async throws {
        let gate = MockGate()
        try await withDatabase(template: .seeded) { url in
            try await withMockModel { _ in
                .text("done").held(at: gate)
            } perform: { model in
                #expect(try await agentctl("register", "-", url: url, input: documents(model: model)).status == 0)
                let first = try worker(url)
                _ = try await psql(url, "SELECT agentctl.submit('1', 'hi', agent => 'tester')")
                _ = try await model.requests(count: 1)
                first.send(SIGKILL)
                #expect(try await first.result().status == -SIGKILL)
                // Ten seconds without a sign of life, without waiting for them.
                _ = try await psql(url, "UPDATE agentctl.worker SET heartbeat_at = heartbeat_at - interval '1 hour'")
                await gate.openForever()
                let second = try worker(url)
                try await eventually("the turn") { try await psql(url, "SELECT count(*) FROM agentctl.turn") == "1" }
                second.send(SIGTERM)
                #expect(try await second.result().status == 0)
                #expect(try await psql(url, "SELECT status, attempt FROM agentctl.turn") == "succeeded|2")
                #expect(
                    try await psql(
                        url,
                        "SELECT string_agg(role || ':' || content, ' ' ORDER BY number) FROM agentctl.message"
                    )
                        == "user:hi assistant:done"
                )
                #expect(try await psql(url, "SELECT state, head_seq FROM agentctl.conversation_control") == "idle|1")
            }
        }
    }
}
