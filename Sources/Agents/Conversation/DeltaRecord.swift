internal import JSON

/// A piece of a running answer, for live display.
struct DeltaRecord: Sendable {
    var conversation: String
    var seq: Int64
    var attempt: Int
    var number: Int
    var event: TurnEvent

    var json: JSONValue {
        [
            "conversation_id": .string(conversation), "seq": .integer(seq), "attempt": .integer(Int64(attempt)),
            "number": .integer(Int64(number)), "type": .string(event.kind.rawValue),
            "data": JSONValue.object(event.data).storable,
        ]
    }
}
