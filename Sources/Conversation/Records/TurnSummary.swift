/// How a turn ended, for whoever asked for it.
package struct TurnSummary: Sendable, Hashable {
    /// The conversation's id.
    package let conversation: String
    /// The submission's number.
    package let seq: Int64
    /// How it ended.
    package let status: TurnRecord.Status
    /// The agent's name.
    package let agent: String
    /// The agent's version; nil when it could not be built.
    package let agentVersion: Int?
    /// The reply, when it succeeded.
    package let reply: String?
    /// The field of the agent whose limit ended it.
    package let limitReached: String?
    /// The class of error that ended it.
    package let errorCode: String?
    /// What happened.
    package let errorMessage: String?
    /// The tokens of all model calls.
    package let usage: TokenUsage
    /// The cost in USD.
    package let cost: Double
    /// From claim to finish.
    package let duration: Duration
    /// Calls to the model.
    package let modelCalls: Int
    /// Calls to tools.
    package let toolCalls: Int

    package init(
        conversation: String,
        seq: Int64,
        status: TurnRecord.Status,
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
