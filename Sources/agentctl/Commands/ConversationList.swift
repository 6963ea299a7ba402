import ArgumentParser
import Engine
import Store

/// The command `agentctl conversations list`.
struct ConversationList: ListCommand {
    /// How a conversation stands.
    enum State: String, ExpressibleByArgument, CaseIterable {
        case idle, ready, running, waiting, parked
    }

    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the conversations, the newest first.",
        discussion: """
            The next page begins after the last conversation of this one: --after.

            EXAMPLE
              agentctl conversations list --state waiting
              agentctl conversations list --agent support --since 24h --prefix ticket:
              agentctl conversations list --limit 100 --after ticket:17 --json | jq -r '.[].conversation_id'
            """
    )

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @Option(help: ArgumentHelp("Begin the list after this conversation.", valueName: "id"))
    var after: String?

    @Option(help: "Only those that are so.")
    var state: State?

    @Option(name: .shortAndLong, help: ArgumentHelp("Only those of this agent.", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("Only those whose ids begin so.", valueName: "text"))
    var prefix: String?

    @Option(help: ArgumentHelp("Only those that this database user started.", valueName: "user"))
    var createdBy: String?

    @Option(
        help: ArgumentHelp("Only those that began since: 15m, 24h, 7d, or a date or time (UTC).", valueName: "when")
    )
    var since: MetricsMoment?

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is between 1 and 100000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        var filter = ConversationFilter(limit: limit)
        filter.after = after
        filter.state = state?.rawValue
        filter.agent = agent
        filter.prefix = prefix
        filter.createdBy = createdBy
        filter.since = since?.moment
        return try await withStore(\.reports, on: console) { [filter] reports in
            let rows = try await reports.conversationReport(filter)
            if rows.isEmpty { try await reports.requireKnown(filter.agent) }
            // Hardly ever is there one, and lines are short.
            let isLost = rows.contains { $0["worker_lost"]?.stringValue != nil }
            console.print(
                rows,
                [
                    ReportColumn("conversation_id"), ReportColumn("agent"), ReportColumn("state"),
                    ReportColumn("finished", .count), ReportColumn("pending", .count), ReportColumn("messages", .count),
                    ReportColumn("created_at", .time), ReportColumn("created_by"),
                ] + (isLost ? [ReportColumn("worker_lost")] : []),
                whenEmpty: filter == ConversationFilter(limit: limit)
                    ? "there is no conversation yet" : "there is no such conversation"
            )
            return .done
        }
    }
}
