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
            let said = messages.filter { $0.text("role") == "user" }.map {
                "\($0.number("seq")) \($0.text("content"))"
            }
            let submitted = state.of(conversation, state.submissions).compactMap { row in
                row["body"]?["message"]?.stringValue.map { "\(row.number("seq")) \($0)" }
            }
            if said != submitted {
                found.append(Violation(.order, "\(conversation): submitted \(submitted), in the transcript \(said)"))
            }
            return found + state.of(conversation, state.turns).flatMap { brokenTurn($0, messages) }
        }
    }

    /// A turn whose messages are not those of one run through its plan.
    private func brokenTurn(_ turn: JSONValue, _ messages: [JSONValue]) -> [Violation] {
        let own = messages.filter { $0.number("seq") == turn.number("seq") }
        let numbers = own.map { $0.number("number") }
        let range = Array(turn.number("first_message")...max(turn.number("first_message"), turn.number("last_message")))
        guard numbers == range, let first = own.first else {
            return [Violation(.order, "turn \(turn.place) says messages \(range), which are \(numbers)")]
        }
        guard turn.text("status") == "succeeded" else { return [] }
        let plan = TurnPlan(first.text("content"))
        var expected = ["user"]
        for tools in plan.rounds { expected += ["assistant"] + tools.map { _ in "tool" } }
        expected.append("assistant")
        let roles = own.map { $0.text("role") }
        var found: [Violation] = []
        if roles != expected {
            found.append(Violation(.order, "turn \(turn.place) (\(first.text("content"))) consists of \(roles)"))
        }
        let asked = own.flatMap { $0["tool_calls"]?.arrayValue ?? [] }.map { $0.text("id") }
        let answered = own.compactMap { $0["tool_call_id"]?.stringValue }
        if asked != answered {
            found.append(Violation(.order, "turn \(turn.place) asked for \(asked) and has results of \(answered)"))
        }
        return found
    }

    /// The messages before a turn that a claim comes with.
    private static let shownMessages: Int64 = 100

    /// Replies to a prompt that was not the conversation as it was when the turn began.
    var brokenOrder: [Violation] {
        state.turns.filter { $0.text("status") == "succeeded" }.flatMap { turn -> [Violation] in
            let messages = state.of(turn.text("conversation_id"), state.messages)
            let reply = messages.first { $0.number("number") == turn.number("last_message") }?.text("content") ?? ""
            let before = messages.filter { message in
                let undone = message["undone_by"]?.integerValue
                return message.text("role") == "user" && message.number("seq") <= turn.number("seq")
                    && message.number("number") >= turn.number("first_message") - Self.shownMessages
                    && (undone.map { $0 > turn.number("seq") } ?? true)
            }
            let expected = before.map { TurnPlan($0.text("content")).name }
            guard let number = reply.split(separator: "#").last.flatMap({ Int($0) }), model.indices.contains(number - 1)
            else {
                return [Violation(.order, "turn \(turn.place) ends with \"\(reply)\", which the model never said")]
            }
            let call = model[number - 1]
            var found: [Violation] = []
            if call.shown != expected {
                found.append(Violation(.order, "turn \(turn.place) was shown \(call.shown) instead of \(expected)"))
            }
            let writer = state.processes[turn.number("worker_id")] ?? "nobody"
            if call.worker != writer {
                found.append(Violation(.fencing, "\(writer) stored \(turn.place), which \(call.worker) asked for"))
            }
            return found
        }
    }
}
