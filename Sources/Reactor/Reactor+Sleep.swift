extension Reactor {
    private struct Sleep {
        var continuation: CheckedContinuation<Void, Never>?
        var isOver = false
    }

    /// Waits, by the loop's own clock: no other thread is needed for it to end.
    ///
    /// - Parameter duration: How long.
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for duration: Duration) async throws(CancellationError) {
        let deadline = ContinuousClock.now + duration
        let state = LockedValue(Sleep())
        let end: @Sendable () -> Void = {
            let continuation = state.withLock { state in
                state.isOver = true
                defer { state.continuation = nil }
                return state.continuation
            }
            continuation?.resume()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.isOver { state.continuation = continuation }
                    return state.isOver
                }
                guard !isOver else { return continuation.resume() }
                execute {
                    let timer = self.schedule(at: deadline, end)
                    // Cancelled in between, it leaves a timer that ends nothing.
                    if state.withLock({ $0.isOver }) { self.cancel(timer) }
                }
            }
        } onCancel: {
            end()
        }
        if Task.isCancelled { throw CancellationError() }
    }
}
