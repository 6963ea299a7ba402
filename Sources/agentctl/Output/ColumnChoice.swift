import JSON
import Synchronization

/// The columns that `--columns` asks for.
final class ColumnChoice: Sendable {
    /// The names; nil when none were given.
    let names: [String]?
    private let unknown = Mutex<CommandFailure?>(nil)

    /// - Parameter option: The option's value: names, separated by commas.
    init(_ option: String?) {
        names = option.map { $0.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) }
    }

    /// The columns that are shown of a report.
    ///
    /// - Parameters:
    ///   - rows: The report; each of its fields can be a column.
    ///   - columns: What is shown otherwise.
    /// - Returns: Nil when one of the names is none of a field: ``refusal`` says so.
    func columns(of rows: [JSONObject], among columns: [ReportColumn]) -> [ReportColumn]? {
        guard let names else { return columns }
        let known = (rows.first?.keys ?? []) + columns.map(\.field)
        for name in names where !known.contains(name) && !rows.isEmpty {
            let fields = rows.first?.keys.joined(separator: ", ") ?? ""
            let failure = CommandFailure(
                .usage,
                code: "usage",
                "there is no column \"\(name)\"",
                hint: "The columns are \(fields)."
            )
            unknown.withLock { $0 = failure }
            return nil
        }
        return names.map { name in columns.first { $0.field == name } ?? ReportColumn(name) }
    }

    /// Why the option could not be followed; nil when it could.
    var refusal: CommandFailure? { unknown.withLock { $0 } }
}
