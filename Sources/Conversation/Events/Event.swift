package import JSON

/// One event of a conversation's stream, with the data that belongs to its type.
///
/// ``type`` and ``data`` write it, ``init(type:data:)`` reads it. Workers write some types and functions of the database
/// others; both know the same types.
package enum Event: Sendable, Hashable {
    /// An agent began to work on the user's message.
    case turnStarted(agent: String, version: Int?)
    /// The model answered, or asked for calls.
    case message
    /// A message was sent into the turn, which took it up; `by` is the message's number.
    case steered(by: Int64)
    /// The model asked for a call.
    case toolCallRequested(CallReference)
    /// A call began.
    case toolStarted(CallReference)
    /// A call ended, and the model has its answer.
    case toolFinished(name: String, isError: Bool)
    /// A crash cut a call off; whether it took effect is not known.
    case callInDoubt(call: Int)
    /// A person has said what became of a call in doubt.
    case callResolved(call: Int, outcome: String, by: String)
    /// A person is asked about a call or a text.
    case approvalRequested(ApprovalQuestion)
    /// A person has decided.
    case approvalDecided(ApprovalAnswer)
    /// The turn is stored and holds no worker.
    case waiting(WaitReason)
    /// A guardrail has found something; `tool` is the tool that returned the text.
    case guardrailHit(guardrail: String, place: String, action: String, tool: String?)
    /// The turn ended at a limit; the field of the agent's document that sets it.
    case limitReached(String)
    /// Somebody stopped the turn.
    case interrupted
    /// The message was cancelled before its turn came.
    case cancelled(by: String)
    /// The turn or the operation failed; `cost` is what it cost, in USD, when no other row says so.
    case error(code: String, message: String, cost: Double?)
    /// The turn ended.
    case turnComplete(TurnTotal)
    /// Turns were taken back.
    case undone(UndoneTurns)
    /// Turns that were taken back are shown again.
    case redone(UndoneTurns)
    /// The agent, the model or limits were changed.
    case settingsChanged(JSONObject)
    /// A summary stands for messages.
    case compacted(CompactedMessages)
    /// The last summary was taken back; nil before the database has found it.
    case compactionUndone(messages: MessageRange?)
    /// The conversation accepts nothing more.
    case closed
    /// The turn delegated a task.
    case taskAssigned(TaskState)
    /// A task of the turn ended.
    case taskFinished(TaskState)
    /// A visit of a node ended in a run of a chain.
    case nodeFinished(NodeVisit)
    /// An agent handed the turn over to another one.
    case handedOver(from: String, to: String)
    /// Another model is asked from now on, since one failed; `reason` is a word of `fallback[].on`.
    case modelChanged(from: String, to: String, reason: String)
    /// The plan that the turn runs or keeps was made or has changed.
    case planUpdated(PlanState)
    /// The turn was shown what is remembered.
    case memoryRecalled(RecalledMemories)
}

extension Event {
    /// The types, in the order of the documentation.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case turnStarted = "turn_started"
        case message
        case steered
        case toolCallRequested = "tool_call_requested"
        case approvalRequested = "approval_requested"
        case guardrailHit = "guardrail_hit"
        case waiting
        case approvalDecided = "approval_decided"
        case callInDoubt = "call_in_doubt"
        case callResolved = "call_resolved"
        case toolStarted = "tool_started"
        case toolFinished = "tool_finished"
        case compacted
        case compactionUndone = "compaction_undone"
        case undone
        case redone
        case settingsChanged = "settings_changed"
        case limitReached = "limit_reached"
        case interrupted
        case cancelled
        case error
        case turnComplete = "turn_complete"
        case closed
        case taskAssigned = "task_assigned"
        case taskFinished = "task_finished"
        case nodeFinished = "node_finished"
        case handedOver = "handed_over"
        case planUpdated = "plan_updated"
        case modelChanged = "model_changed"
        case memoryRecalled = "memory_recalled"

        /// The members of the data in the order in which several events are stored in one row, as `agentctl.event_data`
        /// reads them; nil for what others look for by its type, or change.
        package var members: [String]? {
            switch self {
            case .turnStarted: ["agent", "agent_version"]
            case .message: []
            case .toolCallRequested, .toolStarted: ["call", "id", "name"]
            case .toolFinished: ["name", "is_error"]
            case .turnComplete: ["status", "input_tokens", "output_tokens", "cost_usd", "duration_ms"]
            default: nil
            }
        }
    }

    /// The type.
    package var kind: Kind {
        switch self {
        case .turnStarted: .turnStarted
        case .message: .message
        case .steered: .steered
        case .toolCallRequested: .toolCallRequested
        case .toolStarted: .toolStarted
        case .toolFinished: .toolFinished
        case .callInDoubt: .callInDoubt
        case .callResolved: .callResolved
        case .approvalRequested: .approvalRequested
        case .approvalDecided: .approvalDecided
        case .waiting: .waiting
        case .guardrailHit: .guardrailHit
        case .limitReached: .limitReached
        case .interrupted: .interrupted
        case .cancelled: .cancelled
        case .error: .error
        case .turnComplete: .turnComplete
        case .undone: .undone
        case .redone: .redone
        case .settingsChanged: .settingsChanged
        case .compacted: .compacted
        case .compactionUndone: .compactionUndone
        case .closed: .closed
        case .taskAssigned: .taskAssigned
        case .taskFinished: .taskFinished
        case .nodeFinished: .nodeFinished
        case .handedOver: .handedOver
        case .planUpdated: .planUpdated
        case .modelChanged: .modelChanged
        case .memoryRecalled: .memoryRecalled
        }
    }
}
