import FoundationEssentials
import Glibc
import JSON
import TestSupport
import Testing

/// Tools that take all the time of a worker's machine, in a real worker.
struct StarvedWorkerTests {
    private static let documents = """
        kind: model
        name: hostile
        provider: rules
        rules:
          - when: ^search$
            calls:
              - {tool: search, arguments: {pattern: 'a{50000}[bc]|x', path: d.txt}}
              - {tool: search, arguments: {pattern: 'a{50000}[bc]|y', path: d.txt}}
              - {tool: search, arguments: {pattern: 'a{50000}[bc]|z', path: d.txt}}
              - {tool: search, arguments: {pattern: 'a{50000}[bc]|w', path: d.txt}}
            then: '{{result}}'
          - when: ^slow$
            call: {tool: shell, arguments: {command: 'touch began; while [ ! -e over ]; do sleep 0.1; done; echo effect >> effects'}}
            then: done
          - otherwise: hello
        ---
        kind: tool
        name: search
        description: Searches.
        implementation: search
        timeout: 600
        ---
        kind: tool
        name: shell
        description: Runs.
        implementation: shell
        timeout: 600
        ---
        kind: policy
        name: everything
        rules: [{action: allow}]
        ---
        kind: agent
        name: hostile
        model: hostile
        tools: [search, shell]
        policies: [everything]
        timeout: 1200
        """

    private func withWorker(
        _ body: (_ url: String, _ directory: String, _ worker: AgentctlProcess) async throws -> Void
    ) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withTemporaryDirectory(permissions: 0o777) { directory in
                let line = String(repeating: "a", count: 49_999) + "\n"
                try String(repeating: line, count: 80)
                    .write(toFile: "\(directory)/d.txt", atomically: false, encoding: .utf8)
                let registered = try await agentctl("register", "-", url: url, input: Self.documents)
                #expect(registered.status == 0, "\(registered.errors)")
                // A worker without a heartbeat for so long is lost.
                _ = try await psql(url, "UPDATE agentctl.setting SET value = '3' WHERE name = 'worker_ttl'")
                let worker = try AgentctlProcess(
                    ["work", "--workspace", directory],
                    environment: ["DATABASE_URL": url]
                )
                try await eventually("the worker to start") { worker.errorsSoFar.contains("working") }
                try await body(url, directory, worker)
            }
        }
    }

    private func searching(_ url: String) async throws {
        _ = try await psql(url, "SELECT agentctl.submit('hostile', 'search', agent => 'hostile')")
        try await eventually("the searches to begin") {
            try await psql(
                url,
                "SELECT state FROM agentctl.conversation_control WHERE conversation_id = 'hostile'"
            ) == "running"
        }
    }

    private func beat(_ url: String) async throws -> String {
        try await psql(url, "SELECT heartbeat_at FROM agentctl.worker WHERE kind = 'service'")
    }

    @Test(.timeLimit(.minutes(5)))
    func hostileSearchesTakeNeitherTheHeartbeatNorTheCallsOfOthers() async throws {
        try await withWorker { url, directory, worker in
            _ = try await psql(url, "SELECT agentctl.submit('other', 'slow', agent => 'hostile')")
            try await eventually("the other's command to begin") { access("\(directory)/began", F_OK) == 0 }
            try await searching(url)
            // Twice the time to live, in which a worker that does not beat is lost.
            for _ in 0..<6 {
                let last = try await beat(url)
                try await eventually("a heartbeat") { try await beat(url) != last }
            }
            let over = open("\(directory)/over", O_CREAT | O_WRONLY, 0o666)
            close(over)
            try await eventually("the other's turn to end") {
                try await psql(url, "SELECT count(*) FROM agentctl.turn WHERE conversation_id = 'other'") == "1"
            }
            let turn = "SELECT status, attempt FROM agentctl.turn WHERE conversation_id = 'other'"
            #expect(try await psql(url, turn) == "succeeded|1")
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.calls_in_doubt") == "0")
            let states = "SELECT DISTINCT state FROM agentctl.worker WHERE kind = 'service'"
            #expect(try await psql(url, states) == "active")

            // The turn of the hostile searches is stopped, and ends.
            #expect(try await agentctl("interrupt", "hostile", url: url).status == 0)
            try await eventually("the hostile turn to end") {
                try await psql(url, "SELECT status FROM agentctl.turn WHERE conversation_id = 'hostile'")
                    == "interrupted"
            }
            worker.send(SIGTERM)
            #expect(try await worker.result().status == 0)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func signalsReachAWorkerWhoseToolsTakeAllProcessors() async throws {
        try await withWorker { url, _, worker in
            try await searching(url)
            worker.send(SIGTERM)
            try await eventually("the draining") { worker.errorsSoFar.contains("draining") }
            worker.send(SIGTERM)
            #expect(try await worker.result().status == 130)
            #expect(
                try await psql(url, "SELECT DISTINCT state FROM agentctl.worker WHERE kind = 'service'") == "stopped"
            )
        }
    }
}
