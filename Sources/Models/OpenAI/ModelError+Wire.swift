internal import Wire

extension ModelError {
    /// An answer that cannot be used.
    ///
    /// - Parameters:
    ///   - error: What is wrong with it.
    ///   - scrubber: Takes secrets out of an error that the server reports inside the answer.
    init(_ error: ChatCompletionAnswerError, scrubber: SecretScrubber) {
        switch error {
        case .malformed(let what): self.init(.malformed, what)
        case .truncated(let what): self.init(.truncated, what)
        case .tooLarge(let what): self.init(.tooLarge, what)
        case .filtered: self.init(.contentFiltered, "the server's content filter stopped the answer")
        case .reported(let report): self.init(report, status: nil, scrubber: scrubber)
        }
    }

    /// An error that a server reports.
    ///
    /// - Parameters:
    ///   - report: What the server says.
    ///   - status: The HTTP status of the answer; nil for an error inside a stream.
    ///   - retryAfter: How long the server asks to wait.
    ///   - scrubber: Takes secrets out of the server's message.
    init(
        _ report: ChatCompletionErrorReport,
        status: Int?,
        retryAfter: Duration? = nil,
        scrubber: SecretScrubber
    ) {
        let effective = status ?? report.status
        let subject = effective.map { "the server answered with status \($0)" } ?? "the server reported an error"
        let name = report.name.map { scrubber.scrub($0, maximumBytes: 100) }
        let message = report.message.map { ": \(scrubber.scrub($0, maximumBytes: 300))" } ?? ""
        self.init(
            Self.code(of: report, status: effective),
            subject + (name.map { " (\($0))" } ?? "") + message,
            status: effective,
            serverCode: name,
            retryAfter: retryAfter
        )
    }

    private static func code(of report: ChatCompletionErrorReport, status: Int?) -> Code {
        switch report.name {
        case "content_filter", "content_policy_violation": return .contentFiltered
        case "rate_limit_exceeded", "insufficient_quota": return .rateLimited
        case "invalid_api_key": return .authentication
        default: break
        }
        switch status {
        case 401?, 403?: return .authentication
        case 408?, 504?: return .timeout
        case 429?: return .rateLimited
        // Conflict and "too early" are states of the server that pass.
        case 409?, 425?: return .server
        case (300..<500)?: return .invalidRequest
        default: return .server
        }
    }
}
