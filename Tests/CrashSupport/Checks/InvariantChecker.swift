public import IO
public import JSON

/// Compares the database with what clients, the mock model and the mock tools wrote down, when nothing runs any more.
///
/// None of the ledgers is kept by the code under test: a lie in the database does not make one in them.
public struct InvariantChecker: Sendable {
    let submissions: [SubmissionLedger.Entry]
    let model: [ModelLedger.Call]
    let effects: [EffectLedger.Effect]
    /// What followers printed, by conversation.
    let followed: [(conversation: String, lines: [JSONValue])]
    /// The markers of calls that a person had run again.
    let runAgain: Set<String>
    let state: SettledState

    /// Reads the database.
    ///
    /// - Parameters:
    ///   - database: The database, when nothing runs any more.
    ///   - submissions: What clients submitted.
    ///   - model: What the model was asked.
    ///   - effects: What tools did.
    ///   - followed: What followers printed, line by line, by conversation.
    ///   - runAgain: The markers of calls that a person had run again.
    ///   - connection: A transaction whose changes are to be seen; nil for what is committed.
    public init(
        _ database: CrashDatabase,
        submissions: SubmissionLedger,
        model: ModelLedger,
        effects: EffectLedger,
        followed: [(conversation: String, lines: [JSONValue])] = [],
        runAgain: Set<String> = [],
        within connection: PostgresConnection? = nil
    ) async throws {
        self.submissions = submissions.entries
        self.model = model.calls
        self.effects = effects.effects
        self.followed = followed
        self.runAgain = runAgain
        state = try await SettledState(database, within: connection)
    }

    /// The turns by how they ended.
    var turnCounts: [String: Int] {
        Dictionary(grouping: state.turns) { $0.text("status") }.mapValues(\.count)
    }

    /// All that is broken.
    public var violations: [Violation] {
        lostSubmissions + brokenTranscripts + brokenOrder + brokenEffects + fencedWrites + brokenEvents
    }
}
