/// One line of the report.
struct Measurement: Sendable {
    /// What was measured.
    var subject: String
    /// What came out, with its unit.
    var measured: String
    /// What the same run gave for what it is compared with.
    var comparison = "–"
    /// Median of the rounds' ratios, and the least and greatest.
    var ratio: Samples?
    /// What was asked for.
    var target: Target?

    /// What was asked for, and whether it was reached.
    struct Target: Sendable {
        let text: String
        let isMet: Bool

        static func atLeast(_ least: Double, _ ratio: Samples) -> Target {
            Target(text: "≥ \(Format.number(least))", isMet: ratio.median >= least)
        }

        static func atMost(_ most: Double, _ value: Double, unit: String) -> Target {
            Target(text: "≤ \(Format.number(most))\(unit)", isMet: value <= most)
        }
    }

    /// The line as cells of a table.
    var cells: [String] {
        let shown = ratio.map { ratio in
            let range = "\(Format.number(ratio.least))–\(Format.number(ratio.greatest))"
            return ratio.values.count > 1
                ? "**\(Format.number(ratio.median))** (\(range))" : "**\(Format.number(ratio.median))**"
        }
        return [
            subject, measured, comparison, shown ?? "–", target?.text ?? "–",
            target.map { $0.isMet ? "met" : "missed" } ?? "–",
        ]
    }
}
