/// Decodes the text of `{"answer": "…"}` while it comes.
struct ReactAnswerText: Sendable {
    private enum Place: Sendable {
        /// Before the object: blanks, and the beginning of a fence.
        case beforeObject
        case beforeKey
        /// Within the key, after so many of its bytes.
        case key(Int)
        case beforeColon
        case beforeString
        case string
        case escape
        /// Within `\u`, the digits so far.
        case unicode([UInt8])
        case done
        /// It is something else.
        case other
    }

    private static let key = Array("\"answer\"".utf8)

    private var place = Place.beforeObject
    /// The first half of a character.
    private var half: UInt16?
    /// What is decoded, in UTF-8.
    private(set) var text: [UInt8] = []

    /// Whether the text has begun.
    var hasBegun: Bool {
        switch place {
        case .string, .escape, .unicode, .done: true
        default: false
        }
    }

    /// Whether the text is whole.
    var isWhole: Bool { if case .done = place { true } else { false } }

    /// Takes the next byte.
    mutating func consume(_ byte: UInt8) {
        switch place {
        case .done, .other: break
        case .string: take(byte)
        case .escape: unescape(byte)
        case .unicode(let digits): take(digit: byte, after: digits)
        default: place = next(byte)
        }
    }

    /// Takes the end: half a character is none.
    mutating func finish() {
        release()
    }

    /// The place after a byte before the text.
    private func next(_ byte: UInt8) -> Place {
        if byte.isJSONWhitespace { return place }
        switch place {
        case .beforeObject where byte == UInt8(ascii: "{"): return .beforeKey
        // ```json
        case .beforeObject where byte == UInt8(ascii: "`") || "json*".utf8.contains(byte): return .beforeObject
        case .beforeKey where byte == Self.key[0]: return .key(1)
        case .key(let count) where byte == Self.key[count]:
            return count + 1 == Self.key.count ? .beforeColon : .key(count + 1)
        case .beforeColon where byte == UInt8(ascii: ":"): return .beforeString
        case .beforeString where byte == UInt8(ascii: "\""): return .string
        default: return .other
        }
    }

    private mutating func take(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""):
            release()
            place = .done
        case UInt8(ascii: "\\"): place = .escape
        default:
            release()
            text.append(byte)
        }
    }

    private mutating func unescape(_ byte: UInt8) {
        place = .string
        if byte == UInt8(ascii: "u") {
            place = .unicode([])
            return
        }
        release()
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        // Models escape what needs none, such as `\'` and `\$`.
        default: text.append(byte)
        }
    }

    private mutating func take(digit: UInt8, after digits: [UInt8]) {
        let digits = digits + [digit]
        guard digits.count == 4 else {
            place = .unicode(digits)
            return
        }
        place = .string
        guard let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
            release()
            text += Array("\\u".utf8) + digits
            return
        }
        if let high = half, 0xDC00..<0xE000 ~= unit {
            half = nil
            let value = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
            append(Unicode.Scalar(value))
        } else {
            release()
            if 0xD800..<0xDC00 ~= unit { half = unit } else { append(Unicode.Scalar(unit)) }
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar?) {
        text += Array(String(Character(scalar ?? "\u{FFFD}")).utf8)
    }

    private mutating func release() {
        guard half != nil else { return }
        half = nil
        append(nil)
    }
}
