/// The waits between attempts at something that may succeed later: each is twice the one before it, up to a longest one.
struct Backoff: Sendable, Hashable {
    /// The first wait.
    let first: Duration
    /// The longest wait.
    let longest: Duration
    /// Share of each wait that is left to chance, from 0 to 1: processes that failed together do not come back together.
    let jitter: Double
    /// Attempts in all; nil for no limit.
    let attempts: Int?
    private var failures = 0

    init(first: Duration, longest: Duration, jitter: Double = 0, attempts: Int? = nil) {
        self.first = first
        self.longest = longest
        self.jitter = jitter
        self.attempts = attempts
    }

    /// The waits for a database that is away.
    static let database = Backoff(first: .milliseconds(50), longest: .seconds(1), jitter: 0.2)

    /// Counts an attempt that failed.
    ///
    /// - Parameter generator: Decides what is left to chance.
    /// - Returns: How long to wait before the next attempt; nil when there is none left.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration? {
        failures += 1
        if let attempts, failures >= attempts { return nil }
        // Beyond so many doublings any wait is the longest one.
        let doublings = min(failures - 1, 30)
        let wait = min(longest, first * (1 << doublings))
        let chance = Double(generator.next() >> 11) / Double(1 << 53)
        return wait * (1 - jitter * chance)
    }
}

/// Attempts something until it succeeds or another attempt makes no sense.
///
/// After cancellation of the calling task there is no further attempt.
///
/// - Parameters:
///   - backoff: The waits between the attempts.
///   - patience: How long after the beginning an attempt may still begin; nil for no limit.
///   - clock: Measures the waits.
///   - isTransient: Whether the same may succeed later.
///   - note: Receives each failure that another attempt follows.
///   - attempt: What is attempted.
/// - Returns: What the attempt returns that succeeds.
/// - Throws: The last failure.
func retrying<Value, Failure: Error, Time: Clock>(
    _ backoff: Backoff,
    for patience: Duration? = nil,
    clock: Time = ContinuousClock(),
    while isTransient: (Failure) -> Bool,
    noting note: (Failure) -> Void = { _ in },
    _ attempt: () async throws(Failure) -> Value
) async throws(Failure) -> Value where Time.Duration == Duration {
    var backoff = backoff
    var generator = SystemRandomNumberGenerator()
    let deadline = patience.map { clock.now.advanced(by: $0) }
    while true {
        do throws(Failure) {
            return try await attempt()
        } catch {
            guard isTransient(error), !Task.isCancelled, deadline.map({ clock.now < $0 }) ?? true,
                let wait = backoff.next(using: &generator)
            else { throw error }
            note(error)
            try? await clock.sleep(for: wait)
        }
    }
}
