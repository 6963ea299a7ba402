extension ToolCallRecord {
    /// The class of error of a call whose output a guardrail has withheld.
    static let withheldCode = "guardrail_blocked"

    /// Whether it returned something that guardrails have not looked at.
    var isToBeLookedAt: Bool {
        !isAnswered && !isLookedAt && result != nil && (state == .succeeded || state == .failed)
    }

    /// Whether a guardrail has withheld what it returned.
    var isWithheld: Bool { errorCode == Self.withheldCode }

    /// What the model is told of the result, and everybody else.
    ///
    /// As long as a person has to decide about it, that is nothing of it.
    var answer: String {
        let isOpen = !outputQuestions.isEmpty || outputApproval.map { $0.state != .approved } ?? false
        return isOpen && !isWithheld ? "The output was withheld: nobody has approved it." : result ?? ""
    }

    /// Takes over what guardrails have left of the result.
    mutating func take(_ text: String) {
        guard text != result else { return }
        result = text
        if storage == .stored { storage = .changed }
    }

    /// Puts what a guardrail says in the place of the result; that the call was made stays so.
    mutating func withhold(_ guardrail: Guardrail) {
        take(guardrail.reply(at: .toolOutput))
        errorCode = Self.withheldCode
        isTruncated = false
        if storage == .stored { storage = .changed }
    }
}
