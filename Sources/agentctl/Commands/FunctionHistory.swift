import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl functions history`.
struct FunctionHistory: Command {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List a function's versions, with what became of their calls.",
        discussion: """
            EXAMPLE
              agentctl functions history add
            """
    )

    @Argument(help: "The name.")
    var name: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            let rows = try await reports.functionHistory(name)
            guard !rows.isEmpty else {
                throw CommandFailure(
                    .notFound,
                    code: "not_found",
                    "there is no function \"\(name)\"",
                    hint: "See: agentctl functions list"
                )
            }
            console.print(rows, Self.columns, whenEmpty: "")
            return .done
        }
    }

    private static let columns = [
        ReportColumn("version", .count), ReportColumn("in_force"), ReportColumn("calls", .count),
        ReportColumn("ok", .count), ReportColumn("p50_ms", .milliseconds), ReportColumn("last_at", .time),
        ReportColumn("created_at", .time), ReportColumn("created_by"),
    ]
}
