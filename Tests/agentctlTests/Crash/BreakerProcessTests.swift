import FoundationEssentials
import Glibc
import Synchronization
import TestSupport
import Testing

/// The breaker of a server that eight real workers ask, some of which are killed or stopped while they find out.
struct BreakerProcessTests {
    /// A server that is down, then holds every call until the test says what comes of it.
    private final class Server: Sendable {
        enum Answer: Sendable {
            case down, reply
        }

        private let held = Mutex<[(text: String, gate: MockGate)]>([])
        private let answers = Mutex<[String: Answer]>([:])
        private let isHolding = Mutex(false)
        private let isWell = Mutex(false)

        /// What was asked since it holds calls, in order.
        var asked: [String] { held.withLock { $0.map(\.text) } }

        func hold() { isHolding.withLock { $0 = true } }

        /// Ends the call that asks this.
        func end(_ text: String, with answer: Answer) async {
            answers.withLock { $0[text] = answer }
            for call in held.withLock({ $0 }) where call.text == text { await call.gate.openForever() }
        }

        func heal() { isWell.withLock { $0 = true } }

        func reply(to request: MockModelRequest) async throws -> MockModelReply {
            guard isHolding.withLock({ $0 }) else { return .error(status: 500) }
            if isWell.withLock({ $0 }) { return .text("Well.") }
            let text = request.lastText
            let gate = MockGate()
            held.withLock { $0.append((text, gate)) }
            try await gate.pass()
            if case .down? = answers.withLock({ $0[text] }) { return .error(status: 500) }
            return .text("Well.")
        }
    }

    private static func documents(_ baseURL: String) -> String {
        """
        kind: model
        name: mock
        provider: openai
        base_url: \(baseURL)
        model: mock-1
        retry: {attempts: 1, postpone: 86400}
        timeout: 3600
        idle_timeout: 3600
        ---
        kind: agent
        name: breaker
        model: mock
        timeout: 3600
        """
    }

    /// Eight workers; nobody is lost and no probe comes by itself while the test looks.
    private func withWorkers(
        _ body: (_ url: String, _ server: Server, [AgentctlProcess]) async throws -> Void
    ) async throws {
        let server = Server()
        try await withMockModel { request in
            try await server.reply(to: request)
        } perform: { model in
            try await withDatabase(template: .seeded) { url in
                let registered = try await agentctl("register", "-", url: url, input: Self.documents(model.baseURL))
                #expect(registered.status == 0, "\(registered.errors)")
                _ = try await psql(
                    url,
                    "UPDATE agentctl.setting SET value = '3600' WHERE name IN ('breaker_wait', 'breaker_longest', 'worker_ttl')",
                    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET track_functions = ''pl''', current_database()); END $$"
                )
                let workers = try (1...8).map { _ in
                    try AgentctlProcess(["work", "--slots", "8"], environment: ["DATABASE_URL": url])
                }
                for worker in workers {
                    try await eventually("a worker to start") { worker.errorsSoFar.contains("working") }
                }
                try await body(url, server, workers)
                for worker in workers { worker.send(SIGKILL) }
            }
        }
    }

    /// The process that runs the turn of a conversation.
    private func worker(of conversation: String, _ url: String, among workers: [AgentctlProcess]) async throws
        -> AgentctlProcess
    {
        let number = try await psql(
            url,
            """
            SELECT w.process_id FROM agentctl.conversation_control AS c
            JOIN agentctl.worker AS w ON w.id = c.worker_id WHERE c.conversation_id = '\(conversation)'
            """
        )
        return try #require(workers.first { "\($0.processID)" == number }, "no worker has \(conversation): \(number)")
    }

    private func state(_ url: String) async throws -> String {
        try await psql(url, "SELECT state FROM agentctl.endpoints")
    }

    /// How often a worker has asked whether it may probe.
    private func attempts(_ url: String) async throws -> Int {
        Int(
            try await psql(
                url,
                "SELECT coalesce(sum(calls), 0) FROM pg_stat_user_functions WHERE funcname = 'begin_probe'"
            )
        ) ?? 0
    }

    /// Lets turns that were put off for longer go on at once.
    private func wake(_ url: String) async throws {
        _ = try await psql(
            url,
            "UPDATE agentctl.conversation_control SET wake_at = clock_timestamp() WHERE wake_at > clock_timestamp()"
        )
    }

    /// Waits until several more have asked for a probe, and did not get it.
    private func othersAsk(_ url: String) async throws {
        let before = try await attempts(url)
        try await eventually("others to ask for a probe", within: .seconds(120)) {
            try await wake(url)
            return try await attempts(url) >= before + 8
        }
    }

    private func probes(_ count: Int, _ url: String, _ server: Server) async throws {
        try await eventually("probe \(count)", within: .seconds(120)) {
            try await wake(url)
            return server.asked.count >= count
        }
        // However long this test has to wait for the processor.
        _ = try await psql(
            url,
            "UPDATE agentctl.endpoint_state SET probe_until = probe_until + interval '1 hour' WHERE probe_until IS NOT NULL"
        )
    }

    @Test(.timeLimit(.minutes(10)))
    func ofEightWorkersOneProbesAlsoWhenItIsKilledOrStopped() async throws {
        try await withWorkers { url, server, workers in
            for number in 1...5 {
                _ = try await psql(url, "SELECT agentctl.submit('a\(number)', 'a', agent => 'breaker')")
            }
            try await eventually("the server to be given up") { try await state(url) == "open" }
            try await eventually("the turns to fail") {
                try await psql(url, "SELECT count(*) FROM agentctl.turn WHERE error_code = 'model_server'") == "5"
            }

            // Nobody asks it any more: what all workers are given is put off.
            server.hold()
            for number in 1...24 {
                _ = try await psql(url, "SELECT agentctl.submit('b\(number)', 'b\(number)', agent => 'breaker')")
            }
            try await eventually("all turns to wait") {
                try await psql(
                    url,
                    "SELECT count(*) FROM agentctl.conversation_control WHERE state = 'waiting' AND wake_at IS NOT NULL"
                ) == "24"
            }
            #expect(server.asked == [])

            // Their time comes, and that of the probe: one asks, and the others ask for a probe in vain.
            _ = try await psql(
                url,
                "UPDATE agentctl.endpoint_state SET probe_at = clock_timestamp()",
                "NOTIFY agentctl_endpoints",
                "UPDATE agentctl.conversation_control SET wake_at = clock_timestamp() WHERE wake_at IS NOT NULL"
            )
            try await probes(1, url, server)
            try await othersAsk(url)
            #expect(server.asked.count == 1)
            #expect(try await state(url) == "probing")

            // It is killed. Until its limit nobody takes over, and then one does.
            let killed = server.asked[0]
            try await worker(of: killed, url, among: workers).send(SIGKILL)
            try await othersAsk(url)
            #expect(server.asked.count == 1)
            let isOver = "UPDATE agentctl.endpoint_state SET probe_until = clock_timestamp()"
            _ = try await psql(url, isOver)
            try await probes(2, url, server)

            // The next one is stopped. What it finds is not heard any more when somebody has taken over.
            let stopped = server.asked[1]
            let process = try await worker(of: stopped, url, among: workers)
            process.send(SIGSTOP)
            _ = try await psql(url, isOver)
            try await probes(3, url, server)
            let third = try await psql(url, "SELECT probe FROM agentctl.endpoint_state")
            await server.end(stopped, with: .down)
            process.send(SIGCONT)
            try await eventually("the stopped turn to end") {
                try await psql(url, "SELECT error_code FROM agentctl.turn WHERE conversation_id = '\(stopped)'")
                    == "model_server"
            }
            #expect(try await psql(url, "SELECT probe FROM agentctl.endpoint_state") == third)
            #expect(try await state(url) == "probing")
            #expect(server.asked.count == 3)

            // The third succeeds, and all go on; the turn of the worker that was killed as well.
            server.heal()
            await server.end(server.asked[2], with: .reply)
            _ = try await psql(
                url,
                "UPDATE agentctl.worker SET heartbeat_at = heartbeat_at - interval '2 hours' WHERE id = (SELECT worker_id FROM agentctl.conversation_control WHERE conversation_id = '\(killed)')"
            )
            // Where a turn waits for a later moment.
            try await eventually("all turns to end", within: .seconds(180)) {
                try await wake(url)
                return try await psql(
                    url,
                    "SELECT count(*) FROM agentctl.turn WHERE conversation_id LIKE 'b%' AND status = 'succeeded'"
                ) == "23"
            }
            #expect(try await state(url) == "closed")
        }
    }
}
