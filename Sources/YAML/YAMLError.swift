internal import CLibyaml

/// Why a text is not YAML, or a node cannot be written as YAML.
package struct YAMLError: Error, Sendable, Hashable {
    /// The kind of failure.
    package enum Code: Sendable, Hashable {
        /// The text does not follow YAML's grammar, or holds characters that YAML forbids.
        case syntax
        /// A mapping has a key twice; `keys` names it.
        case duplicateKeys
        /// An alias names no anchor that stands before it.
        case unknownAlias
        /// Sequences and mappings nest deeper than ``YAMLReader/maximumDepth``.
        case depth
        /// The node cannot be written.
        case unwritable
    }

    package let code: Code
    /// The problem in libyaml's words, without any part of the text.
    package let problem: String
    /// Where the problem is; nil when the place is not known.
    package let mark: YAMLMark?
    /// The construct that contains the problem, with the line of its beginning.
    package let context: String?
    /// The keys that a mapping has more than once, in the order of the text.
    package let keys: [String]

    init(_ code: Code, _ problem: String, at mark: YAMLMark? = nil, context: String? = nil, keys: [String] = []) {
        self.code = code
        self.problem = problem
        self.mark = mark
        self.context = context
        self.keys = keys
    }

    /// The error that a parser has stopped with.
    ///
    /// - Parameters:
    ///   - parser: The parser.
    ///   - bytes: What it has read.
    init(of parser: yaml_parser_t, reading bytes: UnsafeBufferPointer<UInt8>) {
        let problem = parser.problem.map { String(cString: $0) } ?? "out of memory"
        // A reader knows a byte's offset only, and its mark stays at the beginning.
        let hasMark = parser.error == YAML_SCANNER_ERROR || parser.error == YAML_PARSER_ERROR
        self.init(
            .syntax,
            problem,
            at: hasMark
                ? YAMLMark(parser.problem_mark)
                : parser.error == YAML_READER_ERROR ? YAMLMark(of: Int(parser.problem_offset), in: bytes) : nil,
            context: hasMark
                ? parser.context.map { "\(String(cString: $0)), line \(YAMLMark(parser.context_mark).line)" } : nil
        )
    }
}

extension YAMLMark {
    /// The place of a byte.
    init(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        var (line, column, isAfterReturn) = (1, 1, false)
        for byte in bytes.prefix(max(0, offset)) {
            switch byte {
            case UInt8(ascii: "\n") where isAfterReturn: break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): (line, column) = (line + 1, 1)
            // The later bytes of a character.
            case 0x80...0xBF: break
            default: column += 1
            }
            isAfterReturn = byte == UInt8(ascii: "\r")
        }
        self.init(line: line, column: column)
    }

    /// libyaml counts from 0.
    init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
