import IO
import JSON

/// The person of a trial: decides about calls, stops turns and takes them back, and says in the end what became of calls
/// that are in doubt, as the ledger of effects has it.
struct TrialPerson {
    let database: CrashDatabase
    let effects: EffectLedger
    var random: TrialRandom
    private(set) var runAgain: Set<String> = []
    private(set) var doubts = 0

    init(database: CrashDatabase, effects: EffectLedger, random: TrialRandom) {
        self.database = database
        self.effects = effects
        self.random = random
    }

    /// Does something now and then until the task is cancelled; what fails, fails.
    mutating func run(_ conversations: [String]) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: random.milliseconds(200...900))
            let conversation = conversations.randomElement(using: &random) ?? ""
            switch Int.random(in: 0..<10, using: &random) {
            case 0...1: await query("SELECT agentctl.interrupt($1)", [.text(conversation)])
            case 2: await query("SELECT agentctl.undo($1)", [.text(conversation)])
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

    /// Says what became of calls that are in doubt; only when nobody is left who could still make them.
    mutating func resolve() async throws {
        for call in try await database.callsInDoubt() {
            doubts += 1
            let arguments = try JSONValue(parsing: call.text("arguments"))
            let marker = arguments.text("url").split(separator: "/").last.map(String.init) ?? ""
            let hasHappened = effects.effects.contains { $0.marker == marker }
            if !hasHappened { runAgain.insert(marker) }
            await query(
                "SELECT agentctl.resolve_tool_call($1, $2, $3::integer, $4)",
                [
                    .text(call.text("conversation_id")), .integer(call.number("seq")), .integer(call.number("call")),
                    .text(hasHappened ? "happened" : "run_again"),
                ]
            )
        }
    }

    private func query(_ statement: PostgresStatement, _ values: [PostgresValue]) async {
        _ = try? await database.client.query(statement, values)
    }
}
