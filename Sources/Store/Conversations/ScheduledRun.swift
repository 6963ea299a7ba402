/// Where a schedule has submitted what it sends.
package enum ScheduledRun: Sendable, Hashable {
    /// A submission to a conversation.
    case submission(conversation: String, seq: Int64)
    /// A task.
    case task(Int64)
}
