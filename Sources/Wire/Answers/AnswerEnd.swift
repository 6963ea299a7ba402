/// How an answer ended, by the server's own word for it, such as the `finish_reason` of a choice.
///
/// Servers have many words for a good end, many for a bad one, and they add new ones. Only a known good word makes an
/// answer whole. A word that is not known here is a failure: half an answer that counts as a whole one is worse than none.
package enum AnswerEnd: Sendable, Hashable {
    /// The model came to its end, or waits for the results of its tool calls.
    case whole
    /// The limit of output tokens or the context window was reached.
    case cut
    /// The answer cannot be used.
    case failed(ServerFailure)

    /// Reads a finish reason, in whatever case it is written.
    ///
    /// - Parameter reason: The word, such as `stop`, `MAX_TOKENS` or `FinishReason.SAFETY`.
    /// - Returns: The end; nil for a placeholder, which says that the answer has not ended.
    package init?(finishReason reason: String) {
        let word = Self.normalized(reason)
        guard !Self.placeholders.contains(word) else { return nil }
        if Self.goodEnds.contains(word) {
            self = .whole
        } else if Self.limits.contains(word) {
            self = .cut
        } else {
            self = .failed(ServerFailure(kind: Self.kind(of: word), reason: String(reason.prefix(100))))
        }
    }

    /// A later word never makes an answer better: after `error`, a server may well send `stop`.
    func isWorse(than other: AnswerEnd?) -> Bool {
        rank > (other?.rank ?? -1)
    }

    /// Whether it is a failure by a word that is known as one; `stop_reason` may be any text of the caller's own.
    var isKnownFailure: Bool {
        if case .failed(let failure) = self { failure.kind != .brokeOff } else { false }
    }

    private var rank: Int {
        switch self {
        case .whole: 0
        case .cut: 1
        case .failed: 2
        }
    }

    private static func kind(of word: String) -> ServerFailure.Kind {
        if filtered.contains(word) { return .filtered }
        if serverFailed.contains(word) { return .serverFailed }
        if word.hasPrefix("malformed") || misused.contains(word) { return .malformed }
        return .brokeOff
    }

    /// The word in lower case with `_` between its parts, without what languages put before a name.
    private static func normalized(_ reason: String) -> String {
        let name = reason.split(separator: ".").last ?? ""
        let word = name.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
        let text = String(word).filter { !$0.isWhitespace }
        return text.hasPrefix("finish_reason_") ? String(text.dropFirst("finish_reason_".count)) : text
    }
}

// MARK: - The words

extension AnswerEnd {
    private static let placeholders: Set<String> = [
        "", "null", "none", "unspecified", "not_finished", "unfinished", "in_progress",
    ]

    private static let goodEnds: Set<String> = [
        "stop", "stop_sequence", "stop_sequences", "stop_word", "stop_words", "stop_string", "stop_token",
        "eos", "eos_token", "eos_found", "eosfound", "end", "end_id", "end_turn", "endoftext", "end_of_text",
        "complete", "completed", "done", "finish", "finished", "normal", "stopped", "stop_str",
        "tool_calls", "tool_call", "tool_use", "toolcalls", "function_call", "function_calls",
    ]

    private static let limits: Set<String> = [
        "length", "max_length", "max_tokens", "max_token", "max_output", "max_output_tokens", "max_completion_tokens",
        "max_new_tokens", "token_limit", "model_length", "model_context_window_exceeded", "context_length",
        "context_window_exceeded",
    ]

    private static let filtered: Set<String> = [
        "content_filter", "content_filtered", "contentfilter", "content_policy", "content_policy_violation", "safety",
        "image_safety", "sensitive", "moderation", "refusal", "refused", "blocked", "blocklist", "prohibited_content",
        "spii", "recitation", "image_recitation", "guardrail", "guardrails", "guardrail_intervened", "guardrail_action",
        "error_toxic",
    ]

    private static let serverFailed: Set<String> = [
        "error", "errored", "fail", "failed", "failure", "unknown_error", "internal_error", "server_error",
        "network_error", "insufficient_system_resource", "overloaded", "unavailable", "timeout", "time_limit",
    ]

    private static let misused: Set<String> = [
        "unexpected_tool_call", "invalid_tool_call", "too_many_tool_calls", "missing_thought_signature",
    ]
}
