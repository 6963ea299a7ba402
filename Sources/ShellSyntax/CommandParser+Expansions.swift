extension CommandParser {
    /// Reads a dollar sign and what it expands.
    mutating func parseDollar(_ builder: inout CommandWordBuilder, isQuoted: Bool) throws(CommandProblem) {
        let start = position
        guard let next = peek() else {
            builder.append(.dollar)
            position += 1
            return
        }
        var splits = !isQuoted
        switch next {
        case .leftParenthesis: try parseSubstitution()
        case .leftBrace: try parseParameter()
        case .apostrophe where !isQuoted:
            try requireBash("$'…'")
            return try parseEscapedQuotes(&builder)
        case .quote where !isQuoted: throw CommandProblem("a translated text")
        case .leftBracket: throw CommandProblem("arithmetic in $[ ]")
        case .backslash where peek(2) == .newline: throw CommandProblem("a dollar sign at the end of a continued line")
        case UInt8(ascii: "@"), UInt8(ascii: "*"):
            splits = true
            position += 2
        case UInt8(ascii: "?"), .hash, .dollar, .exclamation, UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            position += 2
        case _ where next.beginsName:
            position += 1
            while let byte = current, byte.continuesName { position += 1 }
        default:
            builder.append(.dollar)
            position += 1
            return
        }
        builder.noteExpansion(splits: splits)
        builder.append(bytes[start..<position])
    }

    /// Reads `$( )`, or `$(( ))` with nothing but numbers in it.
    private mutating func parseSubstitution() throws(CommandProblem) {
        if peek(2) == .leftParenthesis { return try parseArithmetic() }
        position += 2
        try enter()
        try parseSubshell()
        depth -= 1
    }

    /// Variables are evaluated in arithmetic, substitutions in their values included, so there may be none.
    private mutating func parseArithmetic() throws(CommandProblem) {
        position += 3
        var open = 0
        while let byte = current {
            switch byte {
            case .leftParenthesis: open += 1
            case .rightParenthesis where open > 0: open -= 1
            case .rightParenthesis:
                guard peek() == .rightParenthesis else { throw CommandProblem("arithmetic that is not closed") }
                position += 2
                return
            default:
                guard byte.isDigit || " +-*/%<>=&|^~?:,".utf8.contains(byte) else {
                    throw CommandProblem("arithmetic with more than numbers")
                }
            }
            position += 1
        }
        throw CommandProblem("arithmetic that is not closed")
    }

    /// Reads `${name}`, with a default or a part taken off, and for anything else only what is substituted in it.
    private mutating func parseParameter() throws(CommandProblem) {
        position += 2
        if current == .hash { position += 1 }
        while let byte = current, byte.continuesName { position += 1 }
        while let byte = current, byte != .rightBrace {
            guard byte.continuesName || "-:%#./*".utf8.contains(byte) else { break }
            position += 1
        }
        guard current != .rightBrace else {
            position += 1
            return
        }
        collector.note(CommandProblem("an expansion of a parameter that is more than its value"))
        try enter()
        var ignored = CommandWordBuilder()
        while let byte = current, byte != .rightBrace {
            switch byte {
            case .backslash: position += 2
            case .dollar: try parseDollar(&ignored, isQuoted: true)
            case .backtick: try parseBackticks(&ignored, isQuoted: true)
            default: position += 1
            }
        }
        guard current != nil else { throw CommandProblem("a ${ that is not closed") }
        position += 1
        depth -= 1
    }

    /// Reads a substitution in backticks: its text is taken out first, and then read as a line.
    mutating func parseBackticks(_ builder: inout CommandWordBuilder, isQuoted: Bool) throws(CommandProblem) {
        let start = position
        var text: [UInt8] = []
        position += 1
        while let byte = current, byte != .backtick {
            if byte == .backslash, let next = peek() {
                let isTaken = [.dollar, .backtick, .backslash].contains(next) || (isQuoted && next == .quote)
                if !isTaken { text.append(byte) }
                text.append(next)
                position += 2
            } else {
                text.append(byte)
                position += 1
            }
        }
        guard current != nil else { throw CommandProblem("a ` that is not closed") }
        position += 1
        try parseNested(text, dialect: dialect)
        builder.noteExpansion(splits: !isQuoted)
        builder.append(bytes[start..<position])
    }
}
