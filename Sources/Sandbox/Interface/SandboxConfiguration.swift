/// How untrusted code is run on this machine.
public struct SandboxConfiguration: Sendable, Hashable {
    /// Whether the kernel holds the code.
    public enum Enforcement: Sendable, Hashable {
        /// It does, or nothing is run.
        case required
        /// Nothing holds it: an explicit choice when the process is started.
        case none
    }

    /// Whether the kernel holds the code.
    ///
    /// Default: required.
    public var enforcement: Enforcement

    /// The directory that calls with a grant see as /workspace; nil if there is none.
    public var workspace: String?

    /// Workers that are kept ready for calls to come.
    ///
    /// Default: 2.
    public var spareWorkers: Int

    /// Calls that run at once; others wait.
    ///
    /// Default: 16.
    public var maximumConcurrentCalls: Int

    /// Calls after which the interpreter that workers are forked from is restarted, since they share its address
    /// layout.
    ///
    /// Default: 5,000.
    public var callsPerInterpreter: Int

    /// A configuration.
    ///
    /// - Parameters:
    ///   - enforcement: Whether the kernel holds the code.
    ///   - workspace: The directory that calls with a grant see as /workspace.
    ///   - spareWorkers: Workers that are kept ready.
    ///   - maximumConcurrentCalls: Calls that run at once.
    ///   - callsPerInterpreter: Calls after which the interpreter is restarted.
    public init(
        enforcement: Enforcement = .required,
        workspace: String? = nil,
        spareWorkers: Int = 2,
        maximumConcurrentCalls: Int = 16,
        callsPerInterpreter: Int = 5_000
    ) {
        self.enforcement = enforcement
        self.workspace = workspace
        self.spareWorkers = spareWorkers
        self.maximumConcurrentCalls = maximumConcurrentCalls
        self.callsPerInterpreter = callsPerInterpreter
    }
}
