import Conversation
import Definitions
internal import Glibc
internal import JSON

/// Reads text files of the workspace.
struct FileReadTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "file_read",
        description: "Reads a text file of the workspace, whole or a range of its lines.",
        effect: .pure,
        parameters: [
            .required(
                "path",
                .string(maximumLength: Workspace.maximumPathBytes),
                "The path, relative to the workspace."
            ),
            .optional("offset", .integer(1...1_000_000_000), "The first line to read, counted from 1.", default: 1),
            .optional("limit", .integer(1...1_000_000), "How many lines to read; as many as fit if left out."),
        ],
        configurationMembers: ["max_file_bytes"],
        make: { settings, configuration in
            let maximum = configuration.integer("max_file_bytes", in: 1...(1 << 30))
            return FileReadTool(settings: settings, maximumFileBytes: maximum ?? defaultMaximumFileBytes)
        }
    )

    /// The largest file that is read to its end, in bytes, unless the row says otherwise: 32 MiB.
    ///
    /// Of a larger one no more is read than the last line that is asked for, and its lines are not counted.
    static let defaultMaximumFileBytes = 32 << 20

    /// How many bytes of the output limit are kept for the note about what is not shown.
    private static let noteBytes = 192

    package let settings: ToolSettings
    var maximumFileBytes = defaultMaximumFileBytes

    var truncationHint: String { "Read fewer lines with \"limit\"." }

    package func facts(of arguments: JSONValue) -> ToolFacts { ToolFacts(path: arguments["path"]) }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        let (workspace, caller) = try workspace(in: context, for: "are no files to read")
        guard let path = arguments["path"]?.stringValue else {
            throw ToolError(.invalidArguments, "file_read needs a \"path\".")
        }
        let first = max(1, Int(clamping: arguments["offset"]?.integerValue ?? 1))
        let limit = max(1, Int(clamping: arguments["limit"]?.integerValue ?? .max))
        let file = try workspace.openFile(path, for: caller)
        let budget = limits.outputBytes - Self.noteBytes
        let (window, size) = try await read(
            file,
            path: path,
            window: LineWindow(first: first, limit: limit, budget: budget)
        )
        return try output(of: window, path: path, first: first, unread: size)
    }

    private func read(
        _ file: borrowing WorkspaceDescriptor,
        path: String,
        window: LineWindow
    ) async throws(ToolError) -> (window: LineWindow, unreadSize: Int?) {
        let size = Int(try file.status(path: path).st_size)
        var window = window
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var total = 0
        var turn = WorkTurn()
        while true {
            await turn.giveWay()
            if Task.isCancelled { throw ToolError(.cancelled, "Reading was stopped.") }
            let count = try file.read(into: &buffer, path: path)
            if count == 0 { return (window, nil) }
            if total == 0, buffer.prefix(min(count, 8_192)).contains(0) {
                throw ToolError(.denied, "\"\(Workspace.shown(path))\" is a binary file; only text can be read.")
            }
            buffer.withUnsafeBytes { window.consume(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            total += count
            // The file may grow while it is read.
            if window.isComplete, max(size, total) > maximumFileBytes { return (window, max(size, total)) }
        }
    }

    /// - Parameter size: The size of a file that was not read to its end; nil of one that was.
    private func output(
        of window: LineWindow,
        path: String,
        first: Int,
        unread size: Int?
    ) throws(ToolError) -> ToolOutput {
        // There are more than those that were seen.
        let total = size == nil ? window.totalLines : .max
        let of = size.map { " (the file has \($0) bytes)" } ?? " of \(total)"
        if total == 0 { return ToolOutput("[the file is empty]") }
        guard first <= total else {
            throw ToolError(.invalidArguments, "The file has only \(total) lines; line \(first) does not exist.")
        }
        var bytes = window.bytes
        if window.isLineCut { bytes.removeIncompleteCharacter() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ToolError(.denied, "\"\(Workspace.shown(path))\" is not UTF-8 text.")
        }
        let last = first + window.pickedLines - 1
        if window.isLineCut {
            let note = "only the first \(bytes.count) bytes of line \(first)\(of) are shown."
            return ToolOutput("\(text)\n[cut: \(note)\(rest(last, total))]", truncated: true)
        }
        if first == 1, last == total, size == nil { return ToolOutput(text) }
        let separator = text.hasSuffix("\n") ? "" : "\n"
        let note = "[lines \(first) to \(last)\(of) are shown.\(rest(last, total))]"
        return ToolOutput(text + separator + note, truncated: window.isFull)
    }

    private func rest(_ last: Int, _ total: Int) -> String {
        last < total ? " For the rest, read with offset \(last + 1)." : ""
    }
}

extension [UInt8] {
    /// Takes a UTF-8 character off the end if some of its bytes are missing.
    fileprivate mutating func removeIncompleteCharacter() {
        guard let start = indices.suffix(4).last(where: { self[$0] & 0b1100_0000 != 0b1000_0000 }) else { return }
        let length =
            switch self[start] {
            case 0xF0...: 4
            case 0xE0...: 3
            case 0xC0...: 2
            default: 1
            }
        if start + length > count { removeSubrange(start...) }
    }
}
