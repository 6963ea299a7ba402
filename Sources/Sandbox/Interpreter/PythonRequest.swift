import JSON

/// What a worker is asked to do, as bytes: settings, then name, imports, code, bytecode, arguments, context and covers.
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

    var exceptions: [WorkspaceException] {
        if case .run(let call) = action { call.exceptions } else { [] }
    }

    /// The request's bytes, as `code_runner.HEADER` has them.
    ///
    /// - Parameter covers: What is mounted over the workspace.
    /// - Throws: ``SandboxError`` with code `invalid` when it is too large, or the arguments are no object.
    func bytes(_ covers: WorkspaceCovers) throws(SandboxError) -> [UInt8] {
        var header: [UInt8] = []
        var parts: [[UInt8]]
        switch action {
        case .run(let call):
            guard call.arguments.objectValue != nil else {
                throw SandboxError(.invalid, "the arguments have to be an object")
            }
            let name: String? = if case .function(let name) = call.action { name } else { nil }
            header = [0, name == nil ? 1 : 0, call.isSafeMode ? 1 : 0, call.workspace.number]
            parts = Self.texts(name, call.allowedImports, call.source)
            parts += [
                call.bytecode ?? [], Array(call.arguments.text.utf8), call.context.map { Array($0.text.utf8) } ?? [],
                covers.bytes,
            ]
        case .check(let source, let entryPoint, let allowedImports, let isSafeMode):
            header = [1, entryPoint == nil ? 1 : 0, isSafeMode ? 1 : 0, WorkspaceGrant.none.number]
            parts = Self.texts(entryPoint, allowedImports, source) + [[], [], [], []]
        }
        let count = parts.reduce(0) { $0 + $1.count }
        guard count <= Self.maximumBytes else {
            throw SandboxError(.invalid, "the call has \(count) bytes; \(Self.maximumBytes) is the most")
        }
        // A thread beside the interpreter's may use a second processor; the clock has the last word.
        let seconds = Int(limits.timeout.components.seconds) + 2
        for number in [limits.memoryBytes, limits.fileBytes, limits.resultBytes, seconds] {
            withUnsafeBytes(of: UInt64(max(0, number)).littleEndian) { header.append(contentsOf: $0) }
        }
        for part in parts { withUnsafeBytes(of: UInt32(part.count).littleEndian) { header.append(contentsOf: $0) } }
        header.reserveCapacity(header.count + count)
        for part in parts { header.append(contentsOf: part) }
        return header
    }

    /// Name, imports by lines, and text.
    private static func texts(_ name: String?, _ imports: [String], _ source: String) -> [[UInt8]] {
        [name ?? scriptName, imports.joined(separator: "\n"), source].map { Array($0.utf8) }
    }
}

extension WorkspaceGrant {
    /// Its number in a request.
    fileprivate var number: UInt8 {
        switch self {
        case .none: 0
        case .readOnly: 1
        case .writable: 2
        }
    }
}
