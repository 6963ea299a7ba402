package import Definitions

/// Why a model gave no answer that can be used.
///
/// Its message is fit for logs, traces and people: it holds neither keys nor prompts nor the model's words.
package struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        private let name: String

        private init(_ name: String) {
            self.name = name
        }

        /// The code's name as it is stored and shown.
        package var description: String { name }

        /// The server could not be reached, or the connection broke before it answered.
        package static let unreachable = Code("unreachable")
        /// The server was too slow: to connect, between two pieces, or in all.
        package static let timeout = Code("timeout")
        /// The server refuses more requests for now; see ``ModelError/retryAfter``.
        package static let rateLimited = Code("rate_limited")
        /// The key is missing, wrong, or not good for this model.
        package static let authentication = Code("authentication")
        /// The server does not accept the request as it is.
        package static let invalidRequest = Code("invalid_request")
        /// The server failed.
        package static let server = Code("server")
        /// The answer is not what the protocol says.
        package static let malformed = Code("malformed")
        /// The answer broke off.
        package static let truncated = Code("truncated")
        /// The answer exceeds a limit: its bytes or its tool calls.
        package static let tooLarge = Code("too_large")
        /// A content filter stopped the request or the answer.
        package static let contentFiltered = Code("content_filtered")
        /// The calling task was cancelled.
        package static let cancelled = Code("cancelled")
        /// The model's row or the environment is not right; see ``ModelError/problems``.
        package static let configuration = Code("configuration")
    }

    /// The kind of failure.
    package let code: Code

    /// What happened, in a sentence.
    package let message: String

    /// The HTTP status of the answer, if there was one.
    package let status: Int?

    /// The server's own code for the error, such as `context_length_exceeded`, if it gave one.
    package let serverCode: String?

    /// How long the server asks to wait before the next attempt.
    package let retryAfter: Duration?

    /// For ``Code/configuration``: the mistakes in the model's document, all of them.
    package let problems: [DocumentProblem]

    /// A failure.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What happened; no keys, no prompts.
    ///   - status: The HTTP status of the answer.
    ///   - serverCode: The server's own code for the error.
    ///   - retryAfter: How long the server asks to wait.
    ///   - problems: The mistakes in the model's document.
    package init(
        _ code: Code,
        _ message: String,
        status: Int? = nil,
        serverCode: String? = nil,
        retryAfter: Duration? = nil,
        problems: [DocumentProblem] = []
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.serverCode = serverCode
        self.retryAfter = retryAfter
        self.problems = problems
    }

    /// A model's document that cannot be used.
    package init(model name: String, problems: [DocumentProblem]) {
        let list = problems.map(\.description).joined(separator: "; ")
        self.init(.configuration, "the model \"\(name)\" cannot be used: \(list)", problems: problems)
    }

    /// The kind and the message on one line.
    package var description: String {
        "\(code): \(message)"
    }
}
