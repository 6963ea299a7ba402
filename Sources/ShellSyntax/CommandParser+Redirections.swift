extension CommandParser {
    /// Whether `<(` or `>(` stands here.
    var isAtProcessSubstitution: Bool {
        (current == .less || current == .greater) && peek() == .leftParenthesis
    }

    /// Reads a redirection if one stands here, with its descriptor.
    mutating func parseRedirection() throws(CommandProblem) -> CommandRedirection? {
        if isAtProcessSubstitution { return nil }
        if isAt("&>") {
            try requireBash("&>")
            position += isAt("&>>") ? 3 : 2
            return CommandRedirection(kind: .write, target: try parseTarget())
        }
        var end = position
        while end < bytes.count, bytes[end].isDigit { end += 1 }
        guard end < bytes.count, bytes[end] == .less || bytes[end] == .greater else { return nil }
        position = end
        // In another shell, or without a descriptor before it, this could also be a number and a substitution.
        if isAtProcessSubstitution { throw CommandProblem("a substitution after a descriptor") }
        return current == .less ? try parseInput() : try parseOutput()
    }

    private mutating func parseInput() throws(CommandProblem) -> CommandRedirection {
        if isAt("<<<") {
            try requireBash("<<<")
            position += 3
            return CommandRedirection(kind: .text, target: try parseTarget())
        }
        if isAt("<<") { return try parseHereDocument() }
        if isAt("<>") {
            position += 2
            return CommandRedirection(kind: .write, target: try parseTarget())
        }
        if isAt("<&") {
            position += 2
            return try parseDescriptor(otherwise: .read)
        }
        position += 1
        return CommandRedirection(kind: .read, target: try parseTarget())
    }

    private mutating func parseOutput() throws(CommandProblem) -> CommandRedirection {
        if isAt(">&") {
            position += 2
            return try parseDescriptor(otherwise: .write)
        }
        position += isAt(">>") || isAt(">|") ? 2 : 1
        return CommandRedirection(kind: .write, target: try parseTarget())
    }

    private mutating func parseDescriptor(
        otherwise kind: CommandRedirection.Kind
    ) throws(CommandProblem) -> CommandRedirection {
        let target = try parseTarget()
        var digits = target.text.utf8[...]
        if digits.last == UInt8(ascii: "-") { digits.removeLast() }
        let isDescriptor = target.isLiteral && !target.text.isEmpty && digits.allSatisfy(\.isDigit)
        return CommandRedirection(kind: isDescriptor ? .descriptor : kind, target: target)
    }

    private mutating func parseTarget() throws(CommandProblem) -> CommandWord {
        try skipBlanks()
        guard let byte = current, byte != .hash, !byte.endsWord || isAtProcessSubstitution else {
            throw CommandProblem("a redirection without a target")
        }
        return try parseWord().word
    }

    private mutating func parseHereDocument() throws(CommandProblem) -> CommandRedirection {
        position += 2
        let stripsTabs = current == UInt8(ascii: "-")
        if stripsTabs { position += 1 }
        let start = position
        let delimiter = try parseTarget()
        // What is expanded elsewhere is not in a delimiter, and shells differ about the rest.
        guard delimiter.isLiteral, !bytes[start..<position].contains(.dollar),
            !bytes[start..<position].contains(.newline)
        else { throw CommandProblem("an odd delimiter of a here-document") }
        let isQuoted = bytes[start..<position].contains { [.apostrophe, .quote, .backslash].contains($0) }
        documents.append(
            HereDocument(delimiter: Array(delimiter.text.utf8), stripsTabs: stripsTabs, isExpanded: !isQuoted)
        )
        return CommandRedirection(kind: .text, target: delimiter)
    }

    /// Reads the texts of the here-documents that were announced in the line that has just ended.
    mutating func readDocuments() throws(CommandProblem) {
        let announced = documents
        documents = []
        for document in announced {
            let start = position
            var end = position
            while true {
                guard position < bytes.count else {
                    end = position
                    break
                }
                let line = nextLine()
                let isLast = (document.stripsTabs ? line.drop { $0 == .tab } : line).elementsEqual(document.delimiter)
                end = line.startIndex
                if isLast { break }
                // A line that goes on with the next one may hide the delimiter.
                if document.isExpanded, line.last == .backslash {
                    throw CommandProblem("a continued line in a here-document")
                }
            }
            if document.isExpanded { try expandDocument(Array(bytes[start..<end])) }
        }
    }

    private mutating func nextLine() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, bytes[position] != .newline { position += 1 }
        let line = bytes[start..<position]
        if position < bytes.count { position += 1 }
        return line
    }

    private func expandDocument(_ text: [UInt8]) throws(CommandProblem) {
        var parser = CommandParser(text, dialect: dialect, depth: depth, collector: collector)
        try parser.collector.spend(text.count)
        try parser.enter()
        var builder = CommandWordBuilder()
        while let byte = parser.current {
            switch byte {
            case .backslash: parser.position += 2
            case .dollar: try parser.parseDollar(&builder, isQuoted: true)
            case .backtick: try parser.parseBackticks(&builder, isQuoted: true)
            default: parser.position += 1
            }
        }
    }
}
