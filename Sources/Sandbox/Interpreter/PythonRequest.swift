import JSON

/// What a worker is asked to do, as bytes: lengths of five parts (4 bytes each), then settings, code, bytecode,
/// arguments and context.
struct PythonRequest {
    enum Action {
        case run(PythonCall)
        case check(source: String, entryPoint: String?, allowedImports: [String], isSafeMode: Bool)
    }

    /// The longest request in bytes.
    static let maximumBytes = 64 << 20
    /// What `<name>` in tracebacks is for a script.
    static let scriptName = "script"

    let action: Action

    var limits: SandboxLimits {
        if case .run(let call) = action { call.limits } else { SandboxLimits(resultBytes: 8 << 20) }
    }

    var workspace: WorkspaceGrant {
        if case .run(let call) = action { call.workspace } else { .none }
    }

    /// The request's bytes.
    ///
    /// - Parameter root: What the workspace's path is for the code.
    /// - Throws: ``SandboxError`` with code `invalid` when it is too large, or the arguments are no object.
    func bytes(root: String) throws(SandboxError) -> [UInt8] {
        var parts: [[UInt8]] = []
        switch action {
        case .run(let call):
            guard call.arguments.objectValue != nil else {
                throw SandboxError(.invalid, "the arguments have to be an object")
            }
            parts = [
                Array(settings(of: call, root: root).text.utf8), Array(call.source.utf8), call.bytecode ?? [],
                Array(call.arguments.text.utf8), call.context.map { Array($0.text.utf8) } ?? [],
            ]
        case .check(let source, let entryPoint, let allowedImports, let isSafeMode):
            let settings = settings(
                "check",
                name: entryPoint,
                allowedImports,
                isSafeMode,
                workspace: .none,
                root: root,
                limits: limits
            )
            parts = [Array(settings.text.utf8), Array(source.utf8), [], [], []]
        }
        let count = parts.reduce(0) { $0 + $1.count }
        guard count <= Self.maximumBytes else {
            throw SandboxError(.invalid, "the call has \(count) bytes; \(Self.maximumBytes) is the most")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + count)
        for part in parts { withUnsafeBytes(of: UInt32(part.count).littleEndian) { bytes.append(contentsOf: $0) } }
        for part in parts { bytes.append(contentsOf: part) }
        return bytes
    }

    private func settings(of call: PythonCall, root: String) -> JSONValue {
        let name: String? = if case .function(let name) = call.action { name } else { nil }
        return settings(
            "run",
            name: name,
            call.allowedImports,
            call.isSafeMode,
            workspace: call.workspace,
            root: root,
            limits: call.limits
        )
    }

    private func settings(
        _ action: String,
        name: String?,
        _ allowedImports: [String],
        _ isSafeMode: Bool,
        workspace: WorkspaceGrant,
        root: String,
        limits: SandboxLimits
    ) -> JSONValue {
        let writable: [JSONValue] = workspace == .writable ? ["/tmp/", .string(root + "/")] : ["/tmp/"]
        // A thread beside the interpreter's may use a second processor; the clock has the last word.
        let seconds = limits.timeout.components.seconds + 2
        return [
            "action": .string(action),
            "name": .string(name ?? Self.scriptName),
            "isScript": .bool(name == nil),
            "imports": .array(allowedImports.map { .string($0) }),
            "isSafe": .bool(isSafeMode),
            "workspace": .string(workspace.rawValue),
            "writable": .array(writable),
            "memory": .integer(Int64(limits.memoryBytes)),
            "file": .integer(Int64(limits.fileBytes)),
            "result": .integer(Int64(limits.resultBytes)),
            "processor": .integer(seconds),
        ]
    }
}
