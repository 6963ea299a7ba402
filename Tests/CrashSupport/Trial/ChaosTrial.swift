import JSON
import Postgres
import TestSupport

/// A cluster, workers, clients, chains, schedules and a person, while everything that can go wrong does; and what is left
/// of the promises.
///
/// A seed decides what is submitted and what goes wrong when. The processes have their own clocks, so that a seed makes a
/// failure likely again and not certain: repeat it.
public struct ChaosTrial: Sendable {
    /// What it is made from.
    public let seed: UInt64
    /// How long clients submit and things go wrong.
    public let duration: Duration
    private let conversations = (1...5).map { "c\($0)" }
    private let timeToLive = 2.0

    /// Describes a trial.
    ///
    /// - Parameters:
    ///   - seed: The same seed submits the same and breaks the same.
    ///   - duration: How long clients submit and things go wrong; then everything settles and is checked.
    public init(seed: UInt64, duration: Duration = .seconds(15)) {
        self.seed = seed
        self.duration = duration
    }

    /// Runs it.
    ///
    /// - Returns: What came of it.
    /// - Throws: When the trial itself fails: no cluster, a process that cannot be started, cancellation.
    public func run() async throws -> TrialReport {
        try await withCluster(settings: ["max_connections": "200"]) { cluster in
            let made = try await AgentctlProcess(
                ["init-db", "--seed", "--quiet"],
                environment: ["DATABASE_URL": cluster.url()]
            ).result()
            guard made.status == 0 else { throw TrialError("init-db: \(made.errors)") }
            let effects = EffectLedger { _ in await Self.pause(upTo: 60) }
            return try await withMockServer(keepsRequests: false) {
                try await effects.answer($0)
            } perform: { server in
                let model = ModelLedger(effects: server.url) { _ in await Self.pause(upTo: 60) }
                return try await withMockModel(keepsRequests: false) {
                    try await model.answer($0)
                } perform: { mock in
                    try await withPostgresRelay(to: cluster.socketPath) { relay in
                        let database = try CrashDatabase(url: cluster.url() + "&application_name=person")
                        try await database.prepare(
                            model: mock.baseURL,
                            effectPort: server.port,
                            timeToLive: timeToLive
                        )
                        let stage = TrialStage(
                            cluster: cluster,
                            relay: relay,
                            database: database,
                            model: model,
                            effects: effects,
                            effectsURL: server.url
                        )
                        let report = try await run(stage)
                        await database.client.shutdown()
                        return report
                    }
                }
            }
        }
    }

    /// Things take their time, so that there is something to interrupt.
    private static func pause(upTo milliseconds: Int) async -> MockGate? {
        try? await Task.sleep(for: .milliseconds(Int.random(in: 0...milliseconds)))
        return nil
    }

    private func run(_ stage: TrialStage) async throws -> TrialReport {
        let database = stage.database
        // Five claims may not be enough here.
        _ = try await database.client.query("UPDATE agentctl.setting SET value = '1000' WHERE name = 'max_attempts'")
        try await TrialClock.prepare(database)
        let workers = TrialWorkers { stage.relay.url(database: "agentctl", application: $0) }
        for _ in 0..<3 { try await workers.start() }
        var cast = TrialCast(stage, workers, conversations, timeToLive: timeToLive, seed: seed)
        // What a run of each chain comes to when nothing goes wrong.
        try await cast.runChainsCalmly(database)
        guard try await settle(database, &cast) else { throw TrialError("nothing went wrong, and it did not settle") }
        try await cast.perform(for: duration)
        stage.relay.forgetRules()
        // Those that were started while the server was down are not there.
        try await workers.start()
        // Whoever was stopped has found out by then that it had been.
        try await Task.sleep(for: .seconds(timeToLive))
        let isSettled = try await settle(database, &cast)
        try await workers.drain()
        for follower in cast.followers { try await follower.catchUp() }
        let checker = try await InvariantChecker(
            database,
            submissions: cast.submissions,
            errands: cast.errands,
            minutes: cast.clock.seconds / 60,
            model: stage.model,
            effects: stage.effects,
            followed: cast.followers.map { ($0.conversation, $0.lines) }
        )
        var violations = checker.violations
        violations += await workers.complaints.map { Violation(.lost, $0) }
        if !isSettled { violations.append(Violation(.lost, "it did not settle within two minutes")) }
        return TrialReport(
            seed: seed,
            violations: violations,
            submissions: cast.submissions.entries.count + cast.errands.entries.count,
            turns: checker.turnCounts,
            faults: cast.faults.counts,
            doubts: cast.person.doubts,
            operations: checker.operationCounts
        )
    }

    /// Waits until all is processed; false when it is not within two minutes.
    private func settle(_ database: CrashDatabase, _ cast: inout TrialCast) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            try await cast.person.decide()
            try await cast.person.resolve()
            try await cast.clock.look(database.client)
            let isIdle = """
                SELECT bool_and(state = 'idle') AND NOT EXISTS (SELECT FROM agentctl.task WHERE finished_at IS NULL)
                    AND NOT EXISTS (SELECT FROM agentctl.schedule_run WHERE outcome = 'queued')
                FROM agentctl.conversation_control
                """
            if try await database.isTrue(isIdle) { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}

/// A trial that could not be run.
public struct TrialError: Error, CustomStringConvertible {
    /// Why.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
