import ShellSyntax

/// Finds personal data by its form.
///
/// Each byte is looked at a bounded number of times: what is tried at a place ends after the longest thing of its kind.
package struct PersonalDataScanner: Sendable {
    /// What is looked for.
    package let kinds: Set<PersonalDataKind>

    /// Finds all spans in a text, in no order; they may overlap.
    func spans(in text: FoldedText) -> [GuardrailSpan] {
        var spans: [GuardrailSpan] = []
        func keep(_ range: Range<Int>?, _ kind: PersonalDataKind) {
            if let range { spans.append(text.span(range, kind.rawValue)) }
        }
        let cards = kinds.contains(.creditCard)
        let phones = kinds.contains(.phone)
        let accounts = kinds.contains(.iban)
        let addresses = kinds.contains(.ipAddress)
        let socials = kinds.contains(.usSocialSecurity)
        let mails = kinds.contains(.email)
        for index in text.bytes.indices {
            let byte = text.bytes[index]
            if mails, byte == UInt8(ascii: "@") { keep(email(around: index, in: text), .email) }
            guard
                byte.isDigit || byte.isLetter || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "(")
                    || byte == UInt8(ascii: ":")
            else { continue }
            let isStart = !text.byte(index - 1).isWordByte
            if addresses, isStart, byte.isHexadecimal || byte == UInt8(ascii: ":") {
                keep(ipAddress(at: index, in: text), .ipAddress)
            }
            guard isStart else { continue }
            if byte.isDigit {
                if cards { keep(card(at: index, in: text), .creditCard) }
                if socials { keep(socialSecurity(at: index, in: text), .usSocialSecurity) }
            }
            if phones, !byte.isLetter, byte != UInt8(ascii: ":") { keep(phone(at: index, in: text), .phone) }
            if accounts, byte.isLetter { keep(account(at: index, in: text), .iban) }
        }
        return spans
    }

    // MARK: Mail

    private static let localPunctuation = Set(".!#$%&'*+/=?^_`{|}~-".utf8)

    private func email(around at: Int, in text: FoldedText) -> Range<Int>? {
        var start = at
        while start > 0, at - start < 64,
            text.bytes[start - 1].isWordByte
                || Self.localPunctuation.contains(text.bytes[start - 1])
        { start -= 1 }
        while start < at, text.bytes[start] == UInt8(ascii: ".") { start += 1 }
        var end = at + 1
        var lastDot: Int?
        while end < text.bytes.count, end - at <= 253 {
            let byte = text.bytes[end]
            if byte == UInt8(ascii: ".") {
                guard text.byte(end - 1).isWordByte, text.byte(end + 1).isWordByte else { break }
                lastDot = end
            } else if !byte.isWordByte, byte != UInt8(ascii: "-") {
                break
            }
            end += 1
        }
        guard start < at, let lastDot, end - lastDot > 2, !text.byte(lastDot + 1).isDigit else { return nil }
        return start..<end
    }

    // MARK: Social security

    private func socialSecurity(at start: Int, in text: FoldedText) -> Range<Int>? {
        let separator = text.byte(start + 3)
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: " "), text.byte(start + 6) == separator,
            text.byte(start - 1) != UInt8(ascii: "-"), !text.byte(start + 11).isWordByte,
            text.byte(start + 11) != UInt8(ascii: "-")
        else { return nil }
        let digits = [0, 1, 2, 4, 5, 7, 8, 9, 10].map { text.byte(start + $0) }
        guard digits.allSatisfy(\.isDigit) else { return nil }
        let numbers = digits.map { Int($0 - UInt8(ascii: "0")) }
        let area = numbers[0] * 100 + numbers[1] * 10 + numbers[2]
        guard area != 0, area != 666, area < 900, numbers[3] + numbers[4] > 0, numbers[5...].contains(where: { $0 > 0 })
        else { return nil }
        return start..<start + 11
    }
}
