import Conversation
import Definitions
internal import Glibc
internal import JSON

/// Replaces a text in a file of the workspace.
struct FileEditTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "file_edit",
        description: """
            Replaces a text in a file of the workspace by another. The old text has to be in the file exactly once, \
            with its white space: give enough lines around the change. Everything else stays as it is.
            """,
        effect: .unsafe,
        parameters: [
            .required(
                "path",
                .string(maximumLength: Workspace.maximumPathBytes),
                "The path, relative to the workspace."
            ),
            .required(
                "old_text",
                .string(maximumLength: ToolRouter.maximumArgumentBytes),
                "The text to replace, exactly as it is in the file."
            ),
            .required(
                "new_text",
                .string(maximumLength: ToolRouter.maximumArgumentBytes),
                "The text to put there; empty to remove the old one."
            ),
            .optional("replace_all", .boolean, "Whether to replace the text wherever it is.", default: false),
        ],
        configurationMembers: ["max_file_bytes", "protected"],
        make: { settings, configuration in
            let maximum = configuration.integer("max_file_bytes", in: 1...(1 << 30))
            return FileEditTool(
                settings: settings,
                maximumFileBytes: maximum ?? defaultMaximumFileBytes,
                protectedNames: configuration.strings("protected", maximumCount: 1_000) ?? Workspace.protectedNames
            )
        }
    )

    /// The largest file that is edited, in bytes, unless the row says otherwise: 8 MiB.
    static let defaultMaximumFileBytes = 8 << 20

    package let settings: ToolSettings
    var maximumFileBytes = defaultMaximumFileBytes
    var protectedNames = Workspace.protectedNames

    package func facts(of arguments: JSONValue) -> ToolFacts { ToolFacts(path: arguments["path"]) }

    package func check(_ arguments: JSONValue, in context: ToolContext?) throws(ToolError) {
        let caller = context.map(caller(in:))
        try Workspace.checkTarget(arguments["path"]?.stringValue ?? "", protecting: protectedNames, for: caller)
    }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        let (workspace, caller) = try workspace(in: context, for: "are no files to edit")
        guard let path = arguments["path"]?.stringValue, let old = arguments["old_text"]?.stringValue,
            let new = arguments["new_text"]?.stringValue
        else { throw ToolError(.invalidArguments, "file_edit needs a \"path\", an \"old_text\" and a \"new_text\".") }
        let target = try workspace.target(path, makingDirectories: false, protecting: protectedNames, for: caller)
        guard let previous = try target.status(for: caller) else {
            throw Workspace.error(number: ENOENT, path: path)
        }
        guard let content = try target.read(maximumBytes: maximumFileBytes) else {
            throw WorkspaceTarget.tooLarge(path, Int(previous.st_size), maximumFileBytes)
        }
        guard !content.contains(0), let text = String(validating: content, as: UTF8.self) else {
            throw ToolError(.denied, "\"\(Workspace.shown(path))\" is not text; only text can be edited.")
        }
        let edit = TextEdit(text, old: old, new: new)
        let lines = try edit.lines(replacingAll: arguments["replace_all"]?.boolValue ?? false, path: path)
        guard edit.resultBytes <= maximumFileBytes else {
            throw WorkspaceTarget.tooLarge(path, edit.resultBytes, maximumFileBytes)
        }
        try target.replace(with: edit.result, previous: previous)
        return output(path, lines: lines, bytes: edit.resultBytes)
    }

    private func output(_ path: String, lines: [Int], bytes: Int) -> ToolOutput {
        let shown = Workspace.shown(path)
        let places = lines.prefix(10).map(String.init).joined(separator: ", ") + (lines.count > 10 ? ", …" : "")
        let what = lines.count == 1 ? "the text in line \(places)" : "\(lines.count) texts, in the lines \(places)"
        return ToolOutput(
            "Replaced \(what) of \(shown), which has \(bytes) bytes now.",
            value: [
                "path": .string(path), "replacements": .integer(Int64(lines.count)), "bytes": .integer(Int64(bytes)),
                "lines": .array(lines.prefix(1_000).map { .integer(Int64($0)) }),
            ]
        )
    }
}
