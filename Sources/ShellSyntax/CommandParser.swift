/// Reads one command line; see ``CommandLine`` for what it understands.
///
/// A parser of recursive descent over bytes. It adds each command to its collector when it has read it whole, so that
/// what stands inside of a command comes before it.
struct CommandParser {
    /// The shell that will read the line.
    enum Dialect: Sendable {
        /// bash.
        case bash
        /// Any shell that reads what POSIX describes: what only bash has is not understood.
        case posix
    }

    package let bytes: [UInt8]
    let dialect: Dialect
    package let collector: CommandCollector
    package var position = 0
    package var depth: Int
    package var documents: [HereDocument] = []

    /// A parser.
    ///
    /// - Parameters:
    ///   - bytes: The line.
    ///   - dialect: The shell that will read it.
    ///   - depth: How deep the line itself is nested.
    ///   - collector: Takes the commands.
    init(_ bytes: [UInt8], dialect: Dialect, depth: Int, collector: CommandCollector) {
        self.bytes = bytes
        self.dialect = dialect
        self.depth = depth
        self.collector = collector
    }

    /// Reads the whole line.
    mutating func parseAll() throws(CommandProblem) {
        try collector.spend(bytes.count)
        try enter()
        try parseList()
        guard current == nil else { throw CommandProblem("something unexpected: \(excerpt)") }
        depth -= 1
    }

    /// Reads a line that stands inside of this one as text.
    func parseNested(_ text: [UInt8], dialect: Dialect) throws(CommandProblem) {
        var parser = CommandParser(text, dialect: dialect, depth: depth, collector: collector)
        try parser.parseAll()
    }

    /// Counts one more level of nesting; the caller takes it back.
    package mutating func enter() throws(CommandProblem) {
        depth += 1
        guard depth <= CommandLine.maximumDepth else { throw CommandProblem("too much nesting") }
    }

    /// Refuses what only bash understands in a line for another shell.
    func requireBash(_ construct: String) throws(CommandProblem) {
        if dialect != .bash { throw CommandProblem("\(construct) in a line for another shell than bash") }
    }
}

extension CommandParser {
    /// The byte to be read next; nil at the end.
    package var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// A byte further on; nil beyond the end.
    package func peek(_ offset: Int = 1) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    /// Whether the bytes to be read next are these.
    func isAt(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            guard position + wanted.count <= bytes.count else { return false }
            return bytes[position..<(position + wanted.count)].elementsEqual(wanted)
        }
    }

    /// The beginning of what is to be read, for a message.
    package var excerpt: String {
        String(decoding: bytes[position..<min(bytes.count, position + 12)], as: UTF8.self)
    }

    /// Moves over blanks and over ends of lines that a backslash takes away.
    mutating func skipBlanks() throws(CommandProblem) {
        while let byte = current {
            if byte == .space || byte == .tab {
                position += 1
            } else if byte == .backslash, peek() == .newline {
                position += 2
                // Whether this begins a comment is read differently by different shells.
                if current == .hash { throw CommandProblem("a # after a continued line") }
            } else {
                return
            }
        }
    }

    /// Moves to where a command begins: over blanks, comments, ends of lines and the here-documents after them.
    mutating func skipToCommand() throws(CommandProblem) {
        while true {
            try skipBlanks()
            if current == .hash { skipComment() }
            guard current == .newline else { return }
            position += 1
            try readDocuments()
        }
    }

    /// Moves to the end of the line.
    package mutating func skipComment() {
        while let byte = current, byte != .newline { position += 1 }
    }
}
