internal import JSON

/// What a turn came to: everything that is stored of it, in one commit.
public struct TurnRecord: Sendable {
    /// How it ended.
    public enum Status: String, Sendable, Hashable {
        /// With a reply.
        case succeeded
        /// With an error.
        case failed
        /// At a limit of the agent.
        case limited
        /// Because somebody stopped it.
        case interrupted
    }

    /// How it ended.
    public var status: Status = .succeeded
    /// The agent's name.
    public var agent: String
    /// The agent's version; nil when it could not be built.
    public var agentVersion: Int?
    /// The same as an id of a definition's version.
    public var agentVersionID: Int64?
    /// The field of the agent whose limit ended it.
    public var limitReached: String?
    /// The class of error that ended it.
    public var errorCode: String?
    /// What happened.
    public var errorMessage: String?
    /// Messages that it adds to the transcript.
    public var messages: [ChatMessage] = []
    /// What it did.
    public var steps: [StepRecord] = []
    /// The tools it called.
    public var toolCalls: [ToolCallRecord] = []
    /// What clients are told, in order.
    public var events: [EventRecord] = []
    /// How long it took.
    public var duration: Duration = .zero

    /// The record of a turn that has not begun.
    ///
    /// - Parameter agent: The agent's name.
    public init(agent: String) {
        self.agent = agent
    }

    /// The tokens of all model calls.
    public var usage: TokenUsage {
        steps.reduce(TokenUsage.zero) { $0 + $1.usage }
    }

    /// The cost of all model calls in USD.
    public var cost: Double {
        steps.reduce(0) { $0 + $1.cost }
    }

    /// The final text, when the turn succeeded.
    public var reply: String? {
        status == .succeeded ? messages.last?.content : nil
    }

    /// The record as `agentctl.finish` reads it.
    var text: JSONText {
        let usage = usage
        var turn: JSONObject = [
            "status": .string(status.rawValue),
            "agent": .string(agent),
            "model_calls": .integer(Int64(steps.count { $0.kind == .modelCall })),
            "tool_calls": .integer(Int64(toolCalls.count)),
            "input_tokens": .integer(Int64(usage.input)),
            "cached_input_tokens": .integer(Int64(usage.cachedInput)),
            "output_tokens": .integer(Int64(usage.output)),
            "cost_usd": .number(cost),
            "duration_ms": .number(duration.milliseconds),
        ]
        turn["agent_version"] = agentVersion.map { .integer(Int64($0)) }
        turn["agent_version_id"] = agentVersionID.map { .integer($0) }
        turn["limit_reached"] = limitReached.map { .string($0) }
        turn["error_code"] = errorCode.map { .string($0) }
        turn["error_message"] = errorMessage.map { .storable($0) }
        return JSONText([
            "turn": .object(turn),
            "messages": .array(messages.map(\.stored)),
            "steps": .array(steps.enumerated().map { $1.json(number: $0 + 1) }),
            "tool_calls": .array(toolCalls.enumerated().map { $1.json(number: $0 + 1) }),
            "events": .array(events.map(\.json)),
        ])
    }
}

extension ChatMessage {
    /// The message as `agentctl.finish` stores it.
    fileprivate var stored: JSONValue {
        var object: JSONObject = ["role": .string(role.rawValue), "content": .storable(content)]
        if !toolCalls.isEmpty {
            object["tool_calls"] = .array(
                toolCalls.map { call in
                    ["id": .storable(call.id), "name": .storable(call.name), "arguments": .storable(call.arguments)]
                }
            )
        }
        object["tool_call_id"] = toolCallID.map { .storable($0) }
        return .object(object)
    }
}
