import JSON
import Postgres

/// The person of a trial: decides about calls, stops turns and takes them back, sends messages into them, has conversations
/// summarized, forked, changed and closed, and says what became of calls that are in doubt, as the ledger of effects has it.
struct TrialPerson {
    let database: CrashDatabase
    let effects: EffectLedger
    let submissions: SubmissionLedger
    let places: TrialPlaces
    var random: TrialRandom
    private(set) var doubts = 0
    private var steered = 0

    init(
        database: CrashDatabase,
        effects: EffectLedger,
        submissions: SubmissionLedger,
        places: TrialPlaces,
        random: TrialRandom
    ) {
        self.database = database
        self.effects = effects
        self.submissions = submissions
        self.places = places
        self.random = random
    }

    /// Does something now and then until the task is cancelled; what fails, fails.
    mutating func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: random.milliseconds(50...400))
            let conversation = places.pick(&random)
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<8: await query("SELECT agentctl.interrupt($1)", [.text(conversation)])
            case 8..<14: await query("SELECT agentctl.undo($1)", [.text(conversation)])
            case 14..<24: await query("SELECT agentctl.compact($1)", [.text(conversation)])
            case 24..<27: await query("SELECT agentctl.undo_compaction($1)", [.text(conversation)])
            case 27..<33: await fork(conversation)
            case 33..<36: await close()
            case 36..<42: await change(conversation)
            case 42..<70: await steer(conversation)
            case 70..<80: try? await resolve()
            default: try? await decide()
            }
        }
    }

    /// Decides about every call that waits for it.
    mutating func decide() async throws {
        for row in try await database.rows("SELECT id FROM agentctl.approval WHERE state = 'pending'") {
            let approves = random.happens(70)
            await query(
                approves ? "SELECT agentctl.approve($1)" : "SELECT agentctl.deny($1)",
                [.integer(row.number("id"))]
            )
        }
    }

    /// Says what became of calls that are in doubt, as soon as that can be known.
    mutating func resolve() async throws {
        for call in try await database.callsInDoubt() {
            doubts += 1
            let arguments = try JSONValue(parsing: call.text("arguments"))
            let marker = arguments.text("url").split(separator: "/").last.map(String.init) ?? ""
            let hasHappened = effects.effects.contains { $0.marker == marker }
            await query(
                "SELECT agentctl.resolve_tool_call($1, $2, $3::integer, $4)",
                [
                    .text(call.text("conversation_id")), .integer(call.number("seq")), .integer(call.number("call")),
                    .text(hasHappened ? "happened" : "run_again"),
                ]
            )
        }
    }

    /// Sends a message into the turn in progress, if there is one.
    private mutating func steer(_ conversation: String) async {
        steered += 1
        let text = "s\(steered)" + (["", " pure", " unsafe", " idempotent sql"].randomElement(using: &random) ?? "")
        let outcome: SubmissionLedger.Outcome
        do {
            let rows = try await database.client.query(
                "SELECT agentctl.steer($1, $2) AS seq",
                [.text(conversation), .text(text)]
            )
            outcome = try rows.first.map { .accepted(seq: try $0.decode("seq")) } ?? .unknown
        } catch let error as PostgresError where ["AC002", "AC003"].contains(error.sqlState) {
            outcome = .rolledBack
        } catch {
            outcome = .unknown
        }
        submissions.add(text, to: conversation, outcome)
    }

    private func fork(_ conversation: String) async {
        let name = places.nextFork()
        await query("SELECT agentctl.fork($1, $2)", [.text(conversation), .text(name)])
        // The answer may have been lost.
        let isThere = try? await database.isTrue(
            "SELECT EXISTS (SELECT FROM agentctl.conversation WHERE id = '\(name)')"
        )
        if isThere == true { places.add(name) }
    }

    private mutating func close() async {
        guard let conversation = places.pickToClose(&random) else { return }
        await query("SELECT agentctl.shutdown($1)", [.text(conversation)])
    }

    /// Gives a conversation an agent that takes messages up while it works, or the other one.
    private mutating func change(_ conversation: String) async {
        let agent = random.happens(50) ? "eager" : "assistant"
        await query(
            "SELECT agentctl.set($1, jsonb_build_object('agent', $2::text))",
            [.text(conversation), .text(agent)]
        )
    }

    private func query(_ statement: PostgresStatement, _ values: [PostgresValue]) async {
        _ = try? await database.client.query(statement, values)
    }
}
