/// Why a text is not JSON, or not JSON that is accepted, and where.
public struct JSONParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The kind's name.
        public let description: String

        /// Something stands where the grammar has no place for it.
        public static let syntax = Code(description: "syntax")

        /// The text ends too early.
        public static let unexpectedEnd = Code(description: "unexpectedEnd")

        /// A string is not UTF-8, or an escape in it is not a character.
        public static let invalidString = Code(description: "invalidString")

        /// A number is malformed, or beyond what a double can hold.
        public static let invalidNumber = Code(description: "invalidNumber")

        /// An object has a key twice.
        public static let duplicateKey = Code(description: "duplicateKey")

        /// Arrays and objects nest deeper than ``JSONParserOptions/maximumDepth``.
        public static let tooDeep = Code(description: "tooDeep")

        /// The text is longer than ``JSONParserOptions/maximumBytes``.
        public static let tooLarge = Code(description: "tooLarge")
    }

    /// The kind of failure.
    public let code: Code

    /// What was expected or is wrong, for people.
    public let message: String

    /// Where it is, in bytes from the start.
    public let offset: Int

    /// The line, from 1.
    public let line: Int

    /// The column in Unicode scalars, from 1.
    public let column: Int

    /// The message with line and column.
    public var description: String {
        "\(message) at line \(line), column \(column)"
    }
}

extension JSONParseError {
    /// Finds line and column of a failure.
    init(_ failure: JSONParseFailure, in bytes: UnsafeRawBufferPointer) {
        let before = bytes.prefix(failure.offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        self.init(
            code: failure.code,
            message: failure.message,
            offset: failure.offset,
            line: before.count { $0 == UInt8(ascii: "\n") } + 1,
            column: before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        )
    }
}
