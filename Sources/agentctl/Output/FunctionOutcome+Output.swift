import Conversation
import Engine
import Functions
import JSON
import Sandbox

extension FunctionOutcome {
    /// The outcome of a call, as `--json` prints it.
    func json(of function: FunctionDefinition) -> JSONObject {
        var object: JSONObject = [
            "function": .string(function.name), "version": .integer(Int64(function.version)),
            "exit_reason": .string(exitReason.rawValue),
        ]
        object["result"] = result
        if result != nil { object["text"] = .string(text) }
        object["error_type"] = errorType.map { .string($0) }
        object["error_message"] = errorMessage.map { .string($0) }
        object["traceback"] = traceback.map { .string($0) }
        object["output"] = .string(output)
        object["duration_ms"] = .number(duration.milliseconds)
        object["cpu_ms"] = processorTime.map { .number($0.milliseconds) }
        object["peak_memory_bytes"] = peakMemoryBytes.map { .integer(Int64($0)) }
        object["violations"] = .array(
            violations.map { violation in
                [
                    "kind": .string(violation.kind.rawValue), "source": .string(violation.source.rawValue),
                    "detail": .string(violation.detail),
                ]
            }
        )
        return object
    }

    /// What the process ends with: refused when there is nothing to run code in.
    var status: ExitStatus {
        switch errorType {
        case _ where exitReason == .ok: .done
        case "invalid_arguments": .usage
        case "sandbox_unavailable", "refused": .refused
        case "database_unavailable": .unreachable
        case "cancelled": .interrupted
        default: .failed
        }
    }
}

extension FunctionTestResult {
    /// The outcome of an example, as `--json` prints it.
    var json: JSONValue {
        [
            "function": .string(function), "version": .integer(Int64(version)), "example": .integer(Int64(number)),
            "arguments": arguments, "passed": .bool(failure == nil), "failure": failure.map { .string($0) } ?? .null,
            "exit_reason": .string(outcome.exitReason.rawValue), "duration_ms": .number(outcome.duration.milliseconds),
        ]
    }

    /// What came of an example, on one line.
    var text: String {
        let name = "\(function) v\(version) example \(number)"
        guard let failure else {
            return "ok      \(name)  \(FieldFormat.milliseconds(outcome.duration.milliseconds)) ms"
        }
        return Printable.line("failed  \(name): \(failure)", width: 2_000)
    }
}
