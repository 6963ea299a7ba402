import ShellSyntax

/// A rule about which tools a turn may call before and after others.
struct OrderRule: Sendable {
    /// What is asked of the order.
    package enum Kind: Sendable {
        /// No other tool was called before it.
        case first
        /// Nothing is called after it.
        case last
        /// Another tool has succeeded before it.
        case after(WordPattern, name: String)
        /// It is called no more often in a turn.
        case atMost(Int)
    }

    package let label: String
    package let tool: WordPattern
    let toolName: String
    package let kind: Kind

    /// Why a call breaks the rule, in a sentence for the model; nil if it does not.
    package func violation(by call: ProposedCall) -> String? {
        let isMeant = tool.matches(call.tool, doubt: true)
        switch kind {
        case .first:
            guard isMeant, let other = call.attemptedCalls.first(where: { !fits($0) }) else { return nil }
            return "\(call.tool) has to be the first tool of a turn, and \(other) was called before it."
        case .last:
            guard let last = call.attemptedCalls.first(where: fits) else { return nil }
            return "\(last) has to be the last tool of a turn: no tool can be called after it. Answer now."
        case .after(let other, let name):
            guard isMeant else { return nil }
            let isDone = call.earlierCalls.contains { other.matches($0, doubt: false) }
            return isDone ? nil : "\(call.tool) can be called only after \(name) has succeeded: call \(name) first."
        case .atMost(let count):
            guard isMeant, call.attemptedCalls.count(where: fits) >= count else { return nil }
            let times = count == 1 ? "once" : "\(count) times"
            return "\(toolName) can be called at most \(times) in a turn, and has been. Go on without it."
        }
    }

    private func fits(_ name: String) -> Bool {
        tool.matches(name, doubt: true)
    }
}
