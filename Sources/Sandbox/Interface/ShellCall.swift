/// One command line, run by /bin/bash in a sandbox of its own.
public struct ShellCall: Sendable {
    /// The command line.
    public var command: String
    /// The directory it starts in, relative to the workspace.
    public var directory: String
    /// Variables besides PATH, HOME, LANG, EMAIL and PYTHONDONTWRITEBYTECODE.
    public var environment: [String: String]
    /// What it may do with the workspace.
    public var workspace: WorkspaceGrant
    /// Parts of the workspace that it may do less with.
    public var exceptions: [WorkspaceException] = []
    /// What it may use up; ``SandboxLimits/resultBytes`` does not matter.
    public var limits: SandboxLimits

    /// A command.
    ///
    /// - Parameters:
    ///   - command: The command line.
    ///   - directory: The directory it starts in, relative to the workspace.
    ///   - environment: Variables besides PATH, HOME and LANG.
    ///   - workspace: What it may do with the workspace.
    ///   - limits: What it may use up.
    public init(
        _ command: String,
        directory: String = ".",
        environment: [String: String] = [:],
        workspace: WorkspaceGrant = .readOnly,
        limits: SandboxLimits = SandboxLimits()
    ) {
        self.command = command
        self.directory = directory
        self.environment = environment
        self.workspace = workspace
        self.limits = limits
    }
}
