package import Conversation
package import JSON
package import Store

public import struct FoundationEssentials.UUID

/// Where and for whom a tool is called.
public struct ToolContext: Sendable {
    /// The conversation; empty outside of a turn.
    public package(set) var conversationID: String

    /// The number of the turn within the conversation.
    public package(set) var turnSequence: Int64

    /// The agent that calls; empty outside of a turn.
    public package(set) var agent: String

    /// The id of the call, as the model named it.
    public package(set) var callID: String

    /// The same for every attempt of one call, for services that can tell a repetition by it; nil outside of a turn.
    public package(set) var idempotencyKey: UUID?

    /// What the process can do for tools.
    package var services: ToolServices

    /// Where calls are recorded.
    package var recorder: CallRecorder

    /// Told what a tool prints, as it comes; it must not block.
    public package(set) var onOutput: @Sendable (String) -> Void

    /// When the turn's time is over; nil if it has no limit.
    public package(set) var deadline: ContinuousClock.Instant?

    /// The last messages of the conversation and those of the turn so far, oldest first.
    package var messages: [ChatMessage]

    /// What policies say of the files that the call comes across.
    package var pathRules = PathRules()

    /// What they say of the files that a tool comes across which the call calls in turn, with its arguments.
    package var pathRulesOfStep: @Sendable (_ tool: any Tool, _ arguments: JSONValue) -> PathRules = { _, _ in
        PathRules()
    }

    /// What is remembered for the agent.
    package var memory = ToolMemory()

    /// For whom the tool is called.
    package var asker = ToolAskerSource.unknown

    /// Asked before what must not happen twice; nil where nobody could do it again.
    package var gate: EffectGate?

    /// A context.
    ///
    /// - Parameters:
    ///   - conversationID: The conversation.
    ///   - turnSequence: The number of the turn within the conversation.
    ///   - agent: The agent that calls.
    ///   - callID: The id of the call.
    ///   - services: What the process can do for tools.
    ///   - recorder: Where calls are recorded.
    ///   - onOutput: Told what a tool prints.
    ///   - deadline: When the turn's time is over.
    ///   - messages: The conversation so far.
    package init(
        conversationID: String = "",
        turnSequence: Int64 = 0,
        agent: String = "",
        callID: String = "",
        services: ToolServices = ToolServices(),
        recorder: CallRecorder = CallRecorder(),
        onOutput: @escaping @Sendable (String) -> Void = { _ in },
        deadline: ContinuousClock.Instant? = nil,
        messages: [ChatMessage] = []
    ) {
        self.conversationID = conversationID
        self.turnSequence = turnSequence
        self.agent = agent
        self.callID = callID
        self.services = services
        self.recorder = recorder
        self.onOutput = onOutput
        self.deadline = deadline
        self.messages = messages
    }

    /// Asks whether an effect may happen that must not happen twice; to be called directly before it.
    ///
    /// - Throws: ``ToolError/Code/notBegun`` when it must not, because another worker may have the turn.
    package func begin() throws(ToolError) {
        guard gate?.pass() ?? true else { throw ToolError(.notBegun, "The call was not made: the worker was cut off.") }
    }

    /// The directory that file tools are confined to; nil if there is none.
    package var workspace: Workspace? { services.workspace }
}
