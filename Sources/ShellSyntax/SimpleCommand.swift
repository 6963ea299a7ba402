/// One command that a line may run: its words, what is assigned before it, and where its output goes.
package struct SimpleCommand: Sendable, Hashable {
    /// A variable that is set for the command, or for the shell when the command has no words.
    struct Assignment: Sendable, Hashable {
        /// The variable.
        package let name: String
        /// Its value.
        package let value: CommandWord
    }

    /// The name of the command and its arguments; empty for what only assigns or redirects.
    package var words: [CommandWord] = []

    /// What is assigned before it, by it, or by what it is run through.
    var assignments: [Assignment] = []

    /// Its redirections.
    var redirections: [CommandRedirection] = []

    /// The commands of the line whose output reaches it: through a pipe, or as a part of one of its words.
    package var sources: [Range<Int>] = []

    /// Whether the line goes on without waiting for it.
    var isInBackground = false

    /// The command's name, if it is known.
    package var name: String? {
        words.first.flatMap { $0.isLiteral ? $0.text : nil }
    }

    /// Whether the line's output of another command reaches this one.
    package func reads(from index: Int) -> Bool {
        sources.contains { $0.contains(index) }
    }
}
