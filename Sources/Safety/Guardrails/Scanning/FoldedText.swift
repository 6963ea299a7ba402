import ShellSyntax

/// A text as it is searched: without characters that nobody sees, and with ASCII for what only looks different.
///
/// A number whose digits are kept apart by zero-width spaces, or written in full width, is found all the same, and the
/// places that are found are those in the text as it was. A text of ASCII alone is not looked at twice.
package struct FoldedText: Sendable {
    /// The text to search, in UTF-8.
    package let bytes: [UInt8]

    /// Where each byte comes from, and the length of the whole; nil when nothing was changed.
    private let origins: [UInt32]?

    /// Folds a text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - lookAlikes: Whether letters of other scripts that look like Latin ones are taken for those.
    init(_ text: String, lookAlikes: Bool = false) {
        let original = Array(text.utf8)
        guard original.contains(where: { $0 >= 0x80 }) else {
            bytes = original
            origins = nil
            return
        }
        var folded: [UInt8] = []
        var origins: [UInt32] = []
        folded.reserveCapacity(original.count)
        origins.reserveCapacity(original.count + 1)
        var position = 0
        for scalar in text.unicodeScalars {
            let length = UTF8.width(scalar)
            if scalar.value < 0x80 {
                folded.append(UInt8(truncatingIfNeeded: scalar.value))
                origins.append(UInt32(truncatingIfNeeded: position))
            } else if let letter = Self.letter(for: scalar, lookAlikes: lookAlikes) {
                folded.append(letter)
                origins.append(UInt32(truncatingIfNeeded: position))
            } else if !Self.isInvisible(scalar) {
                for offset in 0..<length {
                    folded.append(original[position + offset])
                    origins.append(UInt32(truncatingIfNeeded: position + offset))
                }
            }
            position += length
        }
        origins.append(UInt32(truncatingIfNeeded: position))
        bytes = folded
        self.origins = origins
    }

    /// A byte; 0 outside of the text.
    package func byte(_ index: Int) -> UInt8 {
        bytes.indices.contains(index) ? bytes[index] : 0
    }

    /// The folded text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The span of the original text that a range of the folded one comes from.
    package func span(_ range: Range<Int>, _ kind: String) -> GuardrailSpan {
        guard let origins else { return GuardrailSpan(range: range, kind: kind) }
        return GuardrailSpan(
            range: Int(origins[range.lowerBound])..<Int(origins[range.upperBound]),
            kind: kind
        )
    }

    /// Whether nobody sees a character.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B...0x200F,
            0x202A...0x202E, 0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xE0000...0xE0FFF:
            true
        default: false
        }
    }

    /// The ASCII character that a character stands for, if there is one.
    private static func letter(for scalar: Unicode.Scalar, lookAlikes: Bool) -> UInt8? {
        switch scalar.value {
        case 0xFF01...0xFF5E: return UInt8(truncatingIfNeeded: scalar.value - 0xFEE0)
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: return UInt8(ascii: " ")
        case 0x2010...0x2015, 0x2212: return UInt8(ascii: "-")
        case 0x1D400...0x1D6A3:
            let index = UInt8(truncatingIfNeeded: (scalar.value - 0x1D400) % 52)
            return index < 26 ? UInt8(ascii: "A") + index : UInt8(ascii: "a") + index - 26
        case 0x1D7CE...0x1D7FF:
            return UInt8(ascii: "0") + UInt8(truncatingIfNeeded: (scalar.value - 0x1D7CE) % 10)
        default: return lookAlikes ? Self.lookAlikes[scalar] : nil
        }
    }

    /// Cyrillic and Greek letters that look like Latin ones.
    private static let lookAlikes: [Unicode.Scalar: UInt8] = {
        let pairs: [(String, String)] = [
            ("аеорсухіјѕԁһӏԛԝ", "aeopcyxijsdhlqw"), ("АВЕКМНОРСТХІЈЅ", "ABEKMHOPCTXIJS"),
            ("οαειτυνκρ", "oaeituvkp"), ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
        ]
        var table: [Unicode.Scalar: UInt8] = [:]
        for (foreign, latin) in pairs {
            for (scalar, byte) in zip(foreign.unicodeScalars, latin.utf8) { table[scalar] = byte }
        }
        return table
    }()
}

extension UInt8 {
    /// Whether it is a letter of ASCII.
    package var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
    /// Whether it is a letter, a digit, or part of a character beyond ASCII.
    var isWordByte: Bool { isLetter || isDigit || self >= 0x80 }
    /// Whether it is a hexadecimal digit.
    package var isHexadecimal: Bool {
        isDigit || (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "f")
    }
    /// The same letter in lower case.
    package var lowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}
