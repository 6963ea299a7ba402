extension CommandParser {
    /// Reads one command, simple or compound, with its redirections.
    mutating func parseCommand() throws(CommandProblem) {
        try enter()
        try skipBlanks()
        if current == .leftParenthesis {
            try parseParentheses()
        } else if let word = reservedWord, try parseCompound(word) {
            // It was one.
        } else {
            try parseSimpleCommand()
        }
        depth -= 1
    }

    /// Reads what begins with a reserved word.
    ///
    /// - Returns: Whether the word was one.
    private mutating func parseCompound(_ word: String) throws(CommandProblem) -> Bool {
        let start = position
        position += word.utf8.count
        switch word {
        case "{":
            try parseList()
            try expect("}")
        case "if": try parseIf()
        case "while", "until":
            try parseList()
            try parseLoopBody()
        case "for", "select": try parseFor()
        case "case": try parseCase()
        case "function":
            try requireBash("function")
            try parseFunctionKeyword()
            return true
        case "[[":
            collector.note(CommandProblem("a condition in [[ ]]"))
            try parseCondition()
        case "coproc":
            collector.note(CommandProblem("a coprocess"))
            try parseCommand()
        case "then", "elif", "else", "fi", "do", "done", "esac", "}", "in":
            throw CommandProblem("\(word) where it cannot stand")
        default:
            position = start
            return false
        }
        try parseTrailingRedirections()
        return true
    }

    private mutating func parseParentheses() throws(CommandProblem) {
        guard peek() != .leftParenthesis else { throw CommandProblem("arithmetic in (( ))") }
        position += 1
        try parseSubshell()
        try parseTrailingRedirections()
    }

    /// Reads a list and its closing parenthesis.
    ///
    /// A here-document does not reach into it or out of it.
    mutating func parseSubshell() throws(CommandProblem) {
        guard documents.isEmpty else { throw CommandProblem("a ( ) between a here-document and its text") }
        try parseList()
        guard documents.isEmpty else { throw CommandProblem("a here-document whose text is outside of its ( )") }
        try expect(.rightParenthesis)
    }

    private mutating func parseIf() throws(CommandProblem) {
        try parseList()
        try expect("then")
        try parseList()
        while reservedWord == "elif" {
            try expect("elif")
            try parseList()
            try expect("then")
            try parseList()
        }
        if reservedWord == "else" {
            try expect("else")
            try parseList()
        }
        try expect("fi")
    }

    private mutating func parseLoopBody() throws(CommandProblem) {
        try expect("do")
        try parseList()
        try expect("done")
    }

    /// Reads a loop over words, after its first word; the variable is an assignment.
    private mutating func parseFor() throws(CommandProblem) {
        try skipBlanks()
        guard let byte = current, byte.beginsName else { throw CommandProblem("a for that is not over words") }
        let start = position
        while let byte = current, byte.continuesName { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        guard current == nil || current?.endsWord == true else { throw CommandProblem("an odd name after for") }
        let value = CommandWord(expanding: "$\(name)")
        try collector.append(SimpleCommand(assignments: [.init(name: name, value: value)]))
        try skipToCommand()
        if reservedWord == "in" {
            try expect("in")
            while true {
                try skipBlanks()
                guard let byte = current, !byte.endsWord || isAtProcessSubstitution else { break }
                _ = try parseWord()
            }
        }
        if current == .semicolon { position += 1 }
        try parseLoopBody()
    }

    private mutating func parseCase() throws(CommandProblem) {
        try skipBlanks()
        _ = try parseWord()
        try expect("in")
        while true {
            try skipToCommand()
            if reservedWord == "esac" { break }
            if current == .leftParenthesis { position += 1 }
            while true {
                try skipBlanks()
                _ = try parseWord()
                try skipBlanks()
                guard current == .pipe else { break }
                position += 1
            }
            try expect(.rightParenthesis)
            try parseList()
            guard current == .semicolon else { break }
            while current == .semicolon || current == .ampersand { position += 1 }
        }
        try expect("esac")
    }

    /// Reads a condition only for the commands that are substituted into it.
    private mutating func parseCondition() throws(CommandProblem) {
        while true {
            try skipToCommand()
            guard let byte = current else { throw CommandProblem("a [[ without ]]") }
            if byte.endsWord, !isAtProcessSubstitution {
                position += 1
            } else if try parseWord().word.text == "]]" {
                return
            }
        }
    }

    private mutating func parseFunctionKeyword() throws(CommandProblem) {
        try skipBlanks()
        let name = try parseWord()
        try skipBlanks()
        if current == .leftParenthesis, let next = peek(), next == .rightParenthesis { position += 2 }
        try parseFunctionBody(name.word)
    }

    /// Reads a function's body.
    ///
    /// Its definition is itself a command of the name `function`.
    mutating func parseFunctionBody(_ name: CommandWord) throws(CommandProblem) {
        let first = collector.count
        try skipToCommand()
        try parseCommand()
        let body = collector.commands[first...]
        let calls = body.indices.filter { body[$0].name == name.text }
        let multiplies = calls.contains { call in
            body[call].isInBackground || calls.contains { body[call].reads(from: $0) }
        }
        try collector.append(SimpleCommand(words: ["function", name] + (multiplies ? ["--calls-itself"] : [])))
    }
}
