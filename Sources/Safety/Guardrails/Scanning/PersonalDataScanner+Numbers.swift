import ShellSyntax

extension PersonalDataScanner {
    /// The number of a card that begins at a place.
    ///
    /// Its groups may be apart by one space, hyphen, point or underscore each. A single point is that of a decimal fraction.
    func card(at start: Int, in text: FoldedText) -> Range<Int>? {
        var digits: [UInt8] = []
        var ends: [(end: Int, count: Int)] = []
        var points = 0
        var index = start
        while digits.count <= 19 {
            let byte = text.byte(index)
            if byte.isDigit {
                digits.append(byte - UInt8(ascii: "0"))
                index += 1
                continue
            }
            if points != 1 { ends.append((index, digits.count)) }
            guard Self.cardSeparators.contains(byte), text.byte(index + 1).isDigit else { break }
            if byte == UInt8(ascii: ".") { points += 1 }
            index += 1
        }
        // The longest that is a number: what stands after it may be digits too.
        for (end, count) in ends.reversed() where (12...19).contains(count) {
            let number = digits.prefix(count)
            if !text.byte(end).isLetter, Self.isIssued(number), Self.hasCheckDigit(number) { return start..<end }
        }
        return nil
    }

    private static let cardSeparators = Set(" -._".utf8)

    /// Whether the last digit is what Luhn's formula asks for.
    static func hasCheckDigit(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        var sum = 0
        for (position, digit) in digits.reversed().enumerated() {
            let value = position.isMultiple(of: 2) ? Int(digit) : Int(digit) * 2
            sum += value > 9 ? value - 9 : value
        }
        return sum.isMultiple(of: 10)
    }

    /// Whether an issuer gives out numbers that begin like this, of this length.
    private static func isIssued(_ digits: some Collection<UInt8>) -> Bool {
        let prefix = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
        switch (prefix, digits.count) {
        case (4000...4999, 13), (4000...4999, 16), (4000...4999, 19): return true
        case (5100...5599, 16), (2221...2720, 16): return true
        case (3400...3499, 15), (3700...3799, 15): return true
        case (6011, 16...19), (6440...6599, 16...19), (6200...6299, 16...19), (8100...8171, 16...19): return true
        case (3000...3059, 14...19), (3600...3699, 14...19), (3800...3999, 14...19): return true
        case (3528...3589, 16...19): return true
        case (5000...5099, 12...19), (5600...5899, 12...19), (6300...6399, 12...19), (6700...6799, 12...19): return true
        default: return false
        }
    }

    // MARK: Telephone

    private static let separators = Set(" -./()".utf8)

    /// A telephone number that begins at a place.
    func phone(at start: Int, in text: FoldedText) -> Range<Int>? {
        guard text.byte(start - 1) != UInt8(ascii: "+"), text.byte(start - 1) != UInt8(ascii: "."),
            text.byte(start - 1) != UInt8(ascii: "-")
        else { return nil }
        var groups: [(count: Int, end: Int)] = []
        var separator = ""
        var index = start
        let isInternational = text.byte(start) == UInt8(ascii: "+")
        if isInternational { index += 1 }
        var total = 0
        while index - start < 40, total <= 15 {
            let byte = text.byte(index)
            if byte.isDigit {
                total += 1
                if groups.isEmpty || groups[groups.count - 1].end < index {
                    groups.append((1, index + 1))
                } else {
                    groups[groups.count - 1] = (groups[groups.count - 1].count + 1, index + 1)
                }
            } else if Self.separators.contains(byte), index - (groups.last?.end ?? start) < 3 {
                separator.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                break
            }
            index += 1
        }
        while let last = groups.last {
            let sizes = groups.map(\.count)
            if !text.byte(last.end).isWordByte, isPhone(sizes, isInternational, separator, text.byte(start)) {
                return start..<last.end
            }
            groups.removeLast()
        }
        return nil
    }

    private func isPhone(_ groups: [Int], _ isInternational: Bool, _ separators: String, _ first: UInt8) -> Bool {
        let digits = groups.reduce(0, +)
        if isInternational { return (8...15).contains(digits) }
        if groups == [3, 3, 4] || groups == [1, 3, 3, 4] && first == UInt8(ascii: "1") { return true }
        let hasZero = first == UInt8(ascii: "0") || first == UInt8(ascii: "(")
        return hasZero && (2...5).contains(groups.count) && (9...13).contains(digits) && (2...5).contains(groups[0])
            && !separators.contains(".")
    }

    // MARK: Bank account

    /// How long the numbers of a country are.
    private static let accountLengths: [String: Int] = [
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
        "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
        "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
        "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
        "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
        "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24,
        "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24,
        "XK": 20,
    ]

    /// The number of a bank account that begins at a place; its groups may be apart by one space each.
    package func account(at start: Int, in text: FoldedText) -> Range<Int>? {
        guard text.byte(start + 1).isLetter, text.byte(start + 2).isDigit, text.byte(start + 3).isDigit else {
            return nil
        }
        let country = String(decoding: [text.byte(start) & 0xDF, text.byte(start + 1) & 0xDF], as: UTF8.self)
        guard let length = Self.accountLengths[country] else { return nil }
        var characters: [UInt8] = []
        var index = start
        while characters.count < length {
            let byte = text.byte(index)
            if byte.isDigit || byte.isLetter {
                characters.append(byte.isLetter ? byte & 0xDF : byte)
            } else if byte != UInt8(ascii: " ") || text.byte(index - 1) == UInt8(ascii: " ") {
                return nil
            }
            index += 1
        }
        guard !text.byte(index).isWordByte else { return nil }
        let remainder = (characters[4...] + characters[..<4]).reduce(0) { (remainder: Int, byte: UInt8) -> Int in
            if byte.isDigit { return (remainder * 10 + Int(byte - UInt8(ascii: "0"))) % 97 }
            return (remainder * 100 + Int(byte - UInt8(ascii: "A")) + 10) % 97
        }
        return remainder == 1 ? start..<index : nil
    }

    // MARK: Internet address

    /// An address that begins at a place.
    func ipAddress(at start: Int, in text: FoldedText) -> Range<Int>? {
        let before = text.byte(start - 1)
        guard before != UInt8(ascii: "."), before != UInt8(ascii: ":") else { return nil }
        var end = start
        while end - start < 46,
            text.byte(end).isHexadecimal || text.byte(end) == UInt8(ascii: ".")
                || text.byte(end) == UInt8(ascii: ":")
        { end += 1 }
        guard end - start < 46, !text.byte(end).isWordByte else { return nil }
        while end > start, text.byte(end - 1) == UInt8(ascii: ".") { end -= 1 }
        if end > start + 1, text.byte(end - 1) == UInt8(ascii: ":"), text.byte(end - 2) != UInt8(ascii: ":") {
            end -= 1
        }
        let word = text.bytes[start..<end]
        // An address of version 4 may have a port behind it.
        if let colon = word.firstIndex(of: UInt8(ascii: ":")), Self.isVersion4(word[..<colon]) { return start..<colon }
        return Self.isVersion4(word) || Self.isVersion6(word) ? start..<end : nil
    }

    private static func isVersion4(_ word: ArraySlice<UInt8>) -> Bool {
        let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy(\.isDigit)
                    && part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
            }
    }

    private static func isVersion6(_ word: ArraySlice<UInt8>) -> Bool {
        guard !word.contains(UInt8(ascii: ".")) else { return false }
        let parts = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.count <= 4 }) else { return false }
        let groups = parts.count { !$0.isEmpty }
        let gaps = zip(parts, parts.dropFirst()).count { $0.isEmpty && $1.isEmpty }
        let inner = parts.dropFirst().dropLast().count { $0.isEmpty }
        if inner == 0 { return groups == 8 && parts.count == 8 }
        // `::` once; and fewer than three groups say nothing: `a::b` may be anything.
        return inner - gaps <= 1 && inner <= 2 && groups >= 3 && groups <= 7
    }
}
