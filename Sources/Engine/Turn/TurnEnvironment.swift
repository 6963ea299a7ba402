import Conversation
internal import Logging
import Models
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
            attempt.next == attempt.model
                ? "the model failed and is asked again" : "the model failed, another one is asked",
            metadata: [
                "turn": "\(claim.conversation)/\(claim.seq)",
                "model": "\(attempt.model)",
                "next": "\(attempt.next)",
                "error": "\(attempt.error)",
                "attempt": .stringConvertible(attempt.number),
                "wait_ms": .stringConvertible(attempt.wait.milliseconds.rounded()),
            ]
        )
    }

    /// Logs that the turn waits for a model.
    func note(postponedFor wait: Duration, because error: ModelError) {
        journal.logger.notice(
            "the turn waits for a model",
            metadata: [
                "turn": "\(claim.conversation)/\(claim.seq)",
                "error": "\(error)",
                "wait_ms": .stringConvertible(wait.milliseconds.rounded()),
            ]
        )
    }
}
