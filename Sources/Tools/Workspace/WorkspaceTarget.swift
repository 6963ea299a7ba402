internal import CLinux
package import Conversation
package import Glibc

/// A place for a file in the workspace: the directory, held open, and the name in it.
///
/// Everything is done by the name alone in the directory that was opened, so that renames and links that appear in the
/// meantime lead nowhere.
package struct WorkspaceTarget: ~Copyable {
    /// The path as it was given, for messages.
    package let path: String

    private let directory: WorkspaceDescriptor
    private let name: String
    private let owner: Workspace.Owner?

    /// A place.
    ///
    /// - Parameter owner: Whom a new file is given to; nil for whoever the process runs as.
    init(directory: consuming WorkspaceDescriptor, name: String, path: String, owner: Workspace.Owner?) {
        self.directory = directory
        self.name = name
        self.path = path
        self.owner = owner
    }

    /// What is there now; nil if nothing is.
    ///
    /// - Throws: ``ToolError/Code/denied`` for anything but a regular file that may be written.
    package func status(for caller: WorkspaceCaller) throws(ToolError) -> stat? {
        var status = stat()
        guard fstatat(directory.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            let number = errno
            if number == ENOENT { return nil }
            throw Workspace.error(number: number, path: path)
        }
        if status.st_mode & S_IFMT == S_IFLNK { caller.recordRefusal(of: path) }
        try Workspace.requireRegularFile(status, path: path)
        guard status.st_mode & 0o222 != 0 else {
            throw ToolError(.denied, "\"\(Workspace.shown(path))\" is write-protected.")
        }
        return status
    }

    /// Reads the file that is there.
    ///
    /// - Returns: Its bytes; nil if there are more than allowed.
    package func read(maximumBytes: Int) throws(ToolError) -> [UInt8]? {
        let opened = clinux_confined_open(directory.number, name, false)
        guard opened >= 0 else { throw failure(-opened) }
        let file = WorkspaceDescriptor(opened)
        try Workspace.requireRegularFile(try file.status(path: path), path: path)
        return try file.readAll(maximumBytes: maximumBytes, path: path)
    }

    /// Puts a file with new content in the place of what is there, at once and for good.
    ///
    /// The content is written to a new file in the same directory, brought to the disk, and renamed. Whoever reads sees
    /// the old or the new file and never a part; a link that took the name in the meantime is replaced, not followed.
    ///
    /// - Parameters:
    ///   - content: The file's bytes.
    ///   - previous: The file that was there, whose permissions and owner are kept; if another file has taken its place
    ///     or it was written to since, nothing is done.
    package func replace(with content: [UInt8], previous: stat?) throws(ToolError) {
        let temporary = ".agentctl-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
        let created = clinux_confined_create(directory.number, temporary, previous == nil ? 0o666 : 0o600)
        guard created >= 0 else { throw failure(-created) }
        let file = WorkspaceDescriptor(created)
        do throws(ToolError) {
            try file.write(content, path: path)
            try hand(file.number, previous)
            guard fsync(file.number) == 0 else { throw failure(errno) }
            try requireUnchanged(since: previous)
            guard renameat(directory.number, temporary, directory.number, name) == 0 else { throw failure(errno) }
        } catch {
            unlinkat(directory.number, temporary, 0)
            throw error
        }
        // The rename itself; where a file system cannot do that, the file is whole all the same.
        fsync(directory.number)
    }

    /// Writes at the end of the file that is there.
    ///
    /// - Returns: How many bytes the file has now.
    package func append(_ content: [UInt8], maximumBytes: Int) throws(ToolError) -> Int {
        let opened = clinux_confined_append(directory.number, name)
        guard opened >= 0 else { throw failure(-opened) }
        let file = WorkspaceDescriptor(opened)
        let status = try file.status(path: path)
        try Workspace.requireRegularFile(status, path: path)
        guard status.st_nlink <= 1 else {
            let name = Workspace.shown(path)
            throw ToolError(.denied, "\"\(name)\" has a second name elsewhere (a hard link), so it is not added to.")
        }
        // A write as root leaves the bits: the file would run as its owner with what was added.
        guard status.st_mode & 0o6000 == 0 else {
            let name = Workspace.shown(path)
            throw ToolError(.denied, "\"\(name)\" runs as its owner (a set-user-ID file), so it is not added to.")
        }
        let total = Int(status.st_size) + content.count
        guard total <= maximumBytes else { throw Self.tooLarge(path, total, maximumBytes) }
        try file.write(content, path: path)
        guard fsync(file.number) == 0 else { throw failure(errno) }
        return total
    }

    /// The refusal of a file that would have too many bytes.
    package static func tooLarge(_ path: String, _ bytes: Int, _ maximum: Int) -> ToolError {
        ToolError(
            .denied,
            "\"\(Workspace.shown(path))\" would have \(bytes) bytes, where at most \(maximum) are allowed."
        )
    }

    /// Gives a new file the permissions and the owner that it should have.
    private func hand(_ file: Int32, _ previous: stat?) throws(ToolError) {
        let owner = owner.map { new in previous.map { Workspace.Owner(user: $0.st_uid, group: $0.st_gid) } ?? new }
        if let owner, fchown(file, owner.user, owner.group) != 0 { throw failure(errno) }
        if let previous, fchmod(file, previous.st_mode & 0o777) != 0 { throw failure(errno) }
    }

    /// Refuses to overwrite what somebody else wrote in the meantime.
    private func requireUnchanged(since previous: stat?) throws(ToolError) {
        var now = stat()
        let isThere = fstatat(directory.number, name, &now, AT_SYMLINK_NOFOLLOW) == 0
        let isSame =
            switch previous {
            case nil: !isThere
            case let previous?:
                isThere && previous.st_ino == now.st_ino && previous.st_size == now.st_size
                    && previous.st_mtim.tv_sec == now.st_mtim.tv_sec
                    && previous.st_mtim.tv_nsec == now.st_mtim.tv_nsec
            }
        guard isSame else {
            let name = Workspace.shown(path)
            throw ToolError(.failed, "\"\(name)\" was changed by somebody else in the meantime. Read it again first.")
        }
    }

    private func failure(_ number: Int32) -> ToolError {
        if [EXDEV, ELOOP, EACCES, EPERM, ENOENT].contains(number) {
            return Workspace.error(number: number, path: path)
        }
        let reason = String(cString: strerror(number))
        return ToolError(.failed, "\"\(Workspace.shown(path))\" cannot be written: \(reason).")
    }
}
