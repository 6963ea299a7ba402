import Synchronization

/// A place between a client and the server where a statement or its answer is held until a test lets it go on.
public final class RelayHold: Sendable {
    private struct State {
        var isReached = false
        var isReleased = false
        var waiting: [AsyncStream<Never>.Continuation] = []
        var held: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    init() {}

    /// Whether something is or was held.
    public var isReached: Bool { state.withLock { $0.isReached } }

    /// Waits until something is held.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    public func reached() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        let isReached = state.withLock { state in
            if !state.isReached { state.waiting.append(continuation) }
            return state.isReached
        }
        if !isReached { for await _ in stream {} }
        try Task.checkCancellation()
    }

    /// Lets what is held go on, and what comes later pass.
    public func release() {
        let held = state.withLock { state in
            state.isReleased = true
            defer { state.held = [] }
            return state.held
        }
        for resume in held { resume() }
    }

    /// Holds something; `resume` is called when it may go on.
    func hold(_ resume: @escaping @Sendable () -> Void) {
        let (waiting, isReleased) = state.withLock { state in
            state.isReached = true
            if !state.isReleased { state.held.append(resume) }
            defer { state.waiting = [] }
            return (state.waiting, state.isReleased)
        }
        for continuation in waiting { continuation.finish() }
        if isReleased { resume() }
    }
}
