internal import JSON

/// One call to a tool, as it is stored.
public struct ToolCallRecord: Sendable {
    /// How far it came.
    public enum State: String, Sendable, Hashable {
        /// It returned a result.
        case succeeded
        /// It returned an error.
        case failed
    }

    /// The number of the tool round within the turn.
    public var step: Int
    /// What the model asked for.
    public var request: ToolCallRequest
    /// The tool's version; nil when there is no such tool.
    public var toolVersionID: Int64?
    /// What running it twice would do.
    public var effect: ToolEffect
    /// How far it came.
    public var state: State
    /// What the model is told.
    public var result: String
    /// Whether the result was cut at the tool's limit.
    public var isTruncated: Bool
    /// The class of error, if it failed.
    public var errorCode: String?
    /// From the turn's beginning to the call.
    public var offset: Duration
    /// How long it took.
    public var duration: Duration

    func json(number: Int) -> JSONValue {
        var object: JSONObject = [
            "number": .integer(Int64(number)),
            "step_number": .integer(Int64(step)),
            "call_id": .storable(request.id),
            "tool": .storable(request.name),
            "arguments": .storable(request.arguments),
            "effect": .string(effect.rawValue),
            "state": .string(state.rawValue),
            "result": .storable(result),
            "truncated": .bool(isTruncated),
            "duration_ms": .number(duration.milliseconds),
            "offset_ms": .number(offset.milliseconds),
        ]
        object["tool_version_id"] = toolVersionID.map { .integer($0) }
        object["error_code"] = errorCode.map { .string($0) }
        return .object(object)
    }
}
