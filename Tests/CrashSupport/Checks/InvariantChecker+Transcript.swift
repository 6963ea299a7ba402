import JSON

extension InvariantChecker {
    /// Transcripts that do not say what was submitted, once, in order.
    var brokenTranscripts: [Violation] {
        state.controls.flatMap { control in
            let conversation = control.text("conversation_id")
            let messages = state.of(conversation, state.messages)
            let numbers = messages.map { $0.number("number") }
            var found: [Violation] = []
            if numbers != Self.count(numbers) || control.number("last_message") != Int64(numbers.count) {
                found.append(Violation(.order, "\(conversation) has the messages \(numbers)"))
            }
            // What a plan is told is no message of anybody's.
            if isPlan(conversation) { return found }
            let said = ownMessages(of: conversation).filter { $0.text("role") == "user" }.map {
                "\($0.number("seq")) \($0.text("content"))"
            }
            // In the order of the turns, and in each first its own and then what it has taken up.
            let submitted = state.of(conversation, state.submissions).compactMap { row in
                row["body"]?["message"]?.stringValue.map { (row["taken_by"]?.integerValue ?? row.number("seq"), $0) }
            }.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map {
                "\($0.element.0) \($0.element.1)"
            }
            if said != submitted {
                found.append(Violation(.order, "\(conversation): submitted \(submitted), in the transcript \(said)"))
            }
            return found + state.of(conversation, state.turns).flatMap { brokenTurn($0, messages) }
        }
    }

    /// A turn whose messages are not those of one run through its plan, and those of what it has taken up.
    private func brokenTurn(_ turn: JSONValue, _ messages: [JSONValue]) -> [Violation] {
        let own = messages.filter { $0.number("seq") == turn.number("seq") }
        let numbers = own.map { $0.number("number") }
        let range = Array(turn.number("first_message")...max(turn.number("first_message"), turn.number("last_message")))
        guard numbers == range, own.first?.text("role") == "user" else {
            return [Violation(.order, "turn \(turn.place) says messages \(range), which are \(numbers)")]
        }
        guard turn.text("status") == "succeeded" else { return [] }
        var found: [Violation] = []
        let isPlanned = hasOwnCourse(turn.text("conversation_id"))
        let starts = isPlanned ? [] : own.indices.filter { own[$0].text("role") == "user" } + [own.count]
        for (start, end) in zip(starts, starts.dropFirst()) {
            let text = own[start].text("content")
            let roles = own[start..<end].map { $0.text("role") }
            // One that was followed by another is left where it was, after whole rounds.
            let possible = Self.roles(of: TurnPlan(text))
            if end == own.count ? roles != possible.last : !possible.contains(roles) {
                found.append(Violation(.order, "turn \(turn.place) (\(text)) consists of \(roles)"))
            }
        }
        let asked = own.flatMap { $0["tool_calls"]?.arrayValue ?? [] }.map { $0.text("id") }
        let answered = own.compactMap { $0["tool_call_id"]?.stringValue }
        if asked != answered {
            found.append(Violation(.order, "turn \(turn.place) asked for \(asked) and has results of \(answered)"))
        }
        return found
    }

    /// Who speaks for a message: after no round, one, two …, and with the reply.
    private static func roles(of plan: TurnPlan) -> [[String]] {
        var roles = [["user"]]
        for tools in plan.rounds { roles.append((roles.last ?? []) + ["assistant"] + tools.map { _ in "tool" }) }
        return roles + [(roles.last ?? []) + ["assistant"]]
    }

    /// The messages before a turn that a claim comes with.
    private static let shownMessages: Int64 = 100

    /// Turns that calls without an answer push out of the window: a fork may begin in the middle of a turn, and each call is
    /// shown with an answer.
    private static let pushedTurns = 3

    private static func isShown(_ shown: [String], of expected: [String], isCut: Bool) -> Bool {
        shown == expected
            || isCut && shown.count >= expected.count - pushedTurns && shown == expected.suffix(shown.count)
    }

    /// Replies to a prompt that was not the conversation as it was when the turn began.
    var brokenOrder: [Violation] {
        state.turns.filter { $0.text("status") == "succeeded" }.flatMap { turn -> [Violation] in
            guard !hasOwnCourse(turn.text("conversation_id")) else { return [] }
            let messages = state.of(turn.text("conversation_id"), state.messages)
            let reply = messages.first { $0.number("number") == turn.number("last_message") }?.text("content") ?? ""
            let summary = summary(for: turn)
            let first = max(
                turn.number("first_message") - Self.shownMessages,
                (summary?.number("last_message") ?? 0) + 1
            )
            let before = messages.filter { message in
                let undone = message["undone_by"]?.integerValue
                return message.text("role") == "user" && message.number("number") < turn.number("last_message")
                    && message.number("number") >= first && (undone.map { $0 > turn.number("seq") } ?? true)
            }
            let expected = before.map { TurnPlan($0.text("content")).name }
            guard let number = ModelLedger.call(ofReply: reply), model.indices.contains(number - 1) else {
                return [Violation(.order, "turn \(turn.place) ends with \"\(reply)\", which the model never said")]
            }
            let call = model[number - 1]
            var found: [Violation] = []
            if !Self.isShown(
                call.shown,
                of: expected,
                isCut: first > 1 && first <= turn.number("first_message") - Self.shownMessages
            ) {
                found.append(Violation(.order, "turn \(turn.place) was shown \(call.shown) instead of \(expected)"))
            }
            if call.summary != summary?.text("summary") {
                let shown = "\(call.summary ?? "none") instead of \(summary?.text("summary") ?? "none")"
                found.append(Violation(.order, "turn \(turn.place) was shown the summary \(shown)"))
            }
            if call.message != expected.last {
                found.append(Violation(.order, "turn \(turn.place) ends with a reply to \(call.message)"))
            }
            let writer = state.processes[turn.number("worker_id")] ?? "nobody"
            if call.worker != writer {
                found.append(Violation(.fencing, "\(writer) stored \(turn.place), which \(call.worker) asked for"))
            }
            return found
        }
    }
}
