package import JSON

extension TurnEvent {
    /// The types, in the words of `agentctl.delta`.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case started = "turn_started"
        case text
        case reset
        case modelFailed = "model_failed"
        case steered
        case toolStarted = "tool_started"
        case toolOutput = "tool_output"
        case toolFinished = "tool_finished"

        /// The type in the stream of a conversation's events; nil for what is also an event there.
        package var liveName: String? {
            switch self {
            case .text: "model_delta"
            case .reset: "model_reset"
            case .toolOutput, .modelFailed: rawValue
            case .started, .steered, .toolStarted, .toolFinished: nil
            }
        }
    }

    /// The type.
    package var kind: Kind {
        switch self {
        case .started: .started
        case .text: .text
        case .reset: .reset
        case .modelFailed: .modelFailed
        case .steered: .steered
        case .toolStarted: .toolStarted
        case .toolOutput: .toolOutput
        case .toolFinished: .toolFinished
        }
    }

    /// What belongs to the type.
    package var data: JSONObject {
        switch self {
        case .started(let agent, let version):
            ["agent": .string(agent), "agent_version": .integer(Int64(version))]
        case .text(let text), .steered(let text): ["text": .string(text)]
        case .reset: [:]
        case .modelFailed(let model, let error, let next, let wait):
            [
                "model": .string(model), "error": .string(error), "next": .string(next),
                "wait_ms": .number(wait.milliseconds),
            ]
        case .toolStarted(let call):
            ["id": .string(call.id), "name": .string(call.name), "arguments": .string(call.arguments)]
        case .toolOutput(let id, let text): ["id": .string(id), "text": .string(text)]
        case .toolFinished(let id, let name, let output, let isError):
            ["id": .string(id), "name": .string(name), "output": .string(output), "is_error": .bool(isError)]
        }
    }

    /// The event as one object, its type first.
    package var json: JSONObject { JSONObject([("type", .string(kind.rawValue))] + data.map { ($0.key, $0.value) }) }

    /// Reads a piece; nil when it is of no type that is known.
    ///
    /// A member that is missing counts as empty.
    package init?(type: String, data: JSONValue) {
        guard let kind = Kind(rawValue: type) else { return nil }
        func text(_ name: String) -> String { data[name]?.stringValue ?? "" }
        switch kind {
        case .started: self = .started(agent: text("agent"), version: Int(data["agent_version"]?.integerValue ?? 0))
        case .text: self = .text(text("text"))
        case .reset: self = .reset
        case .modelFailed:
            self = .modelFailed(
                model: text("model"),
                error: text("error"),
                next: text("next"),
                wait: data["wait_ms"]?.millisecondsValue ?? .zero
            )
        case .steered: self = .steered(text("text"))
        case .toolStarted:
            self = .toolStarted(ToolCallRequest(id: text("id"), name: text("name"), arguments: text("arguments")))
        case .toolOutput: self = .toolOutput(id: text("id"), text: text("text"))
        case .toolFinished:
            self = .toolFinished(
                id: text("id"),
                name: text("name"),
                output: text("output"),
                isError: data["is_error"]?.boolValue ?? false
            )
        }
    }

    /// What an event of the stream shows of a turn, with the members that `agentctl.follow` adds to its data.
    package static func shown(by kind: Event.Kind, _ data: JSONValue) -> [TurnEvent] {
        switch kind {
        case .message:
            (data["tool_calls"]?.arrayValue ?? []).compactMap { TurnEvent(type: Kind.toolStarted.rawValue, data: $0) }
        case .toolStarted: TurnEvent(type: Kind.toolStarted.rawValue, data: data).map { [$0] } ?? []
        case .toolFinished: TurnEvent(type: Kind.toolFinished.rawValue, data: data).map { [$0] } ?? []
        default: []
        }
    }
}
