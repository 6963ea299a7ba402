public import Definitions

/// Why a tool gave no output.
///
/// The message is told to the model, so it says what to do differently.
public struct ToolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) {
            self.name = name
        }

        /// The code's name as it is stored and shown.
        public var description: String { name }

        /// The arguments are not what the tool takes.
        public static let invalidArguments = Code("invalid_arguments")
        /// There is no such tool, or no such thing as the arguments name.
        public static let notFound = Code("not_found")
        /// The tool is not allowed to do that.
        public static let denied = Code("denied")
        /// The tool tried and failed.
        public static let failed = Code("failed")
        /// The tool took too long.
        public static let timeout = Code("timeout")
        /// The calling task was cancelled, or its worker cut off, before the call began: it had no effect.
        public static let notBegun = Code("not_begun")
        /// The calling task was cancelled while the call went on: it may have had its effect, or a part of it.
        public static let cancelled = Code("cancelled")
        /// The tool's row is not right; see ``ToolError/problems``.
        public static let configuration = Code("configuration")
        /// The tool's row names an implementation of an embedding program, and this program does not have it.
        public static let missingImplementation = Code("missing_implementation")
    }

    /// The kind of failure.
    public let code: Code

    /// What happened and what to do, in a sentence for the model.
    public let message: String

    /// Whether the turn has to end, because the model can do nothing about it.
    ///
    /// Default: false.
    public let isFatal: Bool

    /// For ``Code/configuration`` and ``Code/missingImplementation``: the mistakes in the tool's document, all of them.
    public let problems: [DocumentProblem]

    /// What a person who calls the tool by hand can do; models are not told.
    public let hint: String?

    /// What a command or code had printed when it was stopped; the model reads it before the message.
    package var printed = ""

    /// A failure.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What happened and what to do.
    ///   - isFatal: Whether the turn has to end.
    ///   - problems: The mistakes in the tool's document.
    ///   - hint: What a person who calls the tool by hand can do.
    public init(
        _ code: Code,
        _ message: String,
        isFatal: Bool = false,
        problems: [DocumentProblem] = [],
        hint: String? = nil
    ) {
        self.code = code
        self.message = message
        self.isFatal = isFatal
        self.problems = problems
        self.hint = hint
    }

    /// The process has no workspace.
    ///
    /// - Parameter purpose: What follows from it, such as `are no files to read`.
    package static func noWorkspace(for purpose: String) -> ToolError {
        ToolError(.denied, "There is no workspace, so there \(purpose).", hint: "Name one: --workspace DIRECTORY")
    }

    /// A tool's document that cannot be used.
    package init(tool name: String, _ code: Code = .configuration, problems: [DocumentProblem]) {
        let list = problems.map(\.description).joined(separator: "; ")
        self.init(code, "the tool \"\(name)\" cannot be used: \(list)", isFatal: true, problems: problems)
    }

    /// The kind and the message on one line.
    public var description: String {
        "\(code): \(message)"
    }
}
