import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl metrics`.
struct Metrics: ListCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show counts, success rates, latencies, tokens and cost.",
        discussion: """
            By agent and version, unless one of --tools, --functions, --models and --errors says otherwise. The same is in SQL: \
            agentctl.agent_metrics, tool_metrics, function_metrics, model_metrics, error_patterns. Latencies are in milliseconds, cost is in \
            USD.

            EXAMPLE
              agentctl metrics
              agentctl metrics --agent assistant --since 24h
              agentctl metrics --by week --since 2026-10-01
              agentctl metrics --errors --since 2026-11-01 --until 2026-12-01
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Only turns of this agent.", valueName: "name"))
    var agent: String?

    @Option(
        help: ArgumentHelp(
            "Only what began since: 90s, 15m, 24h, 7d, 2w, or a date or time (UTC unless it has a zone).",
            valueName: "when"
        )
    )
    var since: MetricsMoment?

    @Option(help: ArgumentHelp("Only what began before, in the same forms.", valueName: "when"))
    var until: MetricsMoment?

    @Option(
        help:
            "A row for each period that begins at starts_at, by the time zone of the session; the first has what is since --since."
    )
    var by: MetricsFilter.Period?

    @Flag(help: "What is shown.")
    var subject: MetricsSubject = .agents

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        var filter = MetricsFilter(agent: agent, since: since?.moment, until: until?.moment)
        filter.period = by
        let columns = (by == nil ? [] : [ReportColumn("starts_at", .time)]) + subject.columns
        return try await withStore(\.reports, on: console) { [filter] reports in
            let rows = try await subject.rows(from: reports, filter)
            if rows.isEmpty { try await reports.requireKnown(filter.agent) }
            console.print(
                rows,
                columns,
                whenEmpty: since == nil && until == nil
                    ? "nothing of that has run yet" : "nothing of that has run in that time"
            )
            return .done
        }
    }
}

extension MetricsFilter.Period: ExpressibleByArgument {}
