import Glibc
import JSON
import TestSupport
import Testing

struct SendTests {
    @Test func theReplyIsOnStdoutToolCallsOnStderr() async throws {
        try await withDatabase(template: .seeded) { url in
            let result = try await agentctl("send", "--conversation", "1", "What is 15% of 2847?", url: url)
            #expect(result.status == 0)
            #expect(result.output == "It is 427.05.\n")
            #expect(result.errors == "⚙ calculator {\"expression\":\"15% of 2847\"} → 427.05\n")
            let quiet = try await agentctl("send", "-c", "1", "-q", "-", url: url, input: "What is 1 + 1?")
            #expect([quiet.output, quiet.errors] == ["It is 2.\n", ""])
        }
    }

    @Test func withJsonEventsComeOneALineAndTheSummaryLast() async throws {
        try await withDatabase(template: .seeded) { url in
            let result = try await agentctl("send", "-c", "1", "--json", "What is 2 * 21?", url: url)
            let lines = try result.jsonLines
            #expect(lines.first == ["type": "turn_started", "agent": "assistant", "agent_version": 1])
            #expect(lines.dropFirst().prefix(2).map { $0["type"] } == ["tool_started", "tool_finished"])
            let text = lines.filter { $0["type"] == "text" }.compactMap { $0["text"]?.stringValue }.joined()
            #expect(text == "It is 42.")
            let summary = try #require(lines.last)
            #expect(summary["type"] == "turn_complete" && summary["turn"] == "1/1" && summary["status"] == "succeeded")
            #expect(summary["reply"] == "It is 42." && summary["model_calls"] == 2 && summary["tool_calls"] == 1)
        }
    }

    @Test func tenProcessesWithTheSameIdempotencyKeyAreOneTurn() async throws {
        try await withDatabase(template: .seeded) { url in
            let outputs = try await withThrowingTaskGroup(of: AgentctlProcess.Result.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await agentctl("send", "-c", "1", "--idempotency-key", "k", "What is 3 * 3?", url: url)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outputs.map(\.status) == Array(repeating: 0, count: 10), "\(outputs.map(\.errors))")
            #expect(Set(outputs.map(\.output)) == ["It is 9.\n"])
            let counts = "SELECT (SELECT count(*) FROM agentctl.submission), (SELECT count(*) FROM agentctl.turn)"
            #expect(try await psql(url, counts) == "1|1")
        }
    }

    @Test func whatIsNotThereIsExitCode4WithTheNearestName() async throws {
        try await withDatabase(template: .seeded) { url in
            let result = try await agentctl("send", "-c", "1", "--agent", "asistant", "hi", url: url)
            #expect(result.status == 4)
            #expect(
                result.errors.contains(#"there is no agent "asistant""#)
                    && result.errors.contains("Did you mean assistant?")
            )
            let workspace = try await agentctl("send", "-c", "1", "--workspace", "/nonexistent", "hi", url: url)
            #expect(workspace.status == 3 && workspace.errors.contains("/nonexistent"))
        }
    }

    @Test func inputThatDoesNotFitTheAgentsSchemaFailsTheTurnAndSaysWhy() async throws {
        try await withDatabase(template: .seeded) { url in
            let agent = """
                kind: agent
                name: strict
                model: offline
                input_schema: {type: object, required: [query], properties: {query: {type: string}}}
                """
            #expect(try await agentctl("register", "-", url: url, input: agent).status == 0)
            let bad = try await agentctl("send", "-c", "1", "--agent", "strict", "--input", #"{"query": 5}"#, url: url)
            #expect(bad.status == 3 && bad.errors.contains("/query"), "\(bad.errors)")
            let good = try await agentctl(
                "send",
                "-c",
                "2",
                "--agent",
                "strict",
                "--input",
                #"{"query": "x"}"#,
                url: url
            )
            #expect(good.status == 0, "\(good.errors)")
        }
    }

    @Test func aModelThatCannotBeReachedIsExitCode5() async throws {
        try await withDatabase(template: .seeded) { url in
            let documents = """
                [{"kind": "model", "name": "dead", "provider": "openai", "base_url": "http://127.0.0.1:1/v1", "model": "x"},
                 {"kind": "agent", "name": "dead", "model": "dead"}]
                """
            #expect(try await agentctl("register", "-", url: url, input: documents).status == 0)
            let result = try await agentctl("send", "-c", "1", "--agent", "dead", "hi", url: url)
            #expect(result.status == 5, "\(result.errors)")
            #expect(result.errors.contains("agentctl trace 1/1"))
            #expect(try await psql(url, "SELECT status, error_code FROM agentctl.turn") == "failed|model_unreachable")
        }
    }

    @Test func textStreamsAsItComesAndCtrlCInterruptsTheTurnIsStoredAndTheExitCodeIs130() async throws {
        let gate = MockGate()
        try await withDatabase(template: .seeded) { url in
            try await withMockModel { _ in
                .text("one two three four five six").held(at: gate)
            } perform: { model in
                #expect(try await agentctl("register", "-", url: url, input: documents(model: model)).status == 0)
                let process = try AgentctlProcess(
                    ["send", "-c", "1", "--agent", "tester", "hi"],
                    environment: ["DATABASE_URL": url]
                )
                _ = try await model.requests(count: 1)
                await gate.open(3)
                try await eventually("the first piece of text") { process.outputSoFar.hasPrefix("one two") }
                process.send(SIGINT)
                let result = try await process.result()
                #expect(result.status == 130)
                #expect(result.errors.contains("interrupted"))
                #expect(try await psql(url, "SELECT status FROM agentctl.turn") == "interrupted")
                // The conversation goes on.
                await gate.openForever()
                let next = try await agentctl("send", "-c", "1", "--agent", "tester", "again", url: url)
                #expect(next.output == "one two three four five six\n")
            }
        }
    }

    @Test func aReaderThatGoesAwayDoesNotEndTheTurn() async throws {
        try await withDatabase(template: .seeded) { url in
            let result = try await agentctl("send", "-c", "1", "What is 1 + 1?", url: url, output: .closedPipe)
            #expect(result.status == 0)
            #expect(try await psql(url, "SELECT status FROM agentctl.turn") == "succeeded")
            let list = try await agentctl("agents", "list", url: url, output: .closedPipe)
            #expect(list.status == 0 && list.errors.isEmpty)
        }
    }

    @Test func anAnswerThatCannotBeWrittenIsAFailureTheTurnIsStoredAllTheSame() async throws {
        try await withDatabase(template: .seeded) { url in
            let result = try await agentctl("send", "-c", "1", "What is 1 + 1?", url: url, output: .fullDevice)
            #expect(result.status == 1 && result.errors.contains("No space left on device"), "\(result.errors)")
            #expect(try await psql(url, "SELECT status FROM agentctl.turn") == "succeeded")
        }
    }
}
