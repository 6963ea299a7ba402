import Conversation
import Definitions
internal import Glibc
internal import JSON

/// Writes text files of the workspace, whole or at their end.
///
/// Writing a file twice is the same as writing it once, adding to it twice is not: a row whose `append` is false has the
/// effect `idempotent`, any other `unsafe`.
struct FileWriteTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "file_write",
        description: """
            Writes a text file of the workspace: makes it, replaces it, or adds to its end. Directories that are missing \
            are made. To change a part of a file, use file_edit if there is such a tool.
            """,
        effect: .unsafe,
        parameters: [
            .required(
                "path",
                .string(maximumLength: Workspace.maximumPathBytes),
                "The path, relative to the workspace."
            ),
            .required("content", .string(maximumLength: ToolRouter.maximumArgumentBytes), "The text to write."),
            .optional(
                "mode",
                .choice(["write", "append"]),
                "write makes or replaces the file; append adds to its end.",
                default: "write"
            ),
        ],
        configurationMembers: ["max_file_bytes", "append", "protected"],
        make: { settings, configuration in
            let maximum = configuration.integer("max_file_bytes", in: 1...(1 << 30))
            return FileWriteTool(
                settings: settings,
                maximumFileBytes: maximum ?? defaultMaximumFileBytes,
                mayAppend: configuration.boolean("append") ?? true,
                protectedNames: configuration.strings("protected", maximumCount: 1_000) ?? Workspace.protectedNames
            )
        }
    )

    /// The largest file that is written, in bytes, unless the row says otherwise: 8 MiB.
    static let defaultMaximumFileBytes = 8 << 20

    package let settings: ToolSettings
    var maximumFileBytes = defaultMaximumFileBytes
    var mayAppend = true
    var protectedNames = Workspace.protectedNames

    package var effect: ToolEffect { settings.statedEffect ?? (mayAppend ? .unsafe : .idempotent) }

    package func facts(of arguments: JSONValue) -> ToolFacts { ToolFacts(path: arguments["path"]) }

    package func check(_ arguments: JSONValue, in context: ToolContext?) throws(ToolError) {
        let caller = context.map(caller(in:))
        try Workspace.checkTarget(arguments["path"]?.stringValue ?? "", protecting: protectedNames, for: caller)
    }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        let (workspace, caller) = try workspace(in: context, for: "is nowhere to write to")
        guard let path = arguments["path"]?.stringValue, let text = arguments["content"]?.stringValue else {
            throw ToolError(.invalidArguments, "file_write needs a \"path\" and a \"content\".")
        }
        let appends = arguments["mode"]?.stringValue == "append"
        guard mayAppend || !appends else {
            throw ToolError(.denied, "This tool only writes whole files; leave \"mode\" out.")
        }
        let content = Array(text.utf8)
        guard content.count <= maximumFileBytes else {
            throw WorkspaceTarget.tooLarge(path, content.count, maximumFileBytes)
        }
        let target = try workspace.target(path, makingDirectories: true, protecting: protectedNames, for: caller)
        let previous = try target.status(for: caller)
        let shown = Workspace.shown(path)
        if appends, previous != nil {
            let total = try target.append(content, maximumBytes: maximumFileBytes)
            return output("Added \(content.count) bytes to \(shown), which has \(total) now.", path, total, "appended")
        }
        try target.replace(with: content, previous: previous)
        let verb = previous == nil ? "created" : "replaced"
        let sentence = previous == nil ? "Made \(shown)" : "Replaced \(shown)"
        return output("\(sentence) with \(content.count) bytes.", path, content.count, verb)
    }

    private func output(_ text: String, _ path: String, _ bytes: Int, _ action: String) -> ToolOutput {
        ToolOutput(text, value: ["path": .string(path), "bytes": .integer(Int64(bytes)), "action": .string(action)])
    }
}
