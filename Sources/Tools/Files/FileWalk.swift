import Conversation
internal import Glibc
internal import ShellSyntax

/// Goes through the files below a directory of the workspace in order of their paths.
///
/// Links are never followed, and a tree of any depth is gone through without recursion, to a limit.
struct FileWalk {
    /// How deep it goes: what lies deeper is left out.
    package static let maximumDepth = 32

    /// The most entries of one directory.
    static let maximumEntries = 10_000

    /// Directories that are left out: what version control keeps is not what somebody looks for.
    static let leftOut: Set<String> = [".git", ".hg", ".svn"]

    /// A file on the way.
    package struct File {
        /// The path, relative to the workspace.
        package let path: String
        /// The size in bytes.
        package let size: Int64
    }

    private struct Place {
        let path: String
        let kind: DirectoryEntry.Kind
        let size: Int64
        let level: Int
    }

    private let workspace: Workspace
    private let rules: PathRules
    /// The rule by which an approver was asked about the directory itself.
    ///
    /// Of the files that need an approval, the walk returns those of this rule only.
    private let asked: PathRules.Finding?
    private var stack: [Place] = []

    /// How many directories were left out because they lie too deep, hold too much, or cannot be read.
    private(set) var directoriesLeftOut = 0

    /// How many files and whole directories were left out because a rule denies them, or asks about them.
    private(set) var placesNotAllowed = 0

    /// A walk.
    ///
    /// - Parameters:
    ///   - root: The directory, or a single file.
    ///   - workspace: The workspace.
    ///   - caller: Whose refusal is recorded if the path leads out.
    /// - Throws: ``ToolError`` when there is no such path.
    init(from root: String, in workspace: Workspace, for caller: WorkspaceCaller) throws(ToolError) {
        self.workspace = workspace
        rules = caller.rules
        let path = CallPath.normalized(root)
        asked = rules.finding(onNormalized: path)
        let directory: WorkspaceDescriptor
        do throws(ToolError) {
            directory = try workspace.openDirectory(root, for: caller)
        } catch {
            guard error.code == .notFound else { throw error }
            let size = try workspace.openFile(root, for: caller).status(path: root).st_size
            stack = [Place(path: root, kind: .file, size: Int64(size), level: 0)]
            return
        }
        try push(directory, path: path == "." ? "" : path, level: 1)
    }

    /// The next file; nil after the last.
    package mutating func next() -> File? {
        while let place = stack.popLast() {
            if place.kind == .file { return File(path: place.path, size: place.size) }
            guard place.level <= Self.maximumDepth else {
                directoriesLeftOut += 1
                continue
            }
            do throws(ToolError) {
                try push(try workspace.openDirectory(place.path), path: place.path, level: place.level + 1)
            } catch {
                directoriesLeftOut += 1
            }
        }
        return nil
    }

    /// Puts what is in a directory on the stack, last first.
    private mutating func push(
        _ directory: borrowing WorkspaceDescriptor,
        path: String,
        level: Int
    ) throws(ToolError) {
        let (entries, hasMore) = try directory.entries(limit: Self.maximumEntries, path: path)
        if hasMore { directoriesLeftOut += 1 }
        let places = entries.compactMap { entry -> (key: [UInt8], place: Place)? in
            guard let name = entry.name, entry.kind == .file || entry.kind == .directory else { return nil }
            if entry.kind == .directory, Self.leftOut.contains(name) { return nil }
            let isDirectory = entry.kind == .directory
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            guard isAllowed(inner, isDirectory: isDirectory) else {
                placesNotAllowed += 1
                return nil
            }
            let place = Place(path: inner, kind: entry.kind, size: entry.size, level: level)
            // With its slash a directory sorts as the paths in it do.
            return (Array((isDirectory ? name + "/" : name).utf8), place)
        }
        stack += places.sorted { $1.key.lexicographicallyPrecedes($0.key) }.map(\.place)
    }

    private func isAllowed(_ path: String, isDirectory: Bool) -> Bool {
        if isDirectory { return !rules.deniesAll(in: path) }
        let finding = rules.finding(onNormalized: path)
        let verdict = finding?.verdict ?? .allowed
        return verdict == .allowed || (verdict == .asked && finding == asked)
    }
}
