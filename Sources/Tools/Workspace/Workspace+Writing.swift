internal import CLinux
package import Conversation
internal import Glibc
internal import Paths

extension Workspace {
    /// The most directories that a path of a file to write may go through.
    static let maximumDirectories = 64

    /// Names that no path to be written goes through, unless the row says otherwise: what stands in a version control's
    /// directory are commands for whoever uses it next, outside of any sandbox.
    static let protectedNames = [".git", ".hg", ".svn"]

    /// A user and a group.
    struct Owner: Sendable, Hashable {
        package let user: uid_t
        package let group: gid_t
    }

    /// Whom new files belong to when the process may give files away: the owner of the directory, because what runs in
    /// the sandbox runs as that user and works on the same files.
    private var owner: Owner? {
        var status = stat()
        guard geteuid() == 0, fstat(descriptor, &status) == 0 else { return nil }
        return Owner(user: status.st_uid, group: status.st_gid)
    }

    /// Refuses a path that is never written to, whatever is in the workspace.
    ///
    /// - Parameters:
    ///   - path: A path relative to the directory.
    ///   - protectedNames: Names that the path may not go through, whatever their case.
    ///   - caller: Whose refusal is recorded; nil to record none.
    /// - Throws: ``ToolError`` that says why.
    package static func checkTarget(
        _ path: String,
        protecting protectedNames: [String],
        for caller: WorkspaceCaller?
    ) throws(ToolError) {
        try check(path, for: caller)
        let components = path.pathComponents
        guard !components.contains("..") else {
            caller?.recordRefusal(of: path)
            throw ToolError(.denied, "\"\(shown(path))\" goes up; name the file by its path from the workspace.")
        }
        guard let name = components.last, !["", "."].contains(name) else {
            throw ToolError(.denied, "\"\(shown(path))\" names a directory, not a file.")
        }
        let protected = Set(protectedNames.map { $0.lowercased() })
        if let name = components.first(where: { protected.contains($0.lowercased()) }) {
            caller?.recordRefusal(of: path)
            throw ToolError(.denied, "\"\(shown(path))\" goes through \(name), which is not written to.")
        }
        guard components.count - 1 <= maximumDirectories else {
            throw ToolError(.invalidArguments, "A path goes through at most \(maximumDirectories) directories.")
        }
    }

    /// The place of a file that is to be written.
    ///
    /// - Parameters:
    ///   - path: A path relative to the directory.
    ///   - makesDirectories: Whether directories on the way that are missing are made.
    ///   - protectedNames: Names that the path may not go through, whatever their case.
    ///   - caller: Whose refusal is recorded if the path leads out, or where it may not.
    /// - Throws: ``ToolError`` that says why not.
    package func target(
        _ path: String,
        makingDirectories makesDirectories: Bool,
        protecting protectedNames: [String],
        for caller: WorkspaceCaller
    ) throws(ToolError) -> WorkspaceTarget {
        try Self.checkTarget(path, protecting: protectedNames, for: caller)
        let components = path.pathComponents.map(String.init)
        let parents = components.dropLast()
        let parent = parents.isEmpty ? "." : parents.joined(separator: "/")
        let directory: WorkspaceDescriptor
        do throws(ToolError) {
            directory = try openDirectory(parent, askedFor: path, for: caller)
        } catch {
            guard error.code == .notFound, makesDirectories else { throw error }
            directory = try makeDirectories(Array(parents), of: path, for: caller)
        }
        return WorkspaceTarget(directory: directory, name: components.last ?? "", path: path, owner: owner)
    }

    /// Opens directories one below the other, and makes those that are missing.
    private func makeDirectories(
        _ names: [String],
        of path: String,
        for caller: WorkspaceCaller
    ) throws(ToolError) -> WorkspaceDescriptor {
        var current = try openDirectory(".")
        for name in names where !["", "."].contains(name) {
            current = try step(from: current, into: name, of: path, for: caller)
        }
        return current
    }

    private func step(
        from directory: consuming WorkspaceDescriptor,
        into name: String,
        of path: String,
        for caller: WorkspaceCaller
    ) throws(ToolError) -> WorkspaceDescriptor {
        var opened = clinux_confined_open(directory.number, name, true)
        if opened == -ENOENT {
            // Somebody else may make it at the same time, which is as good.
            guard mkdirat(directory.number, name, 0o777) == 0 || errno == EEXIST else {
                throw Self.error(number: errno, path: path)
            }
            opened = clinux_confined_open(directory.number, name, true)
            if opened >= 0, let owner { fchown(opened, owner.user, owner.group) }
        }
        guard opened >= 0 else {
            if Self.leadsOut(-opened) { caller.recordRefusal(of: path) }
            throw Self.error(number: -opened, path: path)
        }
        return WorkspaceDescriptor(opened)
    }
}
