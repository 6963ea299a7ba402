extension CommandParser {
    /// The words that end a list where a command could begin.
    private static let closingWords: Set<String> = ["then", "elif", "else", "fi", "do", "done", "esac", "}"]

    /// Reads commands up to the end, a closing parenthesis, `;;`, or a word that closes what is around them.
    mutating func parseList() throws(CommandProblem) {
        while true {
            try skipToCommand()
            guard let byte = current, byte != .rightParenthesis else { return }
            if byte == .semicolon, peek() == .semicolon || peek() == .ampersand { return }
            if let word = reservedWord, Self.closingWords.contains(word) { return }
            let first = collector.count
            try parseConditionals()
            try skipBlanks()
            switch current {
            case nil, .rightParenthesis: return
            case .newline: break
            case .semicolon:
                if peek() == .semicolon || peek() == .ampersand { return }
                position += 1
            case .ampersand:
                position += 1
                collector.update(first..<collector.count) { $0.isInBackground = true }
            default: throw CommandProblem("something unexpected: \(excerpt)")
            }
        }
    }

    /// Reads pipelines with `&&` and `||` between them.
    private mutating func parseConditionals() throws(CommandProblem) {
        while true {
            try parsePipeline()
            try skipBlanks()
            guard isAt("&&") || isAt("||") else { return }
            position += 2
            try skipToCommand()
        }
    }

    /// Reads commands with pipes between them.
    private mutating func parsePipeline() throws(CommandProblem) {
        let first = collector.count
        try skipPrefixes()
        while true {
            let start = collector.count
            try parseCommand()
            if first < start {
                collector.update(start..<collector.count) { $0.sources.append(first..<start) }
            }
            try skipBlanks()
            guard current == .pipe, peek() != .pipe else { return }
            position += 1
            if current == .ampersand {
                try requireBash("|&")
                position += 1
            }
            try skipToCommand()
        }
    }

    /// Moves over `!` and `time`, which change nothing about what runs.
    private mutating func skipPrefixes() throws(CommandProblem) {
        while let word = reservedWord, word == "!" || word == "time" {
            position += word.utf8.count
            try skipBlanks()
            if word == "time", isAt("-p "), dialect == .bash {
                position += 3
                try skipBlanks()
            }
        }
    }

    /// The word that begins here if it is short and nothing in it is quoted or expanded, as reserved words are.
    var reservedWord: String? {
        var end = position
        while end < bytes.count, !bytes[end].endsWord, end - position <= 8 { end += 1 }
        guard end > position, end - position <= 8 else { return nil }
        let word = bytes[position..<end]
        // All of them are small letters but these.
        let isPlain = word.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        guard
            isPlain || word.elementsEqual("{".utf8) || word.elementsEqual("}".utf8) || word.elementsEqual("!".utf8)
                || word.elementsEqual("[[".utf8)
        else { return nil }
        return String(decoding: word, as: UTF8.self)
    }

    /// Moves over a reserved word that has to stand here.
    package mutating func expect(_ word: String) throws(CommandProblem) {
        try skipToCommand()
        guard reservedWord == word else { throw CommandProblem("no \(word) where it is needed: \(excerpt)") }
        position += word.utf8.count
    }

    /// Moves over a byte that has to stand here.
    package mutating func expect(_ byte: UInt8) throws(CommandProblem) {
        guard current == byte else {
            throw CommandProblem("no \(Character(Unicode.Scalar(byte))) where it is needed: \(excerpt)")
        }
        position += 1
    }
}
