import Glibc

/// Who owns a file, what it is and how long it is; a symbolic link is not followed.
struct FileStatus: Sendable, Hashable {
    let owner: uid_t
    let isDirectory: Bool
    let isRegularFile: Bool
    /// The permission bits, as in `0o700`.
    let permissions: mode_t
    let size: Int

    /// `nil` when there is no such file, or it cannot be read; `errno` has the reason.
    init?(of path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            return nil
        }
        self.init(status)
    }

    init(_ status: stat) {
        owner = status.st_uid
        isDirectory = status.st_mode & S_IFMT == S_IFDIR
        isRegularFile = status.st_mode & S_IFMT == S_IFREG
        permissions = status.st_mode & 0o7777
        size = Int(status.st_size)
    }
}
