package import JSON

/// One call of a stored function or of code that a model wrote, as it is stored.
package struct FunctionCallRecord: Sendable {
    /// Something that the call tried and may not do.
    package struct Violation: Sendable, Hashable {
        /// `system_call`, `denied_import` or `write_outside`.
        package var kind: String
        /// The system call, the module or the path.
        package var detail: String
        /// Who saw it: `kernel` or `interpreter`.
        package var source: String

        package init(kind: String, detail: String, source: String) {
            (self.kind, self.detail, self.source) = (kind, detail, source)
        }
    }

    /// The function's name; for code that a model wrote, the tool's.
    package var function: String
    /// The function's version as an id of a definition's version; the tool's, for code that a model wrote.
    package var versionID: Int64?
    /// `python`, `sql` or `shell`.
    package var language: String
    /// The arguments as JSON, or the code that a model wrote.
    package var arguments: String
    /// How it ended: the raw value of the sandbox's exit reason, such as `ok` or `timeout`.
    package var exitReason: String
    /// The result as JSON.
    package var result: String?
    /// The class of error.
    package var errorType: String?
    /// What went wrong.
    package var errorMessage: String?
    /// Where it went wrong.
    package var traceback: String?
    /// What it printed.
    package var output: String
    /// How long it took.
    package var duration: Duration
    /// Processor time; nil when it is not known.
    package var processorTime: Duration?
    /// The most memory that was resident, in bytes; nil when it is not known.
    package var peakMemoryBytes: Int?
    /// What it tried and may not do.
    package var violations: [Violation]
    /// The model's name for the tool call that it was part of; nil outside of a turn.
    package var callID: String?
    /// When it began, by the process's clock; a record is made when its call ends.
    private let startedAt: ContinuousClock.Instant

    /// A call.
    package init(
        function: String,
        versionID: Int64?,
        language: String,
        arguments: String,
        exitReason: String,
        result: String? = nil,
        errorType: String? = nil,
        errorMessage: String? = nil,
        traceback: String? = nil,
        output: String = "",
        duration: Duration,
        processorTime: Duration? = nil,
        peakMemoryBytes: Int? = nil,
        violations: [Violation] = [],
        callID: String? = nil
    ) {
        self.function = function
        self.versionID = versionID
        self.language = language
        self.arguments = arguments
        self.exitReason = exitReason
        self.result = result
        self.errorType = errorType
        self.errorMessage = errorMessage
        self.traceback = traceback
        self.output = output
        self.duration = duration
        self.processorTime = processorTime
        self.peakMemoryBytes = peakMemoryBytes
        self.violations = violations
        self.callID = callID
        startedAt = .now - duration
    }

    /// The record as `agentctl.record_function_calls` reads it.
    package var json: JSONValue {
        var object: JSONObject = [
            "function": .storable(function),
            "language": .string(language),
            "arguments": .storable(arguments),
            "exit_reason": .string(exitReason),
            "output": .storable(output),
            "duration_ms": .number(duration.milliseconds),
            "age_ms": .number((ContinuousClock.now - startedAt).milliseconds),
            "violations": .array(
                violations.map { violation in
                    [
                        "kind": .string(violation.kind),
                        "detail": .storable(violation.detail),
                        "source": .string(violation.source),
                    ]
                }
            ),
        ]
        object["version_id"] = versionID.map { .integer($0) }
        object["result"] = result.map { .storable($0) }
        object["error_type"] = errorType.map { .storable($0) }
        object["error_message"] = errorMessage.map { .storable($0) }
        object["traceback"] = traceback.map { .storable($0) }
        object["cpu_ms"] = processorTime.map { .number($0.milliseconds) }
        object["peak_memory_bytes"] = peakMemoryBytes.map { .integer(Int64($0)) }
        object["call_id"] = callID.map { .storable($0) }
        return .object(object)
    }
}
