import ArgumentParser
import Engine
import Store

/// The command `agentctl chains runs`.
struct ChainRuns: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List runs of chains, the last ones first.",
        discussion: """
            EXAMPLE
              agentctl chains runs
              agentctl chains runs --chain research --status failed --limit 5
            """
    )

    @Option(help: ArgumentHelp("Runs of this chain.", valueName: "name"))
    var chain: String?

    @Option(help: ArgumentHelp("Runs that are so: running, waiting, succeeded, failed, limited, interrupted."))
    var status: String?

    @Option(help: ArgumentHelp("Most runs, 1 to 1000.", valueName: "count"))
    var limit = 20

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    private static let states = ["running", "waiting", "succeeded", "failed", "limited", "interrupted"]

    func validate() throws {
        guard (1...1_000).contains(limit) else { throw ValidationError("--limit is between 1 and 1000.") }
        guard status.map(Self.states.contains) ?? true else {
            throw ValidationError("--status is one of \(Self.states.joined(separator: ", ")).")
        }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            let rows = try await reports.chainRuns(chain: chain, status: status, limit: limit)
            if rows.isEmpty { try await reports.requireKnown(chain) }
            console.print(
                rows,
                [
                    ReportColumn("run"), ReportColumn("chain"), ReportColumn("version", .count),
                    ReportColumn("status"), ReportColumn("nodes", .count), ReportColumn("failed_node"),
                    ReportColumn("tasks", .count), ReportColumn("tokens", .count), ReportColumn("cost_usd", .money),
                    ReportColumn("duration_ms", .milliseconds), ReportColumn("started_at", .time),
                ],
                whenEmpty: "no chain has run yet; run one: agentctl chains run NAME INPUT"
            )
            return .done
        }
    }
}
