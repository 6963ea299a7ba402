package import JSON

/// One event of a conversation's stream, before it has a number.
package struct EventRecord: Sendable {
    /// What happened.
    package var event: Event
    /// The message it is about, counted from 1 within the turn.
    package var message: Int?

    /// An event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - message: The message it is about, counted from 1 within the turn.
    package init(_ event: Event, message: Int? = nil) {
        self.event = event
        self.message = message
    }

    /// The event as `agentctl.finish` and `agentctl.save_progress` read it: `[type, message, value, …]` of types with
    /// ``Event/Kind/members``, which are stored together, and else `{type, message, data}`.
    package var json: JSONValue {
        if let members = event.kind.members {
            let data = event.data
            let place: JSONValue = message.map { .integer(Int64($0)) } ?? .null
            return .array(
                [.string(event.kind.rawValue), place] + members.map { data[$0]?.storable ?? .null }
            )
        }
        var object: JSONObject = ["type": .string(event.kind.rawValue)]
        object["message"] = message.map { .integer(Int64($0)) }
        let data = event.data
        if !data.isEmpty { object["data"] = JSONValue.object(data).storable }
        return .object(object)
    }
}
