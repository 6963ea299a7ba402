package import JSON

package import struct FoundationEssentials.Date

/// One event of a conversation's stream, as it is stored.
package struct ConversationEvent: Sendable, Hashable {
    /// Counts from 1 within the conversation, without gaps: what a client remembers to resume.
    package let number: Int64
    /// The turn it belongs to.
    package let seq: Int64
    /// The type, in the words of `agentctl.event`; also one that only a newer release knows.
    package let type: String
    /// What belongs to the type; for a message, the message.
    package let data: JSONValue
    /// When it was stored.
    package let time: Date

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
