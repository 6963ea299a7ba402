import ArgumentParser
import Engine
import Store

/// The command `agentctl hooks deliveries`.
struct HookDeliveries: ListCommand {
    /// What a delivery can be.
    enum State: String, ExpressibleByArgument, CaseIterable {
        case pending, delivered, dead
    }

    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List what hooks were told and what became of it, the latest first.",
        discussion: """
            With --json, each has what is sent as the member "body".

            EXAMPLE
              agentctl hooks deliveries orders --state dead
              agentctl hooks deliveries --limit 1 --json | jq '.[].body'
            """
    )

    @Argument(help: "The hook's name; all without one.")
    var name: String?

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
                try await reports.deliveryReport(hook: name, state: state?.rawValue, limit: limit),
                [
                    ReportColumn("id", .count), ReportColumn("hook"), ReportColumn("event"), ReportColumn("about"),
                    ReportColumn("state"), ReportColumn("attempt", .count), ReportColumn("status", .count),
                    ReportColumn("next_at", .time), ReportColumn("error_message"),
                ],
                whenEmpty: "there are no such deliveries"
            )
            return .done
        }
    }
}
