import EmbeddedPostgres
import Postgres
import TestSupport

/// Makes things go wrong in a trial, one after the other, at moments that a seed decides.
struct TrialFaults {
    let cluster: TemporaryCluster
    let database: CrashDatabase
    let relay: PostgresRelay
    let workers: TrialWorkers
    let timeToLive: Double
    var random: TrialRandom
    /// What went wrong, by kind.
    private(set) var counts: [String: Int] = [:]

    init(
        cluster: TemporaryCluster,
        database: CrashDatabase,
        relay: PostgresRelay,
        workers: TrialWorkers,
        timeToLive: Double,
        random: TrialRandom
    ) {
        self.cluster = cluster
        self.database = database
        self.relay = relay
        self.workers = workers
        self.timeToLive = timeToLive
        self.random = random
    }

    private static let statements = [
        "agentctl.claim(", "agentctl.finish_turns(", "agentctl.finish_and_claim(", "agentctl.save_progress(",
        "agentctl.park_and_claim(", "agentctl.finish_and_step(", "agentctl.submit(", "COMMIT", "agentctl.heartbeat(",
        "agentctl.reap(", "agentctl.submit_task(", "agentctl.tell_parents(", "agentctl.run_schedules(",
    ]

    /// Goes on until the task is cancelled.
    mutating func run() async throws {
        while !Task.isCancelled {
            do { try await Task.sleep(for: random.milliseconds(50...600)) } catch { return }
            try await one()
        }
    }

    private mutating func one() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<25:
            count("kill")
            try await workers.kill(&random)
        case 25..<45:
            count("stop")
            let time = Int(timeToLive * 1_000)
            try? await workers.stop(for: random.milliseconds(time / 2...time * 2), &random)
        case 45..<75: cut()
        case 75..<83:
            count("drop all")
            relay.dropConnections()
        case 83..<92:
            count("terminate")
            _ = try? await database.client.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name LIKE 'worker%' AND random() < 0.5
                """
            )
        default: try await restart()
        }
    }

    /// Drops the connection of the next statement of a kind, before the server sees it or after it was committed.
    private mutating func cut() {
        let statement = Self.statements.randomElement(using: &random) ?? "COMMIT"
        if Bool.random(using: &random) {
            count("cut before")
            relay.cutRequest(statement)
        } else {
            count("cut after")
            relay.cutAnswer(statement)
        }
    }

    private mutating func restart() async throws {
        let isFast = Bool.random(using: &random)
        count(isFast ? "restart" : "crash of the server")
        let cluster = cluster
        // A server that is down half-way is of no use to what comes after.
        try await Task {
            try await cluster.server.stop(mode: isFast ? .fast : .immediate)
            _ = try await cluster.server.start()
        }.value
    }

    private mutating func count(_ fault: String) {
        counts[fault, default: 0] += 1
    }
}
