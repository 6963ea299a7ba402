package import JSON

package import struct FoundationEssentials.Date
package import struct FoundationEssentials.UUID

/// A submission whose conversation this worker holds the lease of.
package struct ClaimedSubmission: Sendable {
    /// The conversation's id.
    package let conversation: String
    /// The submission's number.
    package let seq: Int64
    /// The lease: every write must show it.
    package let lease: UUID
    /// Which claim of this submission it is, from 1; more after a crash.
    package let attempt: Int
    /// What is asked for; nil when a turn has taken it up already, or only a newer release knows the operation.
    ///
    /// What is no message and no compaction, the database carries out.
    package let operation: Operation?
    /// `{"message": text}` or `{"input": value}`.
    package let body: JSONValue
    /// The agent that is to answer.
    package let agent: String
    /// The epoch of the definitions at the claim: an agent built at this epoch is fresh.
    package let epoch: Int64
    /// When the submission was accepted, by the clock of the database.
    package let submittedAt: Date
    /// Which claim of this submission it is, counting also those that were given back.
    package let generation: Int
    /// What the conversation has in place of the agent's own model and limits; nil if nothing.
    package let settings: JSONValue?
    /// What earlier attempts at the turn have stored; nil if nothing.
    package private(set) var progress: TurnProgress?
    /// The task that the submission is an attempt at; nil for a user's own.
    package let task: TaskReport?
    /// The number of the conversation's last message.
    package let lastMessage: Int64
    /// What was said before the turn.
    package var past: PastMessages
    /// What the turn is shown of what is remembered; nil where nothing is.
    package var memories: TurnMemories?
    /// Why the body or the history could not be read; nil when they could.
    package let defect: String?

    package init(
        conversation: String,
        seq: Int64,
        lease: UUID,
        attempt: Int,
        operation: Operation?,
        body: JSONValue,
        agent: String,
        epoch: Int64,
        submittedAt: Date,
        generation: Int,
        settings: JSONValue?,
        progress: TurnProgress?,
        task: TaskReport?,
        lastMessage: Int64,
        history: PastMessages,
        defect: String?
    ) {
        self.conversation = conversation
        self.seq = seq
        self.lease = lease
        self.attempt = attempt
        self.operation = operation
        self.body = body
        self.agent = agent
        self.epoch = epoch
        self.submittedAt = submittedAt
        self.generation = generation
        self.settings = settings
        self.progress = progress
        self.task = task
        self.lastMessage = lastMessage
        past = history
        self.defect = defect
    }
}

extension ClaimedSubmission {
    /// Whether it is a message that an agent answers.
    package var isMessage: Bool { operation == .message || operation == .steer }

    /// Whether the turn was stopped before the claim.
    package var isStopped: Bool { progress?.isInterrupted == true || task?.isStopped == true }

    /// Whether the deadline of its task has passed.
    package var isOverdue: Bool { task?.isOverdue == true }

    /// The messages before the turn that it may show, oldest first.
    package var history: [ChatMessage] { past.messages.map(\.message) }

    /// What stands for the messages before those; nil if nothing.
    package var summary: String? { past.summary }

    /// The same, as it is when its turn has stored this.
    func with(_ progress: TurnProgress) -> ClaimedSubmission {
        var claim = self
        claim.progress = progress
        return claim
    }

    /// The numbers of messages within the conversation, nil for what is no message of the history.
    ///
    /// - Parameter messages: What is shown of the history and more, in order; outputs of tools may have marks around them.
    package func numbers(of messages: ArraySlice<ChatMessage>) -> [Int64?] {
        var rest = Array(past.messages.reversed())[...]
        let numbers = messages.reversed().map { message -> Int64? in
            guard
                let place = rest.firstIndex(where: {
                    $0.message.role == message.role && $0.message.toolCallID == message.toolCallID
                        && $0.message.toolCalls == message.toolCalls && message.content.contains($0.message.content)
                })
            else { return nil }
            defer { rest = rest[(place + 1)...] }
            return rest[place].number
        }
        return numbers.reversed()
    }

    /// The messages of the history after one.
    package func history(after number: Int64) -> [ChatMessage] {
        past.messages.filter { $0.number > number }.map(\.message)
    }
}

extension ChatMessage {
    /// Reads a message as `agentctl.claim` returns it: [number, role, content, tool_calls, tool_call_id]; nil for the summary
    /// that may come first.
    package init?(stored: JSONValue) {
        guard let role = stored[1]?.stringValue.flatMap(Role.init(rawValue:)), let content = stored[2]?.stringValue
        else { return nil }
        self.init(
            role: role,
            content: content,
            toolCalls: stored[3]?.arrayValue?.compactMap(ToolCallRequest.init(stored:)) ?? [],
            toolCallID: stored[4]?.stringValue
        )
    }
}

extension ToolCallRequest {
    fileprivate init?(stored: JSONValue) {
        guard let id = stored["id"]?.stringValue, let name = stored["name"]?.stringValue,
            let arguments = stored["arguments"]?.stringValue
        else { return nil }
        self.init(id: id, name: name, arguments: arguments)
        native = NativeCall(stored: stored)
    }
}
