extension CommandParser {
    /// Reads a simple command, or the definition of a function.
    mutating func parseSimpleCommand() throws(CommandProblem) {
        var command = SimpleCommand()
        let first = collector.count
        let start = position
        while true {
            try skipBlanks()
            guard let byte = current else { break }
            if let redirection = try parseRedirection() {
                command.redirections.append(redirection)
            } else if byte == .leftParenthesis {
                return try parseFunction(command)
            } else if byte == .hash {
                skipComment()
                break
            } else if byte.endsWord, !isAtProcessSubstitution {
                break
            } else if command.words.isEmpty, let name = try assignedName() {
                command.assignments.append(.init(name: name, value: try parseValue()))
            } else {
                command.words.append(try parseWord().word)
            }
        }
        guard position > start else { throw CommandProblem("something unexpected: \(excerpt)") }
        guard !command.words.isEmpty || !command.assignments.isEmpty || !command.redirections.isEmpty else { return }
        if first < collector.count { command.sources.append(first..<collector.count) }
        try emit(command)
    }

    private mutating func parseFunction(_ command: SimpleCommand) throws(CommandProblem) {
        guard command.words.count == 1, let name = command.words.first, command.assignments.isEmpty,
            command.redirections.isEmpty
        else { throw CommandProblem("a parenthesis where it cannot stand") }
        position += 1
        try skipBlanks()
        try expect(.rightParenthesis)
        try parseFunctionBody(name)
    }

    /// Moves over `name=` or `name+=` if an assignment begins here.
    private mutating func assignedName() throws(CommandProblem) -> String? {
        guard let byte = current, byte.beginsName else { return nil }
        var end = position
        while end < bytes.count, bytes[end].continuesName { end += 1 }
        guard end < bytes.count else { return nil }
        let name = position..<end
        if bytes[end] == .leftBracket { throw CommandProblem("an element of an array") }
        if bytes[end] == UInt8(ascii: "+") { end += 1 }
        guard end < bytes.count, bytes[end] == .equals else { return nil }
        position = end + 1
        return String(decoding: bytes[name], as: UTF8.self)
    }

    /// Reads what is assigned.
    private mutating func parseValue() throws(CommandProblem) -> CommandWord {
        if current == .leftParenthesis {
            try requireBash("an array")
            position += 1
            while true {
                try skipToCommand()
                guard let byte = current, !byte.endsWord || isAtProcessSubstitution else { break }
                // [subscript]=value is arithmetic.
                if byte == .leftBracket { throw CommandProblem("an element of an array") }
                _ = try parseWord()
            }
            try expect(.rightParenthesis)
            return CommandWord(expanding: "()")
        }
        guard let byte = current, !byte.endsWord || isAtProcessSubstitution else { return "" }
        return try parseWord().word
    }

    /// Reads the redirections after a compound command.
    mutating func parseTrailingRedirections() throws(CommandProblem) {
        let first = collector.count
        var command = SimpleCommand()
        while true {
            try skipBlanks()
            guard let redirection = try parseRedirection() else { break }
            command.redirections.append(redirection)
        }
        guard !command.redirections.isEmpty else { return }
        if first < collector.count { command.sources.append(first..<collector.count) }
        try collector.append(command)
    }
}
