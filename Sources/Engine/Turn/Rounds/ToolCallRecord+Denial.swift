import Conversation

extension ToolCallRecord {
    /// Denies the call.
    ///
    /// - Parameter reason: Why, as a sentence for the model.
    mutating func deny(_ reason: String) {
        result = "Error: The call was denied. \(reason)"
        errorCode = "denied"
        state = .denied
    }

    /// Denies the call as an operator has decided, or as no operator has approved it in time.
    mutating func deny(by approval: ToolCallApproval) {
        guard approval.state != .expired else { return deny("Nobody approved it in time.") }
        deny("A person decided so" + (approval.reason.map { ": \($0)" } ?? "."))
    }
}
