import JSON

/// A column of a report's table: a field of the rows, and how it is shown.
struct ReportColumn {
    /// The field, which is the title as well: one word from the database to the screen.
    let field: String
    /// How its values are shown.
    var format: FieldFormat = .plain

    init(_ field: String, _ format: FieldFormat = .plain) {
        self.field = field
        self.format = format
    }
}

extension Console {
    /// Prints rows of a report: with `--json` as they are, else as a table; of either only the columns that were asked for.
    func print(_ rows: [JSONObject], _ columns: [ReportColumn], whenEmpty: String) {
        guard let chosen = choice.columns(of: rows, among: columns) else { return }
        if isJSON {
            let shown =
                choice.names == nil
                ? rows
                : rows.map { row in
                    JSONObject(chosen.map { ($0.field, row[$0.field] ?? .null) })
                }
            print(.array(shown.map { .object($0) }))
        } else if rows.isEmpty {
            note(whenEmpty)
        } else {
            print(table(rows, chosen))
        }
    }

    /// Rows of a report as a table.
    func table(_ rows: [JSONObject], _ columns: [ReportColumn]) -> String {
        var table = Table(columns.map { Table.Column(title: $0.field, alignment: $0.format.alignment) })
        for row in rows {
            table.append(columns.map { $0.format.text(row[$0.field] ?? .null) })
        }
        return table.text(width: output.columns) { output.styled($0, .bold) }
    }
}
