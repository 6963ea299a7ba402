internal import func Glibc.log2

extension SecretScanner {
    /// Parts of names that say that the value is a password, whatever it looks like.
    private static let passwordNames: [StaticString] = ["password", "passwd", "passphrase", "pwd", "secret"]
    /// Parts of names of values that are secret if they look random.
    private static let tokenNames: [StaticString] = [
        "token", "api_key", "apikey", "api-key", "access_key", "accesskey", "private_key", "auth_key", "credential",
        "signing_key", "encryption_key", "authorization",
    ]
    /// Bits that each character of a random value has at least.
    private static let leastEntropy = 3.0
    private static let longestName = 64
    private static let longestValue = 512

    /// A value that is assigned to a name which says that it is secret: `DB_PASSWORD=x`, `"api_key": "x"`.
    ///
    /// - Parameters:
    ///   - sign: Where the `=` or `:` is.
    ///   - text: The text.
    ///   - read: The end of the last value: what is within one assigns nothing.
    func assignment(at sign: Int, in text: FoldedText, read: inout Int) -> GuardrailSpan? {
        guard sign >= read else { return nil }
        // Of `==`, `::` and `:=` the last counts; what follows a comparison is no value.
        let next = text.byte(sign + 1)
        guard next != UInt8(ascii: "="), next != UInt8(ascii: ":"), let name = name(before: sign, in: text) else {
            return nil
        }
        let isPassword = contains(Self.passwordNames, in: name, of: text)
        guard isPassword || contains(Self.tokenNames, in: name, of: text) else { return nil }
        var start = sign + 1
        while start - sign < 4, text.byte(start) == UInt8(ascii: " ") || text.byte(start) == UInt8(ascii: ">") {
            start += 1
        }
        let quote = text.byte(start)
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") || quote == UInt8(ascii: "`")
        if isQuoted { start += 1 }
        var end = start
        while end - start < Self.longestValue, end < text.bytes.count, text.bytes[end] >= 0x20 {
            if isQuoted ? text.bytes[end] == quote : Self.endsValue.contains(text.bytes[end]) { break }
            end += 1
        }
        let value = text.bytes[start..<end]
        guard !isPlaceholder(value) else { return nil }
        if isQuoted {
            guard isPassword ? value.count >= 4 : isRandom(value) else { return nil }
        } else {
            let hasOpening = text.byte(end) == UInt8(ascii: "(") || text.byte(end) == UInt8(ascii: "[")
            guard !hasOpening, isPassword ? isLikelyPassword(value, text.bytes[sign]) : isRandom(value) else {
                return nil
            }
        }
        read = end
        return text.span(start..<end, "assigned_secret")
    }

    private static let endsValue = Set(" \"'`,;()[]{}<>&|\\".utf8)

    private func name(before sign: Int, in text: FoldedText) -> Range<Int>? {
        var end = sign
        while end > 0, sign - end < 4, Self.fillsName.contains(text.bytes[end - 1]) { end -= 1 }
        var start = end
        while start > 0, end - start < Self.longestName,
            text.bytes[start - 1].isWordByte || Self.joinsName.contains(text.bytes[start - 1])
        { start -= 1 }
        return start < end ? start..<end : nil
    }

    private static let fillsName = Set(" \"'`:".utf8)
    private static let joinsName = Set("_-.".utf8)

    private func contains(_ words: [StaticString], in range: Range<Int>, of text: FoldedText) -> Bool {
        words.contains { word in
            range.contains { text.has(word, at: $0) && $0 + word.utf8CodeUnitCount <= range.upperBound }
        }
    }

    /// Whether a value only stands for one: a variable, an empty or a masked text, or what is not set.
    private func isPlaceholder(_ value: ArraySlice<UInt8>) -> Bool {
        guard let first = value.first else { return true }
        if Set("$<{%[".utf8).contains(first) { return true }
        if value.allSatisfy({ $0 == first }) { return true }
        let words = ["null", "none", "nil", "true", "false", "undefined", "required", "optional", "string"]
        return words.contains { $0.utf8.elementsEqual(value.map(\.lowercased)) }
    }

    /// Whether a value without quotes is meant as a password, and not as the next word of a sentence.
    private func isLikelyPassword(_ value: ArraySlice<UInt8>, _ sign: UInt8) -> Bool {
        let hasOther = value.contains { !$0.isLetter && $0 != UInt8(ascii: ".") && $0 < 0x80 }
        return sign == UInt8(ascii: "=") ? value.count >= 4 : value.count >= 6 && hasOther
    }

    /// Whether a value looks as if it was drawn by chance.
    private func isRandom(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count >= 16, value.contains(where: { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            value.contains(where: \.isLetter)
        else {
            return false
        }
        var counts = Array(repeating: 0, count: 256)
        for byte in value { counts[Int(byte)] += 1 }
        let entropy = counts.reduce(0.0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / Double(value.count)
            return sum - share * log2(share)
        }
        return entropy >= Self.leastEntropy
    }
}
