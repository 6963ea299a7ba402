public import JSON

/// The outcome of a call into Python code.
public struct PythonOutcome: Sendable, Hashable {
    /// An exception that the code did not catch, as the code itself reports it: nothing to rely on.
    public struct Failure: Sendable, Hashable {
        /// The exception's class.
        public let type: String
        /// Its text.
        public let message: String
        /// Frames of the code, as Python prints them.
        public let traceback: String
        /// The line of the code that failed, from 1; nil when it is not known.
        public let line: Int?

        /// A failure.
        public init(type: String, message: String, traceback: String, line: Int?) {
            self.type = type
            self.message = message
            self.traceback = traceback
            self.line = line
        }
    }

    /// How it ended.
    public var exitReason: ExitReason
    /// What it was killed for, where the reason alone does not say it.
    public var message: String?
    /// The result, when it ended with one.
    public var result: JSONText?
    /// What went wrong, when the code could still say so.
    public var failure: Failure?
    /// What it printed, as far as the limit goes.
    public var output: String
    /// Whether it printed more than ``output``.
    public var isOutputCut: Bool
    /// From the request to the answer.
    public var duration: Duration
    /// Processor time, by the kernel.
    public var processorTime: Duration
    /// The most memory that was resident, in bytes, by the kernel.
    public var peakMemoryBytes: Int
    /// What it tried and may not do.
    public var violations: [SandboxViolation]

    /// An outcome.
    public init(
        _ exitReason: ExitReason,
        result: JSONText? = nil,
        failure: Failure? = nil,
        output: String = "",
        isOutputCut: Bool = false,
        duration: Duration = .zero,
        processorTime: Duration = .zero,
        peakMemoryBytes: Int = 0,
        violations: [SandboxViolation] = []
    ) {
        self.exitReason = exitReason
        self.result = result
        self.failure = failure
        self.output = output
        self.isOutputCut = isOutputCut
        self.duration = duration
        self.processorTime = processorTime
        self.peakMemoryBytes = peakMemoryBytes
        self.violations = violations
    }
}
