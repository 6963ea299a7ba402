internal import Conversation
internal import Glibc
internal import Paths
internal import ShellSyntax

/// Where a file leads that stands for a repository, as in a submodule or a second working tree.
struct RepositoryPointer {
    /// What a file's content is read of, which is a path.
    private static let maximumBytes = 2 * Workspace.maximumPathBytes

    private let workspace: Workspace
    /// The workspace's directory as it is named, and as it is.
    private let roots: [String]

    /// The directories of the workspace that belong to a repository, by the path of the file that stands for it.
    ///
    /// Those elsewhere are out of the reach of code.
    ///
    /// - Throws: ``ToolError/Code/denied`` if it leads to what cannot be kept from code.
    static func places(of path: String, in workspace: Workspace) throws(ToolError) -> [String] {
        let pointer = RepositoryPointer(workspace)
        do throws(ToolError) {
            let parent = path.pathComponents.dropLast().joined(separator: "/")
            guard let text = try pointer.read(path), text.utf8.starts(with: "gitdir: ".utf8),
                let directory = try pointer.place(String(text.unicodeScalars.dropFirst(8)), from: parent)
            else { return [] }
            // Commands and settings of a second working tree are those of the first.
            guard let common = try pointer.read("\(directory)/commondir"),
                let shared = try pointer.place(common, from: directory)
            else { return [directory] }
            return [directory, shared]
        } catch {
            let reason = "stands for a repository that cannot be kept from code (\(error.message))"
            throw WorkspaceCensus.unprotected(path, reason)
        }
    }

    /// Whether the workspace is a working tree whose repository is elsewhere, as one of `git worktree add` is.
    static func leadsElsewhere(from workspace: Workspace) -> Bool {
        let pointer = RepositoryPointer(workspace)
        guard let text = try? pointer.read(".git"), text.utf8.starts(with: "gitdir: ".utf8) else { return false }
        return (try? pointer.place(String(text.unicodeScalars.dropFirst(8)), from: "")) == .some(.none)
    }

    private init(_ workspace: Workspace) {
        self.workspace = workspace
        roots = [workspace.directory, Self.real(workspace.directory) ?? workspace.directory]
    }

    /// The text of a file without the line's end; nil if there is no file.
    private func read(_ path: String) throws(ToolError) -> String? {
        var bytes: [UInt8]?
        do throws(ToolError) {
            bytes = try workspace.openFile(path).readAll(maximumBytes: Self.maximumBytes, path: path)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
        while let last = bytes?.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes?.removeLast() }
        guard let bytes, let text = String(validating: bytes, as: UTF8.self) else {
            throw ToolError(.denied, "\"\(Workspace.shown(path))\" is too large, or is no text.")
        }
        return text
    }

    /// The path in the workspace of a directory that a file names; nil for one that is elsewhere.
    private func place(_ target: String, from parent: String) throws(ToolError) -> String? {
        guard let root = roots.last else { return nil }
        let full = target.isAbsolutePath ? target : "\(root)/\(parent)/\(target)"
        guard let path = inner(full), inner(CallPath.normalized(full)) != nil else {
            // By way of a link it may be one of the workspace all the same.
            guard let real = Self.real(full), inner(real) != nil else { return nil }
            throw ToolError(.denied, "\"\(Workspace.shown(target))\" leads into the workspace by another name.")
        }
        // Without links, `..` leads where it seems to.
        _ = try workspace.openDirectory(path)
        let place = CallPath.normalized(path)
        guard place != "." else { throw ToolError(.denied, "It is the workspace itself.") }
        return place
    }

    /// A path relative to the workspace; nil if it does not begin there.
    private func inner(_ path: String) -> String? {
        for root in roots where path.utf8.starts(with: "\(root)/".utf8) {
            return "./" + String(Substring(path.utf8.dropFirst(root.utf8.count + 1)))
        }
        return nil
    }

    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
