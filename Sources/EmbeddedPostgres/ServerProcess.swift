import Glibc

/// A process that may belong to a cluster.
struct ServerProcess: Sendable, Hashable {
    let id: pid_t

    /// Whether the process is alive and one of the cluster's: PostgreSQL's processes all work in the data directory.
    ///
    /// That distinguishes a server from a program that got its number after a crash or a restart of the machine. A server whose
    /// files were deleted under it counts: as it ends, it would delete the socket of its successor.
    func serves(_ layout: ServerLayout) -> Bool {
        guard let name = try? SmallFile.read("/proc/\(id)/comm", limit: 64)?.text, name == "postgres\n" else {
            return false
        }
        let directory = AbsolutePath.target(ofLink: "/proc/\(id)/cwd")
        return directory == layout.data || directory == "\(layout.data) (deleted)"
    }

    /// Sends a signal, to a process that was just seen to be the cluster's.
    ///
    /// - Returns: Whether the process was there and could be sent to; `errno` has the reason if not.
    func send(_ signal: Int32) -> Bool {
        kill(id, signal) == 0
    }

    /// All living processes of the cluster.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible`` when /proc cannot be read.
    static func all(of layout: ServerLayout) throws(PostgresServerError) -> [ServerProcess] {
        guard let names = Directory.names(in: "/proc") else {
            throw .inaccessible("read /proc", errno: errno)
        }
        return names.compactMap { pid_t($0) }.map { ServerProcess(id: $0) }.filter { $0.serves(layout) }
    }
}
