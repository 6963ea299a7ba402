/// How long a ``Migrator`` waits for locks.
package struct MigrationPatience: Sendable {
    /// How long one statement waits for a lock, with others queued behind it; 1 s by default.
    package var lockTimeout: Duration
    /// How often a file is tried; 20 times by default.
    package var attempts: Int
    /// The pause between tries, in which those that queued go on; 2 s by default.
    package var pause: Duration
    /// How long a wait lasts before it is reported, and between reports; 1 s by default.
    package var reportAfter: Duration

    /// How long a migrator waits.
    ///
    /// - Parameters:
    ///   - lockTimeout: How long one statement waits for a lock.
    ///   - attempts: How often a file is tried, at least once.
    ///   - pause: The pause between tries.
    ///   - reportAfter: How long a wait lasts before it is reported.
    package init(
        lockTimeout: Duration = .seconds(1),
        attempts: Int = 20,
        pause: Duration = .seconds(2),
        reportAfter: Duration = .seconds(1)
    ) {
        self.lockTimeout = lockTimeout
        self.attempts = attempts
        self.pause = pause
        self.reportAfter = reportAfter
    }
}
