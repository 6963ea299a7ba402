import JSON
import Logging
import Postgres

/// Two sessions that run schedules under a clock of their own, a minute of which takes a moment.
///
/// The clock of the workers is years behind: they find nothing due.
struct TrialClock: Sendable {
    let relay: PostgresRelay
    var random: TrialRandom
    /// How many have passed since the beginning.
    private(set) var seconds = 0

    init(relay: PostgresRelay, random: TrialRandom) {
        self.relay = relay
        self.random = random
    }

    /// The schedules of a trial: each of their times has one run, whoever is cut off.
    static let names = ["alone", "beside"]
    /// When the clock begins.
    static let start = "2035-01-01 00:00:00+00"

    /// Registers the schedules, and has them due next after the clock's beginning.
    static func prepare(_ database: CrashDatabase) async throws {
        for name in names {
            let document = """
                {"kind": "schedule", "name": "\(name)", "cron": "* * * * *", "agent": "hand", "missed": "all",
                 "overlap": "\(name == "alone" ? "queue" : "allow")", "message": "z\(name){{due}} unsafe"}
                """
            _ = try await database.client.query("SELECT agentctl.register($1::jsonb)", [.text(document)])
        }
        _ = try await database.client.query(
            """
            UPDATE agentctl.schedule_state AS s SET due_at = d.due, look_at = d.due
            FROM agentctl.definition_version AS v, LATERAL (
                SELECT agentctl.next_due(v.document, $1::timestamptz) AS due) AS d
            WHERE v.id = s.version_id AND s.name = ANY ($2::text[])
            """,
            [.text(start), .text("{\(names.joined(separator: ","))}")]
        )
    }

    /// Runs what is due until the task is cancelled.
    mutating func run() async throws {
        let clients = try (1...2).map { number in
            try PostgresClient(
                PostgresConfiguration(url: relay.url(database: "agentctl", application: "clock\(number)")),
                logger: Logger(label: "clock") { _ in SwiftLogNoOpLogHandler() }
            )
        }
        while !Task.isCancelled {
            seconds += 60 * (random.happens(80) ? 1 : 5)
            let now = seconds
            await withTaskGroup(of: Void.self) { group in
                for client in clients {
                    group.addTask { try? await Self.look(at: now, client) }
                }
            }
            try? await Task.sleep(for: random.milliseconds(300...900))
        }
        for client in clients { await client.shutdown() }
    }

    /// Begins what is due a second later.
    mutating func look(_ client: PostgresClient) async throws {
        seconds += 1
        try await Self.look(at: seconds, client)
    }

    private static func look(at seconds: Int, _ client: PostgresClient) async throws {
        _ = try await client.query(
            "SELECT agentctl.run_schedules($1::timestamptz + $2 * interval '1 second')",
            [.text(start), .integer(Int64(seconds))]
        )
    }
}
