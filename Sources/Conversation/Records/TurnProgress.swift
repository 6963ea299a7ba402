package import JSON

internal import struct FoundationEssentials.UUID

/// What earlier attempts at a turn have stored of it, as `agentctl.claim` returns it.
package struct TurnProgress: Sendable {
    /// The number of the last save.
    package let saves: Int
    /// The agent that works on it.
    package let agent: String
    /// The version of that agent; nil when it could not be built.
    package let agentVersion: Int?
    /// Whether somebody wants it stopped.
    package let isInterrupted: Bool
    /// What was decided about what the user said; nil if nobody was asked.
    package let inputApproval: ToolCallApproval?
    /// The tasks that it has delegated, by number.
    package let tasks: [TaskOutcome]
    /// How many of them have not ended.
    package var openTasks: Int { tasks.count { !$0.isTold } }
    /// The number of ended tasks that earlier attempts were informed of.
    package let told: Int
    /// What it came to so far.
    package let totals: TurnTotals
    /// Its messages, the user's first.
    package let messages: [ChatMessage]
    /// The calls of rounds that have ended, in order.
    package let earlierCalls: [EarlierCall]
    /// Of a run of a chain: the visits of nodes that have ended, as `agentctl.turn_nodes` returns them.
    package let nodes: [JSONValue]
    /// The calls of a tool round that has not ended.
    package let calls: [ToolCallRecord]

    /// A call of a round that has ended.
    package struct EarlierCall: Sendable, Hashable {
        /// The tool's name.
        package let tool: String
        /// How it ended.
        package let state: ToolCallRecord.State
        /// The id that its answer among the messages has, too.
        package let id: String
        /// The class of the error that it ended with; nil for none.
        package let code: String?
    }

    /// What a claim would find of a turn that has parked with no call, after an end of its tasks.
    ///
    /// - Parameters:
    ///   - record: The turn as it was stored.
    ///   - earlier: What the attempt that has stored it had found; nil for nothing.
    ///   - tasks: Its tasks, by number.
    ///   - told: The number of ended tasks that the turn has received.
    init(after record: TurnRecord, _ earlier: TurnProgress?, tasks: [TaskOutcome], told: Int) {
        saves = record.stored.saves + 1
        agent = record.agent
        agentVersion = record.agentVersion
        isInterrupted = false
        inputApproval = nil
        (self.tasks, self.told) = (tasks, told)
        totals = TurnTotals(
            steps: record.nextStep - 1,
            modelCalls: record.modelCalls,
            toolCalls: record.toolCallCount,
            usage: record.usage,
            cost: record.cost,
            duration: record.duration
        )
        messages = record.messages
        nodes = (earlier?.nodes ?? []) + record.nodes
        (earlierCalls, calls) = ([], [])
    }

    /// Reads the report of `agentctl.turn_progress_report`; nil if it is not one.
    package init?(stored: JSONValue) {
        guard let saves = stored["saves"]?.integerValue, let messages = stored["messages"]?.arrayValue,
            let steps = stored["steps"]?.integerValue
        else { return nil }
        self.saves = Int(saves)
        agent = stored["agent"]?.stringValue ?? ""
        agentVersion = stored["agent_version"]?.integerValue.map { Int($0) }
        isInterrupted = stored["interrupted"]?.boolValue ?? false
        inputApproval = stored["input_approval"].flatMap(ToolCallApproval.init(stored:))
        self.messages = messages.compactMap(ChatMessage.init(stored:))
        calls = stored["calls"]?.arrayValue?.compactMap(ToolCallRecord.init(stored:)) ?? []
        tasks = stored["tasks"]?.arrayValue?.compactMap(TaskOutcome.init(stored:)) ?? []
        told = Int(stored["told"]?.integerValue ?? 0)
        let earlier = stored["earlier_calls"]?.arrayValue ?? []
        earlierCalls = earlier.compactMap { call in
            guard let tool = call[0]?.stringValue, let id = call[2]?.stringValue,
                let state = call[1]?.stringValue.flatMap(ToolCallRecord.State.init(rawValue:))
            else { return nil }
            return EarlierCall(tool: tool, state: state, id: id, code: call[3]?.stringValue)
        }
        nodes = stored["nodes"]?.arrayValue ?? []
        guard earlierCalls.count == earlier.count, self.messages.count == messages.count,
            calls.count == stored["calls"]?.arrayValue?.count ?? 0,
            tasks.count == stored["tasks"]?.arrayValue?.count ?? 0
        else {
            return nil
        }
        func count(_ name: String) -> Int { Int(stored[name]?.integerValue ?? 0) }
        totals = TurnTotals(
            steps: Int(steps),
            modelCalls: count("model_calls"),
            toolCalls: count("tool_calls"),
            usage: TokenUsage(
                input: count("input_tokens"),
                cachedInput: count("cached_input_tokens"),
                output: count("output_tokens")
            ),
            cost: stored["cost_usd"]?.numberValue ?? 0,
            duration: stored["duration_ms"]?.millisecondsValue ?? .zero,
            postponed: stored["postponed_ms"]?.millisecondsValue ?? .zero
        )
    }
}

extension ToolCallRecord {
    fileprivate init?(stored: JSONValue) {
        guard let number = stored["number"]?.integerValue, let step = stored["step_number"]?.integerValue,
            let id = stored["call_id"]?.stringValue, let name = stored["tool"]?.stringValue,
            let arguments = stored["arguments"]?.stringValue,
            let effect = stored["effect"]?.stringValue.flatMap(ToolEffect.init(rawValue:)),
            let state = stored["state"]?.stringValue.flatMap(State.init(rawValue:))
        else { return nil }
        self.init(
            number: Int(number),
            step: Int(step),
            request: ToolCallRequest(id: id, name: name, arguments: arguments),
            toolVersionID: stored["tool_version_id"]?.integerValue,
            effect: effect,
            idempotencyKey: stored["idempotency_key"]?.stringValue.flatMap(UUID.init(uuidString:)),
            state: state,
            offset: .zero
        )
        result = stored["result"]?.stringValue
        isTruncated = stored["truncated"]?.boolValue ?? false
        errorCode = stored["error_code"]?.stringValue
        duration = stored["duration_ms"]?.millisecondsValue
        approval = stored["approval"].flatMap(ToolCallApproval.init(stored:))
        outputApproval = stored["output_approval"].flatMap(ToolCallApproval.init(stored:))
        storage = .stored
    }
}
