import Reactor

extension PostgresClient {
    /// Listens for notifications, on a connection of its own that is reopened whenever it breaks.
    ///
    ///     for await event in client.listen(to: ["work"]) {
    ///         switch event {
    ///         case .connected: try await readEverything()
    ///         case .notification(_, let payload): try await read(payload)
    ///         }
    ///     }
    ///
    /// ``PostgresListenEvent/connected`` comes after every connect, and in place of 1,024 events that were not taken
    /// in time: notifications may have been missed then, so read again what they are about. The sequence ends when the
    /// task is cancelled or the client is shut down; the connection is closed when the iteration is left.
    ///
    /// Through PgBouncer in transaction mode notifications do not arrive. There a connection past it is used, if the
    /// configuration has one; else no event comes, which a warning says once.
    ///
    /// - Parameter channels: Names of channels, as they are: case counts.
    public func listen(to channels: [String]) -> some AsyncSequence<PostgresListenEvent, Never> & Sendable {
        PostgresListenSequence(client: self, channels: channels)
    }

    func add(_ listener: PostgresListener) {
        let isShutDown = listeners.withLock { listeners in
            if !listeners.isShutDown { listeners.active[ObjectIdentifier(listener)] = listener }
            return listeners.isShutDown
        }
        if isShutDown { listener.stop() } else { listener.start() }
    }

    func remove(_ listener: PostgresListener) {
        _ = listeners.withLock { $0.active.removeValue(forKey: ObjectIdentifier(listener)) }
        listener.stop()
    }

    func stopListening() {
        let active = listeners.withLock { listeners in
            defer { listeners.active.removeAll() }
            listeners.isShutDown = true
            return listeners.active
        }
        for listener in active.values { listener.stop() }
    }
}
