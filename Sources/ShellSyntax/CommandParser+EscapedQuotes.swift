extension CommandParser {
    /// Reads `$'…'`.
    ///
    /// The word is what bash makes of it, but it does not count as literal: nobody writes a plain word so.
    mutating func parseEscapedQuotes(_ builder: inout CommandWordBuilder) throws(CommandProblem) {
        builder.noteExpansion(splits: true)
        position += 2
        while let byte = current {
            position += 1
            switch byte {
            case .apostrophe: return
            case .backslash: builder.append(try escapedBytes())
            default: builder.append(byte)
            }
        }
        throw CommandProblem("a quote that is not closed")
    }

    private mutating func escapedBytes() throws(CommandProblem) -> [UInt8] {
        guard let byte = current else { throw CommandProblem("a quote that is not closed") }
        position += 1
        switch byte {
        // Other shells end the text here.
        case .apostrophe: throw CommandProblem("a quote in $'…'")
        case UInt8(ascii: "x"): return [UInt8(truncatingIfNeeded: number(radix: 16, digits: 2))]
        case UInt8(ascii: "u"): return scalar(digits: 4)
        case UInt8(ascii: "U"): return scalar(digits: 8)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            position -= 1
            return [UInt8(truncatingIfNeeded: number(radix: 8, digits: 3))]
        case UInt8(ascii: "n"): return [.newline]
        case UInt8(ascii: "t"): return [.tab]
        case .backslash, .quote, UInt8(ascii: "?"): return [byte]
        default: throw CommandProblem("an odd escape in $'…'")
        }
    }

    private mutating func number(radix: UInt32, digits: Int) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else {
                break
            }
            value = value &* radix &+ UInt32(digit)
            position += 1
        }
        return value
    }

    private mutating func scalar(digits: Int) -> [UInt8] {
        let value = number(radix: 16, digits: digits)
        return Unicode.Scalar(value).map { Array(String(Character($0)).utf8) } ?? []
    }
}
