import Glibc
import JSON
import Sandbox

/// Outcomes as JSON.
enum Answer {
    static func json(_ outcome: PythonOutcome) -> JSONValue {
        [
            "exit_reason": .string(outcome.exitReason.rawValue),
            "result": outcome.result.map { .string($0.string) } ?? .null,
            "failure": outcome.failure.map { .string("\($0.type): \($0.message)\n\($0.traceback)") } ?? .null,
            "output": .string(outcome.output),
            "peak_memory_bytes": .integer(Int64(outcome.peakMemoryBytes)),
            "violations": .array(
                outcome.violations.map {
                    [
                        "kind": .string($0.kind.rawValue), "detail": .string($0.detail),
                        "source": .string($0.source.rawValue),
                    ]
                }
            ),
        ]
    }

    static func json(_ outcome: ShellOutcome) -> JSONValue {
        [
            "exit_reason": .string(outcome.exitReason.rawValue),
            "exit_code": outcome.exitCode.map { .integer(Int64($0)) } ?? .null,
            "output": .string(outcome.output),
            "peak_memory_bytes": .integer(Int64(outcome.peakMemoryBytes)),
        ]
    }

    static func json(_ report: (level: SandboxLevel, layers: [SandboxLayer])) -> JSONValue {
        let layers: [JSONValue] = report.layers.map {
            ["name": .string($0.name), "state": .string($0.state.rawValue), "detail": .string($0.detail)]
        }
        return ["level": .string(report.level.rawValue), "layers": .array(layers)]
    }
}

/// Sends what was printed on its way.
func flush() {
    fflush(nil)
}
