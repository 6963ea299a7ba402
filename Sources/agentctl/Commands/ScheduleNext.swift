import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl schedules next`.
struct ScheduleNext: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "next",
        abstract: "Show when a schedule is due next.",
        discussion: """
            Times are given in the zone of the session and by the clocks of the schedule's time zone. They are shown \
            whether the schedule is paused or not, and without its jitter.

            EXAMPLE
              agentctl schedules next daily-report --count 5
            """
    )

    @Argument(help: "The schedule's name.")
    var name: String

    @Option(help: ArgumentHelp("How many times.", valueName: "count"))
    var count = 5

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...1_000).contains(count) else { throw ValidationError("--count is between 1 and 1000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            console.print(
                try await reports.scheduleTimes(name, count: count),
                [ReportColumn("due_at", .time), ReportColumn("local_time")],
                whenEmpty: "schedule \"\(name)\" is not due any more"
            )
            return .done
        }
    }
}
