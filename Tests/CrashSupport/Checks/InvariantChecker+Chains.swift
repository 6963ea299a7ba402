import JSON

extension InvariantChecker {
    // MARK: Whose conversation it is

    private func agent(of conversation: String) -> String {
        state.of(conversation, state.conversations, by: "id").first?.text("agent") ?? ""
    }

    /// Whether a chain answers in a conversation.
    func isChain(_ conversation: String) -> Bool { CrashDatabase.chains.contains(agent(of: conversation)) }

    /// Whether a plan runs in a conversation.
    func isPlan(_ conversation: String) -> Bool { agent(of: conversation) == "runner" }

    /// Whether something else than what a message says decides what its turn does, and what the model is asked.
    func hasOwnCourse(_ conversation: String) -> Bool {
        isPlan(conversation) || isChain(conversation) && agent(of: conversation) != "desk"
    }

    // MARK: Runs

    /// Runs of chains that did not come to what an undisturbed run of the same chain came to.
    var brokenChains: [Violation] {
        let calm = Dictionary(
            CrashDatabase.chains.map { ($0, course(of: "calm-\($0)", seq: 1)) },
            uniquingKeysWith: { first, _ in first }
        )
        return state.turns.flatMap { turn -> [Violation] in
            let conversation = turn.text("conversation_id")
            guard isChain(conversation) else { return [] }
            let visits = visits(of: turn)
            var found: [Violation] = []
            if Set(visits.map(\.key)).count != visits.count {
                found.append(Violation(.effects, "turn \(turn.place) has twice one of the visits \(visits.map(\.key))"))
            }
            let expected = calm[agent(of: conversation)] ?? []
            let course = course(of: conversation, seq: turn.number("seq"))
            // A run goes another way where a task of it was cancelled by itself, or a call was answered with an error or, as
            // it was in doubt, by a person.
            let isWhole =
                state.tasks.allSatisfy {
                    $0.text("parent_conversation_id") != conversation || $0.number("parent_seq") != turn.number("seq")
                        || $0.text("state") != "cancelled"
                } && state.of(conversation, state.calls).allSatisfy { $0.text("state") != "failed" }
                && state.of(conversation, state.events).allSatisfy { $0.text("type") != "call_resolved" }
            if turn.text("status") == "succeeded", isWhole, course != expected {
                let (wrong, missing) = (Set(course).subtracting(expected), Set(expected).subtracting(course))
                found.append(Violation(.order, "the run \(turn.place) has \(wrong) instead of \(missing)"))
            }
            return found
        }
    }

    private func visits(of turn: JSONValue) -> [(key: String, row: JSONValue)] {
        state.of(turn.text("conversation_id"), state.nodeRuns).filter { $0.number("seq") == turn.number("seq") }.map {
            ("\($0.text("node"))#\($0.number("visit"))", $0)
        }
    }

    /// All that must be the same in each run of a chain: visits of nodes and what they gave, tasks, calls and the reply.
    ///
    /// Runs differ in their numbers only.
    private func course(of conversation: String, seq: Int64) -> [String] {
        func isOfIt(_ row: JSONValue) -> Bool {
            row.text("conversation_id") == conversation && row.number("seq") == seq
        }
        let visits = state.nodeRuns.filter(isOfIt).map { run in
            let parts = ["input", "output", "writes"].map { Self.blank((run[$0] ?? .null).text) }
            return "\(run.text("node"))#\(run.number("visit")) \(run.text("status")) \(parts)"
        }
        let tasks = state.tasks.filter {
            $0.text("parent_conversation_id") == conversation && $0.number("parent_seq") == seq
        }.map {
            "task \($0.text("group_key")) \($0.text("agent")) \(Self.blank($0.text("description"))) \($0.text("state"))"
        }
        let calls = state.calls.filter(isOfIt).map {
            "call \($0.text("tool")) \(Self.blank($0.text("arguments"))) \($0.text("state"))"
        }
        let messages = state.messages.filter(isOfIt).map { Self.blank("\($0.text("role")) \($0.text("content"))") }
        return (visits + tasks + calls).sorted() + [messages.first ?? "", messages.last ?? ""]
    }

    /// A text without the name of its run, and with 0 for each number.
    private static func blank(_ text: String) -> String {
        text.replacing(/\b[kq][0-9]+(\.c(?![a-z]))?/, with: "run").replacing(/[0-9]+/, with: "0")
    }
}
