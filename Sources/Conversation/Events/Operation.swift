/// What a conversation can be asked for: the type `agentctl.operation`.
package enum Operation: String, Sendable, Hashable, CaseIterable {
    /// A message that an agent answers in a turn.
    case message = "user_input"
    /// A decision about an approval.
    case approval
    /// An end of the turn in progress; of a submission, a message that was cancelled before it began.
    case interrupt
    /// A message for the turn in progress.
    case steer
    /// A removal of the last turns from what the model is shown.
    case undo
    /// A summary in place of the oldest turns.
    case compact
    /// A new conversation that begins with this one's messages.
    case fork
    /// A change of the agent, the model or limits.
    case set
    /// An answer to the question whether a call that was cut off took effect.
    case resolve
    /// An end of the conversation.
    case shutdown
}
