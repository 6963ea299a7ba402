package import JSON

/// A piece of a running answer, for live display.
package struct DeltaRecord: Sendable {
    package var conversation: String
    package var seq: Int64
    package var attempt: Int
    package var number: Int
    package var event: TurnEvent

    package init(conversation: String, seq: Int64, attempt: Int, number: Int, event: TurnEvent) {
        self.conversation = conversation
        self.seq = seq
        self.attempt = attempt
        self.number = number
        self.event = event
    }

    package var json: JSONValue {
        [
            "conversation_id": .string(conversation), "seq": .integer(seq), "attempt": .integer(Int64(attempt)),
            "number": .integer(Int64(number)), "type": .string(event.kind.rawValue),
            "data": JSONValue.object(event.data).storable,
        ]
    }
}
