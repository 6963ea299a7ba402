internal import JSON

/// What a person, or time, has decided about a tool call.
public struct ToolCallApproval: Sendable, Hashable {
    /// How it stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
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
    public let state: State
    /// Given by whoever decided.
    public let reason: String?

    init(_ state: State, reason: String? = nil) {
        self.state = state
        self.reason = reason
    }

    init?(stored: JSONValue) {
        guard let state = stored["state"]?.stringValue.flatMap(State.init(rawValue:)) else { return nil }
        self.init(state, reason: stored["reason"]?.stringValue)
    }
}
