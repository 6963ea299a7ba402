import ArgumentParser
import Engine
import Store

/// The command `agentctl approvals list`.
struct ApprovalList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tool calls that wait for an approval.",
        discussion: """
            A client sees its own, an approver those that it may decide about, a reader all. approvers are the roles that a \
            rule names; without them members of agentctl_approver decide.

            EXAMPLE
              agentctl approvals list
              agentctl approvals list --all --conversation 123 --json
            """
    )

    @Flag(help: "Also those that were decided or have expired.")
    var all = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Only those of a conversation.", valueName: "id"))
    var conversation: String?

    @Option(help: ArgumentHelp("How many at most, the latest.", valueName: "count"))
    var limit = 50

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is between 1 and 100000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let rows = try await conversations.approvals(conversation: conversation, isPending: !all, limit: limit)
            // Hardly ever has one, and lines are short.
            let isOutdated = rows.contains { $0["tool_changed"]?.boolValue == true }
            console.print(
                rows,
                [
                    ReportColumn("id", .count), ReportColumn("turn"), ReportColumn("agent"), ReportColumn("tool"),
                    ReportColumn("subject"), ReportColumn("state"), ReportColumn("requested_by"),
                    ReportColumn("approvers"),
                    ReportColumn("expires_at", .time),
                ] + (isOutdated ? [ReportColumn("tool_changed")] : []),
                whenEmpty: all ? "nothing was ever asked about" : "nothing waits"
            )
            return .done
        }
    }
}
