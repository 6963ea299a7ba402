/// What calls to models measure time with, wait by and leave to chance with.
struct ModelClock: Sendable {
    private let time: @Sendable () -> Duration
    private let wait: @Sendable (Duration) async -> Void
    private let chance: @Sendable () -> any RandomNumberGenerator

    /// A clock and a source of chance.
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

    /// A generator for what is left to chance.
    func generator() -> any RandomNumberGenerator { chance() }
}
