package import JSON

/// A task of a turn, as its attempt finds it.
package struct TaskOutcome: Sendable, Hashable {
    /// How far it came.
    package enum State: String, Sendable, Hashable {
        case held, assigned, done, failed, cancelled
    }

    /// The task.
    package let id: Int64
    /// Counts from 1 within the turn.
    package let number: Int
    /// Which tasks of the turn it belongs to.
    package let group: String
    /// The agent of its last attempt; nil when there was none for it.
    package let agent: String?
    /// How far it came.
    package let state: State
    /// Whether it has ended and the turn's events say so.
    package let isTold: Bool
    /// The reply, when it is done; nil also when all replies together are too long.
    package let output: String?
    /// The class of the error that ended it.
    package let code: String?
    /// What happened.
    package let message: String?
    /// Nodes of a chain that its agent chose to go to.
    package let chosen: [String]
    /// Tokens that it has taken; while it has not ended, that it may take at most, where there is a limit.
    package let tokens: Int
    /// The same of its cost, in USD.
    package let cost: Double

    package init(
        id: Int64,
        number: Int,
        group: String,
        agent: String?,
        state: State,
        isTold: Bool,
        output: String? = nil,
        code: String? = nil,
        message: String? = nil,
        chosen: [String] = [],
        tokens: Int = 0,
        cost: Double = 0
    ) {
        (self.id, self.number, self.group, self.agent) = (id, number, group, agent)
        (self.state, self.isTold) = (state, isTold)
        (self.output, self.code, self.message) = (output, code, message)
        (self.chosen, self.tokens, self.cost) = (chosen, tokens, cost)
    }

    /// Reads an element of what `agentctl.turn_tasks` returns; nil if it is none.
    package init?(stored: JSONValue) {
        guard let id = stored["id"]?.integerValue, let number = stored["number"]?.integerValue,
            let state = stored["state"]?.stringValue.flatMap(State.init(rawValue:))
        else { return nil }
        self.init(
            id: id,
            number: Int(number),
            group: stored["group"]?.stringValue ?? "",
            agent: stored["agent"]?.stringValue,
            state: state,
            isTold: stored["told"]?.boolValue ?? false,
            output: stored["output"]?.stringValue,
            code: stored["code"]?.stringValue,
            message: stored["message"]?.stringValue,
            chosen: stored["chosen"]?.arrayValue?.compactMap(\.stringValue) ?? [],
            tokens: stored["tokens"]?.integerValue.map { Int($0) } ?? 0,
            cost: stored["cost_usd"]?.numberValue ?? 0
        )
    }
}
