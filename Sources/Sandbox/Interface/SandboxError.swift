/// Why untrusted code was not run.
public struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) {
            self.name = name
        }

        /// The code's name as it is stored and shown.
        public var description: String { name }

        /// The machine or the kernel lacks something that the sandbox is made of.
        public static let unavailable = Code("sandbox_unavailable")
        /// What was asked for cannot be: a directory outside of the workspace, an argument that is too large.
        public static let invalid = Code("sandbox_invalid")
        /// The workspace cannot be granted: it is not there, or not for the user whom untrusted code runs as.
        public static let workspace = Code("sandbox_workspace")
        /// The sandbox broke; the call may or may not have begun.
        public static let broken = Code("sandbox_broken")
        /// The calling task was cancelled, and what it had started was killed.
        public static let cancelled = Code("cancelled")
        /// The sandbox was shut down.
        public static let shutdown = Code("sandbox_shutdown")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened or is missing, and how to get it, in a sentence.
    public let message: String
    /// What had been printed when it was killed, as far as the limit of output goes; empty if it never began.
    public let output: String

    /// A failure.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What happened and what to do.
    ///   - output: What had been printed until then.
    public init(_ code: Code, _ message: String, output: String = "") {
        self.code = code
        self.message = message
        self.output = output
    }

    /// The message.
    public var description: String { message }
}
