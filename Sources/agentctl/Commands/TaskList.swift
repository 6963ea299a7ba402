import ArgumentParser
import Engine
import Store

/// The command `agentctl tasks list`.
struct TaskList: ListCommand {
    /// What a task can be.
    enum State: String, ExpressibleByArgument, CaseIterable {
        case pending, held, assigned, running, waiting, done, failed, cancelled, dead
    }

    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List tasks, the latest first.",
        discussion: """
            EXAMPLE
              agentctl tasks list --state dead
              agentctl tasks list --tree 123/4 --json     (all that turn 4 of conversation 123 has delegated)
            """
    )

    @Option(help: ArgumentHelp("Only those in a state.", valueName: "state"))
    var state: State?

    @Option(name: .shortAndLong, help: ArgumentHelp("Only those of an agent.", valueName: "name"))
    var agent: String?

    @Option(
        help: ArgumentHelp(
            "Only those below a turn, CONVERSATION/SEQ, or below all of a conversation.",
            valueName: "turn"
        )
    )
    var tree: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is between 1 and 100000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        var filter = Reports.TaskFilter(state: state?.rawValue, agent: agent, root: tree)
        if let tree, let slash = tree.lastIndex(of: "/"), let seq = Int64(tree[tree.index(after: slash)...]) {
            (filter.root, filter.rootSeq) = (String(tree[..<slash]), seq)
        }
        return try await withStore(\.reports, on: console) { [filter] reports in
            let rows = try await reports.taskReport(filter, limit: limit)
            if rows.isEmpty { try await reports.requireKnown(filter.agent) }
            console.print(
                rows,
                [
                    ReportColumn("id", .count), ReportColumn("state"), ReportColumn("agent"), ReportColumn("turn"),
                    ReportColumn("parent"), ReportColumn("attempt", .count), ReportColumn("tokens", .count),
                    ReportColumn("cost_usd", .money), ReportColumn("created_at", .time), ReportColumn("error_code"),
                    ReportColumn("description"),
                ],
                whenEmpty: "there are no such tasks"
            )
            return .done
        }
    }
}
