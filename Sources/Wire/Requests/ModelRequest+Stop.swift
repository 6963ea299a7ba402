internal import Conversation
internal import JSON

extension ModelRequest {
    /// The texts at which the answer ends, as a member; nil for none.
    var stopValue: JSONValue? {
        stop.isEmpty ? nil : .array(stop.map { .string($0) })
    }
}
