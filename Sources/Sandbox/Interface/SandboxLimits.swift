/// What one call may use up.
public struct SandboxLimits: Sendable, Hashable {
    /// The longest time of the call, after which it is killed with everything it started.
    ///
    /// Default: 30 seconds.
    public var timeout: Duration

    /// Memory beyond what the interpreter itself needs, in bytes.
    ///
    /// For a command line: of each of its processes, and of all of them together. Default: 512 MiB.
    public var memoryBytes: Int

    /// Bytes that it may print before it is killed.
    ///
    /// Default: 1 MiB.
    public var outputBytes: Int

    /// Bytes of the result as JSON.
    ///
    /// Default: 1 MiB.
    public var resultBytes: Int

    /// Bytes of one file that it writes.
    ///
    /// Default: 64 MiB.
    public var fileBytes: Int

    /// Bytes that it may write to the workspace, all files together, deleted ones included.
    ///
    /// Default: 4 GiB.
    public var writtenBytes: Int

    /// Files and directories by which the workspace's file system may grow while it runs.
    ///
    /// Default: 200,000.
    public var files: Int

    /// What is said of a call that wrote too much.
    var diskMessage: String {
        "it wrote more than \(writtenBytes >> 20) MB or \(files) files to the workspace, or its disk is full"
    }

    /// Limits of one call.
    ///
    /// - Parameters:
    ///   - timeout: The longest time of the call.
    ///   - memoryBytes: Memory beyond what the interpreter itself needs.
    ///   - outputBytes: Bytes that it may print.
    ///   - resultBytes: Bytes of the result as JSON.
    ///   - fileBytes: Bytes of one file that it writes.
    ///   - writtenBytes: Bytes that it writes to the workspace.
    ///   - files: Files by which the workspace's file system may grow.
    public init(
        timeout: Duration = .seconds(30),
        memoryBytes: Int = 512 << 20,
        outputBytes: Int = 1 << 20,
        resultBytes: Int = 1 << 20,
        fileBytes: Int = 64 << 20,
        writtenBytes: Int = 4 << 30,
        files: Int = 200_000
    ) {
        self.timeout = timeout
        self.memoryBytes = memoryBytes
        self.outputBytes = outputBytes
        self.resultBytes = resultBytes
        self.fileBytes = fileBytes
        self.writtenBytes = writtenBytes
        self.files = files
    }
}
