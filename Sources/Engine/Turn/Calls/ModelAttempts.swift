import Models

/// The attempts at one call to one model: when it is asked again that failed in a way that passes.
struct ModelAttempts {
    /// The longest time from the first attempt to the beginning of the last one.
    ///
    /// A server that asks for a longer wait is not waited for.
    private let patience: Duration
    /// The longest wait between two attempts; nil for what patience leaves.
    private let longestWait: Duration?
    private let clock: ModelClock
    private let start: Duration
    private var backoff: Backoff
    private var generator: any RandomNumberGenerator
    private var last: (error: ModelError.Code, text: String)?
    /// How many have failed.
    private(set) var failed = 0

    /// The attempts at a call that begins now.
    ///
    /// - Parameters:
    ///   - limits: How many, and how long is waited between them.
    ///   - longestWait: The longest wait for which the call is worth holding up; nil for any.
    ///   - clock: Measures the time.
    init(_ limits: ModelRetryLimits, longestWait: Duration? = nil, by clock: ModelClock) {
        patience = limits.patience
        self.longestWait = longestWait
        self.clock = clock
        start = clock.now
        // The waits are left to chance in full: workers that failed together do not come back together.
        backoff = Backoff(first: limits.first, longest: limits.longest, jitter: 1, attempts: limits.attempts)
        generator = clock.generator()
    }

    /// Counts an attempt that failed.
    ///
    /// - Parameters:
    ///   - error: Why.
    ///   - text: What the model had said.
    /// - Returns: How long to wait before the next attempt; nil if there is none.
    mutating func next(after error: ModelError, saying text: String) -> Duration? {
        failed += 1
        // The same empty or cut answer twice is what this model says.
        let isSame = last.map { $0.error == error.code && $0.text == text } ?? false
        let saysIt = error.code == .empty || error.code == .truncated && !text.isEmpty
        last = (error.code, text)
        guard error.isPassing, !(isSame && saysIt), let chance = backoff.next(using: &generator) else { return nil }
        let wait = (error.retryAfter ?? .zero) + chance
        if let longestWait, wait > longestWait { return nil }
        return clock.now - start + wait <= patience ? wait : nil
    }
}
