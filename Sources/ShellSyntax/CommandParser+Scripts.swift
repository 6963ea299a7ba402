extension CommandParser {
    /// Adds the commands of the text that a shell is given with `-c`.
    ///
    /// - Returns: Whether that is all that the shell runs.
    func emitScript(of command: SimpleCommand, shell: String) throws(CommandProblem) -> Bool {
        guard let text = scriptText(of: command) else { return false }
        let isKnown = ["sh", "bash", "dash", "ash"].contains(shell)
        if !isKnown { collector.note(CommandProblem("a text for \(shell)")) }
        try emitText(text, of: command, dialect: shell == "bash" ? .bash : .posix)
        return isKnown
    }

    private func scriptText(of command: SimpleCommand) -> String? {
        var isCommand = false
        for word in command.words.dropFirst() {
            guard word.isLiteral else { return nil }
            guard word.text.hasPrefix("-") || word.text.hasPrefix("+") else { return isCommand ? word.text : nil }
            guard word.text.utf8.count > 1, word.text.dropFirst().allSatisfy({ "ceufvxn".contains($0) }) else {
                return nil
            }
            isCommand = isCommand || (word.text.hasPrefix("-") && word.text.contains("c"))
        }
        return nil
    }

    /// Adds the commands of the text that `eval` is given.
    func emitEvaluation(of command: SimpleCommand) throws(CommandProblem) -> Bool {
        let arguments = command.words.dropFirst()
        guard arguments.allSatisfy(\.isLiteral) else {
            collector.note(CommandProblem("an eval of a text that is only known when it runs"))
            return false
        }
        try emitText(arguments.map(\.text).joined(separator: " "), of: command, dialect: dialect)
        return true
    }

    /// Adds the commands of a text; what reaches the command that runs it, reaches them.
    func emitText(_ text: String, of command: SimpleCommand, dialect: Dialect) throws(CommandProblem) {
        let first = collector.count
        try parseNested(Array(text.utf8), dialect: dialect)
        collector.update(first..<collector.count) { inner in
            inner.assignments = command.assignments + inner.assignments
            inner.sources += command.sources
        }
        guard !command.redirections.isEmpty || (first == collector.count && !command.assignments.isEmpty) else {
            return
        }
        let rest = SimpleCommand(assignments: command.assignments, redirections: command.redirections)
        try collector.append(rest)
    }
}
