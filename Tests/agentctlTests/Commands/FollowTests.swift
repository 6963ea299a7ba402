import FoundationEssentials
import JSON
import TestSupport
import Testing

struct FollowTests {
    /// Runs `body` with a pipeline whose reader ends after the first line of what a command writes.
    private func firstLine(of arguments: String, _ url: String) async throws -> AgentctlProcess.Result {
        try await AgentctlProcess(
            program: ["bash", "-c", "set -o pipefail; \(AgentctlProcess.executable) \(arguments) | head -n 1"],
            [],
            environment: ["DATABASE_URL": url]
        ).result()
    }

    @Test(arguments: ["events c --follow", "events c --tree --follow", "watch --conversation c"])
    func aFollowerEndsWhenItsReaderDoes(_ arguments: String) async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "c", "hello", url: url).status == 0)
            // Nothing more happens in the conversation. Of watch nothing is written at all: its reader just ends.
            let result =
                arguments.hasPrefix("watch")
                ? try await AgentctlProcess(
                    program: ["bash", "-c", "\(AgentctlProcess.executable) \(arguments) | true; echo ended"],
                    [],
                    environment: ["DATABASE_URL": url]
                ).result() : try await firstLine(of: arguments, url)
            #expect(result.status == 0 && result.errors == "", "\(result.errors)")
            #expect(result.output.split(separator: "\n").count == 1)
        }
    }

    /// Cuts all sessions off and lets none in, as a server that restarts.
    private func stop(_ url: String) async throws {
        let admin = url.replacingDatabase(with: "postgres")
        let name = try await psql(url, "SELECT current_database()")
        _ = try await psql(admin, "ALTER DATABASE \"\(name)\" ALLOW_CONNECTIONS false")
        _ = try await psql(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
    }

    private func start(_ url: String, _ name: String) async throws {
        _ = try await psql(
            url.replacingDatabase(with: "postgres"),
            "ALTER DATABASE \"\(name)\" ALLOW_CONNECTIONS true"
        )
    }

    @Test func eventsGoOnFromTheirNumberAfterARestart() async throws {
        try await withDatabase(template: .seeded) { url in
            let name = try await psql(url, "SELECT current_database()")
            #expect(try await agentctl("send", "-c", "c", "hello", url: url).status == 0)
            let follower = try AgentctlProcess(["events", "c", "--follow"], environment: ["DATABASE_URL": url])
            try await eventually("the first turn") { follower.outputSoFar.contains("turn_complete") }
            let before = follower.outputSoFar
            try await stop(url)
            try await eventually("the outage is reported") { follower.errorsSoFar.contains("the database is away") }
            try await start(url, name)
            #expect(try await agentctl("send", "-c", "c", "hello again", url: url).status == 0)
            try await eventually("the second turn") {
                follower.outputSoFar.dropFirst(before.count).contains("turn_complete")
            }
            follower.send(2)
            let result = try await follower.result()
            #expect(result.status == 130)
            let numbers = try result.jsonLines.map { $0["number"]?.integerValue }
            #expect(numbers == (1...Int64(numbers.count)).map { $0 })
        }
    }

    @Test func aMessageThatAWorkerHasIsFollowedAcrossARestart() async throws {
        let gate = MockGate()
        try await withMockModel { _ in
            .text("the answer").held(at: gate)
        } perform: { model in
            try await withDatabase(template: .seeded) { url in
                let name = try await psql(url, "SELECT current_database()")
                #expect(try await agentctl("register", "-", url: url, input: documents(model: model)).status == 0)
                let worker = try AgentctlProcess(["work"], environment: ["DATABASE_URL": url])
                try await eventually("the worker") { worker.errorsSoFar.contains("working") }
                let sender = try AgentctlProcess(
                    ["send", "-c", "c", "--agent", "tester", "hi"],
                    environment: ["DATABASE_URL": url]
                )
                _ = try await model.requests(count: 1)
                try await stop(url)
                try await start(url, name)
                await gate.openForever()
                let result = try await sender.result()
                #expect(result.status == 0 && result.output == "the answer\n", "\(result.errors)")
                worker.send(15)
                _ = try await worker.result()
            }
        }
    }

    @Test func everyErrorSaysWhetherTheMessageIsStored() async throws {
        try await withDatabase(template: .seeded) { url in
            let name = try await psql(url, "SELECT current_database()")
            let refused = try await agentctl("send", "-c", "c", "--agent", "nobody", "--json", "hi", url: url)
            #expect(refused.status == 4)
            let report = try JSONValue(parsing: refused.errors)["error"]
            #expect(report?["stored"] == "no")
            #expect(report?["message"]?.stringValue?.hasSuffix("; the message is not stored") == true)
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.submission") == "0")

            try await stop(url)
            let unreachable = try await agentctl("send", "-c", "c", "hi", url: url)
            #expect(unreachable.status == 5 && unreachable.errors.contains("the message is not stored"))
            try await start(url, name)

            // Behind a client's open transaction.
            #expect(try await agentctl("send", "-c", "c", "hi", url: url).status == 0)
            let holder = try AgentctlProcess(
                program: ["psql", "-qAtX", "-d", url, "-c", "BEGIN", "-c", "SELECT agentctl.submit('c', 'x')"],
                ["-c", "SELECT pg_sleep(600)"]
            )
            try await eventually("the row is held") {
                try await psql(url, "SELECT agentctl.is_locked('c')") == "t"
            }
            let locked = try await agentctl("send", "-c", "c", "hi", url: url)
            #expect(locked.status == 5, "\(locked.errors)")
            #expect(locked.errors.contains("conversation \"c\" is locked by process "))
            #expect(locked.errors.contains("the message is not stored"))
            _ = try await psql(
                url,
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND query = 'SELECT pg_sleep(600)'
                """
            )
            _ = try await holder.result()
        }
    }
}

extension String {
    /// A connection string with another database.
    func replacingDatabase(with name: String) -> String {
        replacing(#/^([a-z]+:\/\/[^\/]*\/)[^?]*/#) { "\($0.output.1)\(name)" }
    }
}
