internal import JSON

/// One step of a turn, as it is stored.
public struct StepRecord: Sendable {
    /// What was done.
    public enum Kind: String, Sendable, Hashable {
        /// A call to the model.
        case modelCall = "model_call"
        /// The tool calls of one answer.
        case toolRound = "tool_round"
        /// A check that sent an answer back to the model.
        case validation
        /// A call to the model for a summary of earlier messages.
        case compaction
        /// A call to the model of a judge.
        case guardrail
    }

    /// What was done.
    public var kind: Kind
    /// The model's name.
    public var model: String?
    /// The model's version.
    public var modelVersionID: Int64?
    /// The model's provider.
    public var provider: String?
    /// Why the model stopped.
    public var finishReason: String?
    /// The tokens.
    public var usage = TokenUsage.zero
    /// The cost in USD.
    public var cost: Double = 0
    /// From the call to the first piece of the answer.
    public var timeToFirstToken: Duration?
    /// From the turn's beginning to the step's.
    public var offset: Duration
    /// How long it took.
    public var duration: Duration = .zero
    /// The class of error, if it failed.
    public var errorCode: String?
    /// What happened.
    public var errorMessage: String?

    /// A step that begins.
    ///
    /// - Parameters:
    ///   - kind: What is done.
    ///   - offset: From the turn's beginning to now.
    public init(_ kind: Kind, offset: Duration) {
        self.kind = kind
        self.offset = offset
    }

    func json(number: Int) -> JSONValue {
        var object: JSONObject = [
            "number": .integer(Int64(number)),
            "kind": .string(kind.rawValue),
            "input_tokens": .integer(Int64(usage.input)),
            "cached_input_tokens": .integer(Int64(usage.cachedInput)),
            "output_tokens": .integer(Int64(usage.output)),
            "usage_estimated": .bool(usage.isEstimated),
            "cost_usd": .number(cost),
            "duration_ms": .number(duration.milliseconds),
            "offset_ms": .number(offset.milliseconds),
        ]
        object["model"] = model.map { .string($0) }
        object["model_version_id"] = modelVersionID.map { .integer($0) }
        object["provider"] = provider.map { .string($0) }
        object["finish_reason"] = finishReason.map { .string($0) }
        object["time_to_first_token_ms"] = timeToFirstToken.map { .number($0.milliseconds) }
        object["error_code"] = errorCode.map { .string($0) }
        object["error_message"] = errorMessage.map { .storable($0) }
        return .object(object)
    }
}
