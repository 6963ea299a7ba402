import Glibc
import Paths

extension DirectoryIdentity {
    /// Checks that another user, whom untrusted code runs as, can use the directory.
    ///
    /// - Throws: ``SandboxError`` with code `workspace` that says what to change.
    func check(_ grant: WorkspaceGrant, for user: ChildProgram.User) throws(SandboxError) {
        var parent = ""
        for component in path.pathComponents.dropLast() where !component.isEmpty {
            parent += "/" + component
            guard Self.permissions(of: parent, for: user) & 1 != 0 else {
                throw SandboxError(
                    .workspace,
                    "the workspace \(path) cannot be reached by user \(user.user), whom untrusted code runs as: "
                        + "chmod o+x \(parent), or another place"
                )
            }
        }
        let needed: mode_t = grant == .writable ? 7 : 5
        guard Self.permissions(of: path, for: user) & needed == needed else {
            throw SandboxError(
                .workspace,
                "the workspace \(path) cannot be \(grant == .writable ? "written" : "read") by user \(user.user), "
                    + "whom untrusted code runs as: chown \(user.user) \(path), or another owner than root"
            )
        }
    }

    /// What a user may do at a path: 4 read, 2 write, 1 search.
    private static func permissions(of path: String, for user: ChildProgram.User) -> mode_t {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        if status.st_uid == user.user { return status.st_mode >> 6 & 7 }
        if status.st_gid == user.group { return status.st_mode >> 3 & 7 }
        return status.st_mode & 7
    }
}
