extension ModelError {
    /// Whether the same request may succeed a little later.
    ///
    /// A server that fell silent has used up its time: it is not asked again, unless a gateway says so at once. Of the
    /// failures that pass, a server knows better which does.
    package var isPassing: Bool {
        switch code {
        case .unreachable, .server, .rateLimited, .truncated, .malformed, .empty: shouldRetry ?? true
        case .timeout: status != nil && shouldRetry ?? true
        default: false
        }
    }

    /// The failure of the last of several attempts.
    package func after(attempts: Int) -> ModelError {
        attempts > 1 ? adding(" (asked \(attempts) times)") : self
    }

    /// The failure with more to say.
    func adding(_ text: String) -> ModelError {
        ModelError(
            code,
            message + text,
            status: status,
            serverCode: serverCode,
            finishReason: finishReason,
            retryAfter: retryAfter,
            shouldRetry: shouldRetry,
            problems: problems
        )
    }
}
