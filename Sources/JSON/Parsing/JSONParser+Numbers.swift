extension JSONParser {
    /// Parses the number at the position.
    mutating func parseNumber() throws(JSONParseFailure) -> JSONValue {
        let start = position
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let integer = try parseWholePart(isNegative: isNegative)
        let hasFraction = try skipFraction()
        let hasExponent = try skipExponent()
        if !hasFraction, !hasExponent {
            if let integer { return .integer(integer) }
            guard !options.refusesLargeIntegers else {
                throw failure(.invalidNumber, "the whole number is beyond 64 bits; write it as text", at: start)
            }
        }
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            throw failure(.invalidNumber, "the number is beyond the range of doubles", at: start)
        }
        return .number(number)
    }

    /// Parses the digits before a point.
    ///
    /// - Returns: Their value with its sign, or `nil` when it does not fit.
    private mutating func parseWholePart(isNegative: Bool) throws(JSONParseFailure) -> Int64? {
        let start = position
        var value: Int64 = 0
        var fits = true
        while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
            let (product, productOverflows) = value.multipliedReportingOverflow(by: 10)
            // Towards the sign, for the most negative integer has no positive counterpart.
            let (sum, sumOverflows) =
                isNegative
                ? product.subtractingReportingOverflow(Int64(digit))
                : product.addingReportingOverflow(Int64(digit))
            fits = fits && !productOverflows && !sumOverflows
            value = sum
            position += 1
        }
        guard position > start else { throw unexpectedInNumber() }
        guard bytes[start] != UInt8(ascii: "0") || position == start + 1 else {
            throw failure(.invalidNumber, "a number has no leading zeros", at: start)
        }
        return fits ? value : nil
    }

    private mutating func skipFraction() throws(JSONParseFailure) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return false }
        position += 1
        try skipDigits()
        return true
    }

    private mutating func skipExponent() throws(JSONParseFailure) -> Bool {
        guard position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") else { return false }
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
            position += 1
        }
        try skipDigits()
        return true
    }

    private mutating func skipDigits() throws(JSONParseFailure) {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else { throw unexpectedInNumber() }
    }

    private func unexpectedInNumber() -> JSONParseFailure {
        var unexpected = unexpected(expected: "a digit")
        if unexpected.code == .syntax { unexpected.code = .invalidNumber }
        return unexpected
    }
}
