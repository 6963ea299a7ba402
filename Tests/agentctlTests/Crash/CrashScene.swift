import CrashSupport
import Glibc
import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

/// A database with a relay before it, a mock model and mock tools with ledgers, and the workers of a test.
///
/// The first worker is called `first` and is the one that something happens to; what it is at is decided by the gates and
/// by the relay, and never by time.
struct CrashScene: Sendable {
    let database: CrashDatabase
    let name: String
    let relay: PostgresRelay
    let model: ModelLedger
    let effects: EffectLedger
    let gates: Gates
    let submissions = SubmissionLedger()

    /// What is held, and for whom.
    struct Gates: Sendable {
        /// The first worker's reply to the first message.
        let reply = MockGate()
        /// The answer of the unsafe tool to its first call.
        let tool = MockGate()
        /// Everything that the model says to other workers.
        let others = MockGate()

        func openForever() async {
            for gate in [reply, tool, others] { await gate.openForever() }
        }
    }

    /// What the first message asks for; the model's third answer ends its turn.
    static let firstMessage = "first idempotent unsafe"

    // MARK: Doing

    func worker(_ name: String) throws -> AgentctlProcess {
        try AgentctlProcess(
            ["work", "--slots", "2", "--unsafe-no-sandbox"],
            environment: [
                "DATABASE_URL": relay.url(database: self.name, application: name), CrashDatabase.nameVariable: name,
            ]
        )
    }

    func submit(_ text: String, to conversation: String, by function: String = "submit") async throws {
        let rows = try await database.client.query(
            PostgresStatement("SELECT agentctl.\(function)($1, $2) AS seq"),
            [.text(conversation), .text(text)]
        )
        submissions.add(text, to: conversation, .accepted(seq: try #require(rows.first).decode("seq")))
    }

    /// Has a worker's lease end now, by the clock of the database, and another one take over.
    func takeOver(from name: String) async throws {
        let isLost = "SELECT bool_and(w.state = 'lost') FROM \(Self.rows(of: name))"
        try await eventually("\(name) to be counted as lost") {
            _ = try await database.client.query(
                """
                UPDATE agentctl.worker AS w SET heartbeat_at = w.heartbeat_at - interval '1 hour'
                FROM public.start AS s WHERE s.worker_id = w.id AND s.application = $1
                """,
                [.text(name)]
            )
            return try await database.isTrue(isLost)
        }
    }

    private static func rows(of name: String) -> String {
        "agentctl.worker AS w JOIN public.start AS s ON s.worker_id = w.id WHERE s.application = '\(name)'"
    }

    /// Waits until a worker has dropped what it held and begun anew.
    func newBeginning(of name: String) async throws {
        try await eventually("\(name) to find out") {
            try await database.isTrue("SELECT count(*) > 1 FROM public.start WHERE application = '\(name)'")
        }
    }

    /// Waits until a worker holds the first conversation, or has found that a person must say how it goes on.
    func takenUp(by name: String) async throws {
        try await eventually("\(name) to take over") {
            try await database.isTrue(
                """
                SELECT c.state = 'parked' OR s.application IS NOT DISTINCT FROM '\(name)'
                FROM agentctl.conversation_control AS c LEFT JOIN public.start AS s ON s.worker_id = c.worker_id
                WHERE c.conversation_id = 'c'
                """
            )
        }
    }

    /// Waits until a statement of a worker's waits for a lock.
    func blocked(_ name: String, in function: String) async throws {
        try await eventually("\(name) to wait in \(function)") {
            try await database.isTrue(
                """
                SELECT count(*) > 0 FROM pg_stat_activity
                WHERE application_name = '\(name)' AND wait_event_type = 'Lock' AND query LIKE '%\(function)%'
                  AND datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
                """
            )
        }
    }

    /// Waits until all is processed; as a person, says of calls in doubt what the ledger knows.
    ///
    /// - Returns: How many calls were in doubt, and the markers of those that are run again.
    func settle() async throws -> (doubts: Int, runAgain: Set<String>) {
        var runAgain: Set<String> = []
        var doubts = 0
        try await eventually("everything to be processed") {
            for call in try await database.callsInDoubt() {
                doubts += 1
                let arguments = try JSONValue(parsing: call["arguments"]?.stringValue ?? "")
                let marker = arguments["url"]?.stringValue?.split(separator: "/").last.map(String.init) ?? ""
                let hasHappened = effects.effects.contains { $0.marker == marker }
                if !hasHappened { runAgain.insert(marker) }
                _ = try await database.client.query(
                    "SELECT agentctl.resolve_tool_call($1, $2, $3::integer, $4)",
                    [
                        .text(call["conversation_id"]?.stringValue ?? ""),
                        .integer(call["seq"]?.integerValue ?? 0), .integer(call["call"]?.integerValue ?? 0),
                        .text(hasHappened ? "happened" : "run_again"),
                    ]
                )
            }
            return try await database.isTrue("SELECT bool_and(state = 'idle') FROM agentctl.conversation_control")
        }
        return (doubts, runAgain)
    }
}

/// Runs a test over a scene; everything is checked when the body is done.
func withCrashScene<Result>(_ body: (CrashScene) async throws -> Result) async throws -> Result {
    let gates = CrashScene.Gates()
    let isFirst = Mutex(true)
    let effects = EffectLedger { effect in
        guard effect.tool == .unsafe else { return nil }
        return isFirst.withLock { isFirst in
            defer { isFirst = false }
            return isFirst ? gates.tool : nil
        }
    }
    return try await withMockServer {
        try await effects.answer($0)
    } perform: { server in
        let model = ModelLedger(effects: server.url) { call in
            if call.worker != "first" { return call.worker == "early" ? nil : gates.others }
            return call.message == "first" && call.round == 2 ? gates.reply : nil
        }
        return try await withMockModel {
            try await model.answer($0)
        } perform: { mock in
            try await withDatabase(template: .seeded) { url in
                try await withPostgresRelay(to: TemporaryCluster.shared.socketPath) { relay in
                    let database = try CrashDatabase(url: url)
                    try await database.prepare(model: mock.baseURL, effectPort: server.port, timeToLive: 3)
                    let name = url.split(separator: "?")[0].split(separator: "/").last.map(String.init) ?? ""
                    let scene = CrashScene(
                        database: database,
                        name: name,
                        relay: relay,
                        model: model,
                        effects: effects,
                        gates: gates
                    )
                    let result = try await body(scene)
                    await database.client.shutdown()
                    return result
                }
            }
        }
    }
}
