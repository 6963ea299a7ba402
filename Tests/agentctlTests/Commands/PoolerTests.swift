import Glibc
import TestSupport
import Testing

/// The commands behind a real PgBouncer in transaction mode.
@Suite(.enabled(if: TemporaryPgBouncer.isInstalled))
struct PoolerTests {
    /// Several processes share three connections of the server.
    @Test func everyCommandWorksBehindAPooler() async throws {
        try await withCluster { cluster in
            try await withPgBouncer(before: cluster, poolSize: 3) { pooler in
                let url = pooler.url(cluster.url())
                for _ in 0..<2 { #expect(try await agentctl("init-db", "--seed", url: url).status == 0) }
                let agent = "{kind: agent, name: other, model: offline, system_prompt: Other.}"
                let registered = try await agentctl("register", "-", url: url, input: agent)
                #expect(registered.status == 0, "\(registered.errors)")
                let worker = try AgentctlProcess(["work", "--slots", "8"], environment: ["DATABASE_URL": url])
                try await eventually("the worker to start") { worker.errorsSoFar.contains("working") }
                let first = try await agentctl("send", "-c", "c1", "What is 6 * 7?", url: url)
                #expect(first.output == "It is 42.\n", "\(first.errors)")
                let follower = try AgentctlProcess(["events", "c1", "--follow"], environment: ["DATABASE_URL": url])
                try await withThrowingTaskGroup(of: AgentctlProcess.Result.self) { group in
                    for number in 0..<9 {
                        group.addTask {
                            try await agentctl("send", "-c", "c\(number % 3)", "What is 6 * 7?", url: url)
                        }
                    }
                    for try await sent in group { #expect(sent.output == "It is 42.\n", "\(sent.errors)") }
                }
                try await eventually("the events") {
                    follower.outputSoFar.split(separator: "\n").count { $0.contains("turn_complete") } == 4
                }
                follower.send(SIGINT)
                _ = try await follower.result()
                let doctor = try await agentctl("doctor", url: url)
                #expect(doctor.status == 0, "\(doctor.output)")
                #expect(doctor.output.contains("a pooler in transaction mode"), "\(doctor.output)")
                #expect(doctor.output.contains("DIRECT_URL"), "\(doctor.output)")
                worker.send(SIGTERM)
                let ended = try await worker.result()
                #expect(ended.status == 0, "\(ended.errors)")
                #expect(ended.errors.contains("no notifications through a pooler"), "\(ended.errors)")
                #expect(!ended.errors.contains("prepared statement"), "\(ended.errors)")
            }
        }
    }

    @Test func aWorkerListensPastThePooler() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withPgBouncer { pooler in
                let environment = ["DATABASE_URL": pooler.url(url), "DIRECT_URL": url]
                let doctor = try await AgentctlProcess(["doctor"], environment: environment).result()
                #expect(doctor.output.contains("workers listen past it"), "\(doctor.output)")
                let worker = try AgentctlProcess(["work"], environment: environment)
                try await eventually("the worker to listen") {
                    // Workers of other tests listen to databases of the same server.
                    try await psql(
                        url,
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE query LIKE 'LISTEN%' AND datname = current_database()
                        """
                    ) == "1"
                }
                let sent = try await AgentctlProcess(["send", "-c", "1", "What is 1 + 1?"], environment: environment)
                    .result()
                #expect(sent.output == "It is 2.\n", "\(sent.errors)")
                worker.send(SIGTERM)
                let ended = try await worker.result()
                #expect(ended.status == 0 && !ended.errors.contains("no notifications"), "\(ended.errors)")
            }
        }
    }

    @Test(arguments: ["postgres", "itself", "nowhere"])
    func aDirectURLThatLeadsElsewhereIsReported(_ target: String) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withPgBouncer { pooler in
                let direct =
                    switch target {
                    case "postgres": url.replacingDatabase(with: "postgres")
                    case "itself": pooler.url(url)
                    default: "host=/nonexistent"
                    }
                let doctor = try await agentctl(
                    "doctor",
                    url: pooler.url(url),
                    environment: ["DIRECT_URL": direct]
                )
                #expect(doctor.status == 1)
                #expect(doctor.output.contains("DIRECT_URL is of no use"), "\(doctor.output)")
            }
        }
    }

    /// In session mode it may be told that names and notifications are in order.
    @Test func aPoolerInSessionModeMayBeUsedAsAServer() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withPgBouncer(mode: "session") { pooler in
                let doctor = try await agentctl("doctor", url: "\(pooler.url(url))&pgbouncer=false")
                #expect(doctor.status == 0 && !doctor.output.contains("pooler"), "\(doctor.output)")
            }
        }
    }
}
