import ArgumentParser
import Engine
import Store

/// The command `agentctl schedules runs`.
struct ScheduleRuns: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List what became of the times at which schedules were due, the latest first.",
        discussion: """
            EXAMPLE
              agentctl schedules runs
              agentctl schedules runs daily-report --limit 5 --json
            """
    )

    @Argument(help: "The schedule's name; all without one.")
    var name: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is between 1 and 100000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            console.print(
                try await reports.scheduleRuns(name, limit: limit),
                [
                    ReportColumn("due_at", .time), ReportColumn("schedule"), ReportColumn("outcome"),
                    ReportColumn("status"), ReportColumn("turn"), ReportColumn("task_id", .count),
                    ReportColumn("is_late"), ReportColumn("through", .time), ReportColumn("error_message"),
                ],
                whenEmpty: name.map { "schedule \"\($0)\" has not been due" } ?? "no schedule has been due"
            )
            return .done
        }
    }
}
