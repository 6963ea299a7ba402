import Postgres
import TestSupport

/// What a trial takes place on.
struct TrialStage: Sendable {
    let cluster: TemporaryCluster
    let relay: PostgresRelay
    let database: CrashDatabase
    let model: ModelLedger
    let effects: EffectLedger
    /// The base URL of the effect ledger.
    let effectsURL: String
}

/// Everybody who takes part in a trial, and what they wrote down.
struct TrialCast: Sendable {
    let submissions = SubmissionLedger()
    let errands = ErrandLedger()
    let clients: [TrialClient]
    let followers: [TrialFollower]
    private let chains: TrialChains
    var person: TrialPerson
    var clock: TrialClock
    private(set) var faults: TrialFaults

    /// Has everybody wait for the beginning.
    ///
    /// - Parameters:
    ///   - stage: Where they meet.
    ///   - workers: The workers that faults happen to.
    ///   - conversations: The conversations that there are from the beginning.
    ///   - timeToLive: Seconds without a heartbeat after which a worker counts as lost.
    ///   - seed: What they do.
    init(
        _ stage: TrialStage,
        _ workers: TrialWorkers,
        _ conversations: [String],
        timeToLive: Double,
        seed: UInt64
    ) {
        func random(_ stream: UInt64) -> TrialRandom { TrialRandom(seed: seed, stream: stream) }
        let (submissions, errands) = (submissions, errands)
        let places = TrialPlaces(conversations)
        clients = (1...3).map {
            TrialClient(
                number: $0,
                places: places,
                ledger: submissions,
                relay: stage.relay,
                random: random(UInt64(10 + $0))
            )
        }
        followers = conversations.map {
            TrialFollower(of: $0, url: stage.relay.url(database: "agentctl", application: "follower"))
        }
        chains = TrialChains(
            submissions: submissions,
            errands: errands,
            relay: stage.relay,
            effects: stage.effectsURL,
            random: random(20)
        )
        person = TrialPerson(
            database: stage.database,
            effects: stage.effects,
            submissions: submissions,
            places: places,
            random: random(1)
        )
        clock = TrialClock(relay: stage.relay, random: random(21))
        faults = TrialFaults(
            cluster: stage.cluster,
            database: stage.database,
            relay: stage.relay,
            workers: workers,
            timeToLive: timeToLive,
            random: random(2)
        )
    }

    /// Submits a message to each chain.
    func runChainsCalmly(_ database: CrashDatabase) async throws {
        for (number, chain) in CrashDatabase.chains.enumerated() {
            let (name, text) = ("calm-\(chain)", "q\(number + 1)" + CrashDatabase.words(for: chain))
            let rows = try await database.client.query(
                "SELECT agentctl.submit($1, $2, $3) AS seq",
                [.text(name), .text(text), .text(chain)]
            )
            guard let row = rows.first else { throw TrialError("submit() returned no row") }
            submissions.add(text, to: name, .accepted(seq: try row.decode("seq")))
        }
    }

    /// Who has a state that is needed afterwards.
    private enum Part: Sendable {
        case person(TrialPerson)
        case clock(TrialClock)
        case faults(TrialFaults)
        case other
    }

    /// Everybody does what they do, for so long.
    mutating func perform(for duration: Duration) async throws {
        let before = self
        try await withThrowingTaskGroup(of: Part.self) { group in
            for client in before.clients {
                group.addTask {
                    var client = client
                    try await client.run()
                    return .other
                }
            }
            for follower in before.followers {
                group.addTask {
                    await follower.run()
                    return .other
                }
            }
            group.addTask {
                var chains = before.chains
                try await chains.run()
                return .other
            }
            group.addTask {
                var person = before.person
                await person.run()
                return .person(person)
            }
            group.addTask {
                var clock = before.clock
                try await clock.run()
                return .clock(clock)
            }
            group.addTask {
                var faults = before.faults
                try await faults.run()
                return .faults(faults)
            }
            try await Task.sleep(for: duration)
            group.cancelAll()
            for try await part in group {
                switch part {
                case .person(let after): person = after
                case .clock(let after): clock = after
                case .faults(let after): faults = after
                case .other: break
                }
            }
        }
    }
}
