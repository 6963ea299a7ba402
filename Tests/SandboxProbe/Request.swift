import JSON
import Sandbox

/// Calls from their JSON.
enum Request {
    static func python(_ json: JSONValue) -> PythonCall {
        var call = PythonCall(
            .function(name: json["function"]?.stringValue ?? ""),
            source: json["source"]?.stringValue ?? ""
        )
        call.context = json["context"]
        call.allowedImports = json["imports"]?.arrayValue?.compactMap(\.stringValue) ?? []
        call.isSafeMode = json["safe_mode"]?.boolValue ?? true
        call.workspace = grant(json)
        call.limits = limits(json)
        return call
    }

    static func shell(_ command: String, _ json: JSONValue) -> ShellCall {
        ShellCall(command, workspace: grant(json), limits: limits(json))
    }

    private static func grant(_ json: JSONValue) -> WorkspaceGrant {
        json["workspace"]?.stringValue.flatMap { WorkspaceGrant(rawValue: $0) } ?? .none
    }

    private static func limits(_ json: JSONValue) -> SandboxLimits {
        var limits = SandboxLimits()
        if let value = json["timeout_ms"]?.integerValue { limits.timeout = .milliseconds(value) }
        if let value = json["memory_bytes"]?.integerValue { limits.memoryBytes = Int(value) }
        if let value = json["output_bytes"]?.integerValue { limits.outputBytes = Int(value) }
        if let value = json["result_bytes"]?.integerValue { limits.resultBytes = Int(value) }
        if let value = json["file_bytes"]?.integerValue { limits.fileBytes = Int(value) }
        return limits
    }
}
