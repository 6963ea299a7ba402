/// A part of the report.
struct Section: Sendable {
    var title: String
    /// What was done and how to read it.
    var explanation: String
    /// What the comparison is, as the head of its column.
    var comparison: String
    var measurements: [Measurement] = []

    var text: String {
        let head = ["", "measured", comparison, "ratio", "target", ""]
        let rows = [head, head.map { _ in "---" }] + measurements.map(\.cells)
        let table = rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
        return "## \(title)\n\n\(explanation)\n\n\(table)\n"
    }
}
