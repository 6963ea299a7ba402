internal import Synchronization

/// How many conversations a worker can take on.
final class Slots: Sendable {
    private let count: Atomic<Int>
    private let lent = Atomic<Int>(0)

    /// Slots that are lent at most: a turn that waits to be stored is kept in memory.
    private static let mostLent = 1_000

    init(_ count: Int) {
        self.count = Atomic(count)
    }

    /// The slots in which work can begin; negative while work that had lent its slot has resumed beside the work that
    /// borrowed it.
    var free: Int { count.load(ordering: .acquiring) }

    /// How much work has lent its slot while it waits.
    var waiting: Int { lent.load(ordering: .acquiring) }

    fileprivate func take() {
        count.subtract(1, ordering: .acquiringAndReleasing)
    }

    fileprivate func give() {
        count.add(1, ordering: .acquiringAndReleasing)
    }

    fileprivate func lend() -> Bool {
        guard lent.add(1, ordering: .acquiringAndReleasing).newValue <= Self.mostLent else {
            returnLent()
            return false
        }
        give()
        return true
    }

    fileprivate func returnLent() {
        lent.subtract(1, ordering: .acquiringAndReleasing)
    }
}

/// The slot of some work, which it lends while it only waits.
final class Slot: Sendable {
    private enum Use {
        case taken
        case lent
        case given
    }

    private let slots: Slots
    private let wakeUp: WakeUp
    private let use = Mutex(Use.taken)

    /// Takes a slot.
    ///
    /// - Parameters:
    ///   - slots: Whose it is.
    ///   - wakeUp: Woken when the slot is free again.
    init(of slots: Slots, _ wakeUp: WakeUp) {
        self.slots = slots
        self.wakeUp = wakeUp
        slots.take()
    }

    /// Whether other work may use the slot now.
    var isLent: Bool { use.withLock { $0 == .lent } }

    /// Whether the work may bring a claim with its end: not when others work in its slot, or there are too many.
    var mayClaim: Bool { !isLent && slots.free >= 0 }

    /// Lets other work have the slot, for as long as this work waits for something that the worker cannot hasten.
    func lend() {
        let isNews = use.withLock { use in
            guard use == .taken, slots.lend() else { return false }
            use = .lent
            return true
        }
        if isNews { wakeUp.wake() }
    }

    /// Has the slot again, even if other work has it as well: then nothing is claimed until enough work has ended.
    func takeBack() {
        use.withLock { use in
            guard use == .lent else { return }
            use = .taken
            slots.returnLent()
            slots.take()
        }
    }

    /// Gives the slot back for good.
    func give() {
        use.withLock { use in
            switch use {
            case .taken: slots.give()
            case .lent: slots.returnLent()
            case .given: break
            }
            use = .given
        }
        wakeUp.wake()
    }
}
