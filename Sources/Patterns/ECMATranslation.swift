/// An ECMA-262 pattern (as with the `u` flag) translated for PCRE2.
///
/// The two share most of their syntax. What PCRE2 reads differently is spelled out (`.`, `\s`, `\v`, `[` in a class,
/// `\uXXXX`, long property names), and what only PCRE2 knows is refused, so that a schema means the same here as
/// anywhere else. Escaped punctuation and a lone `{`, `}` or `]` are taken literally, as browsers do.
struct ECMATranslation {
    /// The pattern for PCRE2, in UTF-8.
    private(set) var bytes: [UInt8] = []

    let source: [UInt8]
    var position = 0

    /// Where pieces of the translation begin, there and in the source.
    private var origins: [(translated: Int, source: Int)] = []

    init(of source: String) throws(PatternError) {
        self.source = Array(source.utf8)
        bytes.reserveCapacity(self.source.count + 16)
        while let byte = peek() {
            origins.append((bytes.count, position))
            try translate(byte)
        }
    }

    /// The place in the source of a place in the translation.
    func sourceOffset(of offset: Int) -> Int {
        guard let origin = origins.last(where: { $0.translated <= offset }) else { return 0 }
        return min(origin.source + offset - origin.translated, source.count)
    }

    private mutating func translate(_ byte: UInt8) throws(PatternError) {
        switch byte {
        case UInt8(ascii: "\\"): try translateEscape()
        case UInt8(ascii: "["): try translateClass()
        case UInt8(ascii: "("): try translateGroup()
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"): try translateQuantifier()
        case UInt8(ascii: "."): replace(1, with: #"[^\n\r\x{2028}\x{2029}]"#)
        case UInt8(ascii: "]"), UInt8(ascii: "}"): replace(1, with: #"\"# + String(UnicodeScalar(byte)))
        default: copy(1)
        }
    }

    /// A `(`, with the `?` forms that ECMA-262 has.
    private mutating func translateGroup() throws(PatternError) {
        guard peek(1) != UInt8(ascii: "*") else { throw fault("nothing to repeat", at: position + 1) }
        guard peek(1) == UInt8(ascii: "?") else { return copy(1) }
        switch (peek(2), peek(3)) {
        case (UInt8(ascii: ":"), _), (UInt8(ascii: "="), _), (UInt8(ascii: "!"), _): copy(3)
        case (UInt8(ascii: "<"), UInt8(ascii: "=")), (UInt8(ascii: "<"), UInt8(ascii: "!")): copy(4)
        case (UInt8(ascii: "<"), _): copy(3)
        default: throw fault("ECMA-262 has no such group; it has (?:…), (?=…), (?!…), (?<=…), (?<!…) and (?<name>…)")
        }
    }

    /// A quantifier, or a `{` that is none.
    ///
    /// PCRE2 would take a second `+` as possessive.
    private mutating func translateQuantifier() throws(PatternError) {
        guard let length = quantifierLength() else { return replace(1, with: #"\{"#) }
        copy(length)
        if peek() == UInt8(ascii: "?") { copy(1) }
        if quantifierLength() != nil { throw fault("nothing to repeat") }
    }

    /// The length of the quantifier here without a lazy `?`, if there is one.
    private func quantifierLength() -> Int? {
        switch peek() {
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): return 1
        case UInt8(ascii: "{"):
            let minimum = digits(at: position + 1)
            guard minimum > 0 else { return nil }
            var end = position + 1 + minimum
            if end < source.count, source[end] == UInt8(ascii: ",") { end += 1 + digits(at: end + 1) }
            return end < source.count && source[end] == UInt8(ascii: "}") ? end + 1 - position : nil
        default: return nil
        }
    }

    /// How many decimal digits follow from a place on.
    func digits(at start: Int) -> Int {
        source.dropFirst(start).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
    }

    func peek(_ distance: Int = 0) -> UInt8? {
        position + distance < source.count ? source[position + distance] : nil
    }

    mutating func copy(_ count: Int) {
        bytes.append(contentsOf: source[position..<min(position + count, source.count)])
        position = min(position + count, source.count)
    }

    mutating func replace(_ count: Int, with text: String) {
        bytes.append(contentsOf: text.utf8)
        position = min(position + count, source.count)
    }

    func fault(_ message: String, at offset: Int? = nil) -> PatternError {
        PatternError(.syntax, message, at: offset ?? position)
    }
}
