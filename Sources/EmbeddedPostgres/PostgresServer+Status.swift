import Glibc

extension PostgresServer {
    /// What a server is doing.
    public enum Status: Sendable, Hashable {
        /// It takes connections; `pid` is its main process.
        case running(pid: Int32, address: Address)
        /// It is coming up, perhaps recovering after a crash.
        case starting(pid: Int32)
        /// It is going down.
        case stopping(pid: Int32)
        /// There is a cluster, and no server on it.
        case stopped
        /// There is no cluster yet.
        case uninitialized
    }

    /// The directory with the cluster's files, where the server's user cannot get to ``directory``; nil while they are
    /// there.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible`` when the caller may not look.
    public var elsewhere: String? {
        get throws(PostgresServerError) {
            let root = try location.find().root
            return root == AbsolutePath.resolvingLinks(directory) ? nil : root
        }
    }

    /// Looks at the files of the server, and at its process.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible`` when the caller may not look.
    public func status() async throws(PostgresServerError) -> Status {
        try status(of: location.find())
    }

    func status(of layout: ServerLayout) throws(PostgresServerError) -> Status {
        guard try layout.isInitialized() else {
            return .uninitialized
        }
        guard let file = try PostmasterFile.live(in: layout) else {
            return .stopped
        }
        switch (file.state, file.socketDirectory) {
        case ("ready", let socketDirectory?):
            return .running(pid: file.processID, address: Address(socketDirectory: socketDirectory))
        case ("stopping", _):
            return .stopping(pid: file.processID)
        default:
            return .starting(pid: file.processID)
        }
    }
}
