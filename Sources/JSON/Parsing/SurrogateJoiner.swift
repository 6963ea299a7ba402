/// Joins the halves of surrogate pairs over the pieces of one text.
///
/// A server that streams may cut a character of two UTF-16 units in the middle and write each half as an escape of its
/// own. Swift's strings cannot hold a half, so the parser marks it: U+FDD0, which Unicode keeps for use inside of
/// programs, and a character of the private area that stands for the half. A half whose other one never comes becomes
/// U+FFFD.
package struct SurrogateJoiner: Sendable {
    private static let mark = UInt32(0xFDD0)
    /// The first unit of surrogates, and the first character that stands for one.
    private static let (firstHalf, firstSign) = (UInt32(0xD800), UInt32(0xE000))

    /// The first half of a pair whose second one may be in the next piece.
    private var held: UInt16?

    package init() {
    }

    /// Takes the next piece.
    ///
    /// - Returns: What is certain of the text now.
    package mutating func consume(_ piece: String) -> String {
        // The first byte of the mark; few texts have it.
        guard held != nil || piece.utf8.contains(0xEF) else { return piece }
        var text = String.UnicodeScalarView()
        var mark: Unicode.Scalar?
        for scalar in piece.unicodeScalars {
            if mark != nil, let half = Self.half(scalar) {
                mark = nil
                take(half, into: &text)
                continue
            }
            // A mark without a half is a character as any other.
            if let mark { append(mark, to: &text) }
            mark = scalar.value == Self.mark ? scalar : nil
            if mark == nil { append(scalar, to: &text) }
        }
        if let mark { append(mark, to: &text) }
        return String(text)
    }

    /// Ends the text.
    ///
    /// - Returns: What is left of it.
    package mutating func finish() -> String {
        release()
    }

    /// The whole of a text that may have marks.
    package static func joined(_ text: String) -> String {
        var joiner = SurrogateJoiner()
        let beginning = joiner.consume(text)
        return beginning + joiner.finish()
    }

    private mutating func take(_ half: UInt16, into text: inout String.UnicodeScalarView) {
        if let high = held, let scalar = Self.scalar(high, half) {
            held = nil
            text.append(scalar)
            return
        }
        text.append(contentsOf: release().unicodeScalars)
        if Self.isHigh(half) { held = half } else { text.append("\u{FFFD}") }
    }

    private mutating func append(_ scalar: Unicode.Scalar, to text: inout String.UnicodeScalarView) {
        text.append(contentsOf: release().unicodeScalars)
        text.append(scalar)
    }

    private mutating func release() -> String {
        defer { held = nil }
        return held == nil ? "" : "\u{FFFD}"
    }

    private static func half(_ scalar: Unicode.Scalar) -> UInt16? {
        guard (firstSign..<firstSign + 0x800).contains(scalar.value) else { return nil }
        return UInt16(scalar.value - firstSign + firstHalf)
    }
}

extension SurrogateJoiner {
    /// The text that stands for a half.
    static func mark(_ half: UInt16) -> String {
        String(String.UnicodeScalarView([mark, UInt32(half) - firstHalf + firstSign].compactMap(Unicode.Scalar.init)))
    }

    /// Whether a unit is the first half of a pair.
    static func isHigh(_ unit: UInt16) -> Bool { 0xD800..<0xDC00 ~= unit }

    /// The character that two halves make; nil if they make none.
    static func scalar(_ high: UInt16, _ low: UInt16) -> Unicode.Scalar? {
        guard isHigh(high), 0xDC00..<0xE000 ~= low else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
    }
}
