package import JSON

package import struct FoundationEssentials.UUID

/// One call to a tool, as it is stored.
package struct ToolCallRecord: Sendable {
    /// How far it came.
    package enum State: String, Sendable, Hashable {
        /// The model asked for it; it has not begun, or may begin again.
        case planned
        /// The intent to run it is stored; it may have had its effect.
        case started
        /// It returned a result.
        case succeeded
        /// It returned an error.
        case failed
        /// It was not allowed to run.
        case denied
        /// Whether it had its effect is not known.
        case inDoubt = "in_doubt"
    }

    /// Whether the database has the call's row.
    package enum Storage: Sendable, Hashable {
        /// It has not.
        case new
        /// It has, as it is here.
        case stored
        /// It has, as it was before.
        case changed
    }

    /// Counts from 1 within the turn.
    package let number: Int
    /// The number of the tool round within the turn.
    package let step: Int
    /// What the model asked for.
    package let request: ToolCallRequest
    /// The tool's version; nil when there is no such tool.
    package let toolVersionID: Int64?
    /// What running it twice would do.
    package let effect: ToolEffect
    /// The same for every attempt; nil for calls that may be repeated.
    package let idempotencyKey: UUID?
    /// How far it came.
    package var state: State { didSet { changed() } }
    /// From the turn's beginning to the call.
    package let offset: Duration
    /// What the model is told; nil as long as there is nothing to tell.
    package var result: String?
    /// Whether the result was cut at the tool's limit.
    package var isTruncated = false
    /// The class of error, if it failed.
    package var errorCode: String?
    /// How long it took; nil as long as it has not ended.
    package var duration: Duration?
    /// The policy's rule that decided whether it may run; nil as long as none has.
    package var rule: String?
    /// What was decided about it; nil if nobody was asked.
    package var approval: ToolCallApproval?
    /// What was decided about what it returned; nil if nobody was asked.
    package var outputApproval: ToolCallApproval?
    /// Whether an operator has to decide about what it returned.
    package var isOutputOpen = false
    /// Whether the model has been told: its answer stands in the transcript.
    package var isAnswered = false
    /// Whether the database has that answer.
    var hasStoredAnswer = false
    /// Whether the database has the call's row.
    package var storage = Storage.new

    package init(
        number: Int,
        step: Int,
        request: ToolCallRequest,
        toolVersionID: Int64?,
        effect: ToolEffect,
        idempotencyKey: UUID?,
        state: State = .planned,
        offset: Duration
    ) {
        self.number = number
        self.step = step
        self.request = request
        self.toolVersionID = toolVersionID
        self.effect = effect
        self.idempotencyKey = idempotencyKey
        self.state = state
        self.offset = offset
    }

    private mutating func changed() {
        if storage == .stored { storage = .changed }
    }

    /// Takes over what a call returned.
    package mutating func take(_ answer: ToolCallResult) {
        result = answer.output.text
        isTruncated = answer.output.truncated
        errorCode = answer.error?.code.description
        duration = answer.duration
        // A call that was killed may have had its effect; nobody says that it had not.
        let isUnknown = answer.error?.code == .cancelled && effect == .unsafe
        state = isUnknown ? .inDoubt : answer.error == nil ? .succeeded : .failed
    }

    /// Takes back a call that was refused by its gate: the next attempt makes it, unless it may have had an effect.
    package mutating func withdraw(hasPassed: Bool) {
        (result, isTruncated, errorCode, duration) = (nil, false, nil, nil)
        state = hasPassed ? .inDoubt : .planned
    }

    /// The record as `agentctl.write_turn_parts` reads it.
    package var json: JSONValue {
        var object: JSONObject = [
            "number": .integer(Int64(number)),
            "step_number": .integer(Int64(step)),
            "call_id": .storable(request.id),
            "tool": .storable(request.name),
            "arguments": .storable(request.arguments),
            "effect": .string(effect.rawValue),
            "state": .string(state.rawValue),
            "truncated": .bool(isTruncated),
            "offset_ms": .number(offset.milliseconds),
        ]
        if storage != .new { object["stored"] = true }
        object["idempotency_key"] = idempotencyKey.map { .string($0.uuidString) }
        object["result"] = result.map { .storable($0) }
        object["duration_ms"] = duration.map { .number($0.milliseconds) }
        object["tool_version_id"] = toolVersionID.map { .integer($0) }
        object["error_code"] = errorCode.map { .string($0) }
        object["rule"] = rule.map { .storable($0) }
        return .object(object)
    }
}
