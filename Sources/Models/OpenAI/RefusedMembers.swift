internal import Conversation
internal import Synchronization
internal import Wire

/// Members of requests that a server has refused, and that it is not sent any more.
///
/// They change nothing of what the model is asked. Another member may be refused for its value: then the error names the
/// field of the model's row that leaves it out.
final class RefusedMembers: Sendable {
    private struct Learned {
        var refusesUsage = false
        var structuredOutput: ChatCompletionRequest.StructuredOutput?
    }

    /// Members that a document can leave out.
    private static let optional = [
        "temperature", "top_p", "presence_penalty", "frequency_penalty", "max_tokens", "max_completion_tokens",
    ]

    private let learned = Mutex(Learned())

    /// The request without what was refused before.
    func without(_ request: ChatCompletionRequest) -> ChatCompletionRequest {
        var request = request
        learned.withLock { learned in
            if learned.refusesUsage { request.includesUsage = false }
            request.structuredOutput = learned.structuredOutput ?? request.structuredOutput
        }
        return request
    }

    /// Learns from a refusal.
    ///
    /// - Parameters:
    ///   - error: What the server says.
    ///   - request: What was sent.
    /// - Returns: Whether the request would be another one now.
    func learn(from error: ModelError, to request: ChatCompletionRequest) -> Bool {
        guard Self.isRefusal(error) else { return false }
        return learned.withLock { learned in
            if request.includesUsage, error.names("stream_options") || error.names("include_usage") {
                learned.refusesUsage = true
                return true
            }
            // A schema that the server cannot read is its author's to correct, and says nothing about others.
            guard !error.message.lowercased().contains("invalid schema"),
                request.content.outputSchema != nil, error.names("response_format") || error.names("json_schema"),
                let weaker = request.structuredOutput.weaker
            else { return false }
            learned.structuredOutput = weaker
            return true
        }
    }

    /// The error with what to write into the model's document, if that helps.
    static func hinting(_ error: ModelError) -> ModelError {
        guard isRefusal(error), let member = optional.first(where: error.names) else { return error }
        let hint =
            member == "max_tokens" && error.names("max_completion_tokens")
            ? "max_tokens_field: max_completion_tokens" : "omit: [\(member)]"
        return error.adding("; the model's document can leave it out: \(hint)")
    }

    private static func isRefusal(_ error: ModelError) -> Bool {
        error.code == .invalidRequest && (error.status == 400 || error.status == 422)
    }
}

extension ChatCompletionRequest.StructuredOutput {
    /// The form that asks less of the server.
    fileprivate var weaker: Self? {
        switch self {
        case .schema: .object
        case .object: ChatCompletionRequest.StructuredOutput.none
        case .none: nil
        }
    }
}

extension ModelError {
    fileprivate func names(_ member: String) -> Bool { message.contains(member) }
}
