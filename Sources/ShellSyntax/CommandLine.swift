/// A shell command line, taken apart into all the commands that it may run, wherever they stand in it.
///
/// The line is read as bash reads it: quotes, escapes, lists, pipes, groups, loops, functions, substitutions,
/// here-documents and redirections. What only runs another command (`env`, `timeout`, `xargs`, `sh -c`, `eval`) is
/// looked through. A construct that shells disagree about, or whose meaning is only known when it runs, makes the line
/// one that is not understood: ``problem`` says why, and ``commands`` holds what was seen nevertheless.
///
/// Reading is bounded by ``maximumBytes``, ``maximumCommands`` and ``maximumDepth``; its time grows with the line.
package struct CommandLine: Sendable, Hashable {
    /// The longest line that is read, in bytes.
    package static let maximumBytes = 65_536
    /// The most commands of a line.
    static let maximumCommands = 1_000
    /// The deepest nesting.
    package static let maximumDepth = 24

    /// The commands, each after those inside of it.
    package let commands: [SimpleCommand]

    /// Why the line is not understood; nil if it is.
    package let problem: CommandProblem?

    /// Reads a line.
    package init(_ text: String) {
        let collector = CommandCollector()
        do throws(CommandProblem) {
            try Self.check(text)
            var parser = CommandParser(Array(text.utf8), dialect: .bash, depth: 0, collector: collector)
            try parser.parseAll()
        } catch {
            collector.note(error)
        }
        commands = collector.commands
        problem = collector.problem
    }

    /// Refuses what no honest line has and what shells and terminals take for something else.
    private static func check(_ text: String) throws(CommandProblem) {
        guard text.utf8.count <= maximumBytes else { throw CommandProblem("more than \(maximumBytes) bytes") }
        for byte in text.utf8 where byte < 0x20 || byte == 0x7F {
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") else {
                throw CommandProblem("control characters")
            }
        }
    }
}
