import JSON
import Postgres
import TestSupport

/// A cluster, workers, clients and a person, while everything that can go wrong does; and what is left of the promises.
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
                        let report = try await run(cluster, relay, database, model, effects)
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

    private func run(
        _ cluster: TemporaryCluster,
        _ relay: PostgresRelay,
        _ database: CrashDatabase,
        _ model: ModelLedger,
        _ effects: EffectLedger
    ) async throws -> TrialReport {
        // Five claims may not be enough here.
        _ = try await database.client.query("UPDATE agentctl.setting SET value = '1000' WHERE name = 'max_attempts'")
        let submissions = SubmissionLedger()
        let workers = TrialWorkers { relay.url(database: "agentctl", application: $0) }
        for _ in 0..<3 { try await workers.start() }
        let followers = conversations.map {
            TrialFollower(of: $0, url: relay.url(database: "agentctl", application: "follower"))
        }
        let places = TrialPlaces(conversations)
        var person = TrialPerson(
            database: database,
            effects: effects,
            submissions: submissions,
            places: places,
            random: random(1)
        )
        var faults = TrialFaults(
            cluster: cluster,
            database: database,
            relay: relay,
            workers: workers,
            timeToLive: timeToLive,
            random: random(2)
        )
        try await trouble(submissions, places, relay, followers, &person, &faults)
        relay.forgetRules()
        // Those that were started while the server was down are not there.
        try await workers.start()
        let isSettled = try await settle(database, &person)
        try await workers.drain()
        for follower in followers { try await follower.catchUp() }
        let checker = try await InvariantChecker(
            database,
            submissions: submissions,
            model: model,
            effects: effects,
            followed: followers.map { ($0.conversation, $0.lines) }
        )
        var violations = checker.violations
        violations += await workers.complaints.map { Violation(.lost, $0) }
        if !isSettled { violations.append(Violation(.lost, "it did not settle within two minutes")) }
        return TrialReport(
            seed: seed,
            violations: violations,
            submissions: submissions.entries.count,
            turns: checker.turnCounts,
            faults: faults.counts,
            doubts: person.doubts,
            operations: checker.operationCounts
        )
    }

    private func random(_ stream: UInt64) -> TrialRandom {
        TrialRandom(seed: seed, stream: stream)
    }

    /// Who takes part in the trouble, as they are afterwards.
    private enum Part: Sendable {
        case person(TrialPerson)
        case faults(TrialFaults)
        case other
    }

    /// Everybody does what they do, for as long as the trial takes.
    private func trouble(
        _ submissions: SubmissionLedger,
        _ places: TrialPlaces,
        _ relay: PostgresRelay,
        _ followers: [TrialFollower],
        _ person: inout TrialPerson,
        _ faults: inout TrialFaults
    ) async throws {
        let (personBefore, faultsBefore) = (person, faults)
        try await withThrowingTaskGroup(of: Part.self) { group in
            for number in 1...3 {
                let client = TrialClient(
                    number: number,
                    places: places,
                    ledger: submissions,
                    relay: relay,
                    random: random(UInt64(10 + number))
                )
                group.addTask {
                    var client = client
                    try await client.run()
                    return .other
                }
            }
            for follower in followers {
                group.addTask {
                    await follower.run()
                    return .other
                }
            }
            group.addTask {
                var person = personBefore
                await person.run()
                return .person(person)
            }
            group.addTask {
                var faults = faultsBefore
                try await faults.run()
                return .faults(faults)
            }
            try await Task.sleep(for: duration)
            group.cancelAll()
            for try await part in group {
                switch part {
                case .person(let after): person = after
                case .faults(let after): faults = after
                case .other: break
                }
            }
        }
    }

    /// Waits until all is processed; false when it is not within two minutes.
    private func settle(_ database: CrashDatabase, _ person: inout TrialPerson) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(120)
        // Whoever was stopped has found out by then that it had been.
        try await Task.sleep(for: .seconds(timeToLive))
        while ContinuousClock.now < deadline {
            try await person.decide()
            try await person.resolve()
            let isIdle = "SELECT bool_and(state = 'idle') FROM agentctl.conversation_control"
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
