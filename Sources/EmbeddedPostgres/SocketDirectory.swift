import Glibc

/// Where the server's socket goes: `run` beside the data, unless that path cannot be a socket's.
enum SocketDirectory {
    static let port = 5432

    /// The kernel's limit on a socket's path, 107 bytes, less `/.s.PGSQL.5432`.
    static let maximumLength = 93

    /// Makes the directory, for the server's user alone, and gives its path.
    ///
    /// The fallback is below /run for root and below /tmp for others; below the user's own /run/user it would be gone
    /// with the user's last session, which the server outlives.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible``, also when another user has made a directory of that name.
    static func make(for layout: ServerLayout, account: ServerAccount) throws(PostgresServerError) -> String {
        var path = layout.run
        // libpq takes a comma in a host for the end of it.
        if path.utf8.count > maximumLength || path.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: ",") }) {
            let parent = account.isForeign && access("/run", W_OK) == 0 ? "/run" : "/tmp"
            path = "\(parent)/agentctl-\(StableHash.text(of: layout.root))"
        }
        try Directory.create(path, permissions: 0o700, owner: account)
        guard let status = FileStatus(of: path), status.isDirectory, status.owner == account.userID,
            status.permissions & 0o077 == 0
        else {
            throw PostgresServerError(
                .inaccessible,
                "\(path) is not a directory of mode 0700 that belongs to \(account.name); remove it"
            )
        }
        return path
    }

    /// Removes what a killed server left: it names a process, and if there is one of that number no server would start.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible``.
    static func clear(_ path: String) throws(PostgresServerError) {
        for name in [".s.PGSQL.\(port)", ".s.PGSQL.\(port).lock"] {
            guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
                throw .inaccessible("remove \(path)/\(name)", errno: errno)
            }
        }
    }
}
