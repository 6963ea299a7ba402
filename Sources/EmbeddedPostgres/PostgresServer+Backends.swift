import Glibc

extension PostgresServer {
    /// A process that serves a connection.
    public struct Backend: Sendable, Hashable {
        /// The process; its number is another's after its end.
        public let process: Int32
        /// When it began, in ticks of the kernel's clock since the machine started.
        let startedAt: UInt64
    }

    /// A process that serves a connection, as it is now.
    ///
    /// - Parameter process: Its number.
    /// - Returns: The process; nil when it is gone, no child of this server's main process, or another user's.
    /// - Throws: ``PostgresServerError/Code/inaccessible``.
    public func backend(_ process: Int32) throws(PostgresServerError) -> Backend? {
        let layout = try location.find()
        let backend = ServerProcess(id: process)
        guard process > 1, let file = try PostmasterFile.live(in: layout), process != file.processID,
            backend.serves(layout), let (parent, startedAt) = backend.origin, parent == file.processID
        else { return nil }
        return Backend(process: process, startedAt: startedAt)
    }

    /// Kills a process that serves a connection and answers no signal of the server's.
    ///
    /// The server then ends all connections and recovers, in about a second: whatever was not committed is lost, and what
    /// was committed stays. It is better than a process that computes for days, holding a processor, the locks of its
    /// transaction, and `VACUUM`.
    ///
    /// - Parameter backend: The process.
    /// - Returns: Whether it was killed; false when it is gone, also when another process has its number by now.
    /// - Throws: ``PostgresServerError/Code/inaccessible``.
    public func killBackend(_ backend: Backend) throws(PostgresServerError) -> Bool {
        guard try self.backend(backend.process) == backend else { return false }
        return ServerProcess(id: backend.process).send(SIGKILL)
    }
}

extension ServerProcess {
    /// The process that started it, and when, in ticks of the kernel's clock since the machine started.
    var origin: (parent: pid_t, startedAt: UInt64)? {
        // "12 (postgres) S 11 …": after the name come the third field and those that follow; the start is the 22nd.
        guard let text = try? SmallFile.read("/proc/\(id)/stat", limit: 1_024)?.text,
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let parent = pid_t(fields[1]), let startedAt = UInt64(fields[19]) else { return nil }
        return (parent, startedAt)
    }
}
