package import JSON

/// A task that a turn delegates.
package struct TaskRequest: Sendable, Hashable {
    /// The most tasks that one turn may delegate.
    package static let maximumPerTurn = 10_000

    /// Counts from 1 within the turn: the same number is the same task.
    package var number: Int
    /// Which tasks of the turn belong together.
    package var group: String
    /// What is to be done, in words.
    package var description: String
    /// Structured input; nil for none.
    package var input: JSONValue?
    /// The agent; nil for one that has the capabilities.
    package var agent: String?
    /// What the agent must be able to do.
    package var capabilities: [String]
    /// How many tasks of the group run at once, at least 1.
    package var limit: Int
    /// Nodes of a chain that its agent may choose to go to.
    package var choices: [String] = []
    /// How long it may take from its beginning; nil for what the turn has left.
    package var timeout: Duration?
    /// Most tokens that it and the tasks below it may take; nil for what the turn has left.
    package var maximumTokens: Int?
    /// Most that it and the tasks below it may cost, in USD; nil for what the turn has left.
    package var maximumCost: Double?

    package init(
        number: Int,
        group: String,
        description: String,
        input: JSONValue? = nil,
        agent: String? = nil,
        capabilities: [String] = [],
        limit: Int
    ) {
        self.number = number
        self.group = group
        self.description = description
        self.input = input
        self.agent = agent
        self.capabilities = capabilities
        self.limit = limit
    }

    /// The request as `agentctl.spawn_tasks` reads it.
    package var json: JSONValue {
        var object: JSONObject = [
            "number": .integer(Int64(number)), "group": .string(group), "description": .storable(description),
            "limit": .integer(Int64(limit)),
        ]
        object["input"] = input
        object["agent"] = agent.map { .storable($0) }
        if !choices.isEmpty { object["choices"] = .array(choices.map { .string($0) }) }
        object["timeout"] = timeout.map { .number($0.milliseconds / 1_000) }
        object["budget_tokens"] = maximumTokens.map { .integer(Int64($0)) }
        object["budget_usd"] = maximumCost.map { .number($0) }
        if !capabilities.isEmpty { object["capabilities"] = .array(capabilities.map { .storable($0) }) }
        return .object(object)
    }
}
