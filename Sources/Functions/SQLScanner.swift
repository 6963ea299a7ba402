/// Splits a statement into what stands for arguments and everything else, by the server's lexical rules.
///
/// Strings, quoted names, dollar quotes and comments are passed over whole; what is not closed is left to the server, which
/// says so.
struct SQLScanner {
    /// A piece of the statement.
    enum Token: Equatable {
        /// Space or a comment.
        case blank
        /// `:name`.
        case argument(String)
        /// `$1`.
        case positional
        /// A semicolon.
        case semicolon
        /// Anything else.
        case text
    }

    private let scalars: [Unicode.Scalar]
    package private(set) var offset = 0

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    /// The next piece; nil at the end.
    package mutating func next() -> Token? {
        guard let first = peek(0) else { return nil }
        switch first {
        case " ", "\t", "\n", "\r", "\u{0C}", "\u{0B}":
            offset += 1
            return .blank
        case "-" where peek(1) == "-":
            skip { $0 != "\n" }
            return .blank
        case "/" where peek(1) == "*":
            skipComment()
            return .blank
        case ";":
            offset += 1
            return .semicolon
        case "'", "\"":
            skipQuoted(first, hasEscapes: false)
            return .text
        case "$":
            return dollar()
        case ":":
            return colon()
        case _ where Self.startsName(first):
            return word()
        case _ where Self.isDigit(first):
            // A number ends before a name, so that 1:a is what it looks like.
            skip { Self.isDigit($0) }
            return .text
        default:
            offset += 1
            return .text
        }
    }

    private mutating func word() -> Token {
        let start = offset
        skip { Self.continuesName($0) }
        // E'…' knows escapes with a backslash; the quotes of other kinds of strings follow as text of their own.
        if offset - start == 1, "eE".unicodeScalars.contains(scalars[start]), peek(0) == "'" {
            skipQuoted("'", hasEscapes: true)
        }
        return .text
    }

    private mutating func colon() -> Token {
        if peek(1) == ":" || peek(1) == "=" {
            offset += 2
            return .text
        }
        offset += 1
        guard let first = peek(0), Self.startsName(first) else { return .text }
        let start = offset
        skip { Self.continuesName($0) && $0 != "$" }
        return .argument(String(String.UnicodeScalarView(scalars[start..<offset])))
    }

    private mutating func dollar() -> Token {
        if let next = peek(1), Self.isDigit(next) {
            offset += 1
            skip { Self.isDigit($0) }
            return .positional
        }
        var end = offset + 1
        while end < scalars.count, Self.continuesName(scalars[end]), scalars[end] != "$" { end += 1 }
        guard end < scalars.count, scalars[end] == "$" else {
            offset += 1
            return .text
        }
        let tag = Array(scalars[offset...end])
        offset = end + 1
        while offset < scalars.count, !scalars[offset...].starts(with: tag) { offset += 1 }
        offset = min(scalars.count, offset + tag.count)
        return .text
    }

    private mutating func skipQuoted(_ quote: Unicode.Scalar, hasEscapes: Bool) {
        offset += 1
        while let scalar = peek(0) {
            offset += 1
            if hasEscapes, scalar == "\\" {
                offset += 1
            } else if scalar == quote {
                // A doubled quote stands for itself.
                guard peek(0) == quote else { return }
                offset += 1
            }
        }
        offset = min(offset, scalars.count)
    }

    private mutating func skipComment() {
        var depth = 0
        while let scalar = peek(0) {
            if scalar == "/", peek(1) == "*" {
                depth += 1
                offset += 2
            } else if scalar == "*", peek(1) == "/" {
                depth -= 1
                offset += 2
                if depth == 0 { return }
            } else {
                offset += 1
            }
        }
    }

    private mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
        while let scalar = peek(0), condition(scalar) { offset += 1 }
    }

    private func peek(_ distance: Int) -> Unicode.Scalar? {
        offset + distance < scalars.count ? scalars[offset + distance] : nil
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar.value >= 0x80
    }

    private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        startsName(scalar) || isDigit(scalar) || scalar == "$"
    }
}
