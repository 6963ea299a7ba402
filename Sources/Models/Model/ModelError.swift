public import Definitions

/// Why a model gave no answer that can be used.
///
/// Its message is fit for logs, traces and people: it holds neither keys nor prompts nor the model's words.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) {
            self.name = name
        }

        /// The code's name as it is stored and shown.
        public var description: String { name }

        /// The server could not be reached, or the connection broke before it answered.
        public static let unreachable = Code("unreachable")
        /// The server was too slow: to connect, between two pieces, or in all.
        public static let timeout = Code("timeout")
        /// The server refuses more requests for now; see ``ModelError/retryAfter``.
        public static let rateLimited = Code("rate_limited")
        /// The account has no money or quota left; waiting does not help.
        public static let exhausted = Code("exhausted")
        /// The conversation is longer than what the model can read.
        public static let contextExceeded = Code("context_exceeded")
        /// The key is missing, wrong, or not good for this model.
        public static let authentication = Code("authentication")
        /// The server does not accept the request as it is.
        public static let invalidRequest = Code("invalid_request")
        /// The server failed.
        public static let server = Code("server")
        /// The answer is not what the protocol says.
        public static let malformed = Code("malformed")
        /// The answer broke off.
        public static let truncated = Code("truncated")
        /// The answer is whole and says nothing.
        public static let empty = Code("empty")
        /// The answer exceeds a limit: its bytes or its tool calls.
        public static let tooLarge = Code("too_large")
        /// A content filter stopped the request or the answer.
        public static let contentFiltered = Code("content_filtered")
        /// The server is not asked for now, since it failed often.
        public static let circuitOpen = Code("circuit_open")
        /// The calling task was cancelled.
        public static let cancelled = Code("cancelled")
        /// The model's row or the environment is not right; see ``ModelError/problems``.
        public static let configuration = Code("configuration")
        /// The model's row names a provider of an embedding program, and this program does not have it.
        public static let missingImplementation = Code("missing_implementation")
    }

    /// The kind of failure.
    public let code: Code

    /// What happened, in a sentence.
    public let message: String

    /// The HTTP status of the answer, if there was one.
    public let status: Int?

    /// The server's own code for the error, such as `context_length_exceeded`, if it gave one.
    public let serverCode: String?

    /// The server's own word for the end of an answer that is not whole, such as `network_error`; nil if it gave none.
    public let finishReason: String?

    /// How long the server asks to wait before the next attempt.
    public let retryAfter: Duration?

    /// Whether the server says that the same request may succeed later; nil if it does not say.
    public let shouldRetry: Bool?

    /// For ``Code/configuration`` and ``Code/missingImplementation``: the mistakes in the model's document, all of them.
    public let problems: [DocumentProblem]

    /// A failure.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What happened; no keys, no prompts.
    ///   - status: The HTTP status of the answer.
    ///   - serverCode: The server's own code for the error.
    ///   - finishReason: The server's own word for the end of the answer.
    ///   - retryAfter: How long the server asks to wait.
    ///   - shouldRetry: Whether the server says that the same request may succeed later.
    ///   - problems: The mistakes in the model's document.
    public init(
        _ code: Code,
        _ message: String,
        status: Int? = nil,
        serverCode: String? = nil,
        finishReason: String? = nil,
        retryAfter: Duration? = nil,
        shouldRetry: Bool? = nil,
        problems: [DocumentProblem] = []
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.serverCode = serverCode
        self.finishReason = finishReason
        self.retryAfter = retryAfter
        self.shouldRetry = shouldRetry
        self.problems = problems
    }

    /// A model's document that cannot be used.
    package init(model name: String, _ code: Code = .configuration, problems: [DocumentProblem]) {
        let list = problems.map(\.description).joined(separator: "; ")
        self.init(code, "the model \"\(name)\" cannot be used: \(list)", problems: problems)
    }

    /// The kind and the message on one line.
    public var description: String {
        "\(code): \(message)"
    }
}
