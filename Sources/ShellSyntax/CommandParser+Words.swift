extension CommandParser {
    /// Reads one word.
    ///
    /// - Returns: The word, and whether nothing in it is quoted.
    mutating func parseWord() throws(CommandProblem) -> (word: CommandWord, isPlain: Bool) {
        var builder = CommandWordBuilder()
        var isPlain = true
        let start = position
        if isAtProcessSubstitution { return (try parseProcessSubstitution(), false) }
        while let byte = current {
            if byte.endsWord {
                guard !isAtProcessSubstitution else { throw CommandProblem("a substitution inside of a word") }
                // {name}> makes the shell choose a descriptor and keep its number in a variable.
                if byte == .less || byte == .greater, bytes[start] == .leftBrace {
                    throw CommandProblem("a descriptor in a variable")
                }
                break
            }
            switch byte {
            case .backslash:
                isPlain = false
                try parseEscape(&builder)
            case .apostrophe:
                isPlain = false
                try parseSingleQuotes(&builder)
            case .quote:
                isPlain = false
                try parseDoubleQuotes(&builder)
            case .dollar: try parseDollar(&builder, isQuoted: false)
            case .backtick: try parseBackticks(&builder, isQuoted: false)
            default:
                parsePlain(byte, isFirst: position == start, &builder)
            }
        }
        guard position > start else { throw CommandProblem("no word where one is needed: \(excerpt)") }
        return (builder.word(), isPlain)
    }

    private mutating func parsePlain(_ byte: UInt8, isFirst: Bool, _ builder: inout CommandWordBuilder) {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "?"), .leftBracket:
            // A bracket alone is the command that tests.
            let isCommand = byte == .leftBracket && isFirst && (peek()?.endsWord ?? true)
            if !isCommand { builder.noteExpansion(splits: false) }
        case .leftBrace:
            // Alone, or as {} at the end of a word, it is no more than itself.
            let isAlone = isFirst && (peek()?.endsWord ?? true)
            let isEmpty = peek() == .rightBrace && (peek(2)?.endsWord ?? true)
            if !isAlone, !isEmpty { builder.noteBrace() }
        default: break
        }
        builder.append(byte)
        if byte == .tilde, isFirst { builder.noteExpansion(splits: false) }
        position += 1
    }

    private mutating func parseEscape(_ builder: inout CommandWordBuilder) throws(CommandProblem) {
        guard let next = peek() else { throw CommandProblem("a backslash at the end") }
        if next != .newline { builder.append(next) }
        position += 2
    }

    private mutating func parseSingleQuotes(_ builder: inout CommandWordBuilder) throws(CommandProblem) {
        let start = position + 1
        position = start
        while let byte = current, byte != .apostrophe { position += 1 }
        guard current != nil else { throw CommandProblem("a quote that is not closed") }
        try checkQuoted(start..<position)
        builder.append(bytes[start..<position])
        position += 1
    }

    private mutating func parseDoubleQuotes(_ builder: inout CommandWordBuilder) throws(CommandProblem) {
        let start = position
        position += 1
        while let byte = current {
            switch byte {
            case .quote:
                try checkQuoted(start..<position)
                position += 1
                return
            case .backslash:
                guard let next = peek() else { throw CommandProblem("a backslash at the end") }
                let isSpecial = [.dollar, .backtick, .quote, .backslash].contains(next)
                if !isSpecial, next != .newline { builder.append(byte) }
                if next != .newline { builder.append(next) }
                position += 2
            case .dollar: try parseDollar(&builder, isQuoted: true)
            case .backtick: try parseBackticks(&builder, isQuoted: true)
            default:
                builder.append(byte)
                position += 1
            }
        }
        throw CommandProblem("a quote that is not closed")
    }

    /// Where the text of a here-document begins is not agreed upon when the line that announced it goes on in quotes.
    private func checkQuoted(_ range: Range<Int>) throws(CommandProblem) {
        guard !documents.isEmpty, bytes[range].contains(.newline) else { return }
        throw CommandProblem("a quoted end of line between a here-document and its text")
    }

    private mutating func parseProcessSubstitution() throws(CommandProblem) -> CommandWord {
        try requireBash("a process substitution")
        let start = position
        position += 2
        try enter()
        try parseSubshell()
        depth -= 1
        guard current?.endsWord ?? true else { throw CommandProblem("a substitution inside of a word") }
        // What it becomes is the path of a descriptor.
        return CommandWord(expanding: String(decoding: bytes[start..<position], as: UTF8.self), prefix: "/")
    }
}
