import Logging
import Synchronization

/// Says once for each process that nothing holds untrusted code.
enum UnsafeNotice {
    private static let wasGiven = Atomic<Bool>(false)

    static func log(to logger: Logger) {
        guard !wasGiven.exchange(true, ordering: .relaxed) else { return }
        logger.critical("UNTRUSTED CODE RUNS WITHOUT A SANDBOX: it can do whatever this process's user can do")
    }
}
