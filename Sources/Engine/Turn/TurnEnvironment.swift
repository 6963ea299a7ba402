import Conversation
internal import Logging
import Tools

/// What the parts of a turn share, the same throughout.
struct TurnEnvironment: Sendable {
    let agent: Agent
    let claim: ClaimedSubmission
    /// What the process can do for tools.
    let services: ToolServices
    let journal: TurnJournal
    /// When the attempt began.
    let start: ContinuousClock.Instant
    /// Receives what happens, as it happens, for live display.
    let emit: @Sendable (TurnEvent) -> Void

    /// Logs an attempt at a call to the model that failed and that another one follows.
    func note(_ attempt: ModelCall.FailedAttempt) {
        journal.logger.notice(
            "the model failed and is asked again",
            metadata: [
                "turn": "\(claim.conversation)/\(claim.seq)",
                "model": "\(agent.model.name)",
                "error": "\(attempt.error)",
                "attempt": .stringConvertible(attempt.number),
                "wait_ms": .stringConvertible(attempt.wait.milliseconds.rounded()),
            ]
        )
    }
}
