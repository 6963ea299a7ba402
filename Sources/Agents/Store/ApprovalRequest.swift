internal import JSON

/// A tool call that waits for a person, or a text that does, as it is stored.
struct ApprovalRequest: Sendable {
    /// The call's number within the turn.
    let call: Int
    let request: ToolCallRequest
    let agent: String
    let decision: SafetyDecision
    /// How long a person may take.
    let timeout: Duration
    /// What is asked about: the call, or what a guardrail has found in the message or in the call's result.
    var place = callPlace

    /// The place of a request about a call, and not about a text.
    static let callPlace = "call"

    /// The request as `agentctl.request_approvals` reads it.
    var json: JSONValue {
        [
            "call_number": .integer(Int64(call)), "tool": .storable(request.name),
            "arguments": .storable(request.arguments), "agent": .string(agent), "subject": .storable(decision.subject),
            "rule": .string(decision.rule), "timeout": .number(timeout.milliseconds / 1_000),
            "place": .string(place),
        ]
    }
}
