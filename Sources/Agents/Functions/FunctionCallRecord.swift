public import JSON
public import Sandbox

/// One call of a stored function or of code that a model wrote, as it is stored.
public struct FunctionCallRecord: Sendable {
    /// The function's name; for code that a model wrote, the tool's.
    public var function: String
    /// The function's version as an id of a definition's version; the tool's, for code that a model wrote.
    public var versionID: Int64?
    /// `python`, `sql` or `shell`.
    public var language: String
    /// The arguments as JSON, or the code that a model wrote.
    public var arguments: String
    /// How it ended.
    public var exitReason: ExitReason
    /// The result as JSON.
    public var result: String?
    /// The class of error.
    public var errorType: String?
    /// What went wrong.
    public var errorMessage: String?
    /// Where it went wrong.
    public var traceback: String?
    /// What it printed.
    public var output: String
    /// How long it took.
    public var duration: Duration
    /// Processor time; nil when it is not known.
    public var processorTime: Duration?
    /// The most memory that was resident, in bytes; nil when it is not known.
    public var peakMemoryBytes: Int?
    /// What it tried and may not do.
    public var violations: [SandboxViolation]
    /// The model's name for the tool call that it was part of; nil outside of a turn.
    public var callID: String?
    /// When it began, by the process's clock; a record is made when its call ends.
    private let startedAt: ContinuousClock.Instant

    /// A call.
    public init(
        function: String,
        versionID: Int64?,
        language: String,
        arguments: String,
        exitReason: ExitReason,
        result: String? = nil,
        errorType: String? = nil,
        errorMessage: String? = nil,
        traceback: String? = nil,
        output: String = "",
        duration: Duration,
        processorTime: Duration? = nil,
        peakMemoryBytes: Int? = nil,
        violations: [SandboxViolation] = [],
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
    public var json: JSONValue {
        var object: JSONObject = [
            "function": .storable(function),
            "language": .string(language),
            "arguments": .storable(arguments),
            "exit_reason": .string(exitReason.rawValue),
            "output": .storable(output),
            "duration_ms": .number(duration.milliseconds),
            "age_ms": .number((ContinuousClock.now - startedAt).milliseconds),
            "violations": .array(
                violations.map { violation in
                    [
                        "kind": .string(violation.kind.rawValue),
                        "detail": .storable(violation.detail),
                        "source": .string(violation.source.rawValue),
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
