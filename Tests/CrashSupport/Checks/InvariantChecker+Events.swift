import JSON

extension InvariantChecker {
    /// Events with gaps or repetitions, in the table or in what followers were told.
    var brokenEvents: [Violation] {
        let stored = state.controls.flatMap { control -> [Violation] in
            let conversation = control.text("conversation_id")
            let events = state.of(conversation, state.events)
            let numbers = events.map { $0.number("number") }
            var found: [Violation] = []
            if numbers != Self.count(numbers) || control.number("last_event") != Int64(numbers.count) {
                found.append(Violation(.events, "\(conversation) has the events \(numbers)"))
            }
            let places = events.map { $0.number("seq") }
            if places != places.sorted() {
                found.append(Violation(.events, "\(conversation) has events of the submissions \(places)"))
            }
            for turn in state.of(conversation, state.turns) {
                // What has changed in a plan is told when the turn is stored, before what the turn tells.
                let types = events.filter { $0.number("seq") == turn.number("seq") }.map { $0.text("type") }
                    .filter { $0 != "plan_updated" }
                let isWhole =
                    types.first == "turn_started" && types.last == "turn_complete"
                    && types.count { $0 == "turn_started" } == 1 && types.count { $0 == "turn_complete" } == 1
                if !isWhole { found.append(Violation(.events, "turn \(turn.place) is told as \(types)")) }
            }
            return found
        }
        return stored + followed.flatMap(brokenFollowing)
    }

    private func brokenFollowing(_ conversation: String, _ lines: [JSONValue]) -> [Violation] {
        let told = lines.map { "\($0.number("number")) \($0.number("seq")) \($0.text("type"))" }
        let stored = state.of(conversation, state.events).map {
            "\($0.number("number")) \($0.number("seq")) \($0.text("type"))"
        }
        guard told != stored else { return [] }
        return [Violation(.events, "a follower of \(conversation) was told \(told) of \(stored)")]
    }
}
