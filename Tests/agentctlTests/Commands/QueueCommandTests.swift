import Glibc
import JSON
import TestSupport
import Testing

/// Queues and workspaces, with workers as processes.
struct QueueCommandTests {
    private func withWorker(
        _ url: String,
        _ arguments: [String],
        _ environment: [String: String] = [:],
        _ body: () async throws -> Void
    ) async throws {
        let process = try AgentctlProcess(
            ["work", "--slots", "4"] + arguments,
            environment: ["DATABASE_URL": url].merging(environment) { $1 }
        )
        try await eventually("the worker to start") { process.errorsSoFar.contains("working") }
        try await body()
        process.send(SIGTERM)
        #expect(try await process.result().status == 0)
    }

    @Test func aWorkerOfOneQueueLeavesTheOthersAndTheReportsSayWhy() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withWorker(url, ["--queue", "coding"]) {
                let left = try await agentctl("send", "-c", "a", "--no-wait", "What is 1 + 1?", url: url)
                #expect(left.errors.contains("no worker serves it"), "\(left.errors)")
                let sent = try await agentctl("send", "-c", "b", "--queue", "coding", "What is 1 + 1?", url: url)
                #expect(sent.output == "It is 2.\n", "\(sent.errors)")
                let unserved = try await agentctl("workers", "--unserved", "--json", url: url)
                #expect(try unserved.json.arrayValue?.map { $0["reason"] } == ["queue default: no worker"])
                let doctor = try await agentctl("doctor", "--json", url: url)
                #expect(doctor.output.contains("queue default: 1 wait"), "\(doctor.output)")
                let workers = try await agentctl("workers", "--json", url: url)
                #expect(try workers.json.arrayValue?.map { $0["queues"] } == [["coding"]])
            }
            let kinds = "SELECT string_agg(conversation_id, ',') FROM agentctl.turn"
            #expect(try await psql(url, kinds) == "b")
            let excluded = try await agentctl("work", "--queue", "a", "--all-queues", url: url)
            #expect(excluded.status == 2)
        }
    }

    @Test func aMessageForOneWorkspaceIsNotWorkedOffInAnother() async throws {
        // Two directories that are there; nothing is written.
        let directories = ["/usr", "/etc"]
        try await withDatabase(template: .seeded) { url in
            try await withWorker(url, ["--workspace", directories[1]]) {
                for (number, directory) in directories.enumerated() {
                    let sent = try await agentctl(
                        "send",
                        "-c",
                        "c\(number)",
                        "--workspace",
                        directory,
                        "What is 1 + 1?",
                        url: url
                    )
                    #expect(sent.output == "It is 2.\n", "\(sent.errors)")
                }
            }
            let kinds = """
                SELECT string_agg(w.kind, ',' ORDER BY t.conversation_id)
                FROM agentctl.turn AS t JOIN agentctl.worker AS w ON w.id = t.worker_id
                """
            #expect(try await psql(url, kinds) == "inline,service")
        }
    }

    @Test func whoeverLacksAKeyIsToldAndTheMessageWaits() async throws {
        let documents = """
            [{"kind": "model", "name": "m", "provider": "openai", "base_url": "http://127.0.0.1:9/v1", "model": "m",
              "api_key_env": "QUEUE_TEST_KEY"}, {"kind": "agent", "name": "keyed", "model": "m"}]
            """
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("register", "-", url: url, input: documents).status == 0)
            let sent = try await agentctl("send", "-c", "c", "-a", "keyed", "hello", url: url)
            #expect(sent.status == 6)
            #expect(sent.errors.contains("needs QUEUE_TEST_KEY; no worker runs"), "\(sent.errors)")
            #expect(try await psql(url, "SELECT state FROM agentctl.conversation_control") == "ready")
        }
    }
}
