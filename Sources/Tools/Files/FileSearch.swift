import Conversation
import Definitions
internal import JSON
internal import Patterns

/// Collects the lines of files that a pattern matches, up to its limits.
struct FileSearch {
    /// Why a file was not searched.
    enum Reason: String, CaseIterable {
        case tooLarge = "too large"
        case binary = "binary"
        case unreadable = "not readable"
    }

    /// The longest part of a line that is searched, in bytes.
    private static let maximumLineBytes = 65_536

    /// The longest part of a line that is shown, in bytes.
    private static let shownLineBytes = 300

    /// How many bytes of the output limit are kept for notes.
    private static let noteBytes = 400

    /// How many of the files that were not searched are named.
    private static let namedFiles = 3

    private let pattern: Pattern
    private let limit: Int
    private let context: Int
    private let outputBytes: Int
    private let deadline: ContinuousClock.Instant

    private var lines: [String] = []
    private var matches: [JSONValue] = []
    private var bytes = 0
    private var leftOut: [Reason: Int] = [:]
    /// The first files with text that were not searched.
    private var unsearched: [String] = []
    private var linesGivenUp = 0
    private var stopped: String?
    private var turn = WorkTurn()

    /// How many files were searched.
    private(set) var filesSearched = 0

    /// Whether nothing more is looked for.
    package var isOver: Bool { stopped != nil }

    /// A search.
    init(_ pattern: Pattern, limit: Int, context: Int, outputBytes: Int, deadline: ContinuousClock.Instant) {
        self.pattern = pattern
        self.limit = limit
        self.context = context
        self.outputBytes = outputBytes
        self.deadline = deadline
    }

    /// Ends the search.
    package mutating func stop(_ reason: String) {
        stopped = reason
    }

    /// Counts a file that was not searched.
    mutating func leaveOut(_ reason: Reason, _ path: String) {
        leftOut[reason, default: 0] += 1
        if reason != .binary, unsearched.count < Self.namedFiles { unsearched.append(Workspace.shown(path)) }
    }

    /// Looks into a file.
    ///
    /// The time is looked at for each line, as one line may cost a hostile pattern a third of a second.
    package mutating func look(into content: [UInt8], path: String) async {
        filesSearched += 1
        let file = FileLines(content)
        var shownUpTo = -1
        for index in 0..<file.count {
            guard await mayGoOn() else { return }
            guard isMatch(file[index]) else { continue }
            guard matches.count < limit else { return stop("there are more than \(limit) matching lines") }
            show(file, index, after: &shownUpTo, path: path)
            guard bytes <= outputBytes - Self.noteBytes else {
                // What was shown last is more than fits.
                lines.removeLast()
                return stop("the output is full")
            }
        }
    }

    /// Whether there is time left; gives others their turn when it is theirs.
    mutating func mayGoOn() async -> Bool {
        let now = ContinuousClock.now
        if now >= deadline {
            stop("the time was over")
        } else if Task.isCancelled {
            stop("the search was stopped")
        } else {
            await turn.giveWay(at: now)
        }
        return !isOver
    }

    private mutating func isMatch(_ line: ArraySlice<UInt8>) -> Bool {
        var line = line
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        do {
            let text = String(decoding: line.prefix(Self.maximumLineBytes), as: UTF8.self)
            return try pattern.matches(text, within: ContinuousClock.now.duration(to: deadline))
        } catch {
            linesGivenUp += 1
            return false
        }
    }

    private mutating func show(
        _ file: FileLines,
        _ index: Int,
        after shownUpTo: inout Int,
        path: String
    ) {
        let name = DirectoryEntry.printable(path)
        let first = max(index - context, shownUpTo + 1, 0)
        let last = min(index + context, file.count - 1)
        if context > 0, !lines.isEmpty, first > shownUpTo + 1 || shownUpTo < 0 { append("--") }
        // A line of context that matches as well is shown as such when its turn comes.
        for line in first...max(first, index) where line <= index {
            append("\(name):\(line + 1)\(line == index ? ":" : "-") \(Self.shown(file[line]))")
        }
        shownUpTo = index
        matches.append([
            "path": .string(path), "line": .integer(Int64(index + 1)), "text": .string(Self.shown(file[index])),
        ])
        var next = index + 1
        while next <= last, .now < deadline, !isMatch(file[next]) {
            append("\(name):\(next + 1)- \(Self.shown(file[next]))")
            shownUpTo = next
            next += 1
        }
    }

    private mutating func append(_ line: String) {
        lines.append(line)
        bytes += line.utf8.count + 1
    }

    private static func shown(_ line: ArraySlice<UInt8>) -> String {
        let text = String(decoding: line.prefix(shownLineBytes + 4), as: UTF8.self)
        let cut = text.prefix(utf8: shownLineBytes)
        let isCut = line.count > shownLineBytes
        return DirectoryEntry.printable(cut.last == "\r" ? String(cut.dropLast()) : cut) + (isCut ? "…" : "")
    }
}

extension FileSearch {
    /// What was found, and what was not looked at.
    package func output(directoriesLeftOut: Int, placesNotAllowed: Int, hint: String) -> ToolOutput {
        var notes: [String] = []
        if let stopped { notes.append("[cut: \(stopped). \(hint)]") }
        let reasons = Reason.allCases.compactMap { reason in leftOut[reason].map { "\($0) \(reason.rawValue)" } }
        if !reasons.isEmpty {
            let names = unsearched.isEmpty ? "" : "; such as \(unsearched.joined(separator: ", "))"
            notes.append("[files left out: \(reasons.joined(separator: ", "))\(names)]")
        }
        if placesNotAllowed > 0 {
            notes.append(
                "[\(placesNotAllowed) files or directories are left out: a policy denies them, or asks about them]"
            )
        }
        if directoriesLeftOut > 0 {
            notes.append("[\(directoriesLeftOut) directories are too deep or too large, or cannot be read]")
        }
        if linesGivenUp > 0 { notes.append("[the pattern takes too many steps on \(linesGivenUp) lines]") }
        let found = lines.isEmpty ? "[no line matches in \(filesSearched) files]" : lines.joined(separator: "\n")
        return ToolOutput(
            ([found] + notes).joined(separator: "\n"),
            truncated: stopped != nil,
            value: [
                "matches": .array(matches), "files_searched": .integer(Int64(filesSearched)),
                "complete": .bool(
                    stopped == nil && directoriesLeftOut == 0 && linesGivenUp == 0 && placesNotAllowed == 0
                        && unsearched.isEmpty
                ),
            ]
        )
    }
}
