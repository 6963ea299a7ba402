public import JSON

/// One event of a conversation's stream, before it has a number.
public struct EventRecord: Sendable {
    /// The type, in the words of `agentctl.event`.
    public var type: String
    /// The message it is about, counted from 1 within the turn.
    public var message: Int?
    /// What belongs to the type.
    public var data: JSONObject

    /// An event.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - message: The message it is about, counted from 1 within the turn.
    ///   - data: What belongs to the type.
    public init(_ type: String, message: Int? = nil, data: JSONObject = [:]) {
        self.type = type
        self.message = message
        self.data = data
    }

    var json: JSONValue {
        var object: JSONObject = ["type": .string(type)]
        object["message"] = message.map { .integer(Int64($0)) }
        if !data.isEmpty { object["data"] = .object(data) }
        return .object(object)
    }
}
