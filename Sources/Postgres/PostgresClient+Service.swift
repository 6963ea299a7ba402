import Reactor

extension PostgresClient {
    /// Waits until the task is cancelled or the client is shut down, and shuts it down.
    ///
    /// The client works without it as well; it is there for service groups.
    public func run() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = end.withLock { end in
                    let isOver = end.isShutDown || Task.isCancelled
                    if !isOver { end.waiting.append(continuation) }
                    return isOver
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            endRun(isShutDown: false)
        }
        await shutdown()
    }

    /// Refuses new statements, waits for those under way up to ``PostgresConfiguration/shutdownTimeout``, and closes
    /// all connections.
    public func shutdown() async {
        endRun(isShutDown: true)
        stopListening()
        leased.stop()
        foreign.stop()
        shared.stop()
        await leased.shutdown()
        await foreign.shutdown()
        await shared.shutdown()
        if ownsReactor { reactor.shutdown() }
    }

    private func endRun(isShutDown: Bool) {
        let waiting = end.withLock { end in
            defer { end.waiting.removeAll() }
            end.isShutDown = end.isShutDown || isShutDown
            return end.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
