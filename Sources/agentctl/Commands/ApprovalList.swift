import ArgumentParser
import Engine
import Store

/// The command `agentctl approvals list`.
struct ApprovalList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tool calls that wait for a person.",
        discussion: """
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

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is between 1 and 100000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            console.print(
                try await conversations.approvals(conversation: conversation, isPending: !all, limit: limit),
                [
                    ReportColumn("id", .count), ReportColumn("turn"), ReportColumn("agent"), ReportColumn("tool"),
                    ReportColumn("subject"), ReportColumn("state"), ReportColumn("expires_at", .time),
                ],
                whenEmpty: all ? "nothing was ever asked about" : "nothing waits"
            )
            return .done
        }
    }
}
