public import JSON

public import struct FoundationEssentials.Date

/// One event of a conversation's stream, as it is stored.
public struct ConversationEvent: Sendable, Hashable {
    /// Counts from 1 within the conversation, without gaps: what a client remembers to resume.
    public let number: Int64
    /// The turn it belongs to.
    public let seq: Int64
    /// The type, in the words of `agentctl.event`; also one that only a newer release knows.
    public let type: String
    /// What belongs to the type; for a message, the message.
    public let data: JSONValue
    /// When it was stored.
    public let time: Date

    package init(number: Int64, seq: Int64, type: String, data: JSONValue, time: Date) {
        self.number = number
        self.seq = seq
        self.type = type
        self.data = data
        self.time = time
    }

    /// What happened; nil for a type that this release does not know, or data that does not belong to it.
    package var event: Event? { Event(type: type, data: data) }
}
