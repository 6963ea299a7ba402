public import JSON
internal import Postgres

public import struct FoundationEssentials.Date
public import struct FoundationEssentials.UUID

/// A submission whose conversation this worker holds the lease of.
public struct ClaimedSubmission: Sendable {
    /// The conversation's id.
    public let conversation: String
    /// The submission's number.
    public let seq: Int64
    /// The lease: every write must show it.
    public let lease: UUID
    /// Which claim of this submission it is, from 1; more after a crash.
    public let attempt: Int
    /// What is asked for; nil when a turn has taken it up already, or only a newer release knows the operation.
    ///
    /// What is no message and no compaction, the database carries out.
    package let operation: Operation?
    /// `{"message": text}` or `{"input": value}`.
    public let body: JSONValue
    /// The agent that is to answer.
    public let agent: String
    /// The epoch of the definitions at the claim: an agent built at this epoch is fresh.
    public let epoch: Int64
    /// When the submission was accepted, by the clock of the database.
    public let submittedAt: Date
    /// Which claim of this submission it is, counting also those that were given back.
    public let generation: Int
    /// What the conversation has in place of the agent's own model and limits; nil if nothing.
    public let settings: JSONValue?
    /// What earlier attempts at the turn have stored; nil if nothing.
    public let progress: TurnProgress?
    /// The last messages before the turn that no summary stands for, oldest first, at most 100.
    public let history: [ChatMessage]
    /// The numbers of these messages within the conversation.
    let historyNumbers: [Int64]
    /// What stands for the messages before those; nil if nothing.
    public let summary: String?
    /// Why the body or the history could not be read; nil when they could.
    public let defect: String?

    init(row: PostgresRow, seq: String, lease: String) throws(PostgresError) {
        conversation = try row.decode("conversation_id")
        self.seq = try row.decode(seq)
        self.lease = try row.decode(lease)
        attempt = try row.decode("attempt")
        operation = Operation(rawValue: try row.decode("operation"))
        agent = try row.decode("agent")
        epoch = try row.decode("epoch")
        submittedAt = try row.decode("submitted_at")
        // One submission that cannot be read must not cost the others that were claimed with it, nor come back for ever.
        let read: (body: JSONValue, history: [JSONValue], progress: TurnProgress?, defect: String?)
        generation = try row.decode("generation")
        settings = try row.decode("settings")
        do throws(PostgresError) {
            let body: JSONValue = try row.decode("body")
            let messages: JSONValue? = try row.decode("history")
            let report: JSONValue? = try row.decode("progress")
            let progress = report.flatMap(TurnProgress.init(stored:))
            let defect = report != nil && progress == nil ? "what its turn has stored is not complete" : nil
            read = (body, messages?.arrayValue ?? [], progress, defect)
        } catch {
            read = (.null, [], nil, error.message)
        }
        (body, progress, defect) = (read.body, read.progress, read.defect)
        summary = read.history.first.flatMap { $0[1] == "summary" ? $0[2]?.stringValue : nil }
        let messages = read.history.compactMap { stored in
            ChatMessage(stored: stored).map { (stored[0]?.integerValue ?? 0, $0) }
        }
        (historyNumbers, history) = (messages.map(\.0), messages.map(\.1))
    }
}

extension ClaimedSubmission {
    /// Whether it is a message that an agent answers.
    var isMessage: Bool { operation == .message || operation == .steer }

    /// The messages of the history after one.
    func history(after number: Int64) -> [ChatMessage] {
        Array(history.suffix(historyNumbers.reversed().prefix { $0 > number }.count))
    }
}

extension ChatMessage {
    /// Reads a message as `agentctl.claim` returns it: [number, role, content, tool_calls, tool_call_id]; nil for the summary
    /// that may come first.
    init?(stored: JSONValue) {
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
    }
}
