internal import Synchronization

/// How long a worker may count on what it holds, by its own clock.
///
/// The term begins again with each heartbeat that the database has answered, at the moment when it was sent: whatever
/// the database counts from, it is no earlier. It ends two seconds (where the time to live is short, a fifth of it) before
/// others may take over.
final class LeaseTerm: Sendable {
    private let length: Duration
    /// When the last heartbeat was sent that was answered; nil once the term is over for good.
    private let began: Mutex<ContinuousClock.Instant?>

    private static let longestMargin: Duration = .seconds(2)

    /// A term.
    ///
    /// - Parameters:
    ///   - timeToLive: How long a worker without a heartbeat is not counted as lost.
    ///   - began: A moment before the worker was known to the database.
    init(_ timeToLive: Duration, from began: ContinuousClock.Instant) {
        length = timeToLive - min(Self.longestMargin, timeToLive / 5)
        self.began = Mutex(began)
    }

    /// Begins again.
    ///
    /// - Parameter instant: When a heartbeat was sent that the database has answered.
    func renew(from instant: ContinuousClock.Instant) {
        began.withLock { began in began = began.map { max($0, instant) } }
    }

    /// Ends the term for good: the worker counts as lost.
    func end() {
        began.withLock { $0 = nil }
    }

    /// What is left of it, nothing when it is over.
    var left: Duration {
        guard let began = began.withLock({ $0 }) else { return .zero }
        return max(length - began.duration(to: .now), .zero)
    }

    /// Whether others may have what the worker holds.
    var isOver: Bool { left == .zero }
}
