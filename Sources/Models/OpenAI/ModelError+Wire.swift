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
        case .empty: self.init(.empty, "the model answered with neither text nor tool calls")
        case .ended(let failure): self.init(failure, scrubber: scrubber)
        case .reported(let report): self.init(report, status: nil, scrubber: scrubber)
        }
    }

    /// An answer whose end says that it is not whole.
    private init(_ failure: ChatCompletionFailure, scrubber: SecretScrubber) {
        let reason = scrubber.scrub(failure.reason, maximumBytes: 100)
        let (code, message): (Code, String) =
            switch failure.kind {
            case .filtered: (.contentFiltered, "the server's content filter stopped the answer")
            case .serverFailed: (.server, "the server failed in the middle of the answer")
            case .malformed: (.malformed, "the server could not read what the model wrote")
            case .brokeOff: (.truncated, "the answer broke off")
            }
        self.init(code, "\(message) (finish_reason: \(reason))", serverCode: reason, finishReason: reason)
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
        let message = report.message.flatMap { $0.isEmpty ? nil : ": \(scrubber.scrub($0, maximumBytes: 300))" } ?? ""
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
