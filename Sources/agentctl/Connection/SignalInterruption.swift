import Glibc
import Synchronization

/// Work that Ctrl-C interrupts.
enum SignalInterruption {
    /// Runs work whose task the first SIGINT or SIGTERM cancels; a second one ends the process at once.
    ///
    /// - Parameter work: What ends soon after it was cancelled.
    /// - Returns: What the work returns.
    /// - Throws: What the work throws.
    static func run<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) async throws -> T {
        let task = Task { try await work() }
        let hasCome = Mutex(false)
        let watch = SignalWatch {
            let isSecond = hasCome.withLock { hasCome in
                defer { hasCome = true }
                return hasCome
            }
            if isSecond { _exit(ExitStatus.interrupted.rawValue) }
            task.cancel()
        }
        defer { watch.end() }
        return try await task.value
    }
}
