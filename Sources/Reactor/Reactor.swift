import CLinux
import Glibc
import Synchronization

/// One thread that waits for descriptors and timers, and on which actors and tasks can live.
///
/// An actor that does I/O names the loop as its executor, so that readiness, timers and its own methods are on one
/// thread and need no lock. A task that mostly talks to such actors can name it as its task-executor preference,
/// which saves the hops between threads. Nothing that blocks belongs here.
///
/// The thread starts with the first piece of work. ``shutdown()`` ends it when what was enqueued is done. Work that
/// comes later still runs, serially, on a thread that lives only for it: no task is ever left hanging.
public final class Reactor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // Sendable is right: `inbox` has its lock, and what comes after it is touched by the loop's thread alone.

    /// The name of the thread.
    public let name: String

    enum Work {
        case job(UnownedJob)
        case call(@Sendable () -> Void)
    }

    struct Inbox {
        var work: [Work] = []
        /// The thread waits without looking into the inbox: it has to be signalled.
        var isParked = false
        var hasThread = false
        var isShutDown = false
    }

    static let wakeUpToken: UInt64 = 0

    let inbox = LockedValue(Inbox())
    let threadID = Atomic<UInt>(0)
    let wakeUp: Int32
    let epoll: Int32

    // From here on: the loop's thread only.
    var watches: [UInt64: ReactorWatch] = [:]
    var lastToken: UInt64 = Reactor.wakeUpToken
    var timers = ReactorTimers()

    /// Makes a loop; its thread starts with the first piece of work.
    ///
    /// The process must have two file descriptors left; it stops otherwise, as nothing can work without.
    ///
    /// - Parameter name: The name of the thread, of which the kernel keeps 15 bytes.
    public init(name: String = "io-loop") {
        self.name = name
        epoll = clinux_epoll_create()
        wakeUp = clinux_eventfd_create()
        let status = clinux_epoll_add_eventfd(epoll, wakeUp, Self.wakeUpToken)
        precondition(status == 0, "no file descriptors are left for a reactor")
    }

    deinit {
        close(wakeUp)
        close(epoll)
    }

    /// Ends the thread as soon as the work enqueued so far is done.
    ///
    /// Watches and timers are dropped. Calling it again does nothing.
    public func shutdown() {
        let mustSignal = inbox.withLock { inbox in
            inbox.isShutDown = true
            defer { inbox.isParked = false }
            return inbox.isParked
        }
        if mustSignal { clinux_eventfd_signal(wakeUp) }
    }

    // MARK: Work from any thread

    /// Adds a job of the concurrency runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        add(.job(UnownedJob(job)))
    }

    /// Runs `body` on the loop's thread, after what was added before.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        add(.call(body))
    }

    private func add(_ work: Work) {
        let (mustSignal, mustStart) = inbox.withLock { inbox in
            inbox.work.append(work)
            guard inbox.hasThread else {
                inbox.hasThread = true
                return (false, true)
            }
            defer { inbox.isParked = false }
            return (inbox.isParked, false)
        }
        if mustSignal { clinux_eventfd_signal(wakeUp) }
        if mustStart {
            let started = DetachedThread.start(name: name) { self.run() }
            precondition(started, "the system gives no thread for a reactor")
        }
    }

    // MARK: Isolation

    /// Whether the caller is on the loop's thread.
    public var isCurrent: Bool { threadID.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Whether code outside of any task, as a readiness handler is, runs on this executor.
    public func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Stops the process if the caller is not on the loop's thread.
    public func checkIsolated() {
        precondition(isCurrent, "not on the thread of reactor \(name)")
    }
}
