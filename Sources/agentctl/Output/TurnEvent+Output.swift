import Agents
import JSON

extension TurnEvent {
    /// The event as one line of a stream.
    var json: JSONValue {
        switch self {
        case .started(let agent, let version):
            ["type": "turn_started", "agent": .string(agent), "agent_version": .integer(Int64(version))]
        case .text(let text): ["type": "text", "text": .string(text)]
        case .reset: ["type": "reset"]
        case .steered(let text): ["type": "steered", "text": .string(text)]
        case .toolStarted(let call):
            [
                "type": "tool_started", "id": .string(call.id), "name": .string(call.name),
                "arguments": .string(call.arguments),
            ]
        case .toolOutput(let id, let text):
            ["type": "tool_output", "id": .string(id), "text": .string(text)]
        case .toolFinished(let id, let name, let output, let isError):
            [
                "type": "tool_finished", "id": .string(id), "name": .string(name), "output": .string(output),
                "is_error": .bool(isError),
            ]
        }
    }
}
