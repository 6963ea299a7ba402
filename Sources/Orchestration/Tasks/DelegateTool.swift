package import Conversation
package import JSON
package import Tools

/// The tool by which a model has other agents do tasks.
///
/// It exists only for agents whose rows say whom they may delegate to, and its schema lists these names. A turn does not
/// call it: it stores the tasks with the answer that asks for them, in one commit, and parks. When all have ended, what
/// they came to is the call's result (``Delegation``).
package struct DelegateTool: Tool {
    /// The name by which models call it.
    package static let name = "delegate"
    /// The most tasks that one call may have.
    package static let maximumTasks = 1_000
    /// The most tasks of a call that run at once, so that one call leaves a worker's slots to others.
    package static let maximumParallelTasks = 16

    private let delegates: Delegates
    package let specification: ToolSpecification

    /// The tool of an agent.
    ///
    /// - Parameter delegates: Whom the agent may delegate to.
    package init(delegates: Delegates) {
        self.delegates = delegates
        specification = ToolSpecification(
            name: Self.name,
            description: Self.description(of: delegates),
            inputSchema: JSONText(Self.schema(of: delegates))
        )
    }

    /// Tasks exist if and only if the answer that asks for them is stored.
    package var effect: ToolEffect { .sql }

    /// Several replies stand in one result.
    package var limits: ToolLimits { ToolLimits(outputBytes: 65_536) }

    package var truncationHint: String { "Ask for shorter answers, or delegate fewer tasks at once." }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        throw ToolError(.failed, "Tasks can be delegated by a turn only.")
    }

    /// The tasks that a call asks for.
    ///
    /// - Parameters:
    ///   - arguments: The call's arguments; they fit the schema.
    ///   - group: What the tasks belong to.
    ///   - number: The number of the first within the turn.
    /// - Returns: The tasks, at least one, numbered in their order.
    /// - Throws: ``ToolError/Code/invalidArguments`` when a task names neither an agent nor a capability, or both, or the
    ///   turn has too many.
    package func requests(
        for arguments: JSONValue,
        group: String,
        from number: Int
    ) throws(ToolError) -> [TaskRequest] {
        let tasks = arguments["tasks"]?.arrayValue ?? []
        guard number + tasks.count - 1 <= TaskRequest.maximumPerTurn else {
            throw ToolError(.invalidArguments, "A turn delegates at most \(TaskRequest.maximumPerTurn) tasks.")
        }
        var requests: [TaskRequest] = []
        for (offset, task) in tasks.enumerated() {
            let (agent, capability) = (task["agent"]?.stringValue, task["capability"]?.stringValue)
            guard (agent == nil) != (capability == nil) else {
                throw ToolError(.invalidArguments, "Task \(offset + 1) needs either an agent or a capability.")
            }
            requests.append(
                TaskRequest(
                    number: number + offset,
                    group: group,
                    description: task["task"]?.stringValue ?? "",
                    input: task["input"],
                    agent: agent,
                    capabilities: capability.map { [$0] } ?? [],
                    limit: delegates.isSequential ? 1 : Self.maximumParallelTasks
                )
            )
        }
        return requests
    }

    // MARK: What models are told

    private static func description(of delegates: Delegates) -> String {
        let order = delegates.isSequential ? "one after the other" : "at the same time"
        var lines = [
            "Has other agents do tasks and returns their answers. The tasks of one call run \(order). An agent sees its task "
                + "only, and nothing else of this conversation."
        ]
        for agent in delegates.agents {
            lines.append(agent.description.isEmpty ? "- \(agent.name)" : "- \(agent.name): \(agent.description)")
        }
        if !delegates.capabilities.isEmpty { lines.append("For a capability, an agent that has it is chosen.") }
        return lines.joined(separator: "\n")
    }

    private static func schema(of delegates: Delegates) -> JSONValue {
        let needsAgent = delegates.capabilities.isEmpty
        let needsCapability = delegates.agents.isEmpty
        var members: JSONObject = [:]
        if !needsCapability {
            members["agent"] = [
                "type": "string", "description": "The agent that does it.",
                "enum": .array(delegates.agents.map { .string($0.name) }),
            ]
        }
        if !needsAgent {
            members["capability"] = [
                "type": "string", "description": "What the agent that does it must be able to do.",
                "enum": .array(delegates.capabilities.map { .string($0) }),
            ]
        }
        members["task"] = [
            "type": "string", "minLength": 1, "pattern": "\\S",
            "description": "What is to be done, with all that the agent has to know.",
        ]
        members["input"] = ["type": "object", "description": "Data for it, where the agent takes structured input."]
        let required: [JSONValue] = ["task"] + (needsAgent ? ["agent"] : []) + (needsCapability ? ["capability"] : [])
        return [
            "type": "object",
            "properties": [
                "tasks": [
                    "type": "array", "minItems": 1, "maxItems": .integer(Int64(maximumTasks)),
                    "items": [
                        "type": "object", "properties": .object(members), "required": .array(required),
                        "additionalProperties": false,
                    ],
                ]
            ],
            "required": ["tasks"],
            "additionalProperties": false,
        ]
    }
}
