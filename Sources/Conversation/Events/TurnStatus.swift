/// How a turn ended.
public enum TurnStatus: String, Sendable, Hashable {
    /// With a reply.
    case succeeded
    /// With an error.
    case failed
    /// At a limit of the agent.
    case limited
    /// Because a client interrupted it.
    case interrupted
    /// It has not ended: it waits for a person.
    case waiting
}
