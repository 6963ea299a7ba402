/// Holds a scripted answer back until the test lets it go on, which is how tests avoid waiting for time to pass.
public actor MockGate {
    private var permits = 0
    private var isOpen = false
    private var waiters: [(id: Int, stream: AsyncStream<Never>.Continuation)] = []
    private var nextID = 0

    /// Creates a gate that lets nobody pass.
    public init() {}

    /// Lets some pass, now or later.
    public func open(_ count: Int = 1) {
        permits += count
        admit()
    }

    /// Lets everybody pass from now on.
    public func openForever() {
        isOpen = true
        admit()
    }

    /// Waits for a permit and uses it up.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    public func pass() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        let id = nextID
        nextID += 1
        waiters.append((id, continuation))
        admit()
        for await _ in stream {}
        if waiters.contains(where: { $0.id == id }) {
            waiters.removeAll { $0.id == id }
            throw CancellationError()
        }
    }

    private func admit() {
        while let first = waiters.first, isOpen || permits > 0 {
            if !isOpen { permits -= 1 }
            waiters.removeFirst()
            first.stream.finish()
        }
    }
}
