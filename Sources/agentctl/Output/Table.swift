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

    /// The fewest columns that are left of a last column of text that is cut.
    private static let shortestText = 16

    /// The table as text.
    ///
    /// No column is left out. Where the terminal is too narrow, a last column of text is cut, with an ellipsis; where that is
    /// not enough, each row is shown as lines of title and value.
    ///
    /// - Parameters:
    ///   - width: The columns of the terminal; nil for no limit.
    ///   - heading: How titles look.
    func text(width: Int? = nil, heading: (String) -> String = { $0 }) -> String {
        let titles = columns.map(\.title)
        var widths = columns.indices.map { index in
            ([titles] + rows).map { DisplayWidth.of($0[index]) }.max() ?? 0
        }
        if let width, let last = columns.last {
            let excess = widths.reduce(2 * (columns.count - 1), +) - width
            let cut = widths[columns.count - 1] - max(0, excess)
            guard excess <= 0 || last.alignment == .left && cut >= Self.shortestText else { return vertical(heading) }
            widths[columns.count - 1] = cut
        }
        return ([heading(line(titles, widths))] + rows.map { line($0, widths) }).joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { text += "  " }
            let padding = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(cell)))
            switch columns[index].alignment {
            case .left: text += index == cells.count - 1 ? DisplayWidth.cut(cell, to: widths[index]) : cell + padding
            case .right: text += padding + cell
            }
        }
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }

    /// A line a value, an empty line between rows.
    private func vertical(_ heading: (String) -> String) -> String {
        let width = columns.map { DisplayWidth.of($0.title) }.max() ?? 0
        return rows.map { cells in
            zip(columns, cells).map { column, cell in
                let padding = String(repeating: " ", count: width - DisplayWidth.of(column.title))
                return "\(heading(column.title))\(padding)  \(cell)"
            }.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}
