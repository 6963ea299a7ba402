internal import Synchronization

/// How long a worker may count on what it holds, by its own clock.
///
/// The term begins anew with each sign of life that the database has answered, at the moment when it was sent: whatever
/// the database counts from, it is no earlier. It ends two seconds (where the time to live is short, a fifth of it) before
/// others may take over.
final class LeaseTerm: Sendable {
    private let length: Duration
    private let began: Mutex<ContinuousClock.Instant>

    private static let longestMargin: Duration = .seconds(2)

    /// A term.
    ///
    /// - Parameters:
    ///   - timeToLive: How long a worker without a sign of life is not counted as lost.
    ///   - began: A moment before the worker was known to the database.
    init(_ timeToLive: Duration, from began: ContinuousClock.Instant) {
        length = timeToLive - min(Self.longestMargin, timeToLive / 5)
        self.began = Mutex(began)
    }

    /// Begins anew.
    ///
    /// - Parameter instant: When a sign of life was sent that the database has answered.
    func renew(from instant: ContinuousClock.Instant) {
        began.withLock { $0 = max($0, instant) }
    }

    /// What is left of it, nothing when it is over.
    var left: Duration {
        max(length - began.withLock { $0 }.duration(to: .now), .zero)
    }
}
