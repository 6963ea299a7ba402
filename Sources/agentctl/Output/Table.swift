/// Rows in columns that are aligned by display width.
struct Table {
    /// Where a cell's text stands in its column.
    enum Alignment {
        case left
        case right
    }

    /// A column.
    struct Column {
        let title: String
        var alignment: Alignment = .left
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Appends a row; its cells are put on one line each.
    mutating func append(_ cells: [String]) {
        rows.append(cells.map { Printable.line($0) })
    }

    /// The table as text.
    ///
    /// - Parameters:
    ///   - width: The columns of the terminal, which the last column is cut to; nil for no limit.
    ///   - heading: How the heading looks.
    func text(width: Int? = nil, heading: (String) -> String = { $0 }) -> String {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { index in
            ([titles] + rows).map { DisplayWidth.of($0[index]) }.max() ?? 0
        }
        let lines = rows.map { line($0, widths, width) }
        return ([heading(line(titles, widths, width))] + lines).joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int], _ limit: Int?) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { text += "  " }
            let padding = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(cell)))
            switch columns[index].alignment {
            case .left: text += index == cells.count - 1 ? cell : cell + padding
            case .right: text += padding + cell
            }
        }
        while text.hasSuffix(" ") { text.removeLast() }
        return limit.map { DisplayWidth.cut(text, to: $0) } ?? text
    }
}
