internal import Wire

extension ModelError {
    /// An answer that cannot be used.
    ///
    /// - Parameters:
    ///   - error: What is wrong with it.
    ///   - scrubber: Takes secrets out of an error that the server reports inside the answer.
    init(_ error: ServerAnswerError, scrubber: SecretScrubber) {
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
    private init(_ failure: ServerFailure, scrubber: SecretScrubber) {
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
    ///   - shouldRetry: Whether the server says that the same request may succeed later.
    ///   - scrubber: Takes secrets out of the server's message.
    init(
        _ report: ServerErrorReport,
        status: Int?,
        retryAfter: Duration? = nil,
        shouldRetry: Bool? = nil,
        scrubber: SecretScrubber
    ) {
        let effective = status ?? report.status
        let subject = effective.map { "the server answered with status \($0)" } ?? "the server reported an error"
        let name = report.name.map { scrubber.scrub($0, maximumBytes: 100) }
        let message = report.message.flatMap { $0.isEmpty ? nil : ": \(scrubber.scrub($0, maximumBytes: 300))" } ?? ""
        let code = Self.code(of: report, status: effective ?? Self.status(of: report))
        self.init(
            code,
            subject + (name.map { " (\($0))" } ?? "") + message + (code == .contextExceeded ? Self.contextHint : ""),
            status: effective,
            serverCode: name,
            retryAfter: retryAfter,
            shouldRetry: shouldRetry
        )
    }

    private static func code(of report: ServerErrorReport, status: Int?) -> Code {
        if isOverflow(report) { return .contextExceeded }
        if exhausted.contains(where: { report.name?.contains($0) == true }) || saysNoMoney(report) { return .exhausted }
        switch report.name {
        case "content_filter", "content_policy_violation": return .contentFiltered
        case "rate_limit_exceeded": return .rateLimited
        case "invalid_api_key": return .authentication
        default: break
        }
        switch status {
        case 401?, 403?: return .authentication
        case 402?: return .exhausted
        case 408?, 504?: return .timeout
        case 429?: return .rateLimited
        // Conflict and "too early" are states of the server that pass.
        case 409?, 425?: return .server
        case (300..<500)?: return .invalidRequest
        default: return .server
        }
    }

    /// The status that a kind of error has where an answer's head is still to come: inside a stream there is none.
    private static func status(of report: ServerErrorReport) -> Int? {
        [report.code, report.type].lazy.compactMap { $0.flatMap { statusOfKinds[$0] } }.first
    }

    private static let statusOfKinds = [
        "invalid_request_error": 400, "invalid_prompt": 400, "authentication_error": 401, "billing_error": 402,
        "permission_error": 403, "not_found_error": 404, "request_too_large": 413, "rate_limit_error": 429,
        "rate_limit_exceeded": 429, "api_error": 500, "server_error": 500, "timeout_error": 504,
        "overloaded_error": 529,
    ]

    private static let contextHint =
        "; the conversation is too long for the model: agentctl conversations compact makes it shorter, and "
        + "context_window in the model's document makes that happen by itself"

    /// Parts of codes that say that there is no more money.
    private static let exhausted = [
        "insufficient_quota", "credit_balance_exhausted", "spend_limit", "insufficient_balance", "billing_",
    ]

    /// Anthropic gives no code of its own to an account without money.
    private static func saysNoMoney(_ report: ServerErrorReport) -> Bool {
        report.message?.prefix(200).lowercased().contains("credit balance is too low") ?? false
    }

    /// Codes, and parts of messages, that say that a request is longer than the model's context.
    private static let overflowCodes: Set<String> = [
        "context_length_exceeded", "exceed_context_size_error", "context_window_exceeded",
        "model_context_window_exceeded",
    ]
    private static let overflowWords = [
        "maximum context length", "context length exceeded", "context size", "context window", "context limit",
        "prompt is too long", "input is too long",
    ]

    private static func isOverflow(_ report: ServerErrorReport) -> Bool {
        if [report.code, report.type].contains(where: { $0.map(overflowCodes.contains) ?? false }) { return true }
        guard let message = report.message?.prefix(1_000).lowercased() else { return false }
        return overflowWords.contains { message.contains($0) }
            && ["exceed", "maximum", "too long", "larger"].contains { message.contains($0) }
    }
}
