import Conversation
import Definitions
internal import JSON
internal import ShellSyntax

/// Lists directories of the workspace.
struct ListDirectoryTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "list_directory",
        description: """
            Lists a directory of the workspace in alphabetical order: directories end with /, files are followed by \
            their size in bytes, symbolic links (which are not followed) and special files are marked.
            """,
        effect: .pure,
        parameters: [
            .optional(
                "path",
                .string(maximumLength: Workspace.maximumPathBytes),
                "The path, relative to the workspace.",
                default: "."
            ),
            .optional(
                "depth",
                .integer(1...maximumDepth),
                "How many levels to list: 1 for the directory alone, 2 for its subdirectories too, and so on.",
                default: 1
            ),
        ],
        configurationMembers: ["max_entries"],
        make: { settings, configuration in
            let maximum = configuration.integer("max_entries", in: 1...maximumEntriesPerDirectory)
            return ListDirectoryTool(settings: settings, maximumEntries: maximum ?? defaultMaximumEntries)
        }
    )

    /// The most levels that are listed.
    package static let maximumDepth = 16

    /// The most entries that are listed, unless the row says otherwise.
    static let defaultMaximumEntries = 500

    /// The most entries of one directory that are looked at; only of those the first are listed.
    static let maximumEntriesPerDirectory = 10_000

    package let settings: ToolSettings
    var maximumEntries = defaultMaximumEntries

    var truncationHint: String { "List a subdirectory, or fewer levels with \"depth\"." }

    package func facts(of arguments: JSONValue) -> ToolFacts { ToolFacts(path: arguments["path"]) }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        let (workspace, caller) = try workspace(in: context, for: "is nothing to list")
        let path = arguments["path"]?.stringValue ?? "."
        let depth = min(Self.maximumDepth, max(1, Int(clamping: arguments["depth"]?.integerValue ?? 1)))
        return try listing(of: path, depth: depth, in: workspace, for: caller)
    }

    /// Walks the tree without recursion, each directory before what is in it, by a stack of what is still to be listed.
    private func listing(
        of root: String,
        depth: Int,
        in workspace: Workspace,
        for caller: WorkspaceCaller
    ) throws(ToolError) -> ToolOutput {
        var lines: [String] = []
        var notes: [String] = []
        // Only the path that was asked for can lead out: below it links are not followed.
        let rules = caller.rules
        var stack = try items(in: root, for: caller, shownPath: "", level: 1, workspace: workspace, notes: &notes)
        while let item = stack.popLast() {
            if Task.isCancelled { throw ToolError(.cancelled, "Listing was stopped.") }
            guard lines.count < maximumEntries else {
                notes.append("[cut: only the first \(lines.count) entries are shown. \(truncationHint)]")
                break
            }
            lines.append(item.line)
            guard let path = item.path, item.level < depth else { continue }
            guard !rules.deniesAll(in: CallPath.normalized(path)) else {
                notes.append("[\(item.shownPath)/ is left out: a rule of a policy denies it]")
                continue
            }
            do throws(ToolError) {
                stack += try items(
                    in: path,
                    shownPath: item.shownPath + "/",
                    level: item.level + 1,
                    workspace: workspace,
                    notes: &notes
                )
            } catch {
                notes.append("[\(item.shownPath)/ is left out: \(error.message)]")
            }
        }
        let text = lines.isEmpty ? "[the directory is empty]" : lines.joined(separator: "\n")
        return ToolOutput(([text] + notes.prefix(20)).joined(separator: "\n"), truncated: !notes.isEmpty)
    }

    /// One line of the listing, with the directory that it stands for.
    private struct Item {
        let line: String
        let shownPath: String
        let path: String?
        let level: Int
    }

    /// The entries of a directory, last first, as they go on the stack.
    private func items(
        in path: String,
        for caller: WorkspaceCaller? = nil,
        shownPath: String,
        level: Int,
        workspace: Workspace,
        notes: inout [String]
    ) throws(ToolError) -> [Item] {
        let directory = try workspace.openDirectory(path, for: caller)
        let (entries, hasMore) = try directory.entries(limit: Self.maximumEntriesPerDirectory, path: path)
        if hasMore {
            let name = Workspace.shown(path)
            notes.append("[\"\(name)\" has more than \(entries.count) entries; the others are left out]")
        }
        return entries.sorted { $0.shownName > $1.shownName }.map { entry in
            let shown = shownPath + entry.shownName
            let isDirectory = entry.kind == .directory
            return Item(
                line: shown + Self.suffix(of: entry),
                shownPath: shown,
                path: isDirectory ? entry.name.map { path == "." ? $0 : "\(path)/\($0)" } : nil,
                level: level
            )
        }
    }

    private static func suffix(of entry: DirectoryEntry) -> String {
        switch entry.kind {
        case .directory: "/"
        case .file: " (\(entry.size) bytes)"
        case .link: " (symbolic link)"
        case .other: " (special file)"
        }
    }
}
