import CLinux
import Glibc
import Synchronization

extension Reactor {
    /// What the thread does, from its start to its end.
    func run() {
        threadID.store(UInt(pthread_self()), ordering: .relaxed)
        var batch: [Work] = []
        var milliseconds: Int32 = 0
        withUnsafeTemporaryAllocation(of: clinux_event.self, capacity: Int(CLINUX_EVENTS_MAXIMUM)) { events in
            repeat {
                let count = clinux_epoll_wait(epoll, events.baseAddress, Int32(events.count), milliseconds)
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
                // Before the lock is given up: a caller that adds work from now on starts another thread.
                watches = [:]
                timers = ReactorTimers()
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
}
