package import JSON

/// What a person, or time, has decided about a tool call.
package struct ToolCallApproval: Sendable, Hashable {
    /// How it stands.
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Nobody has decided yet.
        case pending
        /// It may run.
        case approved
        /// It may not.
        case denied
        /// Nobody decided in time.
        case expired
    }

    /// How it stands.
    package let state: State
    /// Given by whoever decided.
    package let reason: String?

    package init(_ state: State, reason: String? = nil) {
        self.state = state
        self.reason = reason
    }

    package init?(stored: JSONValue) {
        guard let state = stored["state"]?.stringValue.flatMap(State.init(rawValue:)) else { return nil }
        self.init(state, reason: stored["reason"]?.stringValue)
    }
}
