internal import JSON

/// A piece of a running answer, for live display.
struct DeltaRecord: Sendable {
    var conversation: String
    var seq: Int64
    var attempt: Int
    var number: Int
    var type: String
    var data: JSONObject

    var json: JSONValue {
        [
            "conversation_id": .string(conversation), "seq": .integer(seq), "attempt": .integer(Int64(attempt)),
            "number": .integer(Int64(number)), "type": .string(type), "data": .object(data),
        ]
    }
}
