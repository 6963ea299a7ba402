/// The outcome of a command line.
public struct ShellOutcome: Sendable, Hashable {
    /// How it ended; error stands for an exit code other than 0.
    public var exitReason: ExitReason
    /// What it was killed for, where the reason alone does not say it.
    public var message: String?
    /// The exit code; nil when it was killed.
    public var exitCode: Int?
    /// What it printed, standard output and error as they came, as far as the limit goes.
    public var output: String
    /// Whether it printed more than ``output``.
    public var isOutputCut: Bool
    /// How long it took.
    public var duration: Duration
    /// Processor time of it and its children, by the kernel.
    public var processorTime: Duration
    /// The most memory that one of its processes had resident, in bytes, by the kernel.
    ///
    /// It is never less than what this process has resident: the kernel counts what a child had before it executed
    /// another program.
    public var peakMemoryBytes: Int

    /// An outcome.
    public init(
        _ exitReason: ExitReason,
        exitCode: Int? = nil,
        output: String = "",
        isOutputCut: Bool = false,
        duration: Duration = .zero,
        processorTime: Duration = .zero,
        peakMemoryBytes: Int = 0
    ) {
        self.exitReason = exitReason
        self.exitCode = exitCode
        self.output = output
        self.isOutputCut = isOutputCut
        self.duration = duration
        self.processorTime = processorTime
        self.peakMemoryBytes = peakMemoryBytes
    }
}
