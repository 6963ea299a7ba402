extension ToolCallRecord {
    /// The class of error of a call whose output a guardrail has withheld.
    static let withheldCode = "guardrail_blocked"

    /// Whether it returned something that the model has not seen.
    package var hasOutput: Bool {
        !isAnswered && result != nil && (state == .succeeded || state == .failed || state == .inDoubt)
    }

    /// Whether a guardrail has withheld what it returned.
    package var isWithheld: Bool { errorCode == Self.withheldCode }

    /// The result as the model sees it, and everybody else.
    ///
    /// As long as an operator has to decide about it, that is nothing of it.
    package var answer: String {
        let isOpen = isOutputOpen || outputApproval.map { $0.state != .approved } ?? false
        return isOpen && !isWithheld ? "The output was withheld: nobody has approved it." : result ?? ""
    }

    /// Replaces the result with what guardrails have left of it.
    package mutating func replaceResult(with text: String) {
        guard text != result else { return }
        result = text
        if storage == .stored { storage = .changed }
    }

    /// Puts a guardrail's reply in the place of the result; that the call was made stays so.
    package mutating func withhold(_ reply: String) {
        replaceResult(with: reply)
        errorCode = Self.withheldCode
        isTruncated = false
        if storage == .stored { storage = .changed }
    }
}
