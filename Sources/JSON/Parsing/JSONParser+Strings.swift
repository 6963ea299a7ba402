extension JSONParser {
    /// Parses the string whose opening quote is at the position.
    mutating func parseString() throws(JSONParseFailure) -> String {
        position += 1
        let start = position
        let isASCII = scanPlain()
        guard position < bytes.count else { throw unclosed(from: start) }
        if bytes[position] == UInt8(ascii: "\"") {
            let string = try decode(start..<position, isASCII: isASCII)
            position += 1
            return string
        }
        return try parseEscapedString(from: start, isASCII: isASCII)
    }

    /// Goes to the next quote, backslash, control character or the end.
    ///
    /// - Returns: Whether all bytes gone over are ASCII.
    @inline(__always)
    private mutating func scanPlain() -> Bool {
        let (end, isASCII) = StringScan.endOfPlain(in: bytes, from: position)
        position = end
        return isASCII
    }

    private func decode(_ range: Range<Int>, isASCII: Bool) throws(JSONParseFailure) -> String {
        let slice = UnsafeRawBufferPointer(rebasing: bytes[range])
        if isASCII { return String(decoding: slice, as: UTF8.self) }
        if let string = String(validating: slice, as: UTF8.self) { return string }
        throw invalid(range)
    }

    private func invalid(_ range: Range<Int>) -> JSONParseFailure {
        let slice = UnsafeRawBufferPointer(rebasing: bytes[range])
        return failure(.invalidString, "the string is not UTF-8", at: range.lowerBound + Self.validPrefix(of: slice))
    }

    /// The length of the longest part from the start that is UTF-8.
    private static func validPrefix(of bytes: UnsafeRawBufferPointer) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var count = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { count += UTF8.width(scalar) }
        return count
    }

    /// Parses a string on from its first escape (or control character) at the position.
    ///
    /// Escapes are ASCII, so what lies between them is validated together in the end.
    private mutating func parseEscapedString(from start: Int, isASCII: Bool) throws(JSONParseFailure) -> String {
        var isASCII = isASCII
        var decoded: [UInt8] = []
        decoded.reserveCapacity(position - start + 64)
        decoded.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let string =
                    isASCII ? String(decoding: decoded, as: UTF8.self) : String(validating: decoded, as: UTF8.self)
                guard let string else { throw invalid(start..<position) }
                position += 1
                return string
            case UInt8(ascii: "\\"): try parseEscape(into: &decoded)
            default: throw failure(.invalidString, "a control character in a string must be escaped")
            }
            let plainStart = position
            isASCII = scanPlain() && isASCII
            decoded.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[plainStart..<position]))
        }
        throw unclosed(from: start)
    }

    private func unclosed(from start: Int) -> JSONParseFailure {
        failure(.unexpectedEnd, "the string has no closing quote", at: start - 1)
    }

    /// Parses the escape at the position.
    private mutating func parseEscape(into decoded: inout [UInt8]) throws(JSONParseFailure) {
        guard position + 1 < bytes.count else { throw failure(.unexpectedEnd, "the escape is incomplete") }
        let character: UInt8
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): character = bytes[position + 1]
        case UInt8(ascii: "n"): character = 0x0A
        case UInt8(ascii: "t"): character = 0x09
        case UInt8(ascii: "r"): character = 0x0D
        case UInt8(ascii: "b"): character = 0x08
        case UInt8(ascii: "f"): character = 0x0C
        case UInt8(ascii: "u"): return try parseUnicodeEscape(into: &decoded)
        default: throw failure(.invalidString, "there is no such escape")
        }
        decoded.append(character)
        position += 2
    }

    private mutating func parseUnicodeEscape(into decoded: inout [UInt8]) throws(JSONParseFailure) {
        let start = position
        let unit = try parseHexadecimal()
        if let scalar = Unicode.Scalar(unit) {
            UTF8.encode(scalar, into: { decoded.append($0) })
        } else if let scalar = try parseLowHalf(after: unit) {
            UTF8.encode(scalar, into: { decoded.append($0) })
        } else {
            switch options.halfSurrogates {
            case .refuse: throw failure(.invalidString, "half of a surrogate pair is no character", at: start)
            case .replace: decoded.append(contentsOf: "\u{FFFD}".utf8)
            case .mark: decoded.append(contentsOf: SurrogateJoiner.mark(unit).utf8)
            }
        }
    }

    /// Parses the second half of a surrogate pair, if it is at the position.
    ///
    /// - Parameter high: What may be the first half.
    /// - Returns: The character; nil, with the position as it was, if there is no pair.
    private mutating func parseLowHalf(after high: UInt16) throws(JSONParseFailure) -> Unicode.Scalar? {
        guard SurrogateJoiner.isHigh(high), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return nil }
        let start = position
        if let scalar = SurrogateJoiner.scalar(high, try parseHexadecimal()) { return scalar }
        position = start
        return nil
    }

    /// Parses the `\uXXXX` at the position.
    private mutating func parseHexadecimal() throws(JSONParseFailure) -> UInt16 {
        guard position + 6 <= bytes.count else { throw failure(.invalidString, #"expected four digits after \u"#) }
        var value: UInt16 = 0
        for byte in bytes[position + 2..<position + 6] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
            default: throw failure(.invalidString, #"expected four digits after \u"#)
            }
        }
        position += 6
        return value
    }
}
