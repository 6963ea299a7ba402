import Glibc

extension PostgresServer {
    /// How a server goes down.
    public enum StopMode: Sendable, Hashable {
        /// Disconnects all clients, rolls their transactions back and writes a checkpoint.
        case fast
        /// Ends at once; the next start recovers from the log. What was committed stays.
        case immediate

        var signal: Int32 {
            switch self {
            case .fast: SIGINT
            case .immediate: SIGQUIT
            }
        }
    }

    /// Stops the server, if it is running, and waits until it is gone.
    ///
    /// A fast stop that takes longer than ``TimeLimits/fastStop`` becomes an immediate one: a process of the server's that
    /// computes without looking up would hold it up for ever.
    ///
    /// - Throws: ``PostgresServerError/Code/timedOut`` when it takes longer than ``TimeLimits/stop``,
    ///   ``PostgresServerError/Code/stopFailed`` when it belongs to another user, and other ``PostgresServerError``s.
    public func stop(mode: StopMode = .fast) async throws(PostgresServerError) {
        let layout = try location.find()
        guard try PostmasterFile.live(in: layout) != nil else {
            return
        }
        let account = try ServerAccount.resolve(for: layout)
        try await DirectoryLock.hold(layout.lock, for: account, timeLimit: timeLimits.lock) {
            () async throws(PostgresServerError) in
            guard let file = try PostmasterFile.live(in: layout) else {
                return
            }
            let process = ServerProcess(id: file.processID)
            guard process.send(mode.signal) || errno == ESRCH else {
                throw PostgresServerError(
                    .stopFailed,
                    "cannot signal the PostgreSQL server \(process.id): \(errorText(errno))"
                )
            }
            let purpose = "the PostgreSQL server \(process.id) to stop"
            if mode == .fast {
                do throws(PostgresServerError) {
                    let patience = min(timeLimits.fastStop, timeLimits.stop)
                    return try await Wait(patience, purpose).until { !process.serves(layout) }
                } catch {
                    guard error.code == .timedOut else { throw error }
                    // It may have ended since it was checked last.
                    guard process.serves(layout) else { return }
                    _ = process.send(StopMode.immediate.signal)
                }
            }
            try await Wait(timeLimits.stop, purpose).until { !process.serves(layout) }
        }
    }
}
