import Conversation
import Definitions
internal import JSON
internal import Sandbox

/// What a row's configuration says of the code that its tool runs.
struct CodeLimits: Sendable {
    /// The configuration's members.
    package static let members = ["workspace", "memory_limit", "write_limit", "protected"]

    /// What the code may do with the workspace.
    package var workspace: WorkspaceGrant

    /// Memory of one process, in bytes.
    package var memoryBytes: Int
    /// Bytes that a run may write to the workspace.
    package var writtenBytes = SandboxLimits().writtenBytes

    /// Names of files and directories that a run does not write to, wherever they are.
    var protectedNames = Workspace.protectedNames

    /// Reads the members.
    ///
    /// - Parameters:
    ///   - configuration: The configuration.
    ///   - grants: What `workspace` may say; the first is the default.
    init(_ configuration: DocumentReader, grants: [WorkspaceGrant]) {
        workspace = grants.first ?? .none
        memoryBytes = SandboxLimits().memoryBytes
        if let megabytes = configuration.integer("memory_limit", in: 16...65_536) { memoryBytes = megabytes << 20 }
        if let megabytes = configuration.integer("write_limit", in: 1...1_048_576) { writtenBytes = megabytes << 20 }
        if let names = configuration.strings("protected", maximumCount: 1_000) { protectedNames = names }
        guard let word = configuration.string("workspace", maximumBytes: 100) else { return }
        guard let grant = WorkspaceGrant(rawValue: word), grants.contains(grant) else {
            let names = grants.map(\.rawValue).sorted().joined(separator: ", ")
            configuration.refuse("workspace", "expected one of \(names), found \"\(word)\"")
            return
        }
        workspace = grant
    }

    /// What a run does to the world, of which the workspace is all that it can reach.
    package var effect: ToolEffect { workspace == .writable ? .unsafe : .pure }

    /// The parts of the workspace that a run may do less with.
    package func exceptions(in context: ToolContext) async throws(ToolError) -> [WorkspaceException] {
        try await context.exceptions(for: workspace, protecting: protectedNames)
    }

    /// The limits of one run.
    func sandboxLimits(timeout: Duration) -> SandboxLimits {
        var limits = SandboxLimits()
        limits.timeout = timeout
        limits.memoryBytes = memoryBytes
        limits.writtenBytes = writtenBytes
        limits.outputBytes = CodeRun.maximumOutputBytes
        return limits
    }
}

extension Duration {
    /// The duration for a reader: `0.7 s`, `30 s`.
    package var seconds: String {
        let tenths = Int((milliseconds / 100).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
