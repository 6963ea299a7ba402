import Glibc

/// A bounded number of threads for work that takes the processor, or waits for a disk, for longer than a moment.
///
/// The runtime's own pool has a thread a core: two tools that search for a while would stop every task of the process,
/// heartbeats and signals included. A task that names this as its executor leaves that pool alone. Work is taken in the order
/// in which it came, so that a task that yields from time to time shares the threads with all others.
package final class WorkThreads: TaskExecutor, @unchecked Sendable {
    // Sendable is right: `state` has its lock, and a semaphore is made to be shared.

    /// The threads that tools run on, and what inspects texts that others wrote.
    package static let shared = WorkThreads(maximum: max(16, 4 * sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    private struct State {
        var jobs: [UnownedJob] = []
        /// The next of `jobs`; those before it are done.
        var next = 0
        var threads = 0
        /// Threads that wait for a signal, and none is on its way to them.
        var idle = 0

        mutating func popFirst() -> UnownedJob? {
            guard next < jobs.count else { return nil }
            let job = jobs[next]
            next += 1
            if next == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                next = 0
            } else if next > 1_024 {
                jobs.removeFirst(next)
                next = 0
            }
            return job
        }
    }

    private enum Call {
        case none, wake, start
    }

    private let maximum: Int
    private let state = LockedValue(State())
    private let signal: UnsafeMutablePointer<sem_t>

    /// Threads, which start when they are needed and stay.
    ///
    /// - Parameter maximum: How many at most.
    package init(maximum: Int) {
        self.maximum = max(1, maximum)
        signal = .allocate(capacity: 1)
        signal.initialize(to: sem_t())
        sem_init(signal, 0, 0)
    }

    /// Adds a job of the concurrency runtime.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let call = state.withLock { state -> Call in
            state.jobs.append(job)
            if state.idle > 0 {
                state.idle -= 1
                return .wake
            }
            guard state.threads < maximum else { return .none }
            state.threads += 1
            return .start
        }
        switch call {
        case .none: break
        case .wake: sem_post(signal)
        case .start:
            guard !DetachedThread.start(name: "work", { self.run() }) else { break }
            let left = state.withLock { state in
                state.threads -= 1
                return state.threads
            }
            precondition(left > 0, "the system gives no thread for work")
        }
    }

    private func run() -> Never {
        while true {
            let job = state.withLock { state in
                let job = state.popFirst()
                if job == nil { state.idle += 1 }
                return job
            }
            if let job {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else {
                // A signal of the system may end the wait early.
                while sem_wait(signal) != 0 {}
            }
        }
    }
}
