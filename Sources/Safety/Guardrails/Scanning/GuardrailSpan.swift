/// A piece of a text that a guardrail is about.
package struct GuardrailSpan: Sendable, Hashable {
    /// Where it is, in UTF-8 bytes.
    package let range: Range<Int>
    /// What it is: `email`, `private_key`, the name of a topic.
    package let kind: String

    /// What stands in its place when it is redacted.
    package static func mark(_ kind: String) -> String { "[redacted: \(kind)]" }

    /// Spans in order, those that overlap made one.
    ///
    /// What is made one goes by the kind of the span that begins first, and of several by that of the longest.
    package static func merged(_ spans: [GuardrailSpan]) -> [GuardrailSpan] {
        guard spans.count > 1 else { return spans }
        let sorted = spans.sorted {
            ($0.range.lowerBound, $1.range.upperBound, $0.kind) < ($1.range.lowerBound, $0.range.upperBound, $1.kind)
        }
        var merged: [GuardrailSpan] = []
        for span in sorted {
            guard let last = merged.last, span.range.lowerBound < last.range.upperBound else {
                merged.append(span)
                continue
            }
            let end = max(last.range.upperBound, span.range.upperBound)
            merged[merged.count - 1] = GuardrailSpan(range: last.range.lowerBound..<end, kind: last.kind)
        }
        return merged
    }
}

extension String {
    /// The text with marks in the place of spans.
    ///
    /// - Parameter spans: The spans, in order and without overlaps.
    func redacting(_ spans: [GuardrailSpan]) -> String {
        guard !spans.isEmpty else { return self }
        let bytes = Array(utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        for span in spans {
            // A span that was cut at a limit may begin or end inside of a character.
            var lower = min(span.range.lowerBound, bytes.count)
            while lower > position, lower < bytes.count, bytes[lower] & 0xC0 == 0x80 { lower -= 1 }
            var upper = min(span.range.upperBound, bytes.count)
            while upper < bytes.count, bytes[upper] & 0xC0 == 0x80 { upper += 1 }
            guard lower >= position else { continue }
            result += bytes[position..<lower]
            result += Array(GuardrailSpan.mark(span.kind).utf8)
            position = max(lower, upper)
        }
        result += bytes[position...]
        return String(decoding: result, as: UTF8.self)
    }

    /// The spans without those that are inside of a mark of their own kind: what was redacted before is not found again.
    func withoutMarks(_ spans: [GuardrailSpan]) -> [GuardrailSpan] {
        guard !spans.isEmpty, contains("[redacted: ") else { return spans }
        let bytes = Array(utf8)
        return spans.filter { span in
            let mark = Array(GuardrailSpan.mark(span.kind).utf8)
            let first = max(0, span.range.upperBound - mark.count)
            guard first <= span.range.lowerBound else { return true }
            return !(first...span.range.lowerBound).contains { start in
                start + mark.count <= bytes.count && bytes[start..<start + mark.count].elementsEqual(mark)
            }
        }
    }
}
