import ArgumentParser
import Engine
import Store

/// The command `agentctl plans list`.
struct PlanList: ListCommand {
    /// What a plan can be.
    enum State: String, ExpressibleByArgument, CaseIterable {
        case draft, approved, running, waiting, completed, failed, cancelled
    }

    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List plans, the latest first.",
        discussion: """
            EXAMPLE
              agentctl plans list --state draft
            """
    )

    @Option(help: ArgumentHelp("Only those in a state.", valueName: "state"))
    var state: State?

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
                try await reports.planReport(state: state?.rawValue, limit: limit),
                [
                    ReportColumn("id", .count), ReportColumn("state"), ReportColumn("mode"),
                    ReportColumn("completed", .count), ReportColumn("steps", .count), ReportColumn("revision", .count),
                    ReportColumn("made_by"), ReportColumn("turn"), ReportColumn("created_at", .time),
                    ReportColumn("task"),
                ],
                whenEmpty: "there are no such plans; make one: agentctl plan-task TEXT"
            )
            return .done
        }
    }
}
