import Definitions

/// A few words around what was found, without what was found and without anything else that must not be told.
enum GuardrailExcerpt {
    /// Bytes around the first span that are looked at: more than are shown, so that nothing is cut before it is seen.
    private static let margin = 512
    private static let shownBefore = 40
    private static let shown = 160

    /// The excerpt.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - spans: What was found, in order.
    package static func text(of text: String, around spans: [GuardrailSpan]) -> String {
        guard let first = spans.first else { return "" }
        let bytes = Array(text.utf8)
        var lower = max(0, first.range.lowerBound - margin)
        while lower > 0, bytes[lower] & 0xC0 == 0x80 { lower -= 1 }
        var upper = min(bytes.count, first.range.upperBound + margin)
        while upper < bytes.count, bytes[upper] & 0xC0 == 0x80 { upper += 1 }
        let window = String(decoding: bytes[lower..<upper], as: UTF8.self)
        let found = spans.prefix(1_000).filter { $0.range.lowerBound < upper && $0.range.upperBound > lower }.map {
            span in
            let range = max(0, span.range.lowerBound - lower)..<min(upper, span.range.upperBound) - lower
            return GuardrailSpan(range: range, kind: span.kind)
        }
        let clean = scrubbed(window, besides: found)
        guard let mark = clean.range(of: "[redacted: ") else { return "" }
        let before = String(clean[..<mark]).suffix(utf8: shownBefore)
        var excerpt = before + String(clean[mark...]).prefix(utf8: shown - before.utf8.count)
        // The same may stand beside it once more, in a place where it was not taken for what it is.
        for span in spans.prefix(100) where span.range.count >= 4 && span.range.count <= shown {
            let piece = String(decoding: bytes[span.range], as: UTF8.self)
            if !spans.contains(where: { $0.kind.contains(piece) }) { excerpt = excerpt.replacing(piece, with: "…") }
        }
        return oneLine(excerpt)
    }

    /// A text that a model wrote, for a person: short, and without secrets and personal data.
    package static func scrubbed(_ text: String) -> String {
        oneLine(scrubbed(text.prefix(utf8: margin), besides: []).prefix(utf8: shown))
    }

    private static func scrubbed(_ text: String, besides spans: [GuardrailSpan]) -> String {
        let folded = FoldedText(text)
        let others =
            SecretScanner().spans(in: folded)
            + PersonalDataScanner(kinds: Set(PersonalDataKind.allCases)).spans(in: folded)
        return text.redacting(GuardrailSpan.merged(spans + others))
    }

    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control || FoldedText.isInvisible(scalar) ? " " : scalar
                }
            )
        )
    }
}

extension String {
    /// Where a text of ASCII first stands.
    fileprivate func range(of needle: String) -> String.Index? {
        let needle = Array(needle.utf8)
        var index = utf8.startIndex
        while index < utf8.endIndex {
            if utf8[index] == needle[0], utf8[index...].starts(with: needle) { return index }
            index = utf8.index(after: index)
        }
        return nil
    }
}
