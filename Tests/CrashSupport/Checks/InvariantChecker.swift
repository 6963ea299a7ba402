public import JSON
public import Postgres

/// Compares the database with what clients, the mock model and the mock tools wrote down, when nothing runs any more.
///
/// None of the ledgers is kept by the code under test: a lie in the database does not make one in them.
public struct InvariantChecker: Sendable {
    let submissions: [SubmissionLedger.Entry]
    let errands: [ErrandLedger.Entry]
    /// The tasks that somebody wanted to stop.
    let stoppedTasks: Set<Int64>
    /// How many minutes have passed by the clock of the schedules.
    let minutes: Int
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
    ///   - errands: The tasks and plans that they handed in.
    ///   - minutes: How many minutes have passed by the clock of the schedules.
    ///   - model: What the model was asked.
    ///   - effects: What tools did.
    ///   - followed: What followers printed, line by line, by conversation.
    ///   - connection: A transaction whose changes are to be seen; nil for what is committed.
    public init(
        _ database: CrashDatabase,
        submissions: SubmissionLedger,
        errands: ErrandLedger = ErrandLedger(),
        minutes: Int = 0,
        model: ModelLedger,
        effects: EffectLedger,
        followed: [(conversation: String, lines: [JSONValue])] = [],
        within connection: PostgresConnection? = nil
    ) async throws {
        self.submissions = submissions.entries
        self.errands = errands.entries
        stoppedTasks = errands.stoppedTasks
        self.minutes = minutes
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
        counts["chain"] = state.turns.count { isChain($0.text("conversation_id")) }
        counts["plan"] = state.plans.count
        counts["schedule"] = state.scheduleRuns.count
        return counts
    }

    /// All that is broken.
    public var violations: [Violation] {
        lostSubmissions + brokenTranscripts + brokenOrder + brokenEffects + fencedWrites + brokenEvents
            + brokenOperations + brokenTrees + brokenBudgets + brokenChains + brokenErrands + brokenSchedules
    }
}
