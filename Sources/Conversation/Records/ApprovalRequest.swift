package import JSON

/// A tool call that waits for a person, or a text that does, as it is stored.
package struct ApprovalRequest: Sendable {
    /// The call's number within the turn.
    package let call: Int
    package let request: ToolCallRequest
    package let agent: String
    package let decision: SafetyDecision
    /// How long a person may take.
    package let timeout: Duration
    /// What is asked about: the call, or what a guardrail has found in the message or in the call's result.
    package var place = callPlace
    /// The version of the tool that is asked about, an id; nil for what has none.
    package var versionID: Int64?

    package init(
        call: Int,
        request: ToolCallRequest,
        agent: String,
        decision: SafetyDecision,
        timeout: Duration,
        place: String = callPlace
    ) {
        self.call = call
        self.request = request
        self.agent = agent
        self.decision = decision
        self.timeout = timeout
        self.place = place
    }

    /// The place of a request about a call, and not about a text.
    package static let callPlace = "call"

    /// The request as `agentctl.request_approvals` reads it.
    package var json: JSONValue {
        var members: JSONObject = [
            "call_number": .integer(Int64(call)), "tool": .storable(request.name),
            "arguments": .storable(request.arguments), "agent": .string(agent), "subject": .storable(decision.subject),
            "rule": .string(decision.rule), "timeout": .number(timeout.milliseconds / 1_000),
            "place": .string(place), "cause": decision.reason.map(JSONValue.storable) ?? .null,
        ]
        members["tool_version_id"] = versionID.map { .integer($0) } ?? .null
        for member in decision.terms.json { members[member.key] = member.value }
        return .object(members)
    }
}
