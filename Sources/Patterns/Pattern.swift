/// A compiled regular expression whose matching is bounded in time and memory.
///
/// Patterns come from stored schemas, rules and tools, so they are untrusted input. A match that would run away
/// throws ``PatternError/Code/limitExceeded`` instead; see ``PatternLimits`` for the values.
///
/// The dialect is PCRE2's (Perl's) over UTF-8, or with ``Options/ecma`` the ECMA-262 dialect of JSON Schema. In both
/// `\d`, `\w` and `\b` know ASCII only. A pattern is compiled once; copies share the compiled form, which is released
/// with the last of them. Matching is safe from any number of threads at once.
///
/// ```swift
/// let pattern = try Pattern(#"(\w+)@(\w+)"#)
/// let match = try pattern.firstMatch(in: "to: ada@example")
/// match?.captures  // ["ada@example", "ada", "example"]
/// ```
public struct Pattern: Sendable {
    /// How a pattern is read.
    public struct Options: OptionSet, Sendable, Hashable {
        /// The bits of the options.
        public let rawValue: UInt8

        /// Makes options from their bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Letters match without regard to case.
        public static let caseInsensitive = Options(rawValue: 1)

        /// The pattern is written in the ECMA-262 dialect that JSON Schema's `pattern` asks for.
        ///
        /// `$` matches at the very end only, `\s` is Unicode's white space, `.` stops at the four line terminators,
        /// `\uXXXX`, `\u{…}` and `\cX` are characters, and properties go by their long names too (`\p{Letter}`).
        /// What ECMA-262 does not know (`\A`, `(?i)`, `(?>…)`, `a++`) is refused. Look-behind of variable length is
        /// not supported.
        public static let ecma = Options(rawValue: 2)
    }

    /// The pattern as it was written.
    public let source: String

    /// How the pattern is read.
    public let options: Options

    /// The names of groups, such as `year` of `(?<year>\d+)`, each with its place in ``PatternMatch/captures``.
    public let groupNames: [String: Int]

    private let compiled: CompiledPattern

    /// Compiles a pattern.
    ///
    /// - Parameters:
    ///   - source: The pattern, at most ``PatternLimits/maximumPatternBytes`` bytes of UTF-8.
    ///   - options: How the pattern is read.
    /// - Throws: ``PatternError`` with code `tooLong` or `syntax`, the latter with the offset of the fault.
    public init(_ source: String, options: Options = []) throws(PatternError) {
        self.source = source
        self.options = options
        compiled = try CompiledPattern(source, options: options)
        groupNames = compiled.groupNames
    }

    /// Finds the first place where the pattern matches.
    ///
    /// - Parameters:
    ///   - text: The text to search, at most ``PatternLimits/maximumTextBytes`` bytes of UTF-8.
    ///   - offset: Where to start, in UTF-8 bytes; inside a character, the next character's start is taken.
    /// - Returns: The match with its captures, or `nil` when the text has none.
    /// - Throws: ``PatternError`` with code `limitExceeded` when matching would take too much time or memory.
    public func firstMatch(in text: String, from offset: Int = 0) throws(PatternError) -> PatternMatch? {
        try compiled.firstMatch(in: text, from: offset)
    }

    /// Whether the pattern matches anywhere in a text.
    ///
    /// - Parameters:
    ///   - text: The text to search, at most ``PatternLimits/maximumTextBytes`` bytes of UTF-8.
    ///   - limit: The longest time for it, by the clock on the wall; that of ``PatternLimits`` if it is shorter.
    /// - Throws: ``PatternError`` with code `limitExceeded` when matching would take too much time or memory.
    public func matches(_ text: String, within limit: Duration? = nil) throws(PatternError) -> Bool {
        try compiled.matches(text, within: limit)
    }
}

extension Pattern: Hashable {
    /// Two patterns are equal when their sources and options are.
    public static func == (left: Pattern, right: Pattern) -> Bool {
        left.options == right.options && left.source.unicodeScalars.elementsEqual(right.source.unicodeScalars)
    }

    /// Feeds the source and the options to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(options)
    }
}
