/// A timer that was scheduled, by which it can be taken back.
package struct ReactorTimer: Hashable, Sendable {
    package let deadline: ContinuousClock.Instant
    fileprivate let number: UInt64
}

/// The timers of a loop, in the order in which they fire.
///
/// A sorted array: a loop has a few timers a connection, not one a statement, so that the move in `insert` is small.
struct ReactorTimers {
    private struct Entry {
        let timer: ReactorTimer
        let action: () -> Void
    }

    /// The latest first, so that the next one is taken off the end.
    private var entries: [Entry] = []
    private var lastNumber: UInt64 = 0

    /// When the next timer is due.
    var nextDeadline: ContinuousClock.Instant? { entries.last?.timer.deadline }

    mutating func insert(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> ReactorTimer {
        lastNumber += 1
        let timer = ReactorTimer(deadline: deadline, number: lastNumber)
        entries.insert(Entry(timer: timer, action: action), at: position(of: timer))
        return timer
    }

    /// Takes a timer back; one that fired already is no longer there and nothing happens.
    mutating func remove(_ timer: ReactorTimer) {
        let position = position(of: timer)
        guard position < entries.count, entries[position].timer == timer else { return }
        entries.remove(at: position)
    }

    /// Takes the next timer off if it is due.
    mutating func popDue(_ now: ContinuousClock.Instant) -> (() -> Void)? {
        guard let last = entries.last, last.timer.deadline <= now else { return nil }
        entries.removeLast()
        return last.action
    }

    /// Where the timer is, or would be: after all that fire later.
    private func position(of timer: ReactorTimer) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if timer.firesBefore(entries[middle].timer) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

extension ReactorTimer {
    fileprivate func firesBefore(_ other: ReactorTimer) -> Bool {
        (deadline, number) < (other.deadline, other.number)
    }
}
