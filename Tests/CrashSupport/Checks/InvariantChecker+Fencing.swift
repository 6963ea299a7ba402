import JSON

extension InvariantChecker {
    /// Writes of a process that did not hold the lease, and leases that were given twice.
    var fencedWrites: [Violation] {
        let names = Set(state.processes.values)
        var leases: Set<String> = []
        /// The last transaction of whoever held the conversation, by conversation: it may write more than once.
        var holders: [String: String] = [:]
        return state.changes.flatMap { change -> [Violation] in
            guard let old = change["old"], let new = change["new"] else { return [] }
            var found: [Violation] = []
            let writer = change.text("application")
            let holder = old["worker_id"]?.integerValue.flatMap { state.processes[$0] }
            let place = "\(change.text("conversation_id"))/\(old.number("head_seq") + 1)"
            let hasWritten = ["head_seq", "last_message"].contains { old.number($0) != new.number($0) }
            if holder == writer { holders[change.text("conversation_id")] = change.text("transaction") }
            let isHolders = holders[change.text("conversation_id")] == change.text("transaction")
            // A fork begins with what it was given.
            let isNew = old.number("tail_seq") == 0 && old.number("last_message") == 0 && new.text("state") == "idle"
            if hasWritten, !isNew, !isHolders {
                found.append(Violation(.fencing, "\(writer) wrote to \(place), which \(holder ?? "nobody") held"))
            }
            // A call that is resolved and the like are events of nobody's turn; who ends a task tells the turn above it, and
            // what waited for several decisions may run while a person takes the next.
            if old.number("last_event") != new.number("last_event"), old.text("state") == "running", holder != writer,
                old.number("told") == new.number("told"), !isDecision(new)
            {
                found.append(Violation(.fencing, "\(writer) told of \(place), which \(holder ?? "nobody") held"))
            }
            guard let lease = new["lease"]?.stringValue, lease != old["lease"]?.stringValue else { return found }
            if !leases.insert(lease).inserted { found.append(Violation(.fencing, "lease \(lease) was given twice")) }
            if old.text("state") != "ready" || !names.contains(writer) {
                found.append(Violation(.fencing, "\(writer) claimed \(place), which was \(old.text("state"))"))
            }
            return found
        }
    }
    /// Whether the last event of a conversation, as it was then, is that of a decision.
    private func isDecision(_ control: JSONValue) -> Bool {
        state.of(control.text("conversation_id"), state.events).contains {
            $0.number("number") == control.number("last_event") && $0.text("type") == "approval_decided"
        }
    }
}
