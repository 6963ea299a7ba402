import Glibc

extension PostgresServer {
    /// Kills a process that serves a connection and answers no signal of the server's.
    ///
    /// The server then ends all connections and recovers, in about a second: whatever was not committed is lost, and what
    /// was committed stays. It is better than a process that computes for days, holding a processor, the locks of its
    /// transaction, and `VACUUM`.
    ///
    /// - Parameter process: The process, which has to be a child of this server's main process.
    /// - Returns: Whether it was killed; false when it is gone, no child of this server's, or another user's.
    /// - Throws: ``PostgresServerError/Code/inaccessible``.
    public func killBackend(_ process: Int32) throws(PostgresServerError) -> Bool {
        let layout = try location.find()
        let backend = ServerProcess(id: process)
        guard process > 1, let file = try PostmasterFile.live(in: layout), process != file.processID,
            backend.serves(layout), backend.parent == file.processID
        else { return false }
        return backend.send(SIGKILL)
    }
}

extension ServerProcess {
    /// The process that started it.
    var parent: pid_t? {
        // "12 (postgres) S 11 …"
        guard let text = try? SmallFile.read("/proc/\(id)/stat", limit: 1_024)?.text,
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? pid_t(fields[1]) : nil
    }
}
