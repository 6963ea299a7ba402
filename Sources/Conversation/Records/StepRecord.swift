package import JSON

/// One step of a turn, as it is stored.
package struct StepRecord: Sendable {
    /// What was done.
    package enum Kind: String, Sendable, Hashable {
        /// A call to the model.
        case modelCall = "model_call"
        /// An attempt at a call to the model that failed and was followed by another one.
        case modelAttempt = "model_attempt"
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
    package var kind: Kind
    /// The model's name.
    package var model: String?
    /// The model's version.
    package var modelVersionID: Int64?
    /// The model's provider.
    package var provider: String?
    /// Why the model stopped.
    package var finishReason: String?
    /// The tokens.
    package var usage = TokenUsage.zero
    /// The cost in USD.
    package var cost: Double = 0
    /// From the call to the first piece of the answer.
    package var timeToFirstToken: Duration?
    /// From the turn's beginning to the step's.
    package var offset: Duration
    /// How long it took.
    package var duration: Duration = .zero
    /// The class of error, if it failed.
    package var errorCode: String?
    /// What happened.
    package var errorMessage: String?

    /// A step that begins.
    ///
    /// - Parameters:
    ///   - kind: What is done.
    ///   - offset: From the turn's beginning to now.
    package init(_ kind: Kind, offset: Duration) {
        self.kind = kind
        self.offset = offset
    }

    package func json(number: Int) -> JSONValue {
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
