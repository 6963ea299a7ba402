import Conversation
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
}
