import Glibc

/// The file in which a server says which process it is, where its socket is and whether it takes connections.
///
/// It outlives a server that was killed and a machine that was switched off, and by then its process number may be
/// another program's.
struct PostmasterFile: Sendable, Hashable {
    let processID: pid_t
    /// `nil` in the first moments of a server.
    let socketDirectory: String?
    /// `starting`, `ready`, `standby` or `stopping`.
    let state: String

    /// Reads the text of a `postmaster.pid`: process, data directory, start time, port, socket directory, address, shared
    /// memory and state, a line each; the last ones come later.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let processID = lines.first.flatMap({ pid_t($0) }), processID > 1 else {
            return nil
        }
        self.processID = processID
        socketDirectory = lines.count > 4 && !lines[4].isEmpty ? String(lines[4]) : nil
        state = lines.count > 7 ? lines[7].trimmingSpaces() : "starting"
    }

    /// The server of this cluster that is alive, or `nil`.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible``.
    static func live(in layout: ServerLayout) throws(PostgresServerError) -> PostmasterFile? {
        guard let (text, _) = try SmallFile.read(layout.postmasterFile), let file = PostmasterFile(text: text),
            ServerProcess(id: file.processID).serves(layout)
        else {
            return nil
        }
        return file
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
