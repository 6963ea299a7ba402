import Models

/// When a model is asked again that failed in a way that passes.
struct ModelRetry: Sendable {
    /// The waits, each left to chance in full: workers that failed together do not come back together.
    var backoff = Backoff(first: .milliseconds(500), longest: .seconds(30), jitter: 1, attempts: 3)

    /// The longest time from the first attempt to the beginning of the last one.
    ///
    /// A server that asks for a longer wait is not waited for.
    var patience = Duration.seconds(60)

    private let time: @Sendable () -> Duration
    private let wait: @Sendable (Duration) async -> Void
    private let chance: @Sendable () -> any RandomNumberGenerator

    /// Attempts by a clock.
    ///
    /// - Parameters:
    ///   - clock: Measures the time and the waits.
    ///   - chance: Makes what decides what is left to chance.
    init<Time: Clock>(
        clock: Time = ContinuousClock(),
        chance: @escaping @Sendable () -> any RandomNumberGenerator = { SystemRandomNumberGenerator() }
    ) where Time.Duration == Duration {
        let start = clock.now
        time = { start.duration(to: clock.now) }
        wait = { duration in try? await clock.sleep(for: duration) }
        self.chance = chance
    }

    /// The present time, from the beginning.
    var now: Duration { time() }

    /// Waits, or until the calling task is cancelled.
    func sleep(_ duration: Duration) async {
        await wait(duration)
    }

    /// The attempts at one call.
    struct Attempts {
        private let retry: ModelRetry
        private let start: Duration
        private var backoff: Backoff
        private var generator: any RandomNumberGenerator
        private var last: (error: ModelError.Code, text: String)?
        /// How many have failed.
        private(set) var failed = 0

        init(_ retry: ModelRetry) {
            self.retry = retry
            start = retry.now
            backoff = retry.backoff
            generator = retry.chance()
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
            return retry.now - start + wait <= retry.patience ? wait : nil
        }
    }
}
