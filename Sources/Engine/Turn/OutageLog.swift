internal import Logging
import Store
internal import Synchronization

/// Says once that the database is away, and once that it is back, however many statements fail in between.
final class OutageLog: Sendable {
    private let isAway = Mutex(false)
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// Takes note of a statement that failed.
    ///
    /// - Parameters:
    ///   - what: What could not be done.
    ///   - error: Why.
    package func failed(_ what: String, _ error: StoreError) {
        guard error.code != .cancelled else { return }
        let isNews = isAway.withLock { isAway in
            defer { if error.isTransient { isAway = true } }
            return !isAway
        }
        let metadata = error.metadata
        guard error.isTransient else { return logger.warning("\(what) failed", metadata: metadata) }
        let cause = error.isFullDisk ? "the database's disk is full" : "the database is away"
        logger.log(level: isNews ? .warning : .debug, "\(cause): \(what) failed", metadata: metadata)
    }

    /// Takes note of a statement that succeeded.
    package func succeeded() {
        let wasAway = isAway.withLock { isAway in
            defer { isAway = false }
            return isAway
        }
        if wasAway { logger.notice("the database is back") }
    }
}
