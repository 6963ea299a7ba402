import CShims
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
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // Sendable is right: `inbox` has its lock, and what `LoopState` holds is touched by the loop's thread alone.

    /// The name of the thread.
    public let name: String

    private enum Work {
        case job(UnownedJob)
        case call(@Sendable () -> Void)
    }

    private struct Inbox {
        var work: [Work] = []
        /// The thread waits without looking into the inbox: it has to be signalled.
        var isParked = false
        var hasThread = false
        var isShutDown = false
    }

    private static let wakeUpToken: UInt64 = 0

    private let inbox = LockedValue(Inbox())
    private let threadID = Atomic<UInt>(0)
    private let wakeUp: Int32
    private let epoll: Int32

    // From here on: the loop's thread only.
    private var watches: [UInt64: EventLoopWatch] = [:]
    private var lastToken: UInt64 = EventLoop.wakeUpToken
    private var timers = EventLoopTimers()

    /// Makes a loop; its thread starts with the first piece of work.
    ///
    /// The process must have two file descriptors left; it stops otherwise, as nothing can work without.
    ///
    /// - Parameter name: The name of the thread, of which the kernel keeps 15 bytes.
    public init(name: String = "io-loop") {
        self.name = name
        epoll = cshims_epoll_create()
        wakeUp = cshims_eventfd_create()
        let status = cshims_epoll_add_eventfd(epoll, wakeUp, Self.wakeUpToken)
        precondition(status == 0, "no file descriptors are left for an event loop")
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
        if mustSignal { cshims_eventfd_signal(wakeUp) }
    }

    // MARK: Work from any thread

    /// Adds a job of the concurrency runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        add(.job(UnownedJob(job)))
    }

    /// Runs `body` on the loop's thread, after what was added before.
    func execute(_ body: @escaping @Sendable () -> Void) {
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
        if mustSignal { cshims_eventfd_signal(wakeUp) }
        if mustStart {
            let started = DetachedThread.start(name: name) { self.run() }
            precondition(started, "the system gives no thread for an event loop")
        }
    }

    // MARK: Isolation

    /// Whether the caller is on the loop's thread.
    public var isCurrent: Bool { threadID.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Tells the runtime whether code outside of any task, as a readiness handler is, runs on this executor.
    public func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Stops the process if the caller is not on the loop's thread.
    public func checkIsolated() {
        precondition(isCurrent, "not on the thread of event loop \(name)")
    }

    // MARK: The thread

    private func run() {
        threadID.store(UInt(pthread_self()), ordering: .relaxed)
        var batch: [Work] = []
        var milliseconds: Int32 = 0
        withUnsafeTemporaryAllocation(of: cshims_event.self, capacity: Int(CSHIMS_EVENTS_MAXIMUM)) { events in
            repeat {
                let count = cshims_epoll_wait(epoll, events.baseAddress, Int32(events.count), milliseconds)
                takeWork(into: &batch)
                for event in events.prefix(max(0, Int(count))) where event.token != Self.wakeUpToken {
                    watches[event.token]?.handler(Readiness(rawValue: event.readiness))
                }
                for work in batch { perform(work) }
                batch.removeAll(keepingCapacity: true)
                fireTimers()
            } while park(&milliseconds)
        }
    }

    private func takeWork(into batch: inout [Work]) {
        inbox.withLock { inbox in
            inbox.isParked = false
            swap(&inbox.work, &batch)
        }
    }

    private func perform(_ work: Work) {
        switch work {
        case .job(let job):
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        case .call(let body):
            body()
        }
    }

    /// Decides how long to wait for events.
    ///
    /// - Returns: `false` if the thread is to end, as the loop was shut down and has nothing left to do.
    private func park(_ milliseconds: inout Int32) -> Bool {
        let next = timers.nextDeadline
        // What is dropped is freed after the lock is given up, as that runs foreign code.
        let dropped = (watches, timers)
        let (isEmpty, isOver) = inbox.withLock { inbox in
            inbox.isParked = inbox.work.isEmpty
            let isOver = inbox.isShutDown && inbox.work.isEmpty
            if isOver {
                // Before the lock is given up: whoever adds work from now on starts another thread.
                watches = [:]
                timers = EventLoopTimers()
                threadID.store(0, ordering: .relaxed)
                inbox.hasThread = false
                inbox.isParked = false
            }
            return (inbox.work.isEmpty, isOver)
        }
        withExtendedLifetime(dropped) {}
        milliseconds = isEmpty ? Self.milliseconds(until: next) : 0
        return !isOver
    }

    /// The time until `deadline` for epoll, rounded up so that the timer is due when the wait ends.
    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = (deadline - .now).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return Int32(
            clamping: min(seconds, 86_400) * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        )
    }

    private func fireTimers() {
        guard timers.nextDeadline != nil else { return }
        let now = ContinuousClock.now
        while let action = timers.popDue(now) { action() }
    }

    // MARK: Watches and timers, on the loop's thread

    /// Watches a descriptor.
    ///
    /// - Parameters:
    ///   - descriptor: Stays open until ``remove(_:)``.
    ///   - readiness: What to wait for.
    ///   - handler: Called on the loop's thread whenever the descriptor is ready, until the watch is removed.
    /// - Returns: The watch, or `nil` if the kernel refuses it.
    func watch(
        _ descriptor: Int32,
        for readiness: Readiness,
        _ handler: @escaping (Readiness) -> Void
    ) -> EventLoopWatch? {
        assert(isCurrent)
        lastToken += 1
        guard cshims_epoll_add(epoll, descriptor, readiness.rawValue, lastToken) == 0 else { return nil }
        let watch = EventLoopWatch(descriptor: descriptor, token: lastToken, readiness: readiness, handler: handler)
        watches[lastToken] = watch
        return watch
    }

    /// Changes what a watch waits for; no system call if it is that already.
    func update(_ watch: EventLoopWatch, for readiness: Readiness) {
        assert(isCurrent)
        guard watch.readiness != readiness else { return }
        watch.readiness = readiness
        _ = cshims_epoll_modify(epoll, watch.descriptor, readiness.rawValue, watch.token)
    }

    /// Ends a watch, before its descriptor is closed.
    func remove(_ watch: EventLoopWatch) {
        assert(isCurrent)
        guard watches.removeValue(forKey: watch.token) != nil else { return }
        _ = cshims_epoll_remove(epoll, watch.descriptor)
    }

    /// Calls `action` on the loop's thread when `deadline` has come.
    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> EventLoopTimer {
        assert(isCurrent)
        return timers.insert(at: deadline, action)
    }

    /// Takes a timer back; nothing happens if it fired already.
    func cancel(_ timer: EventLoopTimer) {
        assert(isCurrent)
        timers.remove(timer)
    }
}
