import Models

/// How long a turn waits for models that have no room for it, or are not asked for now.
struct ModelPostponement: Sendable {
    /// How long it may in all.
    private let limit: Duration
    private var waited: Duration
    /// The least wait, which doubles: a server that says "at once" each time is not asked without end.
    private var least = Duration.seconds(1)

    private static let longestLeast = Duration.seconds(60)
    /// The wait for a server that does not say how long.
    private static let usual = Duration.seconds(5)

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
        guard Self.passes(error) else { return nil }
        let wait = max(error.retryAfter ?? Self.usual, least)
        guard waited + wait <= limit else { return nil }
        least = min(least * 2, Self.longestLeast)
        waited += wait
        return wait
    }

    /// Of two failures the one that passes first; nil when neither passes by waiting.
    static func first(_ one: ModelError?, _ other: ModelError) -> ModelError? {
        guard passes(other) else { return one }
        guard let one else { return other }
        return (other.retryAfter ?? usual) < (one.retryAfter ?? usual) ? other : one
    }

    private static func passes(_ error: ModelError) -> Bool {
        error.code == .rateLimited || error.code == .circuitOpen
    }
}
