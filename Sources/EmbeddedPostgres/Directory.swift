import Glibc

/// Making directories with the right owner, and listing them.
enum Directory {
    /// Makes the directory and those above it that are missing, with the process's umask.
    ///
    /// - Throws: ``PostgresServerError/Code/inaccessible``.
    static func createAll(_ path: String) throws(PostgresServerError) {
        guard path != "/", access(path, F_OK) != 0 else {
            return
        }
        try createAll(AbsolutePath.parent(of: path))
        try create(path, permissions: 0o755)
    }

    /// Makes the directory unless it is there, and gives it to `owner` when it is not the owner's already.
    ///
    /// - Parameters:
    ///   - permissions: Of a new directory, as in `0o700`.
    ///   - ignoringMask: Whether a new directory gets these permissions whatever the process's umask takes away.
    ///   - owner: Only given what the caller, root, may give.
    /// - Throws: ``PostgresServerError/Code/inaccessible``, also when there is something else of that name.
    static func create(
        _ path: String,
        permissions: mode_t,
        ignoringMask: Bool = false,
        owner: ServerAccount? = nil
    ) throws(PostgresServerError) {
        if mkdir(path, permissions) == 0 {
            guard !ignoringMask || chmod(path, permissions) == 0 else {
                throw .inaccessible("change the permissions of \(path)", errno: errno)
            }
        } else if errno != EEXIST || FileStatus(of: "\(path)/.") == nil {
            throw .inaccessible("create the directory \(path)", errno: errno)
        }
        guard let owner, owner.isForeign, FileStatus(of: path)?.owner != owner.userID else {
            return
        }
        guard lchown(path, owner.userID, owner.groupID) == 0 else {
            throw .inaccessible("give \(path) to \(owner.name)", errno: errno)
        }
    }

    /// The names of what is in a directory, in no order, without `.` and `..`; `nil` when it cannot be read.
    static func names(in path: String) -> [String]? {
        guard let stream = opendir(path) else {
            return nil
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." {
                names.append(name)
            }
        }
        return names
    }
}
