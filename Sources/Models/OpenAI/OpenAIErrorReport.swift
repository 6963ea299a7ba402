internal import JSON

/// What a server says about an error, in any of the forms that Chat Completions servers use.
///
/// `{"error": {"message", "type", "code"}}`, `{"error": "…"}`, `{"object": "error", "message"}`, `{"detail": …}`,
/// `{"message"}`, and any of them as the first element of an array.
struct OpenAIErrorReport {
    /// The server's own code for the error, or its type.
    package let code: String?

    /// The server's message as it was sent: it may hold keys and prompts.
    package let message: String?

    /// The HTTP status that the body itself speaks of.
    private let embeddedStatus: Int?

    /// Finds the report in a chunk of an answer; nil if the chunk reports no error.
    init?(_ chunk: JSONValue) {
        if let error = chunk["error"], !error.isNull {
            self.init(fields: error)
        } else if chunk["object"]?.stringValue == "error" {
            self.init(fields: chunk)
        } else {
            return nil
        }
    }

    /// Finds the report in the body of an answer whose status says that it is an error.
    init(body: JSONValue) {
        let body = body[0] ?? body
        self.init(fields: body["error"] ?? body)
    }

    private init(fields: JSONValue) {
        message =
            fields.stringValue ?? fields["message"]?.stringValue ?? fields["detail"]?.stringValue
            ?? fields["detail"]?[0]?["msg"]?.stringValue
        let named = fields["code"]?.stringValue ?? fields["type"]?.stringValue ?? fields["status"]?.stringValue
        code = named.map { String($0.prefix(100)) }
        let number = fields["code"]?.integerValue ?? fields["status"]?.integerValue
        embeddedStatus = number.flatMap { (400...599).contains($0) ? Int($0) : nil }
    }

    /// The typed error.
    ///
    /// - Parameters:
    ///   - status: The HTTP status of the answer; nil for an error inside a stream.
    ///   - retryAfter: How long the server asks to wait.
    ///   - scrubber: Takes secrets out of the server's message.
    package func error(status: Int?, retryAfter: Duration? = nil, scrubber: SecretScrubber) -> ModelError {
        let effective = status ?? embeddedStatus
        let subject = effective.map { "the server answered with status \($0)" } ?? "the server reported an error"
        let codePart = code.map { " (\(scrubber.scrub($0, maximumBytes: 100)))" } ?? ""
        let messagePart = message.map { ": \(scrubber.scrub($0, maximumBytes: 300))" } ?? ""
        return ModelError(
            errorCode(status: effective),
            subject + codePart + messagePart,
            status: effective,
            serverCode: code.map { scrubber.scrub($0, maximumBytes: 100) },
            retryAfter: retryAfter
        )
    }

    private func errorCode(status: Int?) -> ModelError.Code {
        switch code {
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
