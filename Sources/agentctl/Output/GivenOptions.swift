/// The options of a command that those need too which its hints name: without them they would mean another database, or
/// another directory.
struct GivenOptions: Sendable {
    private let database: String
    private let tools: String

    /// Commands that call tools.
    private static let toolCommands = [
        "send", "chat", "work", "execute", "plans run", "conversations retry", "chains run", "tasks run",
    ]

    /// No options.
    static let none = GivenOptions(databaseURL: nil)

    /// - Parameters:
    ///   - databaseURL: What `--database-url` was, without a password: no command prints one.
    ///   - workspace: What `--workspace` was.
    ///   - isUnsandboxed: Whether `--unsafe-no-sandbox` was given.
    init(databaseURL: String?, workspace: String? = nil, isUnsandboxed: Bool = false) {
        database = databaseURL.map { " --database-url \(Self.quoted($0))" } ?? ""
        tools =
            (workspace.map { " --workspace \(Self.quoted($0))" } ?? "")
            + (isUnsandboxed ? " --unsafe-no-sandbox" : "")
    }

    /// A hint whose commands have the options.
    ///
    /// A command that is to be run stands after a colon.
    func completing(_ hint: String) -> String {
        guard !database.isEmpty || !tools.isEmpty else { return hint }
        var (result, rest) = ("", hint[...])
        while let start = rest.firstRange(of: ": agentctl ") {
            result += rest[..<start.upperBound]
            rest = rest[start.upperBound...]
            let command = Self.command(at: rest)
            let takesTools = Self.toolCommands.contains { command == $0 || command.hasPrefix($0 + " ") }
            result += command + (takesTools ? tools : "") + database
            rest = rest[command.endIndex...]
        }
        return result + rest
    }

    /// The command that a text begins with: up to a mark, a word that leads on, or the end of the sentence.
    private static func command(at text: Substring) -> Substring {
        var end = text.firstIndex { ";,()\n".contains($0) } ?? text.endIndex
        for mark in ["  ", ". ", " or ", " and ", " shows ", " tells "] {
            if let found = text[..<end].firstRange(of: mark) { end = found.lowerBound }
        }
        var command = text[..<end]
        while let last = command.last, " .".contains(last) { command.removeLast() }
        return command
    }

    /// A word as a shell reads it.
    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (byte >= 48 && byte <= 57) || (byte | 32 >= 97 && byte | 32 <= 122) || "/._-:@=%+,".utf8.contains(byte)
        }
        guard !isPlain || text.isEmpty else { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
