/// What the readers of a line and of the lines nested in it have found.
final class CommandCollector {
    /// The commands so far.
    package private(set) var commands: [SimpleCommand] = []

    /// The first thing that was not understood.
    package private(set) var problem: CommandProblem?

    /// The bytes that may still be read: lines nested in lines are read again.
    private var remainingBytes = 4 * CommandLine.maximumBytes

    /// The number of commands so far.
    package var count: Int { commands.count }

    /// Notes that something is not understood.
    package func note(_ problem: CommandProblem) {
        self.problem = self.problem ?? problem
    }

    /// Takes the bytes of one line out of the bound.
    package func spend(_ bytes: Int) throws(CommandProblem) {
        remainingBytes -= bytes
        guard remainingBytes >= 0 else { throw CommandProblem("too many lines in lines") }
    }

    /// Adds a command.
    package func append(_ command: SimpleCommand) throws(CommandProblem) {
        guard commands.count < CommandLine.maximumCommands else { throw CommandProblem("too many commands") }
        commands.append(command)
    }

    /// Changes all commands of a range.
    package func update(_ range: Range<Int>, _ change: (inout SimpleCommand) -> Void) {
        for index in range { change(&commands[index]) }
    }
}
