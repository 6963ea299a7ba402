extension ECMATranslation {
    /// White space of ECMA-262: its own characters, the byte order mark, the line terminators and category Zs.
    static let whiteSpace =
        #"\x09-\x0d\x20\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"#

    /// Everything else, as ranges, for a class cannot hold a negated class.
    static let notWhiteSpace =
        #"\x{0}-\x08\x0e-\x1f\x21-\x9f\xa1-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}"#
        + #"\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}"#

    /// An escape outside a class.
    mutating func translateEscape() throws(PatternError) {
        switch peek(1) {
        case UInt8(ascii: "b"), UInt8(ascii: "B"): copy(2)
        case UInt8(ascii: "s"): replace(2, with: "[\(Self.whiteSpace)]")
        case UInt8(ascii: "S"): replace(2, with: "[^\(Self.whiteSpace)]")
        case let digit? where digit != UInt8(ascii: "0") && digits(at: position + 1) > 0:
            let count = digits(at: position + 1)
            let group = String(decoding: source[position + 1..<position + 1 + count], as: UTF8.self)
            replace(1 + count, with: #"\g{\#(group)}"#)
        case UInt8(ascii: "k"):
            guard peek(2) == UInt8(ascii: "<") else { throw fault(#"expected \k<name>"#) }
            copy(2)
        default: try translateCharacterEscape()
        }
    }

    /// An escape that means the same inside and outside a class.
    mutating func translateCharacterEscape() throws(PatternError) {
        guard let kind = peek(1) else { throw fault(#"\ at the end of the pattern"#) }
        switch kind {
        case UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "w"), UInt8(ascii: "W"), UInt8(ascii: "t"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "f"):
            copy(2)
        case UInt8(ascii: "v"): replace(2, with: #"\x0b"#)
        case UInt8(ascii: "0"):
            guard digits(at: position + 1) == 1 else { throw fault("ECMA-262 has no octal escapes") }
            replace(2, with: #"\x{0}"#)
        case UInt8(ascii: "c"):
            guard let letter = peek(2), Self.isLetter(letter) else { throw fault(#"expected a letter after \c"#) }
            replace(3, with: Self.escaped(UInt32(letter & 0x1F)))
        case UInt8(ascii: "x"):
            guard let value = hexadecimal(at: position + 2, count: 2) else { throw fault(#"expected \xHH"#) }
            replace(4, with: Self.escaped(value))
        case UInt8(ascii: "u"): try translateUnicodeEscape()
        case UInt8(ascii: "p"), UInt8(ascii: "P"): try translateProperty()
        case UInt8(ascii: "_"), 0x20, 0x80...0xFF: replace(1, with: "")
        case _ where Self.isLetter(kind) || digits(at: position + 1) > 0:
            throw fault(#"ECMA-262 has no escape \\#(UnicodeScalar(kind)) here"#)
        default: copy(2)
        }
    }

    /// `\uXXXX`, a surrogate pair of two, or `\u{X…}`.
    private mutating func translateUnicodeEscape() throws(PatternError) {
        if peek(2) == UInt8(ascii: "{") {
            let length = source.dropFirst(position + 3).prefix { $0 != UInt8(ascii: "}") }.count
            guard let value = hexadecimal(at: position + 3, count: length), Unicode.Scalar(value) != nil,
                peek(3 + length) != nil
            else { throw fault(#"expected \u{X} with a code point"#) }
            return replace(4 + length, with: Self.escaped(value))
        }
        guard let high = hexadecimal(at: position + 2, count: 4) else { throw fault(#"expected \uXXXX"#) }
        if Unicode.Scalar(high) != nil { return replace(6, with: Self.escaped(high)) }
        guard UTF16.isLeadSurrogate(UInt16(high)), peek(6) == UInt8(ascii: "\\"), peek(7) == UInt8(ascii: "u"),
            let low = hexadecimal(at: position + 8, count: 4), UTF16.isTrailSurrogate(UInt16(low))
        else { throw fault("half of a surrogate pair matches nothing in UTF-8") }
        replace(12, with: Self.escaped(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)))
    }

    /// `\p{…}` and `\P{…}`, whose long names PCRE2 knows only in part.
    private mutating func translateProperty() throws(PatternError) {
        let length = source.dropFirst(position + 3).prefix { $0 != UInt8(ascii: "}") }.count
        guard peek(2) == UInt8(ascii: "{"), peek(3 + length) != nil else { throw fault(#"expected \p{Property}"#) }
        let name = String(decoding: source[position + 3..<position + 3 + length], as: UTF8.self)
        let isWellFormed = name.utf8.allSatisfy { byte in
            Self.isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "=")
        }
        guard isWellFormed, !name.isEmpty else { throw fault("expected a property name of letters, digits and _") }
        let isNegated = (peek(1) == UInt8(ascii: "P")) != (name == "Assigned")
        let property = UnicodePropertyNames.name(for: name)
        replace(4 + length, with: (isNegated ? #"\P{"# : #"\p{"#) + property + "}")
    }

    private func hexadecimal(at start: Int, count: Int) -> UInt32? {
        guard count > 0, start + count <= source.count else { return nil }
        let digits = source[start..<start + count]
        guard digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func escaped(_ value: UInt32) -> String {
        #"\x{"# + String(value, radix: 16) + "}"
    }
}
