/// Collects what happened and lets a test wait until enough has.
actor MockLog<Entry: Sendable> {
    private(set) var entries: [Entry] = []
    private var waiters: [(count: Int, stream: AsyncStream<Never>.Continuation)] = []

    /// Adds an entry and wakes those who waited for it.
    func append(_ entry: Entry) {
        entries.append(entry)
        for waiter in waiters where waiter.count <= entries.count { waiter.stream.finish() }
        waiters.removeAll { $0.count <= entries.count }
    }

    /// Waits until there are at least `count` entries.
    ///
    /// - Returns: All entries there are then.
    /// - Throws: `CancellationError` if the task is cancelled.
    func entries(count: Int) async throws -> [Entry] {
        if entries.count < count {
            let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
            waiters.append((count, continuation))
            for await _ in stream {}
            try Task.checkCancellation()
        }
        return entries
    }
}
