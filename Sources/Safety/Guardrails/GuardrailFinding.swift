/// What a check has found in a text.
package struct GuardrailFinding: Sendable, Hashable {
    /// Where, in order and without overlaps; none for a check of the text as a whole.
    let spans: [GuardrailSpan]
    /// What it is, in a phrase that repeats nothing of what was found.
    package let detail: String

    /// A finding about the whole text.
    init(_ detail: String) {
        spans = []
        self.detail = detail
    }

    /// A finding at places of a text; nil when there are none.
    init?(_ spans: [GuardrailSpan], in text: String) {
        let merged = text.withoutMarks(GuardrailSpan.merged(spans))
        guard !merged.isEmpty else { return nil }
        self.spans = merged
        var counts: [(kind: String, count: Int)] = []
        for span in merged {
            if let index = counts.firstIndex(where: { $0.kind == span.kind }) {
                counts[index].count += 1
            } else if counts.count < 10 {
                counts.append((span.kind, 1))
            }
        }
        let kinds = counts.map { $0.count == 1 ? $0.kind : "\($0.count) × \($0.kind)" }.joined(separator: ", ")
        detail = "\(kinds): \(GuardrailExcerpt.text(of: text, around: merged))"
    }
}
