import Models

/// How long a turn waits for models that have no room for it, or are not asked for now.
struct ModelPostponement: Sendable {
    /// How long it may in all.
    private let limit: Duration
    private var waited: Duration
    /// The wait for a server that does not say how long; it doubles.
    private var next = Duration.seconds(5)

    private static let longest = Duration.seconds(60)

    /// - Parameters:
    ///   - limit: How long it may in all.
    ///   - waited: How long it has, in earlier attempts.
    init(_ limit: Duration, waited: Duration) {
        self.limit = limit
        self.waited = waited
    }

    /// Takes the next wait.
    ///
    /// - Parameter error: Why the models gave no answer.
    /// - Returns: How long to wait; nil when the failure does not pass by waiting, or the time is up.
    mutating func wait(after error: ModelError) -> Duration? {
        guard error.code == .rateLimited || error.code == .circuitOpen else { return nil }
        let wait = max(error.retryAfter ?? next, .milliseconds(100))
        guard waited + wait <= limit else { return nil }
        if error.retryAfter == nil { next = min(next * 2, Self.longest) }
        waited += wait
        return wait
    }
}
