import JSON
import Sandbox
import SandboxProbe

extension HostileStep {
    /// The step as the probe reads it.
    var request: JSONValue {
        let seconds = limits.timeout.components
        var request: JSONObject = [
            "workspace": .string(workspace.rawValue),
            "timeout_ms": .integer(seconds.seconds * 1_000 + seconds.attoseconds / 1_000_000_000_000_000),
            "memory_bytes": .integer(Int64(limits.memoryBytes)),
            "output_bytes": .integer(Int64(limits.outputBytes)),
            "result_bytes": .integer(Int64(limits.resultBytes)),
            "file_bytes": .integer(Int64(limits.fileBytes)),
        ]
        switch code {
        case .shell(let command):
            request["command"] = .string(command)
        case .python(let source):
            request["function"] = "attack"
            request["source"] = .string(source)
            request["imports"] = .array(allowedImports.map { .string($0) })
            request["safe_mode"] = .bool(isSafeMode)
            request["context"] = context
        }
        return .object(request)
    }
}

extension HostileOutcome {
    /// An outcome as the probe tells it.
    init(_ json: JSONValue) {
        exitReason = json["exit_reason"]?.stringValue.flatMap { ExitReason(rawValue: $0) } ?? .killed
        result = json["result"]?.stringValue
        failure = json["failure"]?.stringValue ?? ""
        output = json["output"]?.stringValue ?? ""
        peakMemoryBytes = Int(json["peak_memory_bytes"]?.integerValue ?? 0)
        violations = (json["violations"]?.arrayValue ?? []).compactMap { violation in
            guard let kind = violation["kind"]?.stringValue.flatMap({ SandboxViolation.Kind(rawValue: $0) }),
                let source = violation["source"]?.stringValue.flatMap({ SandboxViolation.Source(rawValue: $0) })
            else { return nil }
            return SandboxViolation(kind, detail: violation["detail"]?.stringValue ?? "", source: source)
        }
    }
}
