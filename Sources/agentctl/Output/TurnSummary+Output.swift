import Conversation
import Engine
import JSON

extension TurnSummary {
    /// What the process ends with after this turn.
    var exitStatus: ExitStatus {
        switch status {
        case .succeeded: .done
        case .interrupted: .interrupted
        case .limited: .failed
        // An operator has to decide. Tasks end by themselves.
        case .waiting: waitReason == .tasks ? .failed : .waiting
        case .failed:
            switch errorCode {
            case "model_unreachable", "model_timeout", "database_unavailable": .unreachable
            case "input_invalid": .refused
            default: .failed
            }
        }
    }

    /// The last line of a stream of events.
    var json: JSONValue {
        [
            "type": .string(Event.Kind.turnComplete.rawValue),
            "turn": .string("\(conversation)/\(seq)"),
            "conversation_id": .string(conversation),
            "seq": .integer(seq),
            "status": .string(status.rawValue),
            "agent": .string(agent),
            "agent_version": agentVersion.map { .integer(Int64($0)) } ?? .null,
            "reply": reply.map { .string($0) } ?? .null,
            "limit_reached": limitReached.map { .string($0) } ?? .null,
            "error_code": errorCode.map { .string($0) } ?? .null,
            "error_message": errorMessage.map { .string($0) } ?? .null,
            "model_calls": .integer(Int64(modelCalls)),
            "tool_calls": .integer(Int64(toolCalls)),
            "input_tokens": .integer(Int64(usage.input)),
            "cached_input_tokens": .integer(Int64(usage.cachedInput)),
            "output_tokens": .integer(Int64(usage.output)),
            "cost_usd": .number(cost),
            "duration_ms": .number(duration.milliseconds),
        ]
    }
}
