/// Where and for whom a tool is called.
public struct ToolContext: Sendable {
    /// The conversation.
    public var conversationID: String

    /// The number of the turn within the conversation.
    public var turnSequence: Int64

    /// The id of the call.
    public var callID: String

    /// The directory that file tools are confined to; nil if the agent has none.
    public var workspace: Workspace?

    /// When the turn's time is over; nil if it has no limit.
    public var deadline: ContinuousClock.Instant?

    /// A context.
    ///
    /// - Parameters:
    ///   - conversationID: The conversation.
    ///   - turnSequence: The number of the turn within the conversation.
    ///   - callID: The id of the call.
    ///   - workspace: The directory that file tools are confined to.
    ///   - deadline: When the turn's time is over.
    public init(
        conversationID: String,
        turnSequence: Int64,
        callID: String = "",
        workspace: Workspace? = nil,
        deadline: ContinuousClock.Instant? = nil
    ) {
        self.conversationID = conversationID
        self.turnSequence = turnSequence
        self.callID = callID
        self.workspace = workspace
        self.deadline = deadline
    }
}
