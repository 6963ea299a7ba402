package import JSON

/// What a turn has come to: everything that is stored of it, in one commit when it ends, or piece by piece when it has
/// effects that must not be repeated.
package struct TurnRecord: Sendable {
    /// How it ended.
    package typealias Status = TurnStatus

    /// How it ended.
    package var status: Status = .succeeded
    /// The agent's name.
    package var agent: String
    /// The agent's version; nil when it could not be built.
    package var agentVersion: Int?
    /// The same as an id of a definition's version.
    package var agentVersionID: Int64?
    /// The version of the handoff that the agent answered for, as such an id; nil for none.
    package var chainVersionID: Int64?
    /// The field of the agent whose limit ended it.
    package var limitReached: String?
    /// The class of error that ended it.
    package var errorCode: String?
    /// What happened.
    package var errorMessage: String?
    /// Messages that it adds to the transcript.
    package var messages: [ChatMessage] = []
    /// What this attempt did.
    package var steps: [StepRecord] = []
    /// The tools that this attempt called, and those that the one before it left unanswered.
    package var toolCalls: [ToolCallRecord] = []
    /// Stored functions and other code that its tools ran.
    package var functionCalls: [FunctionCallRecord] = []
    /// What its tools were refused.
    package var securityEvents: [SecurityEventRecord] = []
    /// The messages that were sent into it and that it has taken up, by their numbers.
    package var steered: [Int64] = []
    /// Calls that a person is asked about.
    package var approvals: [ApprovalRequest] = []
    /// Whether it waits for an operator who was asked before, besides its tasks.
    package var isAsked = false
    /// Tasks that it delegates.
    package var tasks: [TaskRequest] = []
    /// Visits of nodes that have ended in a run of a chain, as `agentctl.write_node_runs` reads them.
    package var nodes: [JSONValue] = []
    /// Of a task: the nodes of a chain that its agent chose to go to.
    package var chosen: [String] = []
    /// The agent that the conversation stays with from now on; nil to leave it.
    package var handedTo: String?
    /// The endings of tasks that it waits for; nil when it does not.
    package var awaited: AwaitedTasks?
    /// The wait for a model that it is parked for; nil when it is not.
    package var postponement: Postponement?
    /// Tasks that have not ended in a turn that was cancelled before its end.
    package var openTasks = 0
    /// What is left of submissions, by their numbers, when a guardrail has taken something out of them.
    package var bodies: [Int64: JSONValue] = [:]
    /// What it was shown of what is remembered and the database does not know yet, in order.
    package var shown: [RecalledMemory] = []
    /// How the turn is remembered as an interaction: `collection` and `above`; nil for not at all.
    package var interaction: JSONObject?
    /// What clients are told, in order.
    package var events: [EventRecord] = []
    /// How long was worked on it.
    package var duration: Duration = .zero
    /// What earlier attempts came to.
    package var earlier = TurnTotals()
    /// Whether the worker keeps the conversation's messages for the next turn.
    package var isKept = false
    /// What the database has of it.
    package var stored = StoredParts()

    /// How many of each the database has.
    package struct StoredParts: Sendable, Hashable {
        package var saves = 0
        package var messages = 0
        package var steered = 0
        package var steps = 0
        package var functionCalls = 0
        package var securityEvents = 0
        package var events = 0
    }

    /// How many endings of tasks a turn waits for.
    package struct AwaitedTasks: Sendable, Hashable {
        /// How many wake it.
        package var endings: Int
        /// How many it knew of when it counted them.
        package var told: Int

        package init(endings: Int, told: Int) {
            (self.endings, self.told) = (endings, told)
        }
    }

    /// A wait for a model that fails for now.
    package struct Postponement: Sendable, Hashable {
        /// What happened.
        package var error: String
        /// How long it waits.
        package var wait: Duration

        package init(error: String, wait: Duration) {
            (self.error, self.wait) = (error, wait)
        }
    }

    /// The record of a turn that has not begun.
    ///
    /// - Parameter agent: The agent's name.
    package init(agent: String) {
        self.agent = agent
    }

    /// The tokens of all model calls.
    package var usage: TokenUsage {
        steps.reduce(earlier.usage) { $0 + $1.usage }
    }

    /// The cost of all model calls in USD.
    package var cost: Double {
        USD.rounded(steps.reduce(earlier.cost) { $0 + $1.cost })
    }

    /// How often the model was called.
    package var modelCalls: Int {
        earlier.modelCalls + steps.count { $0.kind == .modelCall }
    }

    /// How many tools were called.
    package var toolCallCount: Int {
        max(earlier.toolCalls, toolCalls.last?.number ?? 0)
    }

    /// The number of the next step.
    package var nextStep: Int { earlier.steps + steps.count + 1 }

    /// Whether it is stored and waits for its tasks.
    package var isAwaitingTasks: Bool { status == .waiting && errorCode == WaitReason.tasks.errorCode }

    /// The final text, when the turn succeeded.
    package var reply: String? {
        status == .succeeded ? messages.last?.content : nil
    }

    /// The database has all that is here.
    package mutating func markStored() {
        stored = StoredParts(
            saves: stored.saves + 1,
            messages: messages.count,
            steered: steered.count,
            steps: steps.count,
            functionCalls: functionCalls.count,
            securityEvents: securityEvents.count,
            events: events.count
        )
        approvals = []
        tasks = []
        nodes = []
        handedTo = nil
        awaited = nil
        postponement = nil
        bodies = [:]
        shown = []
        for index in toolCalls.indices {
            toolCalls[index].storage = .stored
            toolCalls[index].hasStoredAnswer = toolCalls[index].isAnswered
        }
    }

    /// What the database has not, as `agentctl.finish` and `agentctl.save_progress` read it.
    package var text: JSONText {
        let numbered = steps.enumerated().dropFirst(stored.steps)
        let calls = toolCalls.filter { $0.storage != .stored }
        var record: JSONObject = [
            "turn": .object(summary),
            "messages": .array(messages.dropFirst(stored.messages).map(\.stored)),
            "steps": .array(numbered.map { $0.element.json(number: earlier.steps + $0.offset + 1) }),
            "tool_calls": .array(calls.map(\.json)),
            "events": .array(events.dropFirst(stored.events).map(\.json)),
        ]
        let functionCalls = functionCalls.dropFirst(stored.functionCalls)
        if !functionCalls.isEmpty { record["function_calls"] = .array(functionCalls.map(\.json)) }
        let securityEvents = securityEvents.dropFirst(stored.securityEvents)
        if !securityEvents.isEmpty { record["security_events"] = .array(securityEvents.map(\.json)) }
        let steered = steered.dropFirst(stored.steered)
        if !steered.isEmpty { record["steered"] = .array(steered.map { .integer($0) }) }
        if !bodies.isEmpty {
            record["bodies"] = .object(JSONObject(bodies.sorted { $0.key < $1.key }.map { ("\($0.key)", $0.value) }))
        }
        if !shown.isEmpty {
            record["shown"] = .array(
                shown.enumerated().map { place, memory in
                    [
                        "position": .integer(Int64(place + 1)), "id": .integer(memory.id),
                        "version": .integer(Int64(memory.version)), "relevance": .number(memory.relevance),
                    ]
                }
            )
        }
        if status == .succeeded, let interaction { record["interaction"] = .object(interaction) }
        if !tasks.isEmpty { record["tasks"] = .array(tasks.map(\.json)) }
        if !nodes.isEmpty { record["nodes"] = .array(nodes) }
        if !chosen.isEmpty { record["chosen"] = .array(chosen.map { .storable($0) }) }
        record["handed_to"] = handedTo.map { .string($0) }
        if let awaited {
            record["awaits"] = .integer(Int64(awaited.endings))
            record["seen"] = .integer(Int64(awaited.told))
        }
        record["wakes_in"] = postponement.map { .number($0.wait.milliseconds / 1_000) }
        if isAsked { record["asked"] = true }
        if isKept { record["known"] = true }
        if !approvals.isEmpty { record["approvals"] = .array(approvals.map(\.json)) }
        return JSONText(.object(record))
    }

    private var summary: JSONObject {
        let usage = usage
        var turn: JSONObject = [
            "status": .string(status.rawValue),
            "agent": .string(agent),
            "steps": .integer(Int64(earlier.steps + steps.count)),
            "model_calls": .integer(Int64(modelCalls)),
            "tool_calls": .integer(Int64(toolCallCount)),
            "input_tokens": .integer(Int64(usage.input)),
            "cached_input_tokens": .integer(Int64(usage.cachedInput)),
            "output_tokens": .integer(Int64(usage.output)),
            "cost_usd": .number(cost),
            "duration_ms": .number(duration.milliseconds),
            "elapsed_ms": .number((duration - earlier.duration).milliseconds),
        ]
        turn["agent_version"] = agentVersion.map { .integer(Int64($0)) }
        turn["agent_version_id"] = agentVersionID.map { .integer($0) }
        turn["chain_version_id"] = chainVersionID.map { .integer($0) }
        if earlier.postponed > .zero { turn["postponed_ms"] = .number(earlier.postponed.milliseconds) }
        turn["postponed_by"] = postponement.map { .storable($0.error) }
        turn["limit_reached"] = limitReached.map { .string($0) }
        turn["error_code"] = errorCode.map { .string($0) }
        turn["error_message"] = errorMessage.map { .storable($0) }
        return turn
    }
}

extension ChatMessage {
    /// The message as a claim returns it when it is stored.
    package var afterStoring: ChatMessage {
        let stored = stored
        let members = ["role", "content", "tool_calls", "tool_call_id"].map { stored[$0] ?? .null }
        return ChatMessage(stored: .array([.null] + members)) ?? self
    }

    /// The message as `agentctl.finish` stores it.
    fileprivate var stored: JSONValue {
        var object: JSONObject = ["role": .string(role.rawValue), "content": .storable(content)]
        if !toolCalls.isEmpty {
            object["tool_calls"] = .array(toolCalls.map(\.stored))
        }
        object["tool_call_id"] = toolCallID.map { .storable($0) }
        return .object(object)
    }
}

extension ToolCallRequest {
    /// The call as a part of a stored message.
    fileprivate var stored: JSONValue {
        let own: [(String, JSONValue)] = [
            ("id", .storable(id)), ("name", .storable(name)), ("arguments", .storable(arguments)),
        ]
        return .object(JSONObject(own + (native?.stored ?? [])))
    }
}
