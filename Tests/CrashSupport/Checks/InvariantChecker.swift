public import JSON
public import Postgres

/// Compares the database with what clients, the mock model and the mock tools wrote down, when nothing runs any more.
///
/// None of the ledgers is kept by the code under test: a lie in the database does not make one in them.
public struct InvariantChecker: Sendable {
    let submissions: [SubmissionLedger.Entry]
    let model: [ModelLedger.Call]
    let effects: [EffectLedger.Effect]
    /// What followers printed, by conversation.
    let followed: [(conversation: String, lines: [JSONValue])]
    let state: SettledState

    /// Reads the database.
    ///
    /// - Parameters:
    ///   - database: The database, when nothing runs any more.
    ///   - submissions: What clients submitted.
    ///   - model: What the model was asked.
    ///   - effects: What tools did.
    ///   - followed: What followers printed, line by line, by conversation.
    ///   - connection: A transaction whose changes are to be seen; nil for what is committed.
    public init(
        _ database: CrashDatabase,
        submissions: SubmissionLedger,
        model: ModelLedger,
        effects: EffectLedger,
        followed: [(conversation: String, lines: [JSONValue])] = [],
        within connection: PostgresConnection? = nil
    ) async throws {
        self.submissions = submissions.entries
        self.model = model.calls
        self.effects = effects.effects
        self.followed = followed
        state = try await SettledState(database, within: connection)
    }

    /// The turns by how they ended.
    var turnCounts: [String: Int] {
        Dictionary(grouping: state.turns) { $0.text("status") }.mapValues(\.count)
    }

    /// What was done with conversations besides sending messages, by kind.
    var operationCounts: [String: Int] {
        var counts = Dictionary(grouping: state.submissions) { $0.text("operation") }.mapValues(\.count)
        counts["user_input"] = nil
        counts["steered"] = state.submissions.count { $0["taken_by"]?.integerValue != nil }
        counts["fork"] = state.conversations.count { $0["forked_from"]?.stringValue != nil }
        counts["summary"] = state.compactions.count
        counts["task"] = state.tasks.count
        return counts
    }

    /// All that is broken.
    public var violations: [Violation] {
        lostSubmissions + brokenTranscripts + brokenOrder + brokenEffects + fencedWrites + brokenEvents
            + brokenOperations + brokenTrees
    }
}
