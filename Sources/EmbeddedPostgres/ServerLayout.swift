import Glibc

/// Where the parts of one cluster are: everything lies below one directory, which belongs to the server's user.
struct ServerLayout: Sendable, Hashable {
    /// An absolute path.
    let root: String

    /// The cluster itself, made under another name and renamed when it is complete.
    var data: String { "\(root)/data" }
    /// Written by the server while it runs, see ``PostmasterFile``.
    var postmasterFile: String { "\(data)/postmaster.pid" }
    /// Held while the cluster is created, started or stopped.
    var lock: String { "\(root)/lock" }
    var logs: String { "\(root)/log" }
    /// What the server writes to its standard error before its log collector runs; one file a start.
    var startLog: String { "\(logs)/start.log" }
    /// The directory of the socket, where its path fits.
    var run: String { "\(root)/run" }

    /// Whether there is a complete cluster.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible`` when the caller may not look.
    func isInitialized() throws(PostgresServerError) -> Bool {
        if FileStatus(of: "\(data)/PG_VERSION") != nil {
            return true
        }
        guard errno == ENOENT || errno == ENOTDIR else {
            throw PostgresServerError.inaccessible("look into \(data), which belongs to another user", errno: errno)
        }
        return false
    }
}
