internal import Synchronization

/// How many conversations a worker can take on.
final class Slots: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) {
        self.count = Atomic(count)
    }

    package var free: Int { count.load(ordering: .acquiring) }

    package func take() {
        count.subtract(1, ordering: .acquiringAndReleasing)
    }

    package func give() {
        count.add(1, ordering: .acquiringAndReleasing)
    }
}
