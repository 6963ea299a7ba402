/// How a turn ended, for whoever asked for it.
public struct TurnSummary: Sendable, Hashable {
    /// The conversation's id.
    public let conversation: String
    /// The submission's number.
    public let seq: Int64
    /// How it ended.
    public let status: TurnStatus
    /// The agent's name.
    public let agent: String
    /// The agent's version; nil when it could not be built.
    public let agentVersion: Int?
    /// The reply, when it succeeded.
    public let reply: String?
    /// The field of the agent whose limit ended it.
    public let limitReached: String?
    /// The class of error that ended it.
    public let errorCode: String?
    /// What happened.
    public let errorMessage: String?
    /// The tokens of all model calls.
    public let usage: TokenUsage
    /// The cost in USD.
    public let cost: Double
    /// From claim to finish.
    public let duration: Duration
    /// Calls to the model.
    public let modelCalls: Int
    /// Calls to tools.
    public let toolCalls: Int

    package init(
        conversation: String,
        seq: Int64,
        status: TurnStatus,
        agent: String,
        agentVersion: Int?,
        reply: String?,
        limitReached: String?,
        errorCode: String?,
        errorMessage: String?,
        usage: TokenUsage,
        cost: Double,
        duration: Duration,
        modelCalls: Int,
        toolCalls: Int
    ) {
        self.conversation = conversation
        self.seq = seq
        self.status = status
        self.agent = agent
        self.agentVersion = agentVersion
        self.reply = reply
        self.limitReached = limitReached
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.usage = usage
        self.cost = cost
        self.duration = duration
        self.modelCalls = modelCalls
        self.toolCalls = toolCalls
    }
}

extension TurnSummary {
    /// What it waits for; nil when it has ended.
    package var waitReason: WaitReason? { status == .waiting ? WaitReason(errorCode: errorCode) : nil }

    /// The class of error of a turn that no worker serves.
    package static let unservedCode = "unserved"
    /// The same, where the user may not start a worker.
    package static let noWorkerCode = "no_worker"

    /// A turn that has not begun, as nobody can begin it.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - seq: The submission's number.
    ///   - reason: What is missing, and where.
    ///   - mayWork: Whether the user may start a worker.
    package init(unserved conversation: String, _ seq: Int64, because reason: String, mayWork: Bool) {
        self.init(
            conversation: conversation,
            seq: seq,
            status: .waiting,
            agent: "",
            agentVersion: nil,
            reply: nil,
            limitReached: nil,
            errorCode: mayWork ? Self.unservedCode : Self.noWorkerCode,
            errorMessage: reason,
            usage: .zero,
            cost: 0,
            duration: .zero,
            modelCalls: 0,
            toolCalls: 0
        )
    }

    package init(_ record: TurnRecord, of claim: ClaimedSubmission) {
        self.init(
            conversation: claim.conversation,
            seq: claim.seq,
            status: record.status,
            agent: record.agent,
            agentVersion: record.agentVersion,
            reply: record.reply,
            limitReached: record.limitReached,
            errorCode: record.errorCode,
            errorMessage: record.errorMessage,
            usage: record.usage,
            cost: record.cost,
            duration: record.duration,
            modelCalls: record.modelCalls,
            toolCalls: record.toolCallCount
        )
    }
}
