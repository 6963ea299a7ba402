import ArgumentParser
import Definitions

/// A word in place of a command that is none.
struct UnknownCommand: CustomStringConvertible {
    private let group: String
    private let word: String
    private let nearest: String?

    /// Looks for it; nil when each word that should be a command is one.
    ///
    /// - Parameter arguments: The arguments of the program.
    init?(in arguments: [String]) {
        var group: any ParsableCommand.Type = Agentctl.self
        var path = [group._commandName]
        for word in arguments {
            let commands = group.configuration.subcommands
            guard !commands.isEmpty, !word.hasPrefix("-") else { return nil }
            guard let next = commands.first(where: { $0._commandName == word }) else {
                guard word != "help" else { return nil }
                self.group = path.joined(separator: " ")
                self.word = word
                nearest = nearestName(to: word, among: commands.map { $0._commandName })
                return
            }
            group = next
            path.append(word)
        }
        return nil
    }

    var description: String {
        let hint = nearest.map { " Did you mean '\($0)'?" } ?? ""
        return "There is no command '\(Printable.line(word, width: 100))' in '\(group)'.\(hint)"
    }
}
