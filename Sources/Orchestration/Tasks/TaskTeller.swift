package import Store

/// Wakes turns whose tasks ended while another session held the turn's row.
///
/// The end of a task wakes its turn in the same commit, unless the row is held, for instance by the end of a sibling that
/// cannot see this one yet. Then a second look a little later is due. One look serves all ends that came meanwhile.
package struct TaskTeller: Sendable {
    private let store: WorkStore
    private let ends: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// Longer than the commit takes that holds the row, and short beside any turn.
    private static let delay: Duration = .milliseconds(10)

    package init(store: WorkStore) {
        self.store = store
        (ends, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Notes that a task has ended here.
    package func noteEnd() {
        continuation.yield()
    }

    /// Runs until its Swift task is cancelled.
    ///
    /// - Parameter wake: Called when a turn may have become ready.
    package func run(_ wake: @Sendable () -> Void) async {
        for await _ in ends {
            do { try await Task.sleep(for: Self.delay) } catch { return }
            // After a failure, the maintenance of any worker wakes the turn.
            if let told = try? await store.tellParents(), told > 0 { wake() }
        }
    }
}
