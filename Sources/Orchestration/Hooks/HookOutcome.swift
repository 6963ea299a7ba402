/// The outcome of one attempt to deliver.
package struct HookOutcome: Sendable, Hashable {
    /// The HTTP status of the answer; nil when there was none.
    package let status: Int?
    /// Why it failed; nil when it was delivered.
    package let problem: String?
    /// Whether another attempt makes no sense.
    package let isFinal: Bool

    static func answered(_ status: Int) -> HookOutcome {
        let isDelivered = (200..<300).contains(status)
        return HookOutcome(
            status: status,
            problem: isDelivered ? nil : "the receiver answered \(status)",
            isFinal: false
        )
    }

    static func failed(_ problem: String, isFinal: Bool = false) -> HookOutcome {
        HookOutcome(status: nil, problem: problem, isFinal: isFinal)
    }
}
