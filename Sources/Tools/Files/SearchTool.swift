import Conversation
import Definitions
internal import JSON
internal import Patterns

/// Searches the files of the workspace for a regular expression.
struct SearchTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "search",
        description: """
            Searches the text files of the workspace, line by line, for a regular expression. Answers with path:line: text \
            in order of path. Links are not followed; binary and very large files and version control are left out.
            """,
        effect: .pure,
        parameters: [
            .required(
                "pattern",
                .string(maximumLength: PatternLimits.maximumPatternBytes),
                "The regular expression (Perl's dialect)."
            ),
            .optional(
                "path",
                .string(maximumLength: Workspace.maximumPathBytes),
                "The directory or file to search, relative to the workspace.",
                default: "."
            ),
            .optional(
                "file_pattern",
                .string(maximumLength: 1_000),
                "Which files, for example *.swift (names anywhere), Sources/**/*.{c,h} (paths)."
            ),
            .optional("ignore_case", .boolean, "Whether capital and small letters are the same.", default: false),
            .optional("limit", .integer(1...1_000), "The most matching lines.", default: 100),
            .optional("context", .integer(0...10), "How many lines to show before and after each.", default: 0),
        ],
        configurationMembers: ["max_file_bytes", "max_files"],
        make: { settings, configuration in
            let bytes = configuration.integer("max_file_bytes", in: 1...PatternLimits.maximumTextBytes)
            let files = configuration.integer("max_files", in: 1...10_000_000)
            return SearchTool(
                settings: settings,
                maximumFileBytes: bytes ?? defaultMaximumFileBytes,
                maximumFiles: files ?? defaultMaximumFiles
            )
        }
    )

    /// The largest file that is searched, in bytes, unless the row says otherwise: 4 MiB.
    static let defaultMaximumFileBytes = 4 << 20

    /// The most files that are searched, unless the row says otherwise.
    static let defaultMaximumFiles = 50_000

    package let settings: ToolSettings
    var maximumFileBytes = defaultMaximumFileBytes
    package var maximumFiles = defaultMaximumFiles

    var truncationHint: String { "Search in a subdirectory, or for something rarer." }

    /// What is searched for counts as well, so people are asked about all arguments.
    package func facts(of arguments: JSONValue) -> ToolFacts {
        var facts = ToolFacts(path: arguments["path"])
        facts.subject = .arguments
        return facts
    }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        let (workspace, caller) = try workspace(in: context, for: "is nothing to search")
        let pattern: Pattern
        do {
            let ignoresCase = arguments["ignore_case"]?.boolValue ?? false
            pattern = try Pattern(
                arguments["pattern"]?.stringValue ?? "",
                options: ignoresCase ? .caseInsensitive : []
            )
        } catch {
            throw ToolError(.invalidArguments, "The pattern is not a regular expression: \(error)")
        }
        var glob: GlobPattern?
        if let source = arguments["file_pattern"]?.stringValue { glob = try GlobPattern(source) }
        var walk = try FileWalk(from: arguments["path"]?.stringValue ?? ".", in: workspace, for: caller)
        var search = FileSearch(
            pattern,
            limit: max(1, Int(clamping: arguments["limit"]?.integerValue ?? 100)),
            context: max(0, Int(clamping: arguments["context"]?.integerValue ?? 0)),
            outputBytes: limits.outputBytes,
            deadline: deadline(in: context)
        )
        while await search.mayGoOn(), let file = walk.next() {
            guard glob?.matches(path: file.path) ?? true else { continue }
            guard search.filesSearched < maximumFiles else {
                search.stop("only the first \(maximumFiles) files were searched")
                break
            }
            await look(into: file, of: workspace, &search)
        }
        if Task.isCancelled { throw ToolError(.cancelled, "Searching was stopped.") }
        return search.output(
            directoriesLeftOut: walk.directoriesLeftOut,
            placesNotAllowed: walk.placesNotAllowed,
            hint: truncationHint
        )
    }

    /// Some time before the call is over, so that what was found is told.
    private func deadline(in context: ToolContext) -> ContinuousClock.Instant {
        let own = ContinuousClock.now + limits.timeout * 0.8
        return context.deadline.map { min($0 - .milliseconds(200), own) } ?? own
    }

    private func look(into file: FileWalk.File, of workspace: Workspace, _ search: inout FileSearch) async {
        guard file.size <= maximumFileBytes else { return search.leaveOut(.tooLarge, file.path) }
        do throws(ToolError) {
            let opened = try workspace.openFile(file.path)
            guard let bytes = try opened.readAll(maximumBytes: maximumFileBytes, path: file.path) else {
                return search.leaveOut(.tooLarge, file.path)
            }
            guard !bytes.prefix(8_192).contains(0) else { return search.leaveOut(.binary, file.path) }
            await search.look(into: bytes, path: file.path)
        } catch {
            search.leaveOut(.unreadable, file.path)
        }
    }
}
