import JSON

extension InvariantChecker {
    /// Forks, summaries, settings and ends of conversations that are not what was asked for.
    var brokenOperations: [Violation] {
        state.controls.flatMap { control -> [Violation] in
            let conversation = control.text("conversation_id")
            let row = state.of(conversation, state.conversations, by: "id").first ?? .null
            return brokenFork(conversation, row) + brokenSummaries(conversation) + brokenSettings(conversation, row)
                + brokenEnd(conversation, control)
        }
    }

    // MARK: Forks

    /// The last submission of the origin that a fork has a message of; 0 for what is none.
    func base(of conversation: String) -> Int64 {
        guard state.of(conversation, state.conversations, by: "id").first?["forked_from"]?.stringValue != nil else {
            return 0
        }
        let first = state.of(conversation, state.submissions).first?.number("seq")
        let tail = state.of(conversation, state.controls).first?.number("tail_seq") ?? 0
        return first.map { $0 - 1 } ?? tail
    }

    /// The messages of a conversation without those that came with a fork.
    func ownMessages(of conversation: String) -> [JSONValue] {
        let base = base(of: conversation)
        return state.of(conversation, state.messages).filter { $0.number("seq") > base }
    }

    /// What a fork was given: all of its origin up to the point but turns that were taken back there.
    private func brokenFork(_ conversation: String, _ row: JSONValue) -> [Violation] {
        guard let origin = row["forked_from"]?.stringValue else { return [] }
        let given = state.of(conversation, state.messages).filter { $0.number("seq") <= base(of: conversation) }
        let turns = Set(given.map { $0.number("seq") })
        let expected = state.of(origin, state.messages).filter { message in
            message.number("number") <= row.number("forked_message")
                && (message["undone_by"]?.integerValue == nil || turns.contains(message.number("seq")))
        }
        let (left, right) = (given.map(Self.content), expected.map(Self.content))
        guard left != right else { return [] }
        return [Violation(.order, "\(conversation) has of \(origin) \(left) instead of \(right)")]
    }

    private static func content(_ message: JSONValue) -> String {
        ["seq", "role", "content", "tool_calls", "tool_call_id"].map { (message[$0] ?? .null).text }
            .joined(separator: " ")
    }

    // MARK: Summaries

    /// The summary that a turn was shown.
    func summary(for turn: JSONValue) -> JSONValue? {
        state.of(turn.text("conversation_id"), state.compactions).last { row in
            // What came with a fork was there from the beginning.
            let isThere = row["model"]?.stringValue == nil || row.number("created_by") < turn.number("seq")
            return isThere && (row["undone_by"]?.integerValue.map { $0 > turn.number("seq") } ?? true)
        }
    }

    /// Summaries of the model's that do not tell of each message that they stand for, once and in order.
    private func brokenSummaries(_ conversation: String) -> [Violation] {
        state.of(conversation, state.compactions).flatMap { row -> [Violation] in
            guard row.text("made_by") == "model" else { return [] }
            let text = row.text("summary")
            let isGiven = row["model"]?.stringValue == nil
            let expected = state.of(conversation, state.messages).filter { message in
                message.text("role") == "user" && message.number("number") <= row.number("last_message")
                    && (isGiven || message["undone_by"]?.integerValue.map { $0 > row.number("created_by") } ?? true)
            }.map { TurnPlan($0.text("content")).name }
            var found: [Violation] = []
            if ModelLedger.names(inSummary: text) != expected {
                found.append(Violation(.order, "\(conversation): \"\(text)\" stands for \(expected)"))
            }
            if !model.contains(where: { $0.isSummary && ModelLedger.summary($0.shown, call: $0.number) == text }) {
                found.append(Violation(.order, "\(conversation): the model never said \"\(text)\""))
            }
            return found
        }
    }

    // MARK: Settings and ends

    /// Turns of another agent than the one that was set before them.
    private func brokenSettings(_ conversation: String, _ row: JSONValue) -> [Violation] {
        let changes = state.of(conversation, state.submissions).filter { $0.text("operation") == "set" }
        let turns = state.of(conversation, state.turns)
        // A fork has what its origin had at that moment, which nobody has written down.
        let isFork = row["forked_from"]?.stringValue != nil
        // A handoff has several agents.
        if row.text("agent") == "desk" { return [] }
        let first =
            isFork ? turns.first?.text("agent") ?? "" : changes.isEmpty ? row.text("agent") : "assistant"
        return turns.compactMap { turn in
            let change = changes.last { $0.number("seq") < turn.number("seq") }
            let expected = change?["body"]?["agent"]?.stringValue ?? first
            guard turn.text("agent") != expected else { return nil }
            return Violation(.order, "turn \(turn.place) is \(turn.text("agent"))'s and not \(expected)'s")
        }
    }

    /// What was accepted after the end.
    private func brokenEnd(_ conversation: String, _ control: JSONValue) -> [Violation] {
        let rows = state.of(conversation, state.submissions)
        let ends = rows.filter { $0.text("operation") == "shutdown" }.map { $0.number("seq") }
        let isRight =
            ends.isEmpty
            ? control["closed_seq"]?.integerValue == nil
            : ends == [control.number("closed_seq")] && ends == [control.number("tail_seq")]
        if isRight { return [] }
        return [Violation(.order, "\(conversation) was closed by \(ends) and goes on to \(control.number("tail_seq"))")]
    }
}
