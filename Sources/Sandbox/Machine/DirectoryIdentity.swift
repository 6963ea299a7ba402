import Glibc

/// A directory as the kernel knows it: another one at the same path is another one.
struct DirectoryIdentity: Hashable {
    let path: String
    let device: UInt64
    let node: UInt64
    let owner: uid_t
    let group: gid_t

    /// The directory at a path; nil if there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        self.path = path
        device = UInt64(status.st_dev)
        node = UInt64(status.st_ino)
        owner = status.st_uid
        group = status.st_gid
    }
}
