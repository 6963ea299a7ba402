package import Conversation
package import Sandbox

/// Finds the parts of a workspace that code may do less with: what path rules deny is hidden from it, and what others
/// run outside of any sandbox is only read.
///
/// Links are not followed; a file is judged by the path that it is at when the call begins.
struct WorkspaceCensus {
    /// The most entries that are looked at for rules: beyond that, nobody waits for a call to begin.
    private static let maximumEntries = 500_000
    /// How deep protected directories are looked for, where no rule makes it look everywhere.
    private static let protectedDepth = 3

    private let workspace: Workspace
    private let rules: PathRules
    private let protectedNames: Set<String>
    private var exceptions: [WorkspaceException] = []
    private var entries = 0

    private init(workspace: Workspace, rules: PathRules, protectedNames: Set<String>) {
        self.workspace = workspace
        self.rules = rules
        self.protectedNames = protectedNames
    }

    /// The exceptions for code with a grant.
    static func exceptions(
        in workspace: Workspace,
        for grant: WorkspaceGrant,
        rules: PathRules,
        protecting protectedNames: [String]
    ) async throws(ToolError) -> [WorkspaceException] {
        let names = grant == .writable ? Set(protectedNames.map { $0.lowercased() }) : []
        guard rules.deniesSome || !names.isEmpty else { return [] }
        var census = WorkspaceCensus(workspace: workspace, rules: rules, protectedNames: names)
        try await census.look()
        return census.exceptions
    }

    private mutating func look() async throws(ToolError) {
        var stack = [(path: "", level: 1)]
        var turn = WorkTurn()
        while let place = stack.popLast() {
            await turn.giveWay()
            if Task.isCancelled { throw ToolError(.cancelled, "The run was stopped.") }
            for entry in try list(place.path) {
                guard let name = entry.name else { continue }
                let path = place.path.isEmpty ? name : "\(place.path)/\(name)"
                if try note(entry, name, path), rules.deniesSome || place.level < Self.protectedDepth {
                    stack.append((path, place.level + 1))
                }
            }
        }
    }

    /// The entries of a directory; one that cannot be read hides nothing from code, which is another user's or could change
    /// that, and is hidden whole.
    private mutating func list(_ path: String) throws(ToolError) -> [DirectoryEntry] {
        let place = path.isEmpty ? "." : path
        let room = Self.maximumEntries - entries
        let found: (entries: [DirectoryEntry], hasMore: Bool)
        do throws(ToolError) {
            found = try workspace.openDirectory(place).entries(limit: room, path: place)
        } catch {
            // It may have disappeared.
            guard rules.deniesSome, error.code != .notFound, error.code != .cancelled else { return [] }
            guard !path.isEmpty else { throw error }
            exceptions.append(WorkspaceException(path, .hiddenDirectory))
            return []
        }
        entries += found.entries.count
        guard !found.hasMore || !rules.deniesSome else {
            throw ToolError(
                .denied,
                "The code was not run: a policy keeps files from it, and the workspace has more than "
                    + "\(Self.maximumEntries) files, too many to find those."
            )
        }
        return found.entries
    }

    /// Notes an entry that code may do less with.
    ///
    /// - Returns: Whether it is a directory that has to be looked into.
    private mutating func note(
        _ entry: DirectoryEntry,
        _ name: String,
        _ path: String
    ) throws(ToolError) -> Bool {
        let isProtected = protectedNames.contains(name.lowercased())
        if entry.kind == .link {
            // Nothing can be mounted over a link, so that code could put another one there.
            guard !isProtected else { throw Self.unprotected(path, "is a symbolic link") }
            return false
        }
        if isProtected, entry.kind == .file {
            let places = try RepositoryPointer.places(of: path, in: workspace)
            exceptions += places.map { WorkspaceException($0, .readOnly) }
        }
        let isDirectory = entry.kind == .directory
        if isDirectory ? rules.deniesAll(in: path) : rules.verdict(onNormalized: path) == .denied {
            exceptions.append(WorkspaceException(path, isDirectory ? .hiddenDirectory : .hiddenFile))
            return false
        }
        guard isProtected else { return isDirectory }
        exceptions.append(WorkspaceException(path, .readOnly))
        return isDirectory && rules.deniesSome
    }

    /// The refusal of a call that could write what it only may read.
    static func unprotected(_ path: String, _ reason: String) -> ToolError {
        ToolError(
            .denied,
            "The code was not run: \(Workspace.shown(path)) \(reason), and it is protected from code. Somebody has to "
                + "replace or remove it, or to say in the tool's row that it is not \"protected\"."
        )
    }
}

extension ToolContext {
    /// The parts of the workspace that code may do less with.
    ///
    /// - Parameters:
    ///   - grant: What the code may do with the workspace.
    ///   - names: Files and directories that are not written to, wherever they are; those of version control unless given.
    /// - Throws: ``ToolError/Code/denied`` if that cannot be found out.
    package func exceptions(
        for grant: WorkspaceGrant,
        protecting names: [String]? = nil
    ) async throws(ToolError) -> [WorkspaceException] {
        guard let workspace, grant != .none else { return [] }
        return try await WorkspaceCensus.exceptions(
            in: workspace,
            for: grant,
            rules: pathRules,
            protecting: names ?? Workspace.protectedNames
        )
    }
}
